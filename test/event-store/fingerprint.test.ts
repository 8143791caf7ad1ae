import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { createFingerprint, fingerprintKey } from '../../src/event-store/fingerprint.js'
import { testSubjectKeys } from '../support/subject-keys.js'

const LEDGER_KEY = fingerprintKey(Buffer.alloc(32, 1))
const PARTY = '3f0c2a58-5a4f-4c1e-9d6e-0d7c1f6f2b11'
const STREAM = 'folio-00000000-0000-4000-8000-000000000000'
const fingerprint = createFingerprint(LEDGER_KEY, testSubjectKeys())
const billTo = { name: 'Ada', email: 'ada@example.com' }

test('the same input in another order of keys is the same request, any other is not', async () => {
  const of = (input: unknown) => fingerprint({ command: 'pay', input, stream: STREAM })
  expect(await of({ a: '1', b: '2' })).toBe(await of({ b: '2', a: '1' }))
  expect(await of({ a: '1' })).not.toBe(await of({ a: '2' }))
  expect(await of({ a: '1' })).not.toBe(
    await fingerprint({ command: 'refund', input: { a: '1' }, stream: STREAM }),
  )
})

test('a guess cannot be tested against it without a key', async () => {
  const input = { billTo, party: null }
  const given = await fingerprint({ command: 'place-order', input, stream: STREAM })
  const guess = createHash('sha256')
    .update(`place-order\n${JSON.stringify(input)}`)
    .digest('hex')
  expect(given).not.toBe(guess)
})

test('what names a person is keyed by the person, or by the folio where there is none', async () => {
  const other = createFingerprint(fingerprintKey(Buffer.alloc(32, 2)), testSubjectKeys())
  for (const party of [PARTY, null]) {
    const request = { command: 'place-order', input: { billTo, party }, stream: STREAM }
    expect(await other(request)).toBe(await fingerprint(request))
  }
  const nobody = { command: 'post-invoice', input: { invoiceId: 'x' }, stream: STREAM }
  expect(await other(nobody)).not.toBe(await fingerprint(nobody))
})
