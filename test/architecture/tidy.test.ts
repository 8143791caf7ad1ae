import { expect, test } from 'vitest'
import { cruiseTree } from './cruise-tree.js'
import { ROOT, SOURCE_FOLDERS, filesBelow, sourceFiles, textOf } from './source-tree.js'

/** What is started and not imported. A file that another names by its path needs no line here. */
const ENTRY_POINTS = [
  /^src\/main\.ts$/,
  /^src\/cli\/main\.ts$/,
  /^bench\/main\.ts$/,
  // Each is started by its name, in a process of its own.
  /^bench\/contenders\//,
  /^scripts\//,
  /^test\/.*\.test\.ts$/,
]

const promiseWithoutIssue = /\b(?:TOD[O]|FIXM[E]|XX[X])\b(?!\s*\(?#\d)/
const partOfTheTests = /\.(?:only|skip|todo)\b\s*[(.`<]/
const machinePath = /(?<![\w.-])\/(?:work|root)\//
const registryHost =
  /https?:\/\/[^\s/'"]*(?:registry|artifactory|nexus|verdaccio)|registry\.(?:npmjs|yarnpkg)\.|registry\s*=\s*["']?https?:|_auth[T]oken/
const exactVersion = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/

/** Joins what this file may not hold in one piece: it is looked at as well. */
const joined = (...parts: string[]): string => parts.join('')

/** Each rule with a text it must find and one it must leave alone, so that it cannot go blind. */
test.each([
  [
    'a promise without an issue',
    promiseWithoutIssue,
    joined('// TO', 'DO: round'),
    joined('// TO', 'DO(#12): round'),
  ],
  [
    'a repair without an issue',
    promiseWithoutIssue,
    joined('// FIX', 'ME round'),
    joined('// FIX', 'ME #12 round'),
  ],
  ['a test run alone', partOfTheTests, joined('test.on', "ly('x', f)"), 'test.each([])'],
  ['a skipped suite', partOfTheTests, joined('describe.sk', 'ip.each([])'), 'lines.skipped(1)'],
  ['a test yet to write', partOfTheTests, joined('test.to', "do('x')"), 'work.toDone()'],
  ['a path of the machine', machinePath, joined("open('/wor", "k/main')"), "open('a/work/b')"],
  [
    'a home of the machine',
    machinePath,
    joined('file:///roo', 't/x'),
    'https://example.com/root/x',
  ],
  [
    'a registry',
    registryHost,
    joined('https://regis', 'try.example/zod'),
    'the registry of projections',
  ],
  ['a mirror', registryHost, joined('regis', 'try=http://localhost:1'), 'registry = new Map()'],
  ['a password to a mirror', registryHost, joined('//localhost:1/:_auth', 'Token=x'), 'authToken'],
])('%s is found', (_what, pattern, caught, clean) => {
  expect(caught).toMatch(pattern)
  expect(clean).not.toMatch(pattern)
})

test.each(['^1.2.3', '~1.2.3', '1.2', '1.x', '*', 'latest', '>=1.2.3', 'file:../x', 'npm:x@1.2.3'])(
  'the version %s is not exact',
  (version) => {
    expect(version).not.toMatch(exactVersion)
  },
)

test('every promise in the source names its issue', () => {
  expect(linesMatching(promiseWithoutIssue, sourceFiles())).toEqual([])
})

test('every test is run', () => {
  const tests = sourceFiles().filter((file) => file.startsWith('test/'))
  expect(linesMatching(partOfTheTests, tests)).toEqual([])
})

test('no file holds a path of the machine it was written on', () => {
  expect(linesMatching(machinePath, filesBelow())).toEqual([])
})

test('no file names a package registry', () => {
  expect(linesMatching(registryHost, filesBelow())).toEqual([])
})

test('no file names the registry this machine installs from', () => {
  const registry = process.env['npm_config_registry'] ?? process.env['NPM_CONFIG_REGISTRY']
  const host = new URL(registry ?? joined('https://regis', 'try.npmjs.org')).host
  expect(filesBelow().filter((file) => textOf(file).includes(host))).toEqual([])
})

/** The product's packages, and those of the peers that the bench measures against. */
const PACKAGES = ['', 'bench/peers/']

test.each(PACKAGES)('the lock file of ./%s leaves the choice of registry to the machine', (of) => {
  const lock = JSON.parse(textOf(`${of}package-lock.json`)) as Lock
  const resolved = Object.entries(lock.packages).filter(
    ([, { resolved }]) => resolved !== undefined,
  )
  expect(Object.keys(lock.packages)).not.toHaveLength(0)
  expect(resolved).toEqual([])
})

test.each(PACKAGES)('every dependency of ./%s is pinned, and the lock file agrees', (of) => {
  const { dependencies, devDependencies } = JSON.parse(textOf(`${of}package.json`)) as Manifest
  const lock = JSON.parse(textOf(`${of}package-lock.json`)) as Lock
  const pinned = Object.entries({ ...dependencies, ...devDependencies })
  expect(pinned).not.toHaveLength(0)
  expect(pinned.filter(([, version]) => !exactVersion.test(version))).toEqual([])
  const locked = pinned.map(([name]) => [name, lock.packages[`node_modules/${name}`]?.version])
  expect(locked).toEqual(pinned)
})

test('every module is an entry point, imported, or named by a path', async () => {
  const { modules } = await cruiseTree(ROOT, SOURCE_FOLDERS)
  const imported = new Set(
    modules.flatMap(({ dependencies }) => dependencies.map(({ resolved }) => resolved)),
  )
  const candidates = sourceFiles().filter(
    (file) => !imported.has(file) && !ENTRY_POINTS.some((entry) => entry.test(file)),
  )
  const readers = [...sourceFiles(), 'vitest.config.ts', 'package.json']
  const dead = candidates.filter(
    (file) => !readers.some((reader) => reader !== file && namesByPath(textOf(reader), file)),
  )
  expect(dead).toEqual([])
})

type Manifest = Record<'dependencies' | 'devDependencies', Record<string, string>>
type Lock = { packages: Record<string, { version?: string; resolved?: string }> }

/** Where a pattern occurs, as `file:line: text`. Files that hold a zero byte are not text. */
function linesMatching(pattern: RegExp, files: readonly string[]): string[] {
  return files.flatMap((file) => {
    const text = textOf(file)
    if (!pattern.test(text) || text.includes('\0')) return []
    return text
      .split('\n')
      .flatMap((line, index) =>
        pattern.test(line) ? [`${file}:${(index + 1).toString()}: ${line.trim()}`] : [],
      )
  })
}

/** A worker or a global set-up is started by its path, `.js` when it is built first. */
function namesByPath(text: string, file: string): boolean {
  const stem = file.slice(file.lastIndexOf('/'), file.lastIndexOf('.'))
  return [`${stem}.ts'`, `${stem}.js'`].some((ending) => text.includes(ending))
}
