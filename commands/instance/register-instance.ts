import { z } from 'zod'
import { platformSchema } from '../../src/events/instance-events.js'
import { slugSchema, text, uuidSchema } from '../../src/events/text.js'
import { DEFAULT_BOOKS, instanceCommand } from '../command.js'
import { accept, refuse } from '../decision.js'
import { firstFact } from '../first-fact.js'
import { settingsInput, workflowsRefusal } from './instance-settings.js'
import { instanceId, normalisedAddress } from './store-address.js'

const ROUNDING_UNITS_DEFAULT = 1

/** Connects a store to its books (L28, L29). Its credentials are no part of it: they never stand in an event (S4). */
export const registerInstance = instanceCommand({
  name: 'register-instance',
  area: 'instance',
  summary: 'Connects a store to the books, with its settings and workflows',
  rows: ['L17', 'L19', 'L28', 'L29'],
  input: z.strictObject({
    ...settingsInput,
    name: settingsInput.name.unwrap(),
    books: slugSchema.default(DEFAULT_BOOKS),
    platform: platformSchema,
    address: text(200).describe('Where the store is, such as `https://shop.example.com`.'),
  }),
  output: z.strictObject({
    instance: uuidSchema.describe('Follows from platform and address.'),
    address: text(200).describe('As it is known from now on.'),
  }),
  instance: ({ platform, address }) => instanceId(platform, address),
  books: ({ books }) => books,
  decide(asked, { instance, instanceId: id, books }) {
    const { startDate = null, roundingUnitsPerLine = ROUNDING_UNITS_DEFAULT } = asked
    const { charges = books.settings.charges, workflows = [] } = asked
    const address = normalisedAddress(asked.address)
    if (address === null) {
      return refuse({ code: 'store_address_not_allowed', address: asked.address })
    }
    if (instance.status === 'registered') {
      return refuse({ code: 'instance_registered_already', instance: id })
    }
    const refusal = workflowsRefusal(workflows, books)
    if (refusal !== null) return refuse(refusal)
    const { name, platform } = asked
    const settings = { name, startDate, charges, roundingUnitsPerLine, workflows }
    return accept({
      type: 'InstanceRegistered',
      data: { instance: id, books: books.books, platform, address, ...settings },
    })
  },
  answer: (facts) => {
    const { instance, address } = firstFact(facts, 'InstanceRegistered').data
    return { instance, address }
  },
})
