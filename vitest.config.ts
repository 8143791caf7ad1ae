import { configDefaults, defineConfig } from 'vitest/config'

/** They keep nothing in modules and start no process of their own, so a worker loads what they test once for all of them. */
const TOGETHER = [
  'access',
  'aggregates',
  'commands',
  'event-store',
  'fixtures',
  'money',
  'oracle',
  'platforms',
  'projections',
  'queries',
  'stores',
].map((folder) => `test/${folder}/**/*.test.ts`)

const shared = { testTimeout: 60_000, hookTimeout: 60_000, pool: 'forks' } as const

export default defineConfig({
  test: {
    // Once for both projects, which would run it again if they extended this.
    globalSetup: ['test/support/global-setup.ts'],
    // On two cores: much of what they do is waiting, for a process to start or for a lane to open.
    maxWorkers: 3,
    projects: [
      { test: { ...shared, name: 'together', include: TOGETHER, isolate: false } },
      {
        test: {
          ...shared,
          name: 'apart',
          include: ['test/**/*.test.ts'],
          // They need a real EventStoreDB: npm run test:eventstoredb.
          exclude: [...configDefaults.exclude, ...TOGETHER, 'test/eventstoredb/**'],
        },
      },
    ],
  },
})
