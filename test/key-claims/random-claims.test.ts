import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { KeyClaim, KeyClaims, KeyRequest } from '../../commands/ports.js'
import { aRequest } from './requests.js'
import { openSharedClaims, settled, type SharedClaims } from './shared-claims.js'

const RUNS = Number(process.env['FOLIO_CLAIM_RUNS'] ?? '1000')
/** As many at a time, each under a principal of its own: they share the batches. */
const TABLES = 8
const CALLERS = 32
const ROUNDS = 60

let shared: SharedClaims
let sharers: [KeyClaims, KeyClaims]
beforeAll(async () => {
  shared = await openSharedClaims()
  sharers = [await shared.another(), await shared.another()]
})
afterAll(() => shared.close())

const asked = fc.record({
  sharer: fc.nat(1),
  key: fc.nat(2),
  command: fc.nat(1),
  fingerprint: fc.nat(1),
})
type Asked = Readonly<{ sharer: number; key: number; command: number; fingerprint: number }>
const settlement = fc.record({ nth: fc.nat(7), outcome: fc.constantFrom('used', 'free') })
const step = fc.record({
  /** All at once. */
  claims: fc.array(asked, { maxLength: 6 }),
  /** Of what is granted by then. */
  settlements: fc.array(settlement, { maxLength: 4 }),
})

type Held = { request: KeyRequest; isUsed: boolean }
type Granted = Readonly<{ held: Held | null; claim: KeyClaim }>

test('whatever is claimed and settled in whatever order, two processes answer as one table would', async () => {
  const property = fc.asyncProperty(
    fc.array(step, { minLength: 1, maxLength: 5 }),
    async (steps) => {
      const principal = randomUUID()
      const table = new Map<string, Held>()
      const open: Granted[] = []
      for (const { claims, settlements } of steps) {
        const requests = claims.map((one) => requestOf(principal, one))
        const answers = await Promise.all(
          requests.map((request, nth) => sharers[claims[nth]!.sharer === 0 ? 0 : 1].claim(request)),
        )
        open.push(...judged(table, requests, answers))
        for (const { nth, outcome } of settlements) settle(table, open.splice(nth, 1), outcome)
        await settled(...sharers)
      }
    },
  )
  const numRuns = Math.ceil(RUNS / TABLES)
  await Promise.all(Array.from({ length: TABLES }, () => fc.assert(property, { numRuns })))
  expect(shared.warnings).toEqual([])
})

function requestOf(principal: string, { key, command, fingerprint }: Asked): KeyRequest {
  return { principal, key: `${key}`, command: `${command}`, fingerprint: `${fingerprint}` }
}

/** Holds answers that came together against the table, and gives back what was granted. */
function judged(
  table: Map<string, Held>,
  requests: readonly KeyRequest[],
  answers: readonly KeyClaim[],
): Granted[] {
  const granted: Granted[] = []
  // Of those who came together for a free key, whoever was granted it was the first.
  for (const [nth, claim] of answers.entries()) {
    const request = requests[nth]!
    if (claim.claim !== 'granted' || table.has(request.key)) continue
    const held = { request, isUsed: false }
    table.set(request.key, held)
    granted.push({ held, claim })
    answers = answers.with(nth, { claim: 'in_flight' })
  }
  for (const [nth, claim] of answers.entries()) {
    const request = requests[nth]!
    const held = table.get(request.key)
    expect(claim, JSON.stringify({ request, held })).toMatchObject(expected(request, held))
    if (claim.claim === 'granted') granted.push({ held: null, claim })
  }
  return granted
}

function expected(request: KeyRequest, held: Held | undefined): object {
  if (held === undefined) return { claim: 'granted' }
  const { command, fingerprint } = held.request
  if (command !== request.command || fingerprint !== request.fingerprint) {
    return { claim: 'used_differently', command }
  }
  return { claim: held.isUsed ? 'granted' : 'in_flight' }
}

function settle(
  table: Map<string, Held>,
  [granted]: readonly Granted[],
  outcome: 'used' | 'free',
): void {
  if (granted?.claim.claim !== 'granted') return
  granted.claim.settle(outcome)
  if (granted.held === null) return
  if (outcome === 'used') granted.held.isUsed = true
  if (outcome === 'free') table.delete(granted.held.request.key)
}

test('however many callers of two processes fight for a few keys, none is granted twice at a time', async () => {
  const running = new Set<string>()
  const keys = Array.from({ length: 12 }, () => randomUUID())
  let grants = 0
  const call = async (caller: number): Promise<void> => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const key = keys[Math.floor(Math.random() * keys.length)]!
      const claim = await sharers[caller % 2 === 0 ? 0 : 1].claim(aRequest({ key }))
      if (claim.claim !== 'granted') continue
      expect(running.has(key), key).toBe(false)
      running.add(key)
      grants += 1
      for (let turns = round % 4; turns > 0; turns -= 1) await new Promise(setImmediate)
      running.delete(key)
      claim.settle('free')
    }
  }
  await Promise.all(Array.from({ length: CALLERS }, (_, caller) => call(caller)))
  expect(grants).toBeGreaterThan(keys.length)
  // Nor did anybody wait for each other: a deadlock would have been said.
  expect(shared.warnings).toEqual([])
})
