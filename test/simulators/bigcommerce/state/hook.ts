export type Hook = Readonly<{
  id: number
  scope: string
  destination: string
  headers: Readonly<Record<string, string>> | null
  isActive: boolean
  createdAtMs: number
  updatedAtMs: number
  /** Switched off by the platform, not by its owner. */
  isDeactivated: boolean
}>

/** One thing to tell one hook; it keeps its id however often it is delivered. */
export type Notice = Readonly<{ id: string; hook: number; dueAtMs: number; body: string }>

export type Attempt = Readonly<{
  notice: string
  hook: number
  scope: string
  atMs: number
  /** `null`: no answer. */
  status: number | null
}>
