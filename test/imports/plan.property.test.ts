import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ImportPlan, PlannedSale } from '../../src/imports/online-retail/import-plan.js'
import { planImport } from '../../src/imports/online-retail/plan.js'
import { reportRows } from '../../src/imports/online-retail/report.js'
import { csvLine, header, readable } from './support.js'
import type { Line } from './support.js'

/** Money of this test alone: hundredths of a penny, so that no sum of the plan's is believed. */
const units = (text: string): bigint => {
  const [whole = '', part = ''] = text.split('.')
  return BigInt(whole + part.padEnd(4, '0'))
}

const grossOf = (line: Line): bigint => {
  const exact = BigInt(line.quantity ?? 0) * units(line.price ?? '')
  const size = exact < 0n ? -exact : exact
  const rounded = ((size + 50n) / 100n) * 100n
  return exact < 0n ? -rounded : rounded
}

const sum = (values: readonly bigint[]): bigint =>
  values.reduce((total, value) => total + value, 0n)

const document = fc.record({
  letter: fc.constantFrom('', '', '', 'C', 'C', 'A'),
  at: fc.constantFrom('2010-12-01T10:00', '2010-12-01T10:01', '2010-12-02T10:00'),
  customer: fc.constantFrom('', '17850', '17850', '12583'),
  lines: fc.array(
    fc.record({
      code: fc.constantFrom('22001', '22001', '22001', '22002', 'D', 'POST', 'AMAZONFEE'),
      quantity: fc.oneof(
        { weight: 9, arbitrary: fc.integer({ min: 1, max: 6 }) },
        { weight: 1, arbitrary: fc.integer({ min: -6, max: 0 }) },
      ),
      price: fc.constantFrom('1', '1', '1.25', '2', '2.5', '0', '0.335', '0.001', '-1'),
    }),
    { minLength: 1, maxLength: 4 },
  ),
})

/** Documents with their lines, of which a few are then put somewhere else in the file. */
const fileLines = fc
  .record({
    documents: fc.array(document, { minLength: 4, maxLength: 14, size: 'max' }),
    moves: fc.array(fc.tuple(fc.nat(60), fc.nat(60)), { maxLength: 3 }),
  })
  .map(({ documents, moves }) => {
    const lines = documents.flatMap(({ letter, at, customer, lines: own }, index) =>
      own.map(({ code, quantity, price }): Line => {
        const no = `${letter}${(8_000 + index).toString()}`
        return { no, at, customer, code, price, quantity: letter === 'C' ? -quantity : quantity }
      }),
    )
    for (const [from, to] of moves) {
      const [moved] = lines.splice(from % lines.length, 1)
      if (moved) lines.splice(to % (lines.length + 1), 0, moved)
    }
    return lines
  })

const planFor = async (lines: readonly Line[]): Promise<ImportPlan> =>
  planImport(await readable([header, ...lines.map(csvLine)].join('\n')), { vat: false })

const runs = { numRuns: 400 }

test('booked plus refused is the input: of each line, of each document, and in all', async () => {
  let bookedOnce = 0
  let refusedOnce = 0
  await fc.assert(
    fc.asyncProperty(fileLines, async (lines) => {
      const plan = await planFor(lines)
      const rows = [...reportRows(plan)]
      lines.forEach((line, index) => {
        const own = rows.filter((row) => row.line === index + 2)
        expect(own.length).toBeGreaterThan(0)
        expect(sum(own.map(({ booked, refused }) => units(booked) + units(refused)))).toBe(
          grossOf(line),
        )
      })
      for (const entry of [...plan.entries, { ...plan, number: undefined }]) {
        const all = entry.number === undefined
        const ownLines = lines.filter(({ no }) => all || no === entry.number)
        const ownRows = rows.filter(({ number }) => all || number === entry.number)
        expect(units(entry.inputTotal)).toBe(sum(ownLines.map(grossOf)))
        expect(units(entry.bookedTotal)).toBe(sum(ownRows.map(({ booked }) => units(booked))))
        expect(units(entry.refusedTotal)).toBe(sum(ownRows.map(({ refused }) => units(refused))))
      }
      expect(new Set(plan.entries.map(({ number }) => number)).size).toBe(plan.documents)
      bookedOnce += units(plan.bookedTotal) === 0n ? 0 : 1
      refusedOnce += units(plan.refusedTotal) === 0n ? 0 : 1
    }),
    runs,
  )
  expect(bookedOnce).toBeGreaterThan(100)
  expect(refusedOnce).toBeGreaterThan(100)
})

test('no invoice is credited beyond what it has, and nothing is ad hoc that an invoice has left', async () => {
  let linkedOnce = 0
  await fc.assert(
    fc.asyncProperty(fileLines, async (lines) => {
      const plan = await planFor(lines)
      const left = leftAfterCredits(plan)
      linkedOnce += left.linked > 0 ? 1 : 0
      for (const credit of plan.entries) {
        if (credit.kind !== 'credit' || credit.customer === null) continue
        for (const line of credit.adHoc) {
          if (line.cause !== 'nothing_to_match' || units(line.unitPrice) % 100n !== 0n) continue
          const missed = left.lines.filter(
            ({ sale, stockCode, amount }) =>
              sale.customer === credit.customer &&
              stockCode === line.stockCode &&
              isBefore(plan, sale.number, credit.number) &&
              amount() >= units(line.unitPrice),
          )
          expect(missed).toEqual([])
        }
      }
    }),
    runs,
  )
  expect(linkedOnce).toBeGreaterThan(100)
})

test('the same file gives the same plan', async () => {
  await fc.assert(
    fc.asyncProperty(fileLines, async (lines) => {
      expect(await planFor(lines)).toEqual(await planFor(lines))
    }),
    { numRuns: 50 },
  )
})

const isBefore = (plan: ImportPlan, invoice: string, credit: string): boolean => {
  const [one, other] = [invoice, credit].map((number) => {
    const index = plan.entries.findIndex((entry) => entry.number === number)
    const { date = '', time = '' } = plan.entries[index] ?? {}
    return { index, at: `${date}T${time}` }
  })
  if (!one || !other) throw new Error('no such entry')
  return one.at < other.at || (one.at === other.at && one.index < other.index)
}

type LeftLine = { sale: PlannedSale; stockCode: string; amount: () => bigint }

/** Takes every linked note from its invoice, and fails where there is not enough. */
const leftAfterCredits = (plan: ImportPlan): { lines: LeftLine[]; linked: number } => {
  const sales = new Map(
    plan.entries.flatMap((entry) => (entry.kind === 'sale' ? [[entry.number, entry]] : [])),
  )
  const quantities = new Map(
    [...sales].map(([number, { lines }]) => [
      number,
      lines.map(({ quantity }) => BigInt(quantity)),
    ]),
  )
  const amounts = new Map(
    [...sales].map(([number, { bookedTotal }]) => [number, units(bookedTotal)]),
  )
  let linked = 0
  for (const credit of plan.entries) {
    if (credit.kind !== 'credit') continue
    expect(new Set(credit.linked.map((note) => note.invoiceNumber)).size).toBe(credit.linked.length)
    for (const note of credit.linked) {
      const sale = sales.get(note.invoiceNumber)
      expect(sale?.customer).toBe(credit.customer)
      expect(isBefore(plan, note.invoiceNumber, credit.number)).toBe(true)
      expect(units(note.total)).toBe(sum(note.lines.map(({ amount }) => units(amount))))
      const amount = (amounts.get(note.invoiceNumber) ?? 0n) - units(note.total)
      expect(amount).toBeGreaterThanOrEqual(0n)
      amounts.set(note.invoiceNumber, amount)
      for (const line of note.lines) {
        linked += 1
        const original = sale?.lines[line.invoiceLine]
        const own = quantities.get(note.invoiceNumber)
        expect(original?.stockCode).toBe(line.stockCode)
        expect(units(line.unitPrice)).toBeLessThanOrEqual(units(original?.unitPrice ?? '0'))
        expect(BigInt(line.quantity)).toBeGreaterThan(0n)
        if (own) own[line.invoiceLine] = (own[line.invoiceLine] ?? 0n) - BigInt(line.quantity)
        expect(own?.[line.invoiceLine]).toBeGreaterThanOrEqual(0n)
      }
    }
  }
  const lines = [...sales].flatMap(([number, sale]) =>
    sale.lines.flatMap(({ stockCode, unitPrice }, index): LeftLine[] => {
      const hasLeft = (quantities.get(number)?.[index] ?? 0n) > 0n
      const matchable = units(unitPrice) > 0n && units(unitPrice) % 100n === 0n
      const amount = (): bigint => amounts.get(number) ?? 0n
      return hasLeft && matchable ? [{ sale, stockCode, amount }] : []
    }),
  )
  return { lines, linked }
}
