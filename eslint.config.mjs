/**
 * What the compiler and the dependency rule cannot show. Every rule of our own has a canary in
 * test/architecture/lint.test.ts.
 *
 * A later block replaces a rule's options, it does not add to them. So each block that sets
 * `no-restricted-syntax` names every group of selectors that holds there.
 */
import js from '@eslint/js'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

/** The folders that take the world as arguments: no clock, no randomness, no environment. */
const PURE = ['src/money', 'src/events', 'src/aggregates', 'commands', 'projections'].map(
  (folder) => `${folder}/**/*.ts`,
)
/** The folders that write SQL the query builder cannot express. */
const RAW_SQL = ['src/read-model', 'src/workers', 'src/event-store'].map(
  (folder) => `${folder}/**/*.ts`,
)
const TESTS = ['test/**/*.ts']
const CONFIG_FILES = ['*.config.ts', '*.config.mjs', '.*.mjs']

const restricted = (message, ...selectors) => selectors.map((selector) => ({ selector, message }))

const namedExports = restricted(
  'Export by name: a default export has another name in every file that imports it.',
  'ExportDefaultDeclaration',
  'ExportSpecifier[exported.name="default"]',
)
const noBarrels = restricted(
  'Import from the file that defines it: a barrel hides who depends on what.',
  'ExportAllDeclaration',
)
const outcomesAreRead = restricted(
  'A refusal is a value: read the outcome, or say mustAccept(...).',
  'ExpressionStatement > AwaitExpression > CallExpression[callee.name="handle"]',
  'ExpressionStatement > AwaitExpression > CallExpression[callee.property.name="handle"]',
  'ExpressionStatement > UnaryExpression[operator="void"] > CallExpression[callee.name="handle"]',
  'ExpressionStatement > UnaryExpression[operator="void"] > CallExpression[callee.property.name="handle"]',
)
const conflictsAreRead = restricted(
  'A conflict is a value: an append whose outcome nobody reads may have stored nothing.',
  'ExpressionStatement > AwaitExpression > CallExpression[callee.property.name="append"]',
)
const revisionsAreExpected = restricted(
  'Every append names the revision it was decided on: without it two decisions both hold.',
  'Property[key.name="expected"] > Literal[value="any"]',
  'Property[key.value="expected"] > Literal[value="any"]',
)
const noRawSql = restricted(
  'Text that becomes SQL unquoted belongs to src/read-model, src/workers and src/event-store.',
  'MemberExpression[object.name="sql"][property.name="raw"]',
)
const exactAmounts = restricted(
  'Amounts are decimal text: a float loses cents. Use src/money.',
  'CallExpression > Identifier[name=/^(Number|parseFloat)$/]',
  'MemberExpression[object.name="Number"][property.name="parseFloat"]',
  'UnaryExpression[operator="+"]',
)
const noRandomness = restricted(
  'A pure folder is told what it needs: identities arrive inside the command.',
  'MemberExpression[object.name="Math"][property.name="random"]',
)

const everywhere = [...noBarrels, ...outcomesAreRead, ...revisionsAreExpected]

const GLOBALS_OF_THE_WORLD = [
  'Date',
  'process',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'queueMicrotask',
  'crypto',
  'performance',
]

export default defineConfig(
  { ignores: ['dist/', 'coverage/', '.folio/', 'docs/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      eqeqeq: 'error',
      'no-restricted-syntax': [
        'error',
        ...everywhere,
        ...namedExports,
        ...conflictsAreRead,
        ...noRawSql,
      ],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-floating-promises': 'error',
      // A default would hide the case that a new event or a new refusal needs.
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        {
          considerDefaultExhaustiveForUnions: false,
          allowDefaultCaseForExhaustiveSwitch: false,
          requireDefaultForNonUnion: false,
        },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
    },
  },
  {
    files: RAW_SQL,
    rules: {
      'no-restricted-syntax': ['error', ...everywhere, ...namedExports, ...conflictsAreRead],
    },
  },
  {
    files: PURE,
    rules: {
      'no-restricted-syntax': [
        'error',
        ...everywhere,
        ...namedExports,
        ...conflictsAreRead,
        ...noRawSql,
        ...exactAmounts,
        ...noRandomness,
      ],
      'no-restricted-globals': [
        'error',
        {
          checkGlobalObject: true,
          globals: GLOBALS_OF_THE_WORLD.map((name) => ({
            name,
            message: 'A pure folder takes the world as arguments.',
          })),
        },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'uuid',
              allowImportNames: ['v5', 'parse', 'stringify', 'validate', 'version', 'NIL', 'MAX'],
              message: 'The other versions hold randomness or a clock.',
            },
          ],
        },
      ],
    },
  },
  {
    files: TESTS,
    rules: {
      // A test sets the scene with appends whose outcome the next line shows.
      'no-restricted-syntax': ['error', ...everywhere, ...namedExports, ...noRawSql],
      'max-lines-per-function': 'off',
      // What a test reads of an answer is judged by its expectations.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: CONFIG_FILES,
    rules: { 'no-restricted-syntax': ['error', ...everywhere] },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
  },
)
