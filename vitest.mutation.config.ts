/**
 * Of the tests in vitest.decisions.config.ts those that say what is expected case by case: the random folios and the
 * oracle cost a second for every mutant.
 */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['money', 'aggregates', 'commands'].map((folder) => `test/${folder}/**/*.test.ts`),
    // Every order of events, or a database: too dear for every mutant.
    exclude: [
      'periods-under-load',
      'periods-crash',
      'allocation-crashes',
      'forget-subject-processes',
    ].map((name) => `test/commands/${name}.test.ts`),
    testTimeout: 60_000,
    // Modules are loaded once a run and not once a file: with a run a mutant that is half of the time.
    isolate: false,
  },
})
