/** What the demo tells people to try, tried: pasted into a shell, or opened in a browser. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { postCreditNote } from '../../commands/credit/post-credit-note.js'
import { endAllFolio, type Running, startFolio } from './folio.js'
import { SHOP, writeSales } from './sales-file.js'
import { type UserLedger, userLedger } from './user-database.js'

let ledger: UserLedger
beforeEach(async () => {
  ledger = await userLedger()
})
afterEach(async () => {
  await endAllFolio()
  await ledger.remove()
})

const demo = (file: string, ...args: string[]): Running =>
  startFolio(['demo', '--port', '0', '--file', file, ...args], { environment: ledger.environment })

/** What a shell makes of a line with `curl`, sent; whether curl itself is there does not matter. */
async function pasted(line: string): Promise<Response> {
  expect(line).not.toContain('\n')
  const script = `curl() { printf '%s\\0' "$@"; }\n${line}`
  const { stdout } = await promisify(execFile)('sh', ['-c', script])
  const [quiet, url = '', ...options] = stdout.split('\0').slice(0, -1)
  expect(quiet).toBe('-sS')
  const pairs = options.flatMap((name, index) =>
    index % 2 === 0 ? [[name, options[index + 1] ?? '']] : [],
  )
  const headers = pairs.flatMap(([name, value = '']) => (name === '-H' ? [value.split(': ')] : []))
  const body = pairs.find(([name]) => name === '-d')?.[1]
  return fetch(url, {
    headers: headers as [string, string][],
    ...(body === undefined ? {} : { method: 'POST', body }),
  })
}

/** As a browser does with a name and a password in an address. */
function opened(address: string): Promise<Response> {
  const url = new URL(address)
  const credentials = Buffer.from(`${url.username}:${url.password}`).toString('base64')
  const headers = { accept: 'text/html', authorization: `Basic ${credentials}` }
  return fetch(`${url.origin}${url.pathname}`, { headers })
}

const COMMAND = /^(curl .*\/commands\/.*)$/m
const LIST = /^(curl .*\/invoices'.*)$/m

test('the address opens, the list is read, and the credit that is left is paid out, once', async () => {
  await openCreditNote()
  const shop = await writeSales(join(ledger.folder, 'shop.csv'), SHOP)
  const running = demo(shop)
  await running.said(/Ctrl-C stops it/)
  const page = await opened(await running.said(/(http:\/\/folio:folio_\S{43}@\S+\/invoices)$/m))
  expect([page.status, page.headers.get('content-type')]).toEqual([
    200,
    expect.stringContaining('text/html'),
  ])
  const list = await pasted(await running.said(LIST))
  expect(list.status).toBe(200)
  expect(await list.json()).toMatchObject({ total: 4 })

  const refund = await running.said(COMMAND)
  expect(refund).toContain("/commands/refund-credit'")
  const [first, again] = [await pasted(refund), await pasted(refund)]
  expect([first.ok, again.ok], await first.clone().text()).toEqual([true, true])
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect(await again.text()).toBe(await first.text())
  const { events } = await ledger.books()
  const refunds = events.filter(({ metadata }) => metadata.principal === 'key:demo')
  expect(refunds.map(({ type, data }) => ({ type, data }))).toMatchObject([
    { type: 'CreditRefunded', data: { amount: { amount: '15.30', currency: 'GBP' } } },
  ])

  const stopped = await running.kill('SIGTERM')
  expect(stopped.stderr).not.toContain('folio_')
})

test('each demo has a key of its own, and where no credit is left an order is placed', async () => {
  const shop = await writeSales(join(ledger.folder, 'shop.csv'), SHOP)
  const keys: string[] = []
  for (let round = 0; round < 2; round += 1) {
    const running = demo(shop, '--json')
    const told = JSON.parse(await running.said(/^\{.*\}$/m)) as Record<string, string>
    keys.push(told['key'] ?? '')
    expect(told['curl']).toContain("/commands/place-order'")
    const placed = await pasted(told['curl'] ?? '')
    expect(placed.ok, await placed.clone().text()).toBe(true)
    for (const key of keys) {
      const headers = { authorization: `Bearer ${key}` }
      const { status } = await fetch(`${told['address'] ?? ''}/invoices`, { headers })
      expect(status).toBe(key === told['key'] ? 200 : 401)
    }
    await running.kill('SIGTERM')
  }
  expect(new Set(keys).size).toBe(2)
})

/** A file leaves none: what it takes back it pays out. */
async function openCreditNote(): Promise<void> {
  const lamp = { kind: 'item', description: 'Lamp', quantity: '3', unitPrice: '4.25' }
  const draft = {
    reason: 'Came late',
    lines: [{ ...lamp, tax: { code: 'GB-20', ratePercent: '20' } }],
  }
  await ledger.withHandler(async (handler) => {
    const caller = { principal: 'test', correlation: 'test' }
    const drafted = await handler.folio(draftCreditNote, draft, { ...caller, key: 'draft' })
    if (drafted.outcome !== 'accepted') throw new Error(JSON.stringify(drafted))
    const { creditNoteId } = drafted.answer
    const posted = await handler.folio(postCreditNote, { creditNoteId }, { ...caller, key: 'post' })
    if (posted.outcome !== 'accepted') throw new Error(JSON.stringify(posted))
  })
}
