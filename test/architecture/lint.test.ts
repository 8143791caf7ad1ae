import { ESLint } from 'eslint'
import { beforeAll, expect, test } from 'vitest'
import { ROOT, sourceFiles } from './source-tree.js'

const PURE = ['src/money', 'src/events', 'src/aggregates', 'commands', 'projections']
const EFFECTFUL = ['src/http', 'src/read-model', 'src/queries', 'src/workers', 'src/event-store']
const FOLDERS = [...PURE, ...EFFECTFUL, 'src/cli', 'test']

/** The canaries are text only: they have the types of the project and no file on disk. */
const eslint = new ESLint({
  cwd: ROOT,
  overrideConfig: {
    languageOptions: {
      parserOptions: {
        projectService: {
          allowDefaultProject: FOLDERS.map((folder) => `${folder}/canary.ts`),
          defaultProject: 'tsconfig.json',
          maximumDefaultProjectFileMatchCount_THIS_WILL_SLOW_DOWN_LINTING: FOLDERS.length,
        },
      },
    },
  },
})

/** The rules that an otherwise clean file in a folder breaks, each once. */
async function rulesBrokenBy(text: string, folder: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath: `${folder}/canary.ts` })
  if (result === undefined) throw new Error('the canary was ignored')
  const damage = result.messages.find((message) => message.fatal === true)
  if (damage !== undefined) throw new Error(damage.message)
  return [...new Set(result.messages.map(({ ruleId }) => ruleId ?? 'no rule'))]
}

// The first text loads the compiler; the others take milliseconds.
beforeAll(() => rulesBrokenBy('export const x = 1', 'src/money'))

const WORLD = [
  ...['Date', 'process', 'fetch', 'crypto', 'performance'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
  ...['clearTimeout', 'clearInterval', 'clearImmediate'],
]

/** What a canary is, the rule that catches it, and its text. */
const impure: [string, string, string][] = [
  ...WORLD.map((name): [string, string, string] => [
    name,
    'no-restricted-globals',
    `export const x: unknown = ${name}`,
  ]),
  ['the clock', 'no-restricted-globals', 'export const x = new Date()'],
  ['the clock by another way', 'no-restricted-globals', 'export const x = globalThis.Date.now()'],
  ['randomness', 'no-restricted-syntax', 'export const x = Math.random()'],
  ['an amount made a float', 'no-restricted-syntax', "export const x = Number('0.1')"],
  ['amounts made floats', 'no-restricted-syntax', "export const x = ['0.1'].map(Number)"],
  ['an amount read as a float', 'no-restricted-syntax', "export const x = parseFloat('0.1')"],
  [
    'an amount read as a float by another way',
    'no-restricted-syntax',
    "export const x = Number.parseFloat('0.1')",
  ],
  [
    'an amount made a float by a sign',
    'no-restricted-syntax',
    "const text: string = '0.1'\nexport const x = +text",
  ],
  [
    'an identity that is not derived',
    'no-restricted-imports',
    "import { v4 } from 'uuid'\nexport const x = v4()",
  ],
]
const PORT = `
  export declare const handle: (command: string) => Promise<string>
  export declare const ledger: { handle: typeof handle }
  export declare const log: { append: (stream: string, events: [], options: object) => Promise<string> }
`
const unsafe: [string, string, string][] = [
  [
    'a promise nobody awaits',
    '@typescript-eslint/no-floating-promises',
    `${PORT} export function x(): void { handle('x') }`,
  ],
  [
    'an outcome nobody reads',
    'no-restricted-syntax',
    `${PORT} export async function x(): Promise<void> { await handle('x') }`,
  ],
  [
    'an outcome of a method nobody reads',
    'no-restricted-syntax',
    `${PORT} export async function x(): Promise<void> { await ledger.handle('x') }`,
  ],
  [
    'an outcome thrown away',
    'no-restricted-syntax',
    `${PORT} export function x(): void { void handle('x') }`,
  ],
  [
    'an append at any revision',
    'no-restricted-syntax',
    `${PORT} export const x = (): Promise<string> => log.append('x', [], { expected: 'any' })`,
  ],
  [
    'a switch that misses a case',
    '@typescript-eslint/switch-exhaustiveness-check',
    "export function x(y: 'a' | 'b'): number { switch (y) { case 'a': return 1 } return 2 }",
  ],
  [
    'a default that hides a case',
    '@typescript-eslint/switch-exhaustiveness-check',
    "export function x(y: 'a' | 'b'): number { switch (y) { case 'a': return 1; default: return 2 } }",
  ],
  ['a default export', 'no-restricted-syntax', 'export default 1'],
  [
    'a default export by another way',
    'no-restricted-syntax',
    'const x = 1\nexport { x as default }',
  ],
  [
    'an outcome of a method thrown away',
    'no-restricted-syntax',
    `${PORT} export function x(): void { void ledger.handle('x') }`,
  ],
  [
    'an append at any revision, in quotes',
    'no-restricted-syntax',
    `${PORT} export const x = (): Promise<string> => log.append('x', [], { 'expected': 'any' })`,
  ],
  ['a barrel', 'no-restricted-syntax', "export * from 'node:path'"],
]
const unsafeBesidesTests: [string, string, string][] = [
  [
    'a conflict nobody reads',
    'no-restricted-syntax',
    `${PORT} export async function x(): Promise<void> { await log.append('x', [], {}) }`,
  ],
  [
    'a function of 71 lines',
    'max-lines-per-function',
    `export function x(): number {\n${'  x()\n'.repeat(68)}  return 1\n}`,
  ],
]

/** Each canary beside the rules it was caught by, so that a failure names the one that got away. */
const caughtIn = (folder: string, canaries: [string, string, string][]) =>
  Promise.all(
    canaries.map(async ([what, , text]) => [what, await rulesBrokenBy(text, folder)] as const),
  )
const allCaught = (canaries: [string, string, string][]) =>
  canaries.map(([what, rule]) => [what, [rule]])

test.each(PURE)('in %s the world and inexact amounts are caught', async (folder) => {
  expect(await caughtIn(folder, impure)).toEqual(allCaught(impure))
})

test.each([...PURE, ...EFFECTFUL, 'src/cli', 'test'])(
  'in %s what is unsafe is caught',
  async (folder) => {
    expect(await caughtIn(folder, unsafe)).toEqual(allCaught(unsafe))
  },
)

test.each([...PURE, ...EFFECTFUL, 'src/cli'])(
  'in %s what a test alone may do is caught',
  async (folder) => {
    expect(await caughtIn(folder, unsafeBesidesTests)).toEqual(allCaught(unsafeBesidesTests))
  },
)

const RAW = "import { sql } from 'kysely'\nexport const x = sql.raw('select 1')"

test.each(['projections', 'commands', 'src/http', 'src/queries', 'src/cli', 'test'])(
  'in %s raw SQL is caught',
  async (folder) => {
    expect(await rulesBrokenBy(RAW, folder)).toEqual(['no-restricted-syntax'])
  },
)

test.each(['src/read-model', 'src/workers', 'src/event-store'])(
  'in %s raw SQL is not reported',
  async (folder) => {
    expect(await rulesBrokenBy(RAW, folder)).toEqual([])
  },
)

test('a derived identity is not reported in a command', async () => {
  const derived = "import { v5 } from 'uuid'\nexport const x = v5('x', v5.URL)"
  expect(await rulesBrokenBy(derived, 'commands')).toEqual([])
})

const CLEAN = `${PORT}
  /** What is asked at a moment the caller names. */
  export async function ask(askedAt: string, size: 'one' | 'two'): Promise<string> {
    const outcome = await handle(\`\${askedAt} \${1 + 1}\`)
    const appended = await log.append('x', [], { expected: 3n })
    switch (size) {
      case 'one':
        return outcome
      case 'two':
        return appended
    }
  }
`

test.each(FOLDERS)('in %s a clean text is not reported', async (folder) => {
  expect(await rulesBrokenBy(CLEAN, folder)).toEqual([])
})

test('the world is open to the folders that are not pure', async () => {
  const text = "export const x = [new Date(), process.pid, Math.random(), Number('1')]"
  expect(await rulesBrokenBy(text, 'src/workers')).toEqual([])
})

test('no module on disk is out of the sight of lint', async () => {
  const unseen: string[] = []
  for (const file of sourceFiles()) if (await eslint.isPathIgnored(file)) unseen.push(file)
  expect(unseen).toEqual([])
  expect(sourceFiles()).not.toHaveLength(0)
})
