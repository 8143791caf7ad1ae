/**
 * The tests of the ledger over a real EventStoreDB (`npm run test:eventstoredb`): its contract as an event log, what
 * happens when it fails, and what is told over HTTP, which runs over PostgreSQL in `npm test`.
 */
import { defineConfig } from 'vitest/config'

const OVER_HTTP = [
  'allocations',
  'documents',
  'idempotency',
  'netforce',
  'openapi-answers',
  'periods',
  'refund-races',
  'reports',
]

export default defineConfig({
  test: {
    include: [
      'test/eventstoredb/**/*.test.ts',
      ...OVER_HTTP.map((name) => `test/http/${name}.test.ts`),
    ],
    globalSetup: ['test/support/global-setup.ts'],
    env: { FOLIO_TEST_LOG: 'eventstoredb' },
    testTimeout: 120_000,
    hookTimeout: 180_000,
    pool: 'forks',
    maxWorkers: 2,
  },
})
