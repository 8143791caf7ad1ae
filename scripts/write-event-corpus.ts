/**
 * Writes the corpus sample of every event form that has none yet, into the folder given. A file that is there is never
 * touched: from the first release on, what it holds stands in somebody's log.
 *
 *     npm run events:corpus
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encode } from '../src/event-store/codec.js'
import { EVENT_DEFINITIONS, type LedgerFact } from '../src/events/ledger-event.js'
import {
  CORPUS_REVISION,
  CORPUS_SUBJECT,
  corpusContext,
  type CorpusSample,
} from '../test/fixtures/corpus.js'
import { SAMPLE_FACTS, SAMPLE_STREAM } from '../test/fixtures/sample-facts.js'

const folder = process.argv[2] ?? join('test', 'fixtures', 'events')

for (const fact of Object.values<LedgerFact>(SAMPLE_FACTS)) {
  const version = EVENT_DEFINITIONS.get(fact.type)?.version ?? 1
  const file = join(folder, `${fact.type}.v${version}.json`)
  console.log(`${file}: ${wasWritten(file, fact) ? 'written' : 'stays as it is'}`)
}

function wasWritten(file: string, fact: LedgerFact): boolean {
  const { toAppend, metadata } = encode(fact, corpusContext(CORPUS_SUBJECT))
  const sample: CorpusSample = {
    stored: { stream: SAMPLE_STREAM, revision: CORPUS_REVISION, ...toAppend },
    decoded: { data: fact.data, metadata },
    fact,
    subject: CORPUS_SUBJECT,
  }
  try {
    writeFileSync(file, `${JSON.stringify(sample, null, 2)}\n`, { flag: 'wx' })
    return true
  } catch (reason) {
    if (reason instanceof Error && 'code' in reason && reason.code === 'EEXIST') return false
    throw reason
  }
}
