/** A sale by our commands, in process. */
import { randomUUID } from 'node:crypto'
import type { Handler } from '../commands/handle.js'
import { draftInvoice } from '../commands/invoice/draft-invoice.js'
import { postInvoice } from '../commands/invoice/post-invoice.js'
import type { Outcome } from '../commands/outcome.js'
import { registerPayment } from '../commands/payment/register-payment.js'
import { customers, invoiceToDraft, paymentFor, SALE_COMMANDS } from './sale.js'

/** Each call is one more sale, and gives the number of its commands. */
export function seller(handler: Handler): () => Promise<number> {
  const nextCustomer = customers()
  const run = randomUUID()
  let requests = 0
  const caller = () => {
    const key = `${run}-${(requests += 1)}`
    return { principal: 'bench', key, correlation: key }
  }
  return async () => {
    const drafted = await handler.folio(draftInvoice, invoiceToDraft(nextCustomer()), caller())
    const { invoiceId } = answerOf(drafted)
    answerOf(await handler.folio(postInvoice, { invoiceId }, caller()))
    answerOf(await handler.folio(registerPayment, paymentFor(invoiceId), caller()))
    return SALE_COMMANDS
  }
}

function answerOf<Answer>(outcome: Outcome<Answer>): NonNullable<Answer> {
  if (outcome.outcome === 'accepted' && outcome.answer !== null && outcome.answer !== undefined) {
    return outcome.answer
  }
  throw new Error(`A command was not accepted: ${JSON.stringify(outcome)}`)
}
