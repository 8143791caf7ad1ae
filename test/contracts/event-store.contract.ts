import { afterAll, beforeAll, describe } from 'vitest'
import { appendingContract } from './event-store-appending.js'
import { followingContract } from './event-store-following.js'
import { hostileTextContract } from './event-store-hostile-text.js'
import { readingContract } from './event-store-reading.js'
import type { OpenedEventStore } from './opened-event-store.js'

/** What every event log must do (architecture 4), whoever keeps it. */
export function eventStoreContract(name: string, open: () => Promise<OpenedEventStore>): void {
  describe(`the event store contract: ${name}`, () => {
    let opened: OpenedEventStore
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(async () => {
      await opened.close()
    })
    const theOpened = (): OpenedEventStore => opened
    appendingContract(theOpened)
    readingContract(theOpened)
    hostileTextContract(theOpened)
    followingContract(theOpened)
  })
}
