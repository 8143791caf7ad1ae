/**
 * The tests of what Folio decides and counts: money, aggregates, commands. A few of them need PostgreSQL.
 * `npm run test:coverage` runs them and fails where too few branches are met.
 */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      ...['money', 'aggregates', 'commands', 'oracle', 'properties'].map(
        (folder) => `test/${folder}/**/*.test.ts`,
      ),
      // What only the whole stack asks of a decision: actions, claims, previews, whatever a request may say.
      ...['documents', 'idempotency', 'forgotten', 'preview', 'generated-requests'].map(
        (name) => `test/http/${name}.test.ts`,
      ),
    ],
    globalSetup: ['test/support/global-setup.ts'],
    // Enough random folios to meet every decision; `npm run test:properties` plays 20 000.
    env: { FOLIO_FOLIOS: '400' },
    testTimeout: 60_000,
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      include: ['src/money/**/*.ts', 'src/aggregates/**/*.ts', 'commands/**/*.ts'],
      // Vitest looks for these patterns anywhere in a path.
      exclude: ['test/**'],
      reporter: ['text', 'html', 'json-summary'],
      reportsDirectory: 'coverage/branches',
      thresholds: { branches: 95 },
    },
  },
})
