import { describe, expect, test } from 'vitest'
import { CorruptStream } from '../../src/aggregates/corrupt-stream.js'
import {
  evolveInstance,
  initialInstance,
  type Instance,
  workflowFor,
} from '../../src/aggregates/instance.js'
import type { EventOfType, InstanceFact } from '../../src/events/ledger-event.js'
import { SAMPLE_FACTS } from '../fixtures/sample-facts.js'
import { workflow } from '../commands/imported-orders.js'

const { InstanceRegistered, InstanceConfigured } = SAMPLE_FACTS

const instanceOf = (...facts: readonly InstanceFact[]): Instance =>
  facts.reduce<Instance>((instance, fact, revision) => {
    const event = { ...fact, stream: 'instance-x', revision } as EventOfType<InstanceFact['type']>
    return evolveInstance(instance, event)
  }, initialInstance)

test('an instance is what it was registered with, and then what it was configured to', () => {
  expect(instanceOf()).toEqual({ status: 'absent' })
  expect(instanceOf(InstanceRegistered)).toEqual({
    status: 'registered',
    ...InstanceRegistered.data,
  })
  expect(instanceOf(InstanceRegistered, InstanceConfigured)).toEqual({
    status: 'registered',
    ...InstanceRegistered.data,
    ...InstanceConfigured.data,
  })
})

test.each([
  ['registered twice', [InstanceRegistered, InstanceRegistered], 'is registered already'],
  ['configured before it is registered', [InstanceConfigured], 'is not registered'],
])('one that is %s is damage', (_how, facts, why) => {
  expect(() => instanceOf(...facts)).toThrow(CorruptStream)
  expect(() => instanceOf(...facts)).toThrow(why)
})

describe('a payment method', () => {
  const card = workflow({ paymentMethod: 'card', until: 'draft_invoice' })
  const all = workflow()

  test.each([
    ['its own workflow, wherever it stands', [all, card], 'card', card],
    ['the one for all others', [card, all], 'cheque', all],
    ['the one for all others where the store names none', [card, all], undefined, all],
    ['none', [card], 'cheque', null],
  ])('has %s', (_what, workflows, method, expected) => {
    expect(workflowFor({ workflows }, method)).toBe(expected)
  })
})
