/** What somebody is allowed follows from one role (O6). Which command and which read take which role: http/permissions. */
export const ROLES = [
  'viewer',
  'operator',
  'accountant',
  'approver',
  'auditor',
  'administrator',
] as const

export type Role = (typeof ROLES)[number]

/** Who asks, as its API key says. */
export type Principal = Readonly<{
  /** `key:<name>`: stands in the events for ever; a key that replaces a revoked one of the same name is the same principal. */
  principal: string
  role: Role
  /** Requests a minute that it may make. */
  ratePerMinuteMax: number
}>
