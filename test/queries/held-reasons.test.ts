import { expect, test } from 'vitest'
import { platformRefundSeen } from '../../src/events/platform-events.js'
import { platformRefundsParameters } from '../../src/queries/platform-refunds.js'

test('refunds can be asked for by every reason that they are held for (B9)', () => {
  const asked = platformRefundsParameters.shape.held.unwrap().options
  expect([...asked].sort()).toEqual([...platformRefundSeen.schema.shape.held.options].sort())
})
