import { createMemoryEventStore } from '../../src/event-store/memory.js'
import { eventStoreContract } from '../contracts/event-store.contract.js'

eventStoreContract('in memory', () => {
  const store = createMemoryEventStore()
  return Promise.resolve({ store, close: () => store.close() })
})
