/**
 * Numbers (V, architecture 3): per series and year 1, 2, 3 … in the order taken, each bound to one document, and
 * standing on that one, or voided, or still open.
 */
import type { EventOfType } from '../../src/events/ledger-event.js'
import type { Entry } from '../../src/events/parts.js'
import type { Report } from './report.js'

type Taken = {
  document: string
  state: 'open' | 'used' | 'voided'
  released: boolean
  stands: string | null
}
type Series = {
  next: number
  taken: Map<number, Taken>
  bound: Map<string, number>
  closedThrough: string | null
}
type SeriesEvent = EventOfType<
  'NumbersTaken' | 'NumberVoided' | 'SeriesCheckpointed' | 'SeriesClosedThrough'
>

const NUMBER = /^([A-Z]+)\/(\d{4})\/(\d{5,})$/

export function createNumbers(report: Report) {
  const all = new Map<string, Series>()
  const standing = new Map<string, string>()
  const inAppend = new Set<string>()

  function seriesOf(books: string, name: string, year: number | null): Series {
    const key = `${books} ${name}${year === null ? '' : ` ${year}`}`
    const series = all.get(key) ?? {
      next: 1,
      taken: new Map<number, Taken>(),
      bound: new Map<string, number>(),
      closedThrough: null,
    }
    all.set(key, series)
    return series
  }

  function feed(event: SeriesEvent): void {
    const { books, series: name, year } = event.data
    const right = ['series', books, name.replace('/', '-'), ...(year === null ? [] : [year])].join(
      '-',
    )
    if (event.stream !== right) report('series_stream', event.stream, `holds numbers of ${right}`)
    const series = seriesOf(books, name, year)
    if (event.type === 'NumbersTaken') take(series, event, report)
    else if (event.type === 'NumberVoided') voidNumber(series, event, report)
    else if (event.type === 'SeriesClosedThrough') series.closedThrough = event.data.through
    else checkCheckpoint(series, event, report)
  }

  function release({ data }: EventOfType<'NumberReleased'>): void {
    const taken = seriesOf(data.books, data.series, data.year).taken.get(data.number)
    const number = [data.series, ...(data.year === null ? [] : [data.year]), data.number].join('/')
    if (taken?.document !== data.document) {
      report('number_released', number, `was never taken for ${data.document}`)
    } else {
      if (taken.stands !== null) report('number_released', number, `stands on ${taken.stands}`)
      taken.released = true
    }
  }

  /** The number that an entry or overpayment carries, of the series that its kind takes from. */
  function stand(
    at: Readonly<{ books: string; number: string; postingDate: string }>,
    series: string,
    document: string,
  ): void {
    const { books, number, postingDate } = at
    const [, name = '', year = '', digits = ''] = NUMBER.exec(number) ?? []
    if (
      name !== series ||
      year !== postingDate.slice(0, 4) ||
      digits !== `${+digits}`.padStart(5, '0')
    ) {
      report('number_form', number, `is no number of ${series} for ${postingDate}`)
      return
    }
    standOn(seriesOf(books, name, +year).taken.get(+digits), number, document)
  }

  function standOn(taken: Taken | undefined, number: string, document: string): void {
    inAppend.add(number)
    if (taken === undefined) {
      report('number_not_taken', number, `stands on ${document}`)
      return
    }
    if (taken.document !== document) {
      report(
        'number_on_other_document',
        number,
        `was taken for ${taken.document}, stands on ${document}`,
      )
    }
    if (taken.stands !== null) {
      report('number_twice', number, `stands on ${taken.stands} and on ${document}`)
    }
    if (taken.state === 'voided' || taken.released) {
      report('number_used_after_void', number, `stands on ${document}`)
    }
    if (standing.has(document)) {
      report('document_with_two_numbers', document, `${standing.get(document) ?? ''} and ${number}`)
    }
    standing.set(document, number)
    taken.stands = document
  }

  /** An entry without a document of its own: its number was taken for an id of its folio that nothing else has. */
  function standOwn(entry: Entry, series: string, stream: string, kind: string): void {
    const [, name = '', year = '', digits = ''] = NUMBER.exec(entry.number) ?? []
    const taken = seriesOf(entry.books, name, +year).taken.get(+digits)
    const folio = stream.slice('folio-'.length)
    const isOwn = taken !== undefined && taken.document.startsWith(`${folio}-${kind}`)
    stand(entry, series, isOwn ? taken.document : `an entry of ${folio}`)
  }

  function standJournal(entry: Entry, stream: string): void {
    standOwn(entry, 'JRN', stream, 'j')
  }

  /** What a store gave back, which the store names and not we. */
  function standStoreRefund(entry: Entry, stream: string): void {
    standOwn(entry, 'PAY', stream, 'rf')
  }

  /**
   * What follows within an append shares the number of what it follows from (V), or has one of its own: taken for the
   * document where there is one.
   */
  function share(entry: Entry, stream: string, document = ''): void {
    if (inAppend.has(entry.number)) return
    const [, name = '', year = '', digits = ''] = NUMBER.exec(entry.number) ?? []
    const taken = seriesOf(entry.books, name, +year).taken.get(+digits)
    if (document !== '' && taken?.document === document) stand(entry, 'JRN', document)
    else standJournal(entry, stream)
  }

  /** Deliveries are numbered by warehouse, through all years. */
  function standDelivery(books: string, warehouse: string, number: string, document: string): void {
    const [, name = '', digits = ''] = /^([A-Z0-9]{1,10}\/OUT)\/(\d{5,})$/.exec(number) ?? []
    if (name !== `${warehouse}/OUT` || digits !== `${+digits}`.padStart(5, '0')) {
      report('number_form', number, `is no number of ${warehouse}/OUT`)
      return
    }
    standOn(seriesOf(books, name, null).taken.get(+digits), number, document)
  }

  /** Numbers that are neither on a document nor given up: right only where their document may still come. */
  function unexplained(): string[] {
    return [...all].flatMap(([key, { taken }]) =>
      [...taken].flatMap(([number, { document, state, released, stands }]) =>
        stands === null && state !== 'voided' && !released
          ? [`${key} ${number} for ${document}`]
          : [],
      ),
    )
  }

  function finish(): void {
    for (const [key, { taken }] of all) {
      for (const [number, { document, state, released, stands }] of taken) {
        const elsewhere = standing.get(document)
        if (stands !== null || state === 'voided' || released || elsewhere === undefined) continue
        report('number_lost', `${key} ${number}`, `waits for ${document}, which has ${elsewhere}`)
      }
    }
  }

  return {
    feed,
    release,
    stand,
    standJournal,
    standStoreRefund,
    standDelivery,
    share,
    unexplained,
    finish,
    /** Whether an entry of this append has its number already. */
    hasStood: () => inAppend.size > 0,
    beginAppend: () => {
      inAppend.clear()
    },
  }
}

function take(series: Series, { data, stream }: EventOfType<'NumbersTaken'>, report: Report): void {
  for (const { number, document, postingDate } of data.taken) {
    if (number !== series.next) {
      report('number_order', `${stream} ${number}`, `${series.next} comes next`)
    }
    if (
      data.year !== null &&
      series.closedThrough !== null &&
      postingDate <= series.closedThrough
    ) {
      const sentence = `is taken for ${postingDate}, closed through ${series.closedThrough}`
      report('number_of_closed_period', `${stream} ${number}`, sentence)
    }
    if (data.year !== null && +postingDate.slice(0, 4) !== data.year) {
      report('number_year', `${stream} ${number}`, `is taken for ${postingDate}`)
    }
    const bound = series.bound.get(document)
    const other = bound === undefined ? undefined : series.taken.get(bound)
    if (other?.state === 'open' && !other.released) {
      report('number_bound_twice', document, `has ${bound ?? 0} and ${number} of ${stream}`)
    }
    series.bound.set(document, number)
    series.taken.set(number, { document, state: 'open', released: false, stands: null })
    series.next = Math.max(series.next, number + 1)
  }
  for (const number of data.used) {
    const taken = series.taken.get(number)
    if (taken === undefined || taken.stands === null) {
      report('number_used', `${stream} ${number}`, 'is called used and stands on no document')
    } else taken.state = 'used'
  }
}

function voidNumber(
  series: Series,
  { data, stream }: EventOfType<'NumberVoided'>,
  report: Report,
): void {
  const taken = series.taken.get(data.number)
  if (taken === undefined || taken.document !== data.document) {
    report('number_voided', `${stream} ${data.number}`, `was never taken for ${data.document}`)
    return
  }
  if (taken.stands !== null) {
    report('number_voided', `${stream} ${data.number}`, `stands on ${taken.stands}`)
  }
  taken.state = 'voided'
}

function checkCheckpoint(
  series: Series,
  { data, stream, revision }: EventOfType<'SeriesCheckpointed'>,
  report: Report,
) {
  if (data.next !== series.next) {
    report(
      'checkpoint',
      `${stream}@${revision}`,
      `says ${data.next} comes next, it is ${series.next}`,
    )
  }
  if (data.closedThrough !== undefined && data.closedThrough !== series.closedThrough) {
    const sentence = `says ${data.closedThrough ?? 'no day'}, it is ${series.closedThrough ?? 'none'}`
    report('checkpoint', `${stream}@${revision} closed`, sentence)
  }
  const open = [...series.taken]
    .filter(([, { state }]) => state === 'open')
    .map(([number]) => number)
  const said = data.open.map(({ number }) => number)
  if ([...said].sort((a, b) => a - b).join() !== open.join()) {
    report(
      'checkpoint',
      `${stream}@${revision}`,
      `says ${said.join()} are open, ${open.join()} are`,
    )
  }
}
