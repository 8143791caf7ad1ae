/** What comes while a statement is under way goes into the next one together: many wait for one write to the disk. */
export function gathered<Item>(
  write: (items: readonly Item[]) => Promise<void>,
  itemsMax: number,
): (item: Item) => Promise<void> {
  type Waiting = Readonly<{ item: Item; settle: (written: Promise<void>) => void }>
  let waiting: Waiting[] = []
  let isWriting = false

  async function writeAll(): Promise<void> {
    isWriting = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, itemsMax)
      waiting = waiting.slice(itemsMax)
      const written = write(batch.map(({ item }) => item))
      for (const { settle } of batch) settle(written)
      await written.catch(() => undefined)
    }
    isWriting = false
  }

  return (item) =>
    new Promise((resolve) => {
      waiting.push({ item, settle: resolve })
      if (!isWriting) void writeAll()
    })
}
