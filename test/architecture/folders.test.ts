import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { cruiseTree, violationsIn } from './cruise-tree.js'
import { ROOT, SOURCE_FOLDERS, sourceFiles } from './source-tree.js'

test('every import is one that the dependency rule grants, and there are no cycles', async () => {
  expect(violationsIn(await cruiseTree(ROOT, SOURCE_FOLDERS))).toEqual([])
})

test('the rule looks at every module on disk', async () => {
  const { modules } = await cruiseTree(ROOT, SOURCE_FOLDERS)
  const seen = modules
    .map(({ source }) => source)
    .filter((source) => SOURCE_FOLDERS.some((folder) => source.startsWith(`${folder}/`)))
  expect(seen.sort()).toEqual(sourceFiles())
  expect(seen).not.toHaveLength(0)
})

const aggregate = { 'src/aggregates/folio.ts': 'export type Folio = string' }
const port = { 'src/event-store/event-store.ts': 'export type EventStore = string' }
const memory = { 'src/event-store/in-memory.ts': 'export const inMemory = 1' }
const schema = { 'src/read-model/schema.ts': 'export type Tables = string' }
const database = { 'src/read-model/database.ts': 'export const open = 1' }
const main = { 'src/main.ts': 'export const start = 1' }
const config = { 'src/config.ts': 'export const config = 1' }
const money = { 'src/money/money.ts': 'export const zero = 0' }

/** What a forbidden import is, the tree that holds it, and the one line that must be reported. */
const canaries: [string, Record<string, string>, string][] = [
  [
    'a type-only import',
    {
      ...aggregate,
      'projections/canary.ts':
        "import type { Folio } from '../src/aggregates/folio.js'\nexport type X = Folio",
    },
    'not-in-allowed: projections/canary.ts -> src/aggregates/folio.ts',
  ],
  [
    'an import inside a type',
    {
      ...aggregate,
      'src/money/canary.ts': "export type X = import('../aggregates/folio.js').Folio",
    },
    'not-in-allowed: src/money/canary.ts -> src/aggregates/folio.ts',
  ],
  [
    'a dynamic import',
    {
      ...memory,
      'commands/canary.ts': "export const x = () => import('../src/event-store/in-memory.js')",
    },
    'not-in-allowed: commands/canary.ts -> src/event-store/in-memory.ts',
  ],
  [
    'an export of what another file holds',
    { ...database, 'src/queries/canary.ts': "export { open } from '../read-model/database.js'" },
    'not-in-allowed: src/queries/canary.ts -> src/read-model/database.ts',
  ],
  [
    'a built-in in a pure folder',
    {
      'commands/canary.ts': "import { randomUUID } from 'node:crypto'\nexport const x = randomUUID",
    },
    'not-in-allowed: commands/canary.ts -> crypto',
  ],
  [
    'a built-in named without its prefix',
    { 'src/events/canary.ts': "import { readFileSync } from 'fs'\nexport const x = readFileSync" },
    'not-in-allowed: src/events/canary.ts -> fs',
  ],
  [
    'a built-in beside the one that the log is granted',
    {
      'src/event-store/canary.ts': "import { readFile } from 'node:fs'\nexport const x = readFile",
    },
    'not-in-allowed: src/event-store/canary.ts -> fs',
  ],
  [
    'a package that a folder was not granted',
    { 'src/aggregates/canary.ts': "import { z } from 'zod'\nexport const x = z" },
    'not-in-allowed: src/aggregates/canary.ts -> node_modules/zod/index.d.cts',
  ],
  [
    'a new folder that nobody granted anything',
    {
      ...money,
      'src/canary/canary.ts': "import { zero } from '../money/money.js'\nexport const x = zero",
    },
    'not-in-allowed: src/canary/canary.ts -> src/money/money.ts',
  ],
  [
    'a new file beside the folders',
    { ...money, 'src/canary.ts': "import { zero } from './money/money.js'\nexport const x = zero" },
    'not-in-allowed: src/canary.ts -> src/money/money.ts',
  ],
  [
    'the wiring, imported by what it wires',
    { ...main, 'src/http/canary.ts': "import { start } from '../main.js'\nexport const x = start" },
    'not-in-allowed: src/http/canary.ts -> src/main.ts',
  ],
  [
    'the environment, read by what it configures',
    {
      ...config,
      'src/workers/canary.ts': "import { config } from '../config.js'\nexport const x = config",
    },
    'not-in-allowed: src/workers/canary.ts -> src/config.ts',
  ],
  [
    'a test, imported by what it tests',
    {
      'test/support/story.ts': 'export const story = 1',
      'src/cli/canary.ts':
        "import { story } from '../../test/support/story.js'\nexport const x = story",
    },
    'not-in-allowed: src/cli/canary.ts -> test/support/story.ts',
  ],
  [
    'the ledger, known to the database server',
    {
      ...schema,
      'src/embedded-postgres/canary.ts':
        "import type { Tables } from '../read-model/schema.js'\nexport type X = Tables",
    },
    'not-in-allowed: src/embedded-postgres/canary.ts -> src/read-model/schema.ts',
  ],
  [
    'the driver of the log outside its adapter',
    { 'src/event-store/canary.ts': "import pg from 'pg'\nexport const x = pg.Pool" },
    'postgres-adapter-alone-knows-pg: src/event-store/canary.ts -> node_modules/pg/esm/index.mjs',
  ],
  [
    'a projection that executes',
    { 'projections/canary.ts': "import { sql } from 'kysely'\nexport const x = sql`select 1`" },
    'projections-describe-and-do-not-execute: projections/canary.ts -> node_modules/kysely/dist/esm/index.js',
  ],
]

test.each(canaries)('%s is caught', async (_what, files, violation) => {
  expect(await violationsOf(files)).toEqual([violation])
})

test('the client of EventStoreDB is caught outside its adapter', async () => {
  const client = "import type { Client } from '@eventstore/db-client'\nexport type X = Client"
  expect(await violationsOf({ 'src/workers/canary.ts': client })).toContain(
    'eventstoredb-adapter-alone-knows-its-client: src/workers/canary.ts -> node_modules/@eventstore/db-client/dist/index.js',
  )
})

test('a cycle is caught, through types as well', async () => {
  const cycle = {
    'src/money/canary.ts': "import type { Y } from './wing.js'\nexport type X = Y",
    'src/money/wing.ts': "import type { X } from './canary.js'\nexport type Y = X | 1",
  }
  expect(await violationsOf(cycle)).toContain('no-cycles: src/money/canary.ts -> src/money/wing.ts')
})

test('what is granted is not reported', async () => {
  const granted = {
    ...aggregate,
    ...port,
    ...schema,
    ...database,
    ...main,
    ...money,
    'commands/canary.ts': [
      "import type { Folio } from '../src/aggregates/folio.js'",
      "import type { EventStore } from '../src/event-store/event-store.js'",
      "import { v5 } from 'uuid'",
      'export type X = Folio | EventStore',
      'export const x = v5',
    ].join('\n'),
    'projections/canary.ts': [
      "import type { Kysely } from 'kysely'",
      "import type { Tables } from '../src/read-model/schema.js'",
      'export type X = Kysely<Tables>',
    ].join('\n'),
    'src/event-store/postgres-canary.ts': [
      "import { createHash } from 'node:crypto'",
      "import pg from 'pg'",
      'export const x = [createHash, pg.Pool]',
    ].join('\n'),
    'src/cli/canary.ts': [
      "import { readFileSync } from 'node:fs'",
      "import { Command } from 'commander'",
      "import { start } from '../main.js'",
      'export const x = [readFileSync, Command, start]',
    ].join('\n'),
    'test/canary.test.ts': "import { start } from '../src/main.js'\nexport const x = start",
  }
  expect(await violationsOf(granted)).toEqual([])
})

/**
 * The canaries fly in a tree of their own with the same folders, so that nothing that reads the
 * true tree meanwhile (a build, another test) meets them, and none is left there by a kill.
 */
async function violationsOf(files: Record<string, string>): Promise<string[]> {
  const root = mkdtempSync(join(tmpdir(), 'folio-canaries-'))
  try {
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
    copyFileSync(join(ROOT, 'tsconfig.json'), join(root, 'tsconfig.json'))
    copyFileSync(join(ROOT, 'package.json'), join(root, 'package.json'))
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(join(root, dirname(file)), { recursive: true })
      writeFileSync(join(root, file), text)
    }
    const folders = new Set(Object.keys(files).map((file) => file.slice(0, file.indexOf('/'))))
    return violationsIn(await cruiseTree(root, [...folders]))
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}
