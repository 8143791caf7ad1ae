import { z } from 'zod'
import { PLATFORM_SETTINGS_DEFAULT, platformSchema } from '../../src/events/instance-events.js'
import { slugSchema, text, uuidSchema } from '../../src/events/text.js'
import { DEFAULT_BOOKS, instanceCommand } from '../command.js'
import { accept, refuse } from '../decision.js'
import { firstFact } from '../first-fact.js'
import { settingsInput, workflowsRefusal } from './instance-settings.js'
import { instanceId, normalisedAddress } from './store-address.js'

const ROUNDING_UNITS_DEFAULT = 1

const input = z.strictObject({
  ...settingsInput,
  name: settingsInput.name.unwrap(),
  books: slugSchema.default(DEFAULT_BOOKS),
  platform: platformSchema,
  address: text(200).describe(
    'Where the store is, such as `https://shop.example.com`; at BigCommerce its API path, such as `https://api.bigcommerce.com/stores/abc123`.',
  ),
})

/** Connects a store to its books (L28, L29). Its credentials are no part of it: they never stand in an event (S4). */
export const registerInstance = instanceCommand({
  name: 'register-instance',
  area: 'instance',
  summary: 'Connects a store to the books, with its settings and workflows',
  rows: ['B3', 'B9', 'L17', 'L19', 'L28', 'L29', 'P1', 'P5'],
  input,
  output: z.strictObject({
    instance: uuidSchema.describe('Follows from platform and address.'),
    address: text(200).describe('As it is known from now on.'),
  }),
  instance: ({ platform, address }) => instanceId(platform, address),
  books: ({ books }) => books,
  decide(asked, { instance, instanceId: id, books, allowsPrivateStores }) {
    const { startDate = null, roundingUnitsPerLine = ROUNDING_UNITS_DEFAULT } = asked
    const { charges = books.settings.charges, workflows = [] } = asked
    const address = normalisedAddress(asked, { allowsPrivateStores })
    if (address === null) {
      return refuse({ code: 'store_address_not_allowed', address: asked.address })
    }
    if (instance.status === 'registered') {
      return refuse({ code: 'instance_registered_already', instance: id })
    }
    const refusal = workflowsRefusal(workflows, books)
    if (refusal !== null) return refuse(refusal)
    const { name, platform } = asked
    const settings = {
      ...{ name, startDate, charges, roundingUnitsPerLine, workflows },
      ...platformSettings(asked),
    }
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

/** As given, else as {@link PLATFORM_SETTINGS_DEFAULT} has it. */
function platformSettings(asked: z.infer<typeof input>) {
  const {
    markOrdersPaid = PLATFORM_SETTINGS_DEFAULT.markOrdersPaid,
    markPaidBy = PLATFORM_SETTINGS_DEFAULT.markPaidBy,
    refundDifference = PLATFORM_SETTINGS_DEFAULT.refundDifference,
    storeRefunds = PLATFORM_SETTINGS_DEFAULT.storeRefunds,
  } = asked
  return { markOrdersPaid, markPaidBy, refundDifference, storeRefunds }
}
