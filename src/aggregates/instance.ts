/** A connected store: its settings and how far its orders are carried by themselves (L28, L29). */
import type { InstanceSettings, Platform, Workflow } from '../events/instance-events.js'
import type { InstanceFact, LedgerEvent } from '../events/ledger-event.js'
import { CorruptStream } from './corrupt-stream.js'

export type Instance = Readonly<
  | { status: 'absent' }
  | ({
      status: 'registered'
      instance: string
      books: string
      platform: Platform
      address: string
    } & InstanceSettings)
>
export type RegisteredInstance = Extract<Instance, { status: 'registered' }>

export const initialInstance: Instance = { status: 'absent' }

type InstanceEvent = Extract<LedgerEvent, { type: InstanceFact['type'] }>

export function evolveInstance(state: Instance, event: InstanceEvent): Instance {
  if (event.type === 'InstanceRegistered') {
    if (state.status === 'registered') {
      throw new CorruptStream(event, 'the instance is registered already')
    }
    return { status: 'registered', ...event.data }
  }
  if (state.status === 'absent') throw new CorruptStream(event, 'the instance is not registered')
  return { ...state, ...event.data }
}

/** The workflow of a payment method: the one that names it, else the one for all others; `null`: there is none. */
export function workflowFor(
  { workflows }: Pick<RegisteredInstance, 'workflows'>,
  paymentMethod: string | undefined,
): Workflow | null {
  const named = workflows.find((workflow) => workflow.paymentMethod === paymentMethod)
  return named ?? workflows.find((workflow) => workflow.paymentMethod === '*') ?? null
}
