/** The same request twice is one (H3), and what a caller saw is what it acts on (H4, H5). */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, clientOf, servedLedger, type ServedLedger } from '../support/served-ledger.js'

let served: ServedLedger
let client: Client

beforeAll(async () => {
  served = await servedLedger()
  client = clientOf(served)
})
afterAll(async () => {
  await served.close()
})

const gbp = (amount: string) => ({ amount, currency: 'GBP' })
const note = (unitPrice = '100') => ({
  reason: 'Return',
  lines: [
    {
      kind: 'item',
      description: 'Lamp',
      quantity: '1',
      unitPrice,
      tax: { code: 'none', ratePercent: '0' },
    },
  ],
})

async function postedNote(): Promise<string> {
  const { creditNoteId } = await client.must('draft-credit-note', note())
  await client.must('post-credit-note', { creditNoteId })
  return creditNoteId
}

const headPosition = async () => await served.ledger.store.head()

describe('a repeat', () => {
  test('gets the same bytes, says so, and appends nothing, whatever happened since', async () => {
    const documentId = await postedNote()
    const body = { documentId, amount: gbp('10.00'), account: 'cash' }
    const key = randomUUID()
    const first = await client.command('refund-credit', body, { key })
    expect([first.status, first.headers.get('idempotent-replayed')]).toEqual([200, null])
    await client.must('refund-credit', { documentId, account: 'cash' })
    const head = await headPosition()
    const again = await client.command('refund-credit', body, { key })
    expect([again.status, again.text]).toEqual([200, first.text])
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'))
    expect(await headPosition()).toBe(head)
  })

  test('finds the document that it opened the first time', async () => {
    const key = randomUUID()
    const first = await client.command('draft-credit-note', note(), { key })
    const again = await client.command('draft-credit-note', note(), { key })
    expect(again.text).toBe(first.text)
  })

  test('by another server, or the same one started again, gets the same bytes', async () => {
    const body = { documentId: await postedNote(), account: 'cash' }
    const key = randomUUID()
    const first = await client.command('refund-credit', body, { key })
    const other = await servedLedger(
      { connectionString: served.connectionString, drop: () => Promise.resolve() },
      served.masterKey,
    )
    // It made the keys of all roles anew.
    Object.assign(served.keys, other.keys)
    try {
      const again = await clientOf(other).command('refund-credit', body, { key })
      expect([again.status, again.text]).toEqual([200, first.text])
    } finally {
      await other.stop()
    }
  })

  test('of a refused request is decided again', async () => {
    const { creditNoteId } = await client.must('draft-credit-note', note())
    const body = { documentId: creditNoteId, account: 'cash' }
    const key = randomUUID()
    const refused = await client.command('refund-credit', body, { key })
    expect(refused.body.code).toBe('document_not_posted')
    await client.must('post-credit-note', { creditNoteId })
    expect((await client.command('refund-credit', body, { key })).status).toBe(200)
  })
})

describe('a key that was used', () => {
  test.each([
    ['for another amount', { amount: gbp('2.00') }, 'refund-credit'],
    ['for another command', { creditNoteId: '' }, 'post-credit-note'],
  ])('%s is refused, naming the command it belongs to', async (_what, change, name) => {
    const documentId = await postedNote()
    const key = randomUUID()
    await client.must(
      'refund-credit',
      { documentId, amount: gbp('1.00'), account: 'cash' },
      { key },
    )
    const body =
      name === 'refund-credit'
        ? { documentId, account: 'cash', ...change }
        : { creditNoteId: documentId }
    const { status, body: problem } = await client.command(name, body, { key })
    expect([status, problem]).toMatchObject([
      422,
      { code: 'idempotency_key_used_differently', key, command: 'refund-credit' },
    ])
  })

  test('on another document is refused too', async () => {
    const [first, second] = [await postedNote(), await postedNote()]
    const key = randomUUID()
    await client.must('refund-credit', { documentId: first, account: 'cash' }, { key })
    const { status, body } = await client.command(
      'refund-credit',
      { documentId: second, account: 'cash' },
      { key },
    )
    expect([status, body.code]).toEqual([422, 'idempotency_key_used_differently'])
  })

  test('for what was so already is used all the same', async () => {
    const { creditNoteId } = await client.must('draft-credit-note', note())
    await client.must('discard-draft', { document: creditNoteId })
    const key = randomUUID()
    await client.must('discard-draft', { document: creditNoteId }, { key })
    const { status, body } = await client.command('draft-credit-note', note(), { key })
    expect([status, body.code]).toEqual([422, 'idempotency_key_used_differently'])
  })

  test('by somebody else is another key', async () => {
    const documentId = await postedNote()
    const key = randomUUID()
    const body = { documentId, amount: gbp('1.00'), account: 'cash' }
    await client.must('refund-credit', body, { key })
    const other = await client.command('refund-credit', body, {
      key,
      apiKey: served.keys.administrator,
    })
    expect([other.status, other.headers.get('idempotent-replayed')]).toEqual([200, null])
  })
})

describe('the key itself', () => {
  const asked = async (headers: Record<string, string>, key: string | null = null) => {
    const head = await headPosition()
    const { status, body } = await client.command('draft-credit-note', note(), { key, headers })
    expect(await headPosition()).toBe(head)
    return [status, body.code]
  }
  test('must be there', async () => {
    expect(await asked({})).toEqual([400, 'idempotency_key_missing'])
  })
  test.each([
    ['longer than 255 characters', 'k'.repeat(256)],
    ['not ASCII', 'schlüssel'],
    ['with a blank inside', 'a b'],
  ])('must not be %s', async (_what, key) => {
    expect(await asked({}, key)).toEqual([400, 'idempotency_key_malformed'])
  })
  test('may be 255 characters long', async () => {
    expect(
      (await client.command('draft-credit-note', note(), { key: 'k'.repeat(255) })).status,
    ).toBe(200)
  })
})

describe('a caller that names the revision it saw', () => {
  test('acts on it, and is told what came between where it is another', async () => {
    const { creditNoteId } = await client.must('draft-credit-note', note())
    const seen = await client.get(`/credit-notes/${creditNoteId}`)
    const etag = seen.headers.get('etag') ?? ''
    expect(etag).toBe('"0"')
    await client.must('edit-draft', { document: creditNoteId, reason: 'Damaged' })
    const post = (headers: Record<string, string>, key: string) =>
      client.command('post-credit-note', { creditNoteId }, { headers, key })
    const key = randomUUID()
    const stale = await post({ 'if-match': etag }, key)
    expect([stale.status, stale.body]).toMatchObject([
      412,
      {
        code: 'revision_differs',
        expected: 0,
        actual: 1,
        events: [
          {
            revision: 1,
            type: 'CreditNoteDraftEdited',
            principal: 'key:accountant',
            command: 'edit-draft',
          },
        ],
      },
    ])
    const again = await client.get(`/credit-notes/${creditNoteId}`)
    const fresh = await post({ 'if-match': again.headers.get('etag') ?? '' }, key)
    expect([fresh.status, fresh.headers.get('etag')]).toEqual([200, '"2"'])
    // A repeat names the revision of then, and is the same request all the same.
    expect((await post({ 'if-match': '"1"' }, key)).text).toBe(fresh.text)
  })

  test.each(['*', 'W/"1"', '"1", "2"', '1', '"x"'])('must name one: %s', async (tag) => {
    const { status, body } = await client.command('draft-credit-note', note(), {
      headers: { 'if-match': tag },
    })
    expect([status, body.code]).toEqual([400, 'if_match_malformed'])
  })
})

test('who is behind another process is refused without a trace, and told the revision of now', async () => {
  const other = await servedLedger(
    { connectionString: served.connectionString, drop: () => Promise.resolve() },
    served.masterKey,
  )
  Object.assign(served.keys, other.keys)
  try {
    const { creditNoteId } = await client.must('draft-credit-note', note())
    await clientOf(other).must('edit-draft', { document: creditNoteId, reason: 'Damaged' })
    const head = await headPosition()
    const post = (revision: number) =>
      client.command(
        'post-credit-note',
        { creditNoteId },
        { headers: { 'if-match': `"${revision}"` } },
      )
    expect((await post(0)).body).toMatchObject({ code: 'revision_differs', actual: 1 })
    expect(await headPosition()).toBe(head)
    expect((await post(1)).status).toBe(200)
  } finally {
    await other.stop()
  }
})

describe('whoever asked reads what it wrote', () => {
  test('in the document at once, in the list at its position', async () => {
    const { body, headers } = await client.command('draft-credit-note', note('77'))
    expect(headers.get('folio-position')).toBe(body.position)
    const id = body.answer.creditNoteId
    const document = await client.get(`/credit-notes/${id}?minPosition=${body.position}`)
    expect(document.body).toMatchObject({ creditNoteId: id, total: '77.00' })
    const list = await client.get(`/credit-notes?minPosition=${body.position}&limit=200`)
    expect(list.body.rows.map((row: { id: string }) => row.id)).toContain(id)
  })

  test('and is told where a document would have to wait for more than there is', async () => {
    const id = await postedNote()
    const { status, body } = await client.get(`/credit-notes/${id}?minPosition=99999999`)
    expect([status, body.code]).toEqual([503, 'read_model_behind'])
  })
})
