import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PROJECTIONS } from '../../projections/index.js'
import { invoices, invoicesParameters } from '../../src/queries/invoices.js'
import { accounts, accountsParameters } from '../../src/queries/accounts.js'
import type { Page } from '../../src/queries/list-page.js'
import { rebuildProjections } from '../../src/workers/rebuild.js'
import {
  BOOKS_STREAM,
  booksOpened,
  folioStream,
  invoiceDrafted,
  invoicePosted,
  storyLog,
  type StoryLog,
} from '../support/ledger-story.js'
import { caughtUp, follow, type ReadSide, readSide } from '../support/read-side.js'

let side: ReadSide
let story: StoryLog

const COUNT = 57

beforeAll(async () => {
  side = await readSide()
  story = storyLog()
  await story.append(BOOKS_STREAM, ...booksOpened())
  for (let folio = 1; folio <= COUNT; folio += 1) {
    const date = `2026-03-${(1 + (folio % 9)).toString().padStart(2, '0')}`
    const options = { folio, date, total: '12.00' }
    await story.append(
      folioStream(folio),
      folio % 4 === 0 ? invoiceDrafted(options) : invoicePosted(options),
    )
  }
  const worker = follow(side.db, story)
  await caughtUp(side.db, story)
  await worker.stop()
})
afterAll(async () => {
  await side.drop()
})

async function walk<Row>(read: (after: string | null) => Promise<Page<Row>>): Promise<Row[]> {
  const rows: Row[] = []
  let after: string | null = null
  do {
    const page: Page<Row> = await read(after)
    rows.push(...page.rows)
    after = page.next
  } while (after !== null)
  return rows
}

const asked = (query: Record<string, string>) => invoicesParameters.parse(query)

test.each([1, 7, 19, 57, 58, 200])(
  'pages of %i walk over every row exactly once',
  async (limit) => {
    const rows = await walk((after) =>
      invoices(side.db, { ...asked({ limit: `${limit}` }), after }),
    )
    expect(rows).toHaveLength(COUNT)
    expect(new Set(rows.map(({ invoiceId }) => invoiceId)).size).toBe(COUNT)
  },
)

test('the newest comes first, of a day the drafts, then the highest number', async () => {
  const rows = await walk((after) => invoices(side.db, { ...asked({}), after }))
  const order = rows.map(({ invoiceDate, number }) => `${invoiceDate} ${number ?? '~'}`)
  expect(order).toEqual([...order].sort().reverse())
})

test('a filter holds on every page, and for the total', async () => {
  const drafts = await walk((after) =>
    invoices(side.db, { ...asked({ limit: '5', status: 'Draft' }), after }),
  )
  expect(drafts).toHaveLength(14)
  expect(await invoices(side.db, asked({ limit: '5', status: 'Draft' }))).toMatchObject({
    total: 14,
    totalIsExact: true,
  })
})

test('rows that come in while somebody pages change no page that follows', async () => {
  const before = await walk((after) => invoices(side.db, { ...asked({ limit: '10' }), after }))
  const first = await invoices(side.db, asked({ limit: '10' }))
  const worker = follow(side.db, story)
  await story.append(folioStream(1_000), invoicePosted({ folio: 1_000, date: '2026-12-31' }))
  await caughtUp(side.db, story)
  await worker.stop()
  const rest = await walk((after) =>
    invoices(side.db, { ...asked({ limit: '10' }), after: after ?? first.next }),
  )
  expect([...first.rows, ...rest]).toEqual(before)
})

test('accounts go up by their slug', async () => {
  const rows = await walk((after) =>
    accounts(side.db, { ...accountsParameters.parse({ limit: '5' }), after }),
  )
  const slugs = rows.map(({ account }) => account)
  expect(slugs).toEqual([...slugs].sort())
  expect(slugs).toHaveLength(13)
})

test('beyond ten thousand the total says that it is not exact', async () => {
  const wide = await readSide()
  await rebuildProjections({ db: wide.db, ...storyLog(), projections: PROJECTIONS, holder: 'test' })
  const { columns } = await sql<{ columns: string }>`
    select string_agg(quote_ident(column_name), ', ' order by ordinal_position) as columns
    from information_schema.columns where table_schema = 'read_model' and table_name = 'invoice_list_2'`
    .execute(wide.db)
    .then(({ rows }) => rows[0] ?? { columns: '' })
  expect(columns).toContain('sort_key')
  const fill = (from: number, to: number) =>
    sql`
    insert into read_model.invoice_list_2 (invoice_id, books, direction, invoice_date, due_date, currency, tax_excluded,
      total, due, settled_by_payment, settled_by_credit, settled_by_allocation, awaited, status, synced, sort_key)
    select n::text, 'default', 'out', '2026-03-01', '2026-03-01', 'GBP', 1, 1, 1, 0, 0, 0, '[]', 'Draft', false, n::text
    from generate_series(${sql.lit(from)}, ${sql.lit(to)}) n`.execute(wide.db)
  await fill(1, 10_000)
  expect(await invoices(wide.db, asked({}))).toMatchObject({ total: 10_000, totalIsExact: true })
  await fill(10_001, 10_001)
  expect(await invoices(wide.db, asked({}))).toMatchObject({ total: 10_000, totalIsExact: false })
  await wide.drop()
})
