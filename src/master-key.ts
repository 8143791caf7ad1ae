/** The key that wraps all keys of personal fields: given by the environment, or made in the data folder. */
import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { MASTER_KEY_BYTES } from './config.js'

const FILE = 'master.key'

/** The file is there and holds no key: made by hand, or damaged. */
export class MasterKeyUnreadable extends Error {
  constructor(path: string) {
    super(
      `${path} does not hold ${MASTER_KEY_BYTES} bytes in base64. Put the file back from a back-up, or give FOLIO_MASTER_KEY.`,
    )
    this.name = 'MasterKeyUnreadable'
  }
}

/** Reads the data folder's key, made now where there is none. Two that start at once get the same one. */
export async function folderMasterKey(dataDirectory: string): Promise<Buffer> {
  const path = join(dataDirectory, FILE)
  const found = await readKey(path)
  if (found !== null) return found
  await mkdir(dataDirectory, { recursive: true })
  const made = `${path}.${process.pid}`
  const file = await open(made, 'w', 0o600)
  try {
    await file.writeFile(randomBytes(MASTER_KEY_BYTES).toString('base64'))
    await file.sync()
  } finally {
    await file.close()
  }
  // A link is made whole or not at all, and never over a key that is there.
  await link(made, path).catch((reason: unknown) => {
    if ((reason as NodeJS.ErrnoException).code !== 'EEXIST') throw reason
  })
  await rm(made, { force: true })
  const key = await readKey(path)
  if (key === null) throw new MasterKeyUnreadable(path)
  return key
}

async function readKey(path: string): Promise<Buffer | null> {
  const text = await readFile(path, 'utf8').catch((reason: unknown) => {
    if ((reason as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw reason
  })
  if (text === null) return null
  const key = Buffer.from(text.trim(), 'base64')
  if (key.length !== MASTER_KEY_BYTES) throw new MasterKeyUnreadable(path)
  return key
}
