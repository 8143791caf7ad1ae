/** The same sale through Emmett's CommandHandler over its PostgreSQL store, as its documentation wires them. */
import { randomUUID } from 'node:crypto'
import { callersFor, numberIn, serveContender, textIn } from '../contender.js'
import { emmett, emmettPostgres } from '../emmett.js'
import {
  absentInvoice,
  draft,
  type EmmettInvoice,
  evolveInvoice,
  pay,
  post,
} from '../emmett-sale.js'
import { customers, SALE_COMMANDS } from '../sale.js'

serveContender(async (setup) => {
  const store = emmettPostgres().getPostgreSQLEventStore(textIn(setup, 'database'))
  await store.schema.migrate()
  const decided = emmett().CommandHandler<EmmettInvoice>({
    evolve: evolveInvoice,
    initialState: absentInvoice,
  })
  const nextCustomer = customers()
  let sales = 0
  const sell = async () => {
    const id = randomUUID()
    const stream = `invoice-${id}`
    // The numbers are free here: nothing keeps them without a gap.
    const number = `${(sales += 1)}`
    await decided(store, stream, (invoice) => draft(invoice, `${id}-i1`, nextCustomer()))
    await decided(store, stream, (invoice) => post(invoice, `INV/2026/${number}`))
    await decided(store, stream, (invoice) => pay(invoice, `${id}-p1`, `PAY/2026/${number}`))
    return SALE_COMMANDS
  }
  const callers = numberIn(setup, 'callers')
  return { round: (ms) => callersFor(ms, callers, sell), close: () => store.close() }
})
