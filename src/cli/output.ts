/** Results go to standard output; everything else a person is told goes to standard error. */
import Table from 'cli-table3'

export type Say = (line: string) => void

export const say: Say = (line) => {
  process.stderr.write(`${line}\n`)
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** One object on one line, the last of standard output; amounts in it are texts. */
export function printJson(value: object): void {
  print(JSON.stringify(value))
}

export type Column = Readonly<{ label: string; align?: 'right' }>

/** A plain table, without colours; amounts stand to the right. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const drawn = new Table({
    head: columns.map(({ label }) => label),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    style: { head: [], border: [], compact: true },
  })
  drawn.push(...rows.map((row) => [...row]))
  return drawn.toString()
}

/** `721789.24` → `721,789.24`, for people only. */
export function grouped(amount: string): string {
  const [whole = '', fraction] = amount.split('.')
  const separated = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? separated : `${separated}.${fraction}`
}
