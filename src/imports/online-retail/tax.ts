/**
 * The tax of a planned line: `ratePercent` is canonical decimal text, `reason` says why none is
 * charged. All prices are taken tax included; the ledger computes the amounts.
 */
export type PlannedTax = Readonly<{
  code: 'outside-scope' | 'standard-rate' | 'zero-rate'
  ratePercent: string
  reason?: string
}>

const outsideScope: PlannedTax = {
  code: 'outside-scope',
  ratePercent: '0',
  reason: 'The file states no taxes',
}

/** Goods that leave the country are exports: taxed, but at nothing. */
const zeroRate: PlannedTax = {
  code: 'zero-rate',
  ratePercent: '0',
  reason: 'Export from the United Kingdom',
}

const taxedCountry = 'United Kingdom'

/** The standard rate of UK VAT by its first day, newest first. */
const standardRates: readonly (readonly [from: string, tax: PlannedTax])[] = (
  [
    ['2011-01-04', '20'],
    ['2010-01-01', '17.5'],
    ['2008-12-01', '15'],
    ['1991-04-01', '17.5'],
  ] as const
).map(([from, ratePercent]) => [from, { code: 'standard-rate', ratePercent }] as const)

/** `date` is `YYYY-MM-DD`, not before `dateMin` of the format; `country` is the file's own text. */
export const taxOf = (vat: boolean, date: string, country: string): PlannedTax => {
  if (!vat) return outsideScope
  if (country !== taxedCountry) return zeroRate
  const [, tax] = standardRates.find(([from]) => date >= from) ?? []
  if (!tax) throw new RangeError(`No rate of UK VAT is known for ${date}.`)
  return tax
}
