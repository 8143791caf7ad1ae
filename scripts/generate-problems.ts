/**
 * Writes docs/problems.md, or the file given.
 *
 *     npm run problems:catalogue
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { problemCatalogue } from './problem-catalogue.js'

writeFileSync(process.argv[2] ?? join('docs', 'problems.md'), problemCatalogue())
