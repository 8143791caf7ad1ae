/**
 * Mutation tests of what Folio decides and counts (`npm run test:mutation`). The report and the mutants that survived
 * are in coverage/mutation. Nothing leaves the machine: there is no dashboard among the reporters.
 */
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What only people read: a test of its wording would be the wording again. */
const DOCUMENTATION_PROPERTIES = ['summary', 'rows', 'title', 'description']
const DOCUMENTATION_CONSTANTS = ['REFUSAL_TITLES']
const DOCUMENTATION_CALLS = ['describe']

const isNamed = (node, names) => names.includes(node?.name ?? node?.value)

function isDocumentation({ node, parent, listKey }) {
  if (node.type === 'ObjectProperty') return isNamed(node.key, DOCUMENTATION_PROPERTIES)
  if (node.type === 'VariableDeclarator') return isNamed(node.id, DOCUMENTATION_CONSTANTS)
  return (
    parent?.type === 'CallExpression' &&
    listKey === 'arguments' &&
    parent.callee.type === 'MemberExpression' &&
    isNamed(parent.callee.property, DOCUMENTATION_CALLS)
  )
}

export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'documentation',
    value: {
      shouldIgnore: (path) => (isDocumentation(path) ? 'It is documentation.' : undefined),
    },
  },
]

export default {
  mutate: ['src/money/**/*.ts', 'src/aggregates/**/*.ts', 'commands/**/*.ts'],
  plugins: ['@stryker-mutator/vitest-runner', './stryker.config.mjs'],
  ignorers: ['documentation'],
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutation.config.ts', related: false },
  coverageAnalysis: 'perTest',
  // What only runs while a module loads (schemas, charts, patterns) would need every test for every mutant.
  ignoreStatic: true,
  concurrency: 2,
  // A busy machine is no endless loop: what runs out of time counts as noticed.
  timeoutMS: 20_000,
  thresholds: { high: 95, low: 85, break: 85 },
  reporters: ['clear-text', 'progress-append-only', 'html', 'json'],
  clearTextReporter: { allowColor: false, reportTests: false, skipFull: true },
  htmlReporter: { fileName: 'coverage/mutation/mutation.html' },
  jsonReporter: { fileName: 'coverage/mutation/mutation.json' },
  allowEmpty: false,
  checkers: [],
  ignorePatterns: ['bench', 'coverage', 'dist', 'docs', '.ci', '.folio'],
  // Away from the tree, whose tests look at every file in it.
  tempDirName: join(tmpdir(), 'folio-mutation'),
}
