/** Lists as plain pages for a browser: no script, everything escaped. The console has an issue of its own. */
import type { Cell, CellKind } from './list.js'

export type TablePage = Readonly<{
  title: string
  /** The address of this page, to mark it among the others. */
  path: string
  columns: readonly Readonly<{ key: string; label: string; kind: CellKind }>[]
  rows: readonly Readonly<Record<string, Cell>>[]
  /** A sentence under the title: how many there are, up to which position. */
  summary: string
  /** Rows under the table, in its columns. */
  footer?: readonly Readonly<Record<string, Cell>>[]
  links: readonly Readonly<{ label: string; href: string }>[]
}>

export type NavigationItem = Readonly<{ path: string; title: string }>

export function tablePage(page: TablePage, navigation: readonly NavigationItem[]): string {
  const links = page.links.map(
    ({ label, href }) => `<a href="${escape(href)}">${escape(label)}</a>`,
  )
  return frame(
    page.title,
    navigationBar(navigation, page.path),
    `<h1>${escape(page.title)}</h1>
<p class="summary">${escape(page.summary)}</p>
${tableOf(page)}
<p class="links">${links.join(' ')}</p>`,
  )
}

/** One document, a line a member; below it tables of what belongs to it. */
export function documentPage(
  title: string,
  members: Readonly<Record<string, unknown>>,
  tables: readonly DocumentTable[],
  navigation: readonly NavigationItem[],
): string {
  const lines = Object.entries(members).map(
    ([key, value]) =>
      `<tr><th scope="row">${escape(labelOf(key))}</th><td>${escape(textOf(value))}</td></tr>`,
  )
  return frame(
    title,
    navigationBar(navigation, ''),
    `<h1>${escape(title)}</h1>
<div class="scroll"><table class="document"><tbody>${lines.join('\n')}</tbody></table></div>
${tables.map(documentTable).join('\n')}`,
  )
}

export type DocumentTable = Readonly<{
  title: string
  columns: TablePage['columns']
  rows: TablePage['rows']
}>

function documentTable({ title, columns, rows }: DocumentTable): string {
  return `<h2>${escape(title)}</h2>\n${tableOf({ columns, rows, footer: [] })}`
}

export type TextSection = Readonly<{
  heading: string
  /** As in Markdown, what stands between backticks is set as code. */
  text?: string
  /** Names and what each is about; a name may lead somewhere. */
  terms?: readonly Readonly<{ term: string; text: string; href?: string }>[]
}>

/** Something explained. */
export function textPage(
  {
    title,
    summary,
    sections,
  }: Readonly<{
    title: string
    summary: string
    sections: readonly TextSection[]
  }>,
  navigation: readonly NavigationItem[],
): string {
  return frame(
    title,
    navigationBar(navigation, ''),
    `<h1>${escape(title)}</h1>
<p class="summary">${prose(summary)}</p>
${sections.map(textSection).join('\n')}`,
  )
}

/** For what went wrong, in words. */
export function messagePage(
  title: string,
  detail: string,
  navigation: readonly NavigationItem[],
): string {
  return frame(
    title,
    navigationBar(navigation, ''),
    `<h1>${escape(title)}</h1>\n<p class="summary">${escape(detail)}</p>`,
  )
}

function textSection({ heading, text, terms = [] }: TextSection): string {
  const rows = terms.map(({ term, text: about, href }) => {
    const name = `<code>${escape(term)}</code>`
    const linked = href === undefined ? name : `<a href="${escape(href)}">${name}</a>`
    return `<tr><th scope="row">${linked}</th><td>${prose(about)}</td></tr>`
  })
  const paragraph = text === undefined ? '' : `\n<p class="text">${prose(text)}</p>`
  const table =
    rows.length === 0
      ? ''
      : `\n<div class="scroll"><table class="document"><tbody>${rows.join('\n')}</tbody></table></div>`
  return `<h2>${escape(heading)}</h2>${paragraph}${table}`
}

function prose(text: string): string {
  return escape(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>')
}

function tableOf({ columns, rows, footer = [] }: Pick<TablePage, 'columns' | 'rows' | 'footer'>) {
  const head = columns.map(
    ({ label, kind }) => `<th${classOf(kind)} scope="col">${escape(label)}</th>`,
  )
  const body = rows.map((row) => tableRow(columns, row))
  const foot = footer.map((row) => tableRow(columns, row))
  const empty = `<tr><td class="empty" colspan="${columns.length}">Nothing here yet.</td></tr>`
  return `<div class="scroll"><table>
<thead><tr>${head.join('')}</tr></thead>
<tbody>${body.length === 0 ? empty : body.join('\n')}</tbody>
${foot.length === 0 ? '' : `<tfoot>${foot.join('\n')}</tfoot>`}
</table></div>`
}

function tableRow(columns: TablePage['columns'], row: Readonly<Record<string, Cell>>): string {
  const cells = columns.map(
    ({ key, kind }) => `<td${classOf(kind)}>${cell(row[key] ?? null, kind)}</td>`,
  )
  return `<tr>${cells.join('')}</tr>`
}

function cell(value: Cell, kind: CellKind): string {
  if (value === null) return '<span class="none">–</span>'
  if (typeof value === 'object') return `<a href="${escape(value.href)}">View</a>`
  const text = String(value)
  if (kind === 'number') return escape(grouped(text))
  return escape(kind === 'instant' ? toTheSecond(text) : text)
}

/** `2026-11-29T18:39:24.306Z` → `2026-11-29T18:39:24Z`. */
function toTheSecond(instant: string): string {
  return instant.replace(/\.\d+Z$/, 'Z')
}

/** `721789.24` → `721,789.24`. For people: answers to programs carry the plain text. */
function grouped(number: string): string {
  const [whole = '', ...fraction] = number.split('.')
  return [whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ','), ...fraction].join('.')
}

function classOf(kind: CellKind): string {
  return kind === 'number' || kind === 'sentence' ? ` class="${kind}"` : ''
}

function navigationBar(navigation: readonly NavigationItem[], here: string): string {
  const items = navigation.map(({ path, title }) =>
    path === here
      ? `<a class="here" aria-current="page" href="${escape(path)}">${escape(title)}</a>`
      : `<a href="${escape(path)}">${escape(title)}</a>`,
  )
  return `<nav><a class="brand" href="/">Folio</a>${items.join('')}</nav>`
}

function frame(title: string, navigation: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} – Folio</title>
<style>${STYLE}</style>
</head>
<body>
${navigation}
<main>
${body}
</main>
</body>
</html>
`
}

function labelOf(key: string): string {
  const words = key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '–'
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(textOf).join('; ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? character)
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --quiet: #667085; --line: #e3e7ed; --paper: #ffffff;
  --ground: #f5f6f8; --accent: #1f5fbf; --mark: #eef3fb; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --quiet: #98a2b3; --line: #2b3442; --paper: #161c26;
  --ground: #0f141c; --accent: #82b1ff; --mark: #1d2736; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
nav { display: flex; flex-wrap: wrap; gap: .25rem; padding: .6rem 1.5rem; background: var(--paper);
  border-bottom: 1px solid var(--line); }
nav a { padding: .35rem .7rem; border-radius: 6px; color: var(--quiet); text-decoration: none; }
nav a:hover { background: var(--mark); }
nav a.here { background: var(--mark); color: var(--accent); font-weight: 600; }
nav a.brand { color: var(--ink); font-weight: 700; }
main { max-width: 1600px; margin: 0 auto; padding: 1.5rem; }
h1 { margin: 0; font-size: 1.5rem; }
h2 { margin: 1.5rem 0 .4rem; font-size: 1.05rem; }
.text { max-width: 46rem; margin: 0 0 .8rem; }
.summary { margin: .25rem 0 1rem; color: var(--quiet); }
.scroll { overflow-x: auto; background: var(--paper); border: 1px solid var(--line); border-radius: 10px; }
table { width: 100%; border-collapse: collapse; white-space: nowrap; }
table.document { white-space: normal; }
th, td { padding: .5rem .75rem; text-align: left; border-bottom: 1px solid var(--line); }
tbody tr:last-child td, tbody tr:last-child th { border-bottom: 0; }
tbody tr:hover { background: var(--mark); }
thead th { font-size: .8rem; color: var(--quiet); font-weight: 600; }
tfoot td { border-top: 2px solid var(--line); font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.sentence { min-width: 14rem; white-space: normal; }
.none { color: var(--quiet); }
.empty { padding: 2.5rem; text-align: center; color: var(--quiet); }
.links a { display: inline-block; margin-right: .5rem; padding: .4rem .9rem; border: 1px solid var(--line);
  border-radius: 6px; background: var(--paper); color: var(--accent); text-decoration: none; }
main a { color: var(--accent); }
`
