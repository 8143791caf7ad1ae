import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { KeyClaims } from '../../commands/ports.js'
import { aRequest, settling } from './requests.js'

export type OpenedKeyClaims = Readonly<{ claims: KeyClaims; close(): Promise<void> }>

const CALLERS = 64

/** What every table of keys must answer while nothing is lost, whoever keeps it. */
export function keyClaimsContract(name: string, open: () => Promise<OpenedKeyClaims>): void {
  describe(`the key claims contract: ${name}`, () => {
    let opened: OpenedKeyClaims
    let claims: KeyClaims
    beforeAll(async () => {
      opened = await open()
      claims = opened.claims
    })
    afterAll(() => opened.close())

    test('a key that nobody uses is granted', async () => {
      expect(await claims.claim(aRequest())).toMatchObject({ claim: 'granted' })
    })

    test('the same request meanwhile is in flight', async () => {
      const request = aRequest()
      await claims.claim(request)
      expect(await claims.claim({ ...request })).toEqual({ claim: 'in_flight' })
      expect(await claims.claim({ ...request })).toEqual({ claim: 'in_flight' })
    })

    test('another request meanwhile hears whose the key is', async () => {
      const request = aRequest({ command: 'post-invoice' })
      await claims.claim(request)
      const taken = { claim: 'used_differently', command: 'post-invoice' }
      expect(await claims.claim({ ...request, fingerprint: 'nine euros' })).toEqual(taken)
      expect(await claims.claim({ ...request, command: 'edit-draft' })).toEqual(taken)
    })

    test('a key that was given back is granted to any request', async () => {
      const request = aRequest()
      settling(await claims.claim(request))('free')
      const other = { ...request, command: 'edit-draft', fingerprint: 'nine euros' }
      settling(await claims.claim(other))('free')
      expect(await claims.claim(request)).toMatchObject({ claim: 'granted' })
      expect(await claims.claim(other)).toMatchObject({ claim: 'used_differently' })
    })

    test('a used key is granted to the same request again, however often and however that ends', async () => {
      const request = aRequest()
      settling(await claims.claim(request))('used')
      settling(await claims.claim(request))('free')
      settling(await claims.claim(request))('used')
      settling(await claims.claim(request))('free')
      expect(await claims.claim(request)).toMatchObject({ claim: 'granted' })
      expect(await claims.claim(request)).toMatchObject({ claim: 'granted' })
    })

    test('a used key is refused to any other request, with the command it belongs to', async () => {
      const request = aRequest({ command: 'post-invoice' })
      settling(await claims.claim(request))('used')
      const taken = { claim: 'used_differently', command: 'post-invoice' }
      expect(await claims.claim({ ...request, fingerprint: 'nine euros' })).toEqual(taken)
      expect(await claims.claim({ ...request, command: 'edit-draft' })).toEqual(taken)
      expect(await claims.claim(request)).toMatchObject({ claim: 'granted' })
    })

    test('a claim is settled once', async () => {
      const request = aRequest()
      const settle = settling(await claims.claim(request))
      settle('free')
      settle('used')
      const other = { ...request, fingerprint: 'nine euros' }
      settling(await claims.claim(other))
      settle('used')
      settle('free')
      expect(await claims.claim(other)).toEqual({ claim: 'in_flight' })
    })

    test('principals do not share their keys', async () => {
      const request = aRequest()
      await claims.claim(request)
      expect(await claims.claim({ ...request, principal: 'depot' })).toMatchObject({
        claim: 'granted',
      })
    })

    test.each([
      ['a', 'b","c'],
      ['a","b', 'c'],
      ['NULL', 'null'],
      ['{}', '\\'],
      ['', ' '],
      ['ß', 'ss'],
      ['é', 'e\u0301'],
      ['😀', "';--"],
    ])('%j and %j are a key of their own', async (principal, key) => {
      const request = aRequest({ principal, key, command: key, fingerprint: principal })
      settling(await claims.claim(request))('used')
      expect(await claims.claim(request)).toMatchObject({ claim: 'granted' })
      expect(await claims.claim({ ...request, fingerprint: 'other' })).toEqual({
        claim: 'used_differently',
        command: key,
      })
    })

    test('of many that come at once exactly one is granted', async () => {
      const request = aRequest()
      const answers = await Promise.all(
        Array.from({ length: CALLERS }, () => claims.claim(request)),
      )
      expect(answers.filter(({ claim }) => claim === 'granted')).toHaveLength(1)
      expect(answers.filter(({ claim }) => claim === 'in_flight')).toHaveLength(CALLERS - 1)
    })

    test('of many that come at once with a used key all are answered as it was used', async () => {
      const request = aRequest()
      const other = { ...request, fingerprint: 'nine euros' }
      settling(await claims.claim(request))('used')
      const asked = Array.from({ length: CALLERS }, (_, nth) => (nth % 2 === 0 ? request : other))
      const answers = await Promise.all(asked.map((one) => claims.claim(one)))
      expect(answers.map(({ claim }) => claim)).toEqual(
        asked.map((one) => (one === request ? 'granted' : 'used_differently')),
      )
    })
  })
}
