/** What `folio key` says of a command line that it cannot use. Nothing listens where the database would be. */
import { describe, expect, test } from 'vitest'
import { folio } from './folio.js'

const ENVIRONMENT = {
  DATABASE_URL: 'postgresql://127.0.0.1:1/x',
  FOLIO_MASTER_KEY: Buffer.alloc(32).toString('base64'),
}

describe('what cannot be used is bad input, before anything is opened', () => {
  test.each([
    [['create', '--role', 'owner', '--name', 'x'], 'Allowed choices are viewer, operator,'],
    [['create', '--name', 'x'], "required option '--role <role>' not specified"],
    [['create', '--role', 'viewer'], "required option '--name <name>' not specified"],
    ...['', 'Web Shop', 'a'.repeat(61)].map((name) => [
      ['create', '--role', 'viewer', `--name=${name}`],
      'The name of a key is made of a-z, 0-9',
    ]),
    ...['0', '1e3', '1000001'].map((rate) => [
      ['create', '--role', 'viewer', '--name', 'x', `--rate=${rate}`],
      '--rate is a whole number from 1 to 1000000',
    ]),
    [['revoke', 'folio_not-a-name'], 'The name of a key is made of a-z, 0-9'],
    [['revoke'], "missing required argument 'name'"],
    [['rotate'], "unknown command 'rotate'"],
    [[], 'Usage: folio key'],
  ] as [string[], string][])('folio key %j', async (args, words) => {
    const ended = await folio(['key', ...args], { environment: ENVIRONMENT })
    expect(ended.stderr).toContain(words)
    expect(ended.stderr).not.toContain('folio_not-a-name')
    expect(ended.code).toBe(2)
  })
})
