import { openEventStoreDb } from '../../src/event-store/eventstoredb.js'
import { eventStoreContract } from '../contracts/event-store.contract.js'
import { startServer } from './server.js'

eventStoreContract('in EventStoreDB', async () => {
  const server = await startServer()
  const another = () => openEventStoreDb({ connectionString: server.connectionString })
  const store = await another()
  const close = async () => {
    await store.close()
    await server.remove()
  }
  return { store, another, close }
})
