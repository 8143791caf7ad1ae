/** `folio instance credentials`: from standard input, and told to nobody. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { registerInstance } from '../../commands/instance/register-instance.js'
import { ask } from './books.js'
import { PROJECT } from './folio.js'
import { type UserLedger, userLedger } from './user-database.js'

const TOKEN = 'canary-5a7e-token'
const SECRET = 'canary-5a7e-secret'

let ledger: UserLedger
let instance = ''
beforeEach(async () => {
  ledger = await userLedger()
  await ledger.withHandler(async (handler) => {
    const input = {
      ...{ platform: 'bigcommerce', name: 'Shop' },
      address: 'https://api.bigcommerce.com/stores/abc123',
    }
    const caller = { principal: 'tester', key: 'register', correlation: 'test' }
    const registered = await handler.instance(registerInstance, input, caller)
    instance = registered.outcome === 'accepted' ? registered.answer.instance : ''
  })
})
afterEach(() => ledger.remove())

function credentials(input: string, ...args: readonly string[]) {
  const line = [join(PROJECT, 'dist/src/cli/main.js'), 'instance', 'credentials', ...args]
  const child = spawn(process.execPath, line, {
    env: { PATH: process.env['PATH'], ...ledger.environment },
  })
  child.stdin.end(input)
  return new Promise<Readonly<{ code: number | null; text: string }>>((resolve) => {
    let text = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (some: string) => (text += some))
    }
    child.once('close', (code) => resolve({ code, text }))
  })
}

const saved = () => ask(ledger.connectionString, 'select instance, box from stores.credentials')

test('a token and a secret are saved, sealed, and not told', async () => {
  const { code, text } = await credentials(`${TOKEN}\n${SECRET}\n`, instance, '--no-check')
  expect([code, text]).toEqual([0, expect.stringContaining('Saved.')])
  expect(text).not.toContain('canary')
  const rows = await saved()
  expect(rows).toMatchObject([{ instance }])
  expect(JSON.stringify(rows)).not.toContain('canary')
})

describe('nothing is saved', () => {
  test.each([
    ['of nothing', ''],
    ['of more than two lines', `${TOKEN}\n${SECRET}\nmore\n`],
    ['of a token with blanks', 'canary 5a7e\n'],
    ['of far too much', 'x'.repeat(5_000)],
  ])('%s', async (_what, input) => {
    const { code, text } = await credentials(input, instance, '--no-check')
    expect(code).toBe(2)
    expect(text).not.toContain('canary')
    expect(await saved()).toEqual([])
  })

  test('for what is no instance', async () => {
    for (const id of ['shop', '5d1d0a2e-6f43-4b57-8f0e-1f2d3c4b5a69']) {
      const { code, text } = await credentials(`${TOKEN}\n`, id, '--no-check')
      expect([code, text]).toEqual([2, expect.stringMatching(/no (?:id of an )?instance/)])
    }
  })
})
