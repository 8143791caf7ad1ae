/** `INV/2026/00064`, or `WH/OUT/00077` in a series that is never reset: at least five digits. */
export function formatNumber(series: string, year: number | null, number: number): string {
  const digits = `${number}`.padStart(5, '0')
  return year === null ? `${series}/${digits}` : `${series}/${year}/${digits}`
}
