import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { copyProject, isRoot, type ProjectCopy, UNPRIVILEGED_USER } from './project-copy.js'
import { type Ended, endAllFolio, folio } from './folio.js'
import { csvLine, HEADER } from './sales-file.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folio-bad-input-'))
})
afterAll(async () => {
  await endAllFolio()
  await rm(folder, { recursive: true, force: true })
})

const GOOD = csvLine({ number: '1001' })
let files = 0

async function given(content: string | Buffer): Promise<string> {
  files += 1
  const path = join(folder, `file-${files}.csv`)
  await writeFile(path, content)
  return path
}

async function imported(file: string, ...args: string[]): Promise<Ended> {
  const data = join(folder, 'never made')
  const ended = await folio([
    'import',
    '--format',
    'online-retail',
    file,
    '--data',
    data,
    '--json',
    ...args,
  ])
  expect(existsSync(data)).toBe(false)
  return ended
}

/** Told in words with the place, told to programs too, and nothing printed that could be taken for a result. */
function expectBadInput(
  { code, stderr, stdout, json }: Ended,
  ...words: (string | RegExp)[]
): void {
  for (const word of words) expect(stderr).toMatch(word)
  expect(stderr).not.toMatch(/^\s+at |node:internal|Error:/m)
  expect(code).toBe(2)
  if (stdout !== '')
    expect(json()).toStrictEqual({ error: expect.any(String) as string, exitCode: 2 })
}

describe.concurrent('a file that cannot be read stops the import before anything is opened', () => {
  test('when it is not there', async () => {
    const file = join(folder, 'nowhere.csv')
    expectBadInput(await imported(file), `There is no file ${file}`)
  })

  test('when it is a folder', async () => {
    expectBadInput(await imported(folder), `${folder} is a directory`)
  })

  test('when it is empty, or has no line but the header', async () => {
    const empty = await given('')
    expectBadInput(await imported(empty), `${empty} is empty`)
    expectBadInput(await imported(await given('\n\n')), 'has no header')
  })

  test('naming every line that is malformed', async () => {
    const file = await given(
      [
        HEADER,
        GOOD,
        '1002,A1,LAMP,one,2010-12-30T10:00,1.00,15001,United Kingdom',
        GOOD,
        '1003,A1,LAMP,1,2010-02-30T10:00,1.00,15001,United Kingdom',
        '1004,A1,LAMP,1,2010-12-30T10:00,1.00000,15001,United Kingdom',
        '1005,A1,"LAMP,1,2010-12-30T10:00,1.00,15001,United Kingdom',
        '1006,A1,LAMP,1',
      ].join('\n'),
    )
    const ended = await imported(file)
    expectBadInput(ended, 'Nothing was booked', 'cannot be read at 5 places')
    for (const line of [3, 5, 6, 7, 8]) expect(ended.stderr).toContain(`${file}:${line}: `)
    expect(ended.stderr).not.toContain(`${file}:4: `)
  })

  test('in another encoding, naming line and byte', async () => {
    const latin = Buffer.from(
      `${HEADER}\n${GOOD}\n${csvLine({ number: '1002', text: 'CAF\xc9' })}\n`,
      'latin1',
    )
    const file = await given(latin)
    expectBadInput(
      await imported(file),
      `${file}:3: `,
      `Byte ${latin.indexOf(0xc9)} of the file is not UTF-8`,
    )
    const utf16 = await given(Buffer.from(`\uFEFF${HEADER}\n${GOOD}\n`, 'utf16le'))
    expectBadInput(await imported(utf16), 'UTF-16')
  })

  test('without a column', async () => {
    const file = await given(`${HEADER.replace(',UnitPrice', '')}\n${GOOD}\n`)
    expectBadInput(await imported(file), `${file}:1: `, 'The column "UnitPrice" is missing')
  })

  test('with U+0000 in a name', async () => {
    const file = await given(`${HEADER}\n${GOOD}\n${csvLine({ number: '1002', text: 'A\0B' })}\n`)
    expectBadInput(await imported(file), `${file}:3: Description has the control character U+0000`)
  })

  test('that would take its terminal over, without sending it control characters', async () => {
    const file = await given(`${HEADER}\n${csvLine({ number: '\u001B[2J' })}\n`)
    const ended = await imported(file)
    expectBadInput(ended, 'InvoiceNo has the control character U+001B')
    expect(ended.stderr).not.toContain('\u001B')
  })

  test('with a thousand faults and more, listing the first thousand and counting all', async () => {
    const file = await given([HEADER, ...Array<string>(1_500).fill('x')].join('\n'))
    const ended = await imported(file)
    expectBadInput(ended, 'at 1500 places', '… and 500 more')
    expect(ended.stderr.split('\n').length).toBeLessThan(1_010)
  })
})

describe.concurrent('a command line that is not understood is bad input', () => {
  test.each([
    [['import', 'x.csv'], "required option '--format <name>' not specified"],
    [['import', 'x.csv', '--format', 'xlsx'], 'Allowed choices are online-retail'],
    [['import', '--format', 'online-retail'], "missing required argument 'file'"],
    [['start', '--colour'], "unknown option '--colour'"],
    [['sell'], "unknown command 'sell'"],
    [['start', '--port', 'abc'], '--port (FOLIO_PORT) is no port number'],
    [['start', '--port', '65536'], '--port (FOLIO_PORT) is beyond 65535'],
    [['start', '--port', '-1'], '--port (FOLIO_PORT) is no port number'],
    [['start', '--data', ''], '--data (FOLIO_DATA) names no folder'],
    [['rebuild', 'invoices'], 'There is no read model invoices'],
  ])('folio %j', async (args, words) => {
    const ended = await folio(args, { directory: folder })
    expectBadInput(ended, words)
    expect(existsSync(join(folder, '.folio'))).toBe(false)
  })

  test('without any word it says what there is', async () => {
    const { code, stderr } = await folio([], { directory: folder })
    expect(code).toBe(2)
    expect(stderr).toContain('Usage: folio')
  })

  test.each([
    [{ FOLIO_PORT: '99999' }, /--port \(FOLIO_PORT\) is beyond 65535/],
    [{ FOLIO_MASTER_KEY: 'secret' }, /FOLIO_MASTER_KEY is not 32 bytes in base64/],
    [{ DATABASE_URL: 'mysql://127.0.0.1/x' }, /DATABASE_URL does not begin with postgresql:\/\//],
    [
      { DATABASE_URL: 'postgresql://127.0.0.1/x' },
      /FOLIO_MASTER_KEY is required with DATABASE_URL/,
    ],
  ])('%j', async (environment, words) => {
    const ended = await folio(['start', '--json'], { directory: folder, environment })
    expectBadInput(ended, words)
    expect(ended.stderr).not.toContain('secret')
    expect(existsSync(join(folder, '.folio'))).toBe(false)
  })
})

describe.runIf(isRoot)('as another user', () => {
  let copy: ProjectCopy
  beforeAll(async () => {
    copy = await copyProject()
  })
  afterAll(() => copy.remove())

  test('a file that this user may not read is bad input', async () => {
    const closed = join(copy.home, 'closed.csv')
    await mkdir(copy.home, { recursive: true })
    await writeFile(closed, `${HEADER}\n${GOOD}\n`)
    await chmod(closed, 0o600)
    const args = [
      'import',
      '--format',
      'online-retail',
      closed,
      '--data',
      join(copy.home, 'data'),
      '--json',
    ]
    const ended = await folio(args, { project: copy.project, uid: UNPRIVILEGED_USER })
    expectBadInput(ended, `${closed} cannot be read (EACCES)`)
    expect(existsSync(join(copy.home, 'data'))).toBe(false)
  })
})
