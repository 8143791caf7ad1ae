import { z } from 'zod'
import { instanceSettingsSchema } from '../../src/events/instance-events.js'
import { uuidSchema } from '../../src/events/text.js'
import { instanceCommand } from '../command.js'
import { accept, refuse } from '../decision.js'
import { isSameContent } from '../order/same-content.js'
import { settingsInput, workflowsRefusal } from './instance-settings.js'

/** Changes what is given; what is left out stays. Orders that were imported before follow it with their next import. */
export const configureInstance = instanceCommand({
  name: 'configure-instance',
  area: 'instance',
  summary: 'Changes settings and workflows of a connected store; what is left out stays as it is',
  rows: ['B3', 'B9', 'L17', 'L19', 'L28', 'L29', 'P1', 'P5'],
  input: z.strictObject({ instance: uuidSchema, ...settingsInput }),
  output: z.strictObject({ instance: uuidSchema }),
  instance: ({ instance }) => instance,
  books: () => null,
  decide({ instance: id, ...given }, { instance, books }) {
    if (instance.status === 'absent') {
      return refuse({ code: 'instance_not_registered', instance: id })
    }
    const {
      status: _status,
      instance: _id,
      books: _books,
      platform: _is,
      address: _at,
      ...before
    } = instance
    const settings = instanceSettingsSchema.parse({ ...before, ...definedOf(given) })
    const refusal = workflowsRefusal(settings.workflows, books)
    if (refusal !== null) return refuse(refusal)
    if (isSameContent(settings, before)) return accept()
    return accept({ type: 'InstanceConfigured', data: { instance: id, ...settings } })
  },
  answer: (_facts, instance) => ({ instance }),
})

function definedOf(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}
