import { z } from 'zod'
import { sourceDocumentRecorded } from '../../src/events/order-events.js'
import { folioCommand } from '../command.js'
import { accept, refuse } from '../decision.js'

/**
 * Opens the folio of a document of a foreign file, before anything is booked of it. The same content again changes
 * nothing; the same number with other content is refused.
 */
export const recordSourceDocument = folioCommand({
  name: 'record-source-document',
  area: 'order',
  summary: 'Records which document of a foreign file a folio takes over',
  rows: ['L1'],
  input: sourceDocumentRecorded.schema,
  output: z.strictObject({}),
  document: () => null,
  books: ({ books }) => books,
  decide(asked, { folio }) {
    if (folio.source === null) return accept({ type: 'SourceDocumentRecorded', data: asked })
    if (folio.source.fingerprint === asked.fingerprint) return accept()
    return refuse({ code: 'already_booked_differently', number: asked.number })
  },
  answer: () => ({}),
})
