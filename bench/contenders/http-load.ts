/** Clients that make sales over HTTP, each on a connection that it keeps; the server is another process. */
import { randomUUID } from 'node:crypto'
import { autocannon, type LoadRequest } from '../autocannon.js'
import { numberIn, serveContender, textIn } from '../contender.js'
import { customers, invoiceToDraft, paymentFor } from '../sale.js'

const MS_PER_SECOND = 1_000

serveContender((setup) => {
  const load = autocannon()
  const options = {
    url: textIn(setup, 'address'),
    connections: numberIn(setup, 'clients'),
    requests: saleRequests(textIn(setup, 'key')),
  }
  const round = async (ms: number) => {
    const result = await load({ ...options, duration: ms / MS_PER_SECOND })
    const { non2xx, errors, latency, duration } = result
    if (non2xx + errors > 0) {
      throw new Error(`${non2xx} answers were no success, and ${errors} requests had none.`)
    }
    return { perSecond: result['2xx'] / duration, p50Ms: latency.p50, p99Ms: latency.p99 }
  }
  return Promise.resolve({ round, close: () => Promise.resolve() })
})

function saleRequests(key: string): readonly LoadRequest[] {
  const nextCustomer = customers()
  const run = randomUUID()
  let requests = 0
  const asked = (request: LoadRequest, input: object) => ({
    ...request,
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${key}`,
      'idempotency-key': `${run}-${(requests += 1)}`,
    },
    body: JSON.stringify(input),
  })
  return [
    {
      method: 'POST',
      path: '/commands/draft-invoice',
      setupRequest: (request) => asked(request, invoiceToDraft(nextCustomer())),
      onResponse: (_status, body, context) => {
        const { answer } = JSON.parse(body) as { answer?: { invoiceId?: string } }
        if (answer?.invoiceId !== undefined) context.invoiceId = answer.invoiceId
      },
    },
    {
      method: 'POST',
      path: '/commands/post-invoice',
      setupRequest: (request, { invoiceId = '' }) => asked(request, { invoiceId }),
    },
    {
      method: 'POST',
      path: '/commands/register-payment',
      setupRequest: (request, { invoiceId = '' }) => asked(request, paymentFor(invoiceId)),
    },
  ]
}
