/** What tells a refund of ours at the store: it stands in every item's reason, beside what staff are to read. */
const MARKER = /\bref:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-t[1-9]\d{0,5})\b/g

export function markerOf(taskId: string): string {
  return `ref:${taskId}`
}

/** The task whose marker stands last in a text, for what a person wrote before it may quote another; `null`: none does. */
export function taskIn(reasons: readonly string[]): string | null {
  for (const reason of reasons) {
    const found = [...reason.matchAll(MARKER)].at(-1)?.[1]
    if (found !== undefined) return found
  }
  return null
}
