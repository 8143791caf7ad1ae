/** The sale over HTTP, against Express that only parses and answers. */
import { randomUUID } from 'node:crypto'
import { type Bench, figuresOf, interleaved, newLedger } from '../bench.js'
import type { Setup } from '../contender.js'
import { folioText, startFolio } from '../folio-process.js'
import { invoiceToDraft, paymentFor } from '../sale.js'
import type { Comparison } from '../statistics.js'

const CLIENTS = 32
const EXPRESS_RATIO_MIN = 0.5
const P99_MS_MAX = 25
/** A key that a minute of this does not use up. */
const RATE_PER_MINUTE = '1000000'

export async function http(bench: Bench): Promise<readonly Comparison[]> {
  const ms = bench.seconds * 1000
  const { database, masterKey } = await newLedger(bench)
  const environment = {
    DATABASE_URL: database,
    FOLIO_MASTER_KEY: masterKey,
    FOLIO_DATA: await bench.folder(),
  }
  const making = ['key', 'create', '--role', 'operator', '--name', 'bench']
  const key = await folioText([...making, '--rate', RATE_PER_MINUTE], environment, 'key')
  const folio = await startFolio([], environment, bench.signal)
  try {
    const answers = await answersOfASale(folio.address, key)
    const express = await bench.contender('bare-express', answers)
    const { port = 0 } = await express.round(0)
    const load = (address: string) =>
      bench.contender('http-load', { address, key, clients: CLIENTS })
    const onFolio = await load(folio.address)
    const onExpress = await load(`http://127.0.0.1:${port}`)
    const rounds = await interleaved(bench, `http, ${CLIENTS} clients`, {
      folio: () => onFolio.round(ms),
      express: () => onExpress.round(ms),
    })
    await Promise.all([onFolio.end(), onExpress.end()])
    await express.end()
    return comparisons(rounds)
  } finally {
    await folio.stop()
  }
}

function comparisons(
  rounds: Readonly<Record<'folio' | 'express', Parameters<typeof figuresOf>[0]>>,
): readonly Comparison[] {
  const side = (name: 'folio' | 'express', figure: string) => ({
    name: name === 'folio' ? 'folio start' : 'bare Express, same bodies',
    figures: figuresOf(rounds[name], figure),
  })
  return [
    {
      row: 'http',
      what: `Commands over HTTP, ${CLIENTS} clients`,
      unit: 'per second',
      ours: side('folio', 'perSecond'),
      peer: side('express', 'perSecond'),
      aim: { kind: 'ratio_at_least', ratio: EXPRESS_RATIO_MIN },
    },
    {
      row: 'http-p99',
      what: 'The same, 99th percentile',
      unit: 'ms',
      ours: side('folio', 'p99Ms'),
      peer: side('express', 'p99Ms'),
      aim: { kind: 'at_most', figure: P99_MS_MAX },
    },
  ]
}

/** What Folio answers to each command of a sale, by the command's name. */
async function answersOfASale(address: string, key: string): Promise<Setup> {
  const ask = async (command: string, input: object) => {
    const response = await fetch(`${address}/commands/${command}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${key}`,
        'idempotency-key': randomUUID(),
      },
      body: JSON.stringify(input),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${command} was answered ${response.status}: ${text}`)
    return text
  }
  const drafted = await ask('draft-invoice', invoiceToDraft(randomUUID()))
  const { answer } = JSON.parse(drafted) as { answer: { invoiceId: string } }
  return {
    'draft-invoice': drafted,
    'post-invoice': await ask('post-invoice', { invoiceId: answer.invoiceId }),
    'register-payment': await ask('register-payment', paymentFor(answer.invoiceId)),
  }
}
