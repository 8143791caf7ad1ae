import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type {
  ImportPlan,
  PlannedCredit,
  PlannedDocument,
  PlannedSale,
} from '../../src/imports/online-retail/import-plan.js'
import { planImport } from '../../src/imports/online-retail/plan.js'
import { readOnlineRetail } from '../../src/imports/online-retail/read-file.js'
import type { Unreadable } from '../../src/imports/online-retail/places.js'
import type { Source } from '../../src/imports/online-retail/source.js'

export const header =
  'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'

/** The day the tests call today. */
export const today = '2011-12-31'

export type Line = {
  no?: string
  code?: string
  description?: string
  quantity?: string | number
  at?: string
  price?: string
  customer?: string
  country?: string
}

/** A line of the file, an ordinary sale of one customer unless told otherwise. */
export const csvLine = (line: Line): string =>
  [
    line.no ?? '536365',
    line.code ?? '22001',
    line.description ?? 'TIN MUG',
    String(line.quantity ?? 1),
    line.at ?? '2010-12-01T08:26',
    line.price ?? '1.00',
    line.customer ?? '17850',
    line.country ?? 'United Kingdom',
  ].join(',')

let folder: string | undefined
let files = 0

afterAll(async () => {
  if (folder !== undefined) await rm(folder, { recursive: true })
  folder = undefined
})

/** A path in a folder that is removed when the test file is through. */
export const temporaryPath = async (): Promise<string> => {
  folder ??= await mkdtemp(join(tmpdir(), 'folio-import-'))
  files += 1
  return join(folder, `${files.toString()}.csv`)
}

export const temporaryFile = async (content: string | Uint8Array): Promise<string> => {
  const path = await temporaryPath()
  await writeFile(path, content)
  return path
}

/** Reads a file of this content. */
export const read = async (content: string | Uint8Array): Promise<Source | Unreadable> =>
  readOnlineRetail(await temporaryFile(content), { today })

export const readable = async (content: string | Uint8Array): Promise<Source> => {
  const source = await read(content)
  if (!source.readable) throw new Error(`not readable: ${JSON.stringify(source.places)}`)
  return source
}

export const planOf = async (lines: readonly Line[], vat = false): Promise<ImportPlan> =>
  planImport(await readable([header, ...lines.map(csvLine)].join('\n')), { vat })

export const entryOf = (plan: ImportPlan, number: string): PlannedDocument => {
  const entry = plan.entries.find((candidate) => candidate.number === number)
  if (!entry) throw new Error(`no entry ${number}`)
  return entry
}

export const saleOf = (plan: ImportPlan, number: string): PlannedSale => {
  const entry = entryOf(plan, number)
  if (entry.kind !== 'sale') throw new Error(`${number} is ${entry.kind}`)
  return entry
}

export const creditOf = (plan: ImportPlan, number: string): PlannedCredit => {
  const entry = entryOf(plan, number)
  if (entry.kind !== 'credit') throw new Error(`${number} is ${entry.kind}`)
  return entry
}
