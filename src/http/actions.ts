/** What the caller can do with a document now, and for what is closed to it the problem that it would get. */
import type { Role } from '../access/role.js'
import type { OpenAction } from '../../commands/open-actions.js'
import { COMMAND_PERMISSIONS, rolesAllowed } from './permissions.js'
import { problemDocument, refusalDocument } from './problem.js'

export type ShownAction = Readonly<{
  command: string
  href: string
  open: boolean
  /** The problem document that the command would be answered with. */
  reason?: Readonly<Record<string, unknown>>
}>

export function shownAction({ command, refusal }: OpenAction, role: Role): ShownAction {
  const href = `/commands/${command}`
  const allowed = rolesAllowed(COMMAND_PERMISSIONS, command)
  if (!allowed.includes(role)) {
    const reason = problemDocument('role_not_allowed', { role, allowed })
    return { command, href, open: false, reason }
  }
  if (refusal !== null) return { command, href, open: false, reason: refusalDocument(refusal) }
  return { command, href, open: true }
}
