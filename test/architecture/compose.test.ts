/**
 * docker-compose.yml and the Dockerfile, held to what an operator relies on without reading them. No engine runs here,
 * so they are read as text; that is enough for a file in plain block form, which the first test insists on.
 */
import { expect, test } from 'vitest'
import { textOf } from './source-tree.js'

const compose = textOf('docker-compose.yml')
const dockerfile = textOf('Dockerfile')
const operating = textOf('docs/operating.md')

const secretName = /PASSWORD|SECRET|TOKEN|CREDENTIAL|_KEY$/
const fixedVersion = /^[\w./-]+:\d+\.\d[\w.-]*$/

/** Each rule with lines it must complain of, so that it cannot go blind. */
const RULES: readonly [rule: string, find: (text: string) => string[], bad: string][] = [
  ['no secret stands in it', secrets, '    environment:\n      POSTGRES_PASSWORD: folio'],
  ['no secret has a default', secrets, '    environment:\n      A_KEY: "${A_KEY:-folio}"'],
  [
    'no address holds a password',
    passwords,
    '    environment:\n      DATABASE_URL: postgresql://folio:folio@postgres/folio',
  ],
  ['what is published is on the loopback', published, '    ports:\n      - "4180:4180"'],
  ['what is published is on one address', published, '    ports:\n      - target: 4180'],
  ['nothing is let out of its container', privileges, '    network_mode: host'],
  ['every image has a fixed version', floatingImages, '    image: postgres:latest'],
  ['no image goes without a version', floatingImages, '    image: postgres'],
  ['no image moves within a major version', floatingImages, '    image: postgres:18'],
  ['what must be given stops without it', vagueVariables, '      A: "${A_NAME}"'],
  ['what must be given says how to make it', vagueVariables, '      A: "${A_NAME:?}"'],
  ['every volume is declared', undeclaredVolumes, '    volumes:\n      - forgotten:/data'],
]

test('it is in plain block form', () => {
  const others = /\t|^\s*<<:|[:-] [&*]\w|^\s*[\w-]+: [[{](?!\}$)/
  expect(linesOf(compose).filter((line) => others.test(line))).toEqual([])
  expect([...blocks(compose, 0).keys()]).toEqual(['name', 'services', 'networks', 'volumes'])
  expect([...services(compose).keys()]).toEqual(['eventstoredb', 'postgres', 'folio'])
})

test.each(RULES)('%s', (_rule, find, bad) => {
  expect(find(`services:\n  some:\n${bad}\n`)).not.toEqual([])
  expect(find(compose)).toEqual([])
})

test.each([...services(compose)])('%s is checked, limited and started again', (_name, service) => {
  const settings = blocks(service, 4)
  expect(settings.get('healthcheck')).toMatch(/^ {6}test:\n {8}- CMD/m)
  expect(settings.get('restart')).toContain('unless-stopped')
  expect(settings.get('deploy')).toMatch(/^ {10}cpus: .*\n {10}memory: \d+[mg]$/m)
  expect(settings.get('stop_grace_period')).toMatch(/\d+s/)
  expect(itemsOf(settings.get('cap_drop'))).toEqual(['ALL'])
  expect(itemsOf(settings.get('security_opt'))).toEqual(['no-new-privileges:true'])
})

test('what is kept is in volumes where the images keep it', () => {
  const folders = (name: string): string[] =>
    itemsOf(blocks(services(compose).get(name) ?? '', 4).get('volumes'))
  expect(folders('eventstoredb')).toContain('eventstoredb-data:/var/lib/kurrentdb')
  expect(folders('postgres')).toContain('postgres-data:/var/lib/postgresql')
  expect(folders('folio')).toEqual(['folio-data:/var/lib/folio'])
  expect(dockerfile).toContain('FOLIO_DATA=/var/lib/folio')
})

test('the log and the database can be reached by Folio alone, and Folio waits for them', () => {
  const networks = (name: string): string[] =>
    itemsOf(blocks(services(compose).get(name) ?? '', 4).get('networks'))
  expect(networks('eventstoredb')).toEqual(['log'])
  expect(networks('postgres')).toEqual(['database'])
  const declared = blocks(blocks(compose, 0).get('networks') ?? '', 2)
  expect(declared.get('log')).toContain('internal: true')
  expect(declared.get('database')).toContain('internal: true')
  expect(
    [...services(compose)]
      .filter(([, service]) => /^ {4}ports:/m.test(service))
      .map(([name]) => name),
  ).toEqual(['folio'])
  expect(blocks(services(compose).get('folio') ?? '', 4).get('depends_on')).toMatch(
    /eventstoredb:\n {8}condition: service_healthy\n {6}postgres:\n {8}condition: service_healthy/,
  )
})

test('Folio is nobody, and its files are read-only', () => {
  const settings = blocks(services(compose).get('folio') ?? '', 4)
  expect(settings.get('read_only')).toContain('true')
  const [, last = ''] = /(?:^|\n)(FROM (?:(?!\nFROM )[\s\S])*)$/.exec(dockerfile) ?? []
  expect(last).toMatch(/^USER node$/m)
  expect(last).toMatch(/^HEALTHCHECK .*\\\n {2}CMD .*\/health\/ready/m)
  expect(last).not.toMatch(/^USER root$/m)
})

test('the image is built from the lock file, and holds no tools and no PostgreSQL programs', () => {
  const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image = '']) => image)
  expect(bases.filter((image) => !/^node:20\.\d+-[\w-]+$/.test(image))).toEqual([])
  expect(dockerfile).not.toMatch(/npm (?:install|i|update)\b|npx --yes/)
  expect(dockerfile).toMatch(/npm ci --omit=dev --omit=optional --ignore-scripts/)
  expect(
    dockerfile
      .split('\n')
      .filter((line) => /^(?:ENV|ARG)/.test(line))
      .join(),
  ).not.toMatch(secretName)
  const [first, ...rest] = linesOf(textOf('.dockerignore'))
  expect(first).toBe('*')
  expect(rest.filter((line) => /env|cert|folio|git/.test(line))).toEqual([])
})

test('the handbook names every variable that must be given', () => {
  const needed = [...compose.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name = '']) => name)
  expect(needed).toContain('FOLIO_MASTER_KEY')
  expect(needed.filter((name) => !operating.includes(`${name}=`))).toEqual([])
})

test('what the handbook lets an operator set about stores reaches Folio', () => {
  const stores = operating.slice(operating.indexOf('## Stores'), operating.indexOf('## Numbers'))
  const offered = [...stores.matchAll(/^\| `(FOLIO_[A-Z_]+)` \|/gm)].map(([, name = '']) => name)
  expect(offered).toContain('FOLIO_PUBLIC_URL')
  const handedOn = blocks(services(compose).get('folio') ?? '', 4).get('environment') ?? ''
  expect(offered.filter((name) => !handedOn.includes(`      ${name}:\n`))).toEqual([])
})

/** Without comments and empty lines. */
function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => !/^\s*(?:#|$)/.test(line))
}

/** What stands under each name at this indentation, the line of the name included. */
function blocks(text: string, indentation: number): Map<string, string> {
  const found = new Map<string, string>()
  let name: string | undefined
  for (const line of linesOf(text)) {
    const begin = new RegExp(`^ {${indentation.toString()}}([\\w-]+):`).exec(line)
    if (begin !== null) name = begin[1]
    else if (!line.startsWith(' '.repeat(indentation + 1))) name = undefined
    if (name !== undefined) found.set(name, `${found.get(name) ?? ''}${line}\n`)
  }
  return found
}

function services(text: string): Map<string, string> {
  return blocks(blocks(text, 0).get('services') ?? '', 2)
}

function itemsOf(block = ''): string[] {
  return [...block.matchAll(/^\s*- (?:(['"])(.*)\1|(.*))$/gm)].map(
    ([, , quoted, plain]) => quoted ?? plain ?? '',
  )
}

function settingsOf(text: string, name: string): string[] {
  return [...services(text).values()].flatMap((service) => itemsOf(blocks(service, 4).get(name)))
}

function secrets(text: string): string[] {
  return linesOf(text).filter((line) => {
    const [, name = '', value = ''] = /^\s*-?\s*['"]?(\w+)['"]?\s*[:=]\s*(.*)$/.exec(line) ?? []
    return secretName.test(name) && !/^['"]?\$\{[A-Z_]+:\?[^}]+\}['"]?$/.test(value)
  })
}

/** `scheme://user:password@`, where the password is no variable. */
function passwords(text: string): string[] {
  return linesOf(text).filter((line) => /:\/\/[^\s/:@]+:(?!\$\{[A-Z_]+:\?)[^\s/@]*@/.test(line))
}

function published(text: string): string[] {
  return settingsOf(text, 'ports').filter((port) => !port.startsWith('127.0.0.1:'))
}

function privileges(text: string): string[] {
  return linesOf(text).filter((line) =>
    /^\s*(?:privileged|network_mode|pid|ipc|userns_mode|user: ['"]?(?:root|0))\b|docker\.sock/.test(
      line,
    ),
  )
}

function floatingImages(text: string): string[] {
  return linesOf(text).flatMap((line) => {
    const image = /^\s*image: (\S*)$/.exec(line)?.[1]
    return image === undefined || fixedVersion.test(image) ? [] : [image]
  })
}

/** A variable has a default, or stops with a sentence. */
function vagueVariables(text: string): string[] {
  return [
    ...linesOf(text)
      .join('\n')
      .matchAll(/\$\{?\w[^}\n]*\}?/g),
  ]
    .map(([variable]) => variable)
    .filter((variable) => !/^\$\{[A-Z_]+(?::-[^}]+|:\?[^}]+ [^}]+)\}$/.test(variable))
}

function undeclaredVolumes(text: string): string[] {
  const declared = blocks(blocks(text, 0).get('volumes') ?? '', 2)
  return settingsOf(text, 'volumes')
    .map((volume) => volume.split(':')[0] ?? '')
    .filter((volume) => !declared.has(volume))
}
