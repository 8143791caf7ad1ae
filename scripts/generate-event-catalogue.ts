/**
 * Writes docs/events.md, or the file given.
 *
 *     npm run events:catalogue
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventCatalogue } from './event-catalogue.js'

writeFileSync(process.argv[2] ?? join('docs', 'events.md'), eventCatalogue())
