/** Who may ask what (O6): a row a command and a row a read, a cell a role, none left to a default. */
import type { Role } from '../access/role.js'

export type Permissions = Readonly<Record<string, Readonly<Record<Role, boolean>>>>

const YES = true
const NO = false

/* prettier-ignore */
export const COMMAND_PERMISSIONS: Permissions = {
  //                           viewer operator accountant approver auditor administrator
  'open-books':             row(NO,    NO,      NO,        NO,      NO,     YES),
  // Among its settings is up to where a role gives money back alone (N6).
  'configure-books':        row(NO,    NO,      NO,        NO,      NO,     YES),
  'open-account':           row(NO,    NO,      YES,       NO,      NO,     YES),
  'close-account':          row(NO,    NO,      YES,       NO,      NO,     YES),
  'set-exchange-rate':      row(NO,    NO,      YES,       NO,      NO,     YES),
  'close-period':           row(NO,    NO,      YES,       NO,      NO,     YES),
  'reopen-period':          row(NO,    NO,      YES,       NO,      NO,     YES),
  'merge-parties':          row(NO,    NO,      YES,       NO,      NO,     YES),
  'unmerge-parties':        row(NO,    NO,      YES,       NO,      NO,     YES),
  'register-instance':      row(NO,    NO,      NO,        NO,      NO,     YES),
  'configure-instance':     row(NO,    NO,      NO,        NO,      NO,     YES),
  'place-order':            row(NO,    YES,     YES,       NO,      NO,     YES),
  'import-order':           row(NO,    YES,     YES,       NO,      NO,     YES),
  'cancel-order':           row(NO,    YES,     YES,       NO,      NO,     YES),
  'record-source-document': row(NO,    YES,     YES,       NO,      NO,     YES),
  'invoice-order':          row(NO,    YES,     YES,       NO,      NO,     YES),
  'draft-invoice':          row(NO,    YES,     YES,       NO,      NO,     YES),
  'edit-draft':             row(NO,    YES,     YES,       NO,      NO,     YES),
  'discard-draft':          row(NO,    YES,     YES,       NO,      NO,     YES),
  'post-invoice':           row(NO,    YES,     YES,       NO,      NO,     YES),
  'register-payment':       row(NO,    YES,     YES,       NO,      NO,     YES),
  'reconcile-payment':      row(NO,    NO,      YES,       NO,      NO,     YES),
  'reverse-payment':        row(NO,    NO,      YES,       NO,      NO,     YES),
  'draft-credit-note':      row(NO,    YES,     YES,       NO,      NO,     YES),
  'post-credit-note':       row(NO,    NO,      YES,       NO,      NO,     YES),
  'void-credit-note':       row(NO,    NO,      YES,       NO,      NO,     YES),
  // Creating refunds is a permission of its own (N6).
  'refund-credit':          row(NO,    NO,      YES,       NO,      NO,     YES),
  'allocate-credit':        row(NO,    NO,      YES,       NO,      NO,     YES),
  'release-credit':         row(NO,    NO,      YES,       NO,      NO,     YES),
  'post-opening-balances':  row(NO,    NO,      YES,       NO,      NO,     YES),
  // The second pair of eyes is a role of its own (N6).
  'approve-refund':         row(NO,    NO,      NO,        YES,     NO,     YES),
  'decline-refund':         row(NO,    NO,      NO,        YES,     NO,     YES),
  'forget-subject':         row(NO,    NO,      NO,        NO,      NO,     YES),
  // Giving money back at a store is giving money back (N6).
  'refund-order-on-platform': row(NO,  NO,      YES,       NO,      NO,     YES),
  'link-platform-refund':   row(NO,    NO,      YES,       NO,      NO,     YES),
  'set-force-refund':       row(NO,    NO,      NO,        YES,     NO,     YES),
  'mark-order-paid':        row(NO,    YES,     YES,       NO,      NO,     YES),
  'retry-sync':             row(NO,    YES,     YES,       NO,      NO,     YES),
  'adopt-remote':           row(NO,    NO,      YES,       NO,      NO,     YES),
  'dismiss-sync':           row(NO,    NO,      YES,       NO,      NO,     YES),
  // What a store said is for the worker that asked it; by hand only in need.
  'start-attempt':          row(NO,    NO,      NO,        NO,      NO,     YES),
  'record-platform-answer': row(NO,    NO,      NO,        NO,      NO,     YES),
  'record-platform-refunds': row(NO,   NO,      NO,        NO,      NO,     YES),
  'plan-shipment':          row(NO,    YES,     YES,       NO,      NO,     YES),
  'validate-delivery':      row(NO,    YES,     YES,       NO,      NO,     YES),
  'add-tracking':           row(NO,    YES,     YES,       NO,      NO,     YES),
}

/** By the first step of the address, the documents of a list with it. */
/* prettier-ignore */
export const READ_PERMISSIONS: Permissions = {
  //                           viewer operator accountant approver auditor administrator
  '/instances':             row(YES,   YES,     YES,       YES,     YES,    YES),
  '/orders':                row(YES,   YES,     YES,       YES,     YES,    YES),
  '/invoices':              row(YES,   YES,     YES,       YES,     YES,    YES),
  '/credit-notes':          row(YES,   YES,     YES,       YES,     YES,    YES),
  '/credit-memos':          row(YES,   YES,     YES,       YES,     YES,    YES),
  '/shipments':             row(YES,   YES,     YES,       YES,     YES,    YES),
  '/approvals':             row(YES,   YES,     YES,       YES,     YES,    YES),
  '/payments':              row(YES,   YES,     YES,       YES,     YES,    YES),
  '/accounts':              row(YES,   YES,     YES,       YES,     YES,    YES),
  '/allocations':           row(YES,   YES,     YES,       YES,     YES,    YES),
  '/open-items':            row(YES,   YES,     YES,       YES,     YES,    YES),
  '/prepayments':           row(YES,   YES,     YES,       YES,     YES,    YES),
  '/reports/open-items':    row(NO,    NO,      YES,       YES,     YES,    YES),
  '/reports/trial-balance-by-currency': row(NO, NO, YES,   YES,     YES,    YES),
  '/reports/tax-summary':   row(NO,    NO,      YES,       YES,     YES,    YES),
  '/reports/unused-numbers': row(NO,   NO,      YES,       YES,     YES,    YES),
  '/reports/daily-check':   row(NO,    NO,      YES,       YES,     YES,    YES),
  '/reports/trial-balance': row(NO,    NO,      YES,       YES,     YES,    YES),
  '/reports/number-series': row(NO,    NO,      YES,       YES,     YES,    YES),
  '/sync-tasks':            row(YES,   YES,     YES,       YES,     YES,    YES),
  '/platform-refunds':      row(YES,   YES,     YES,       YES,     YES,    YES),
  '/projections':           row(NO,    YES,     YES,       YES,     YES,    YES),
}

/** What is neither a command nor a list, by method and address. */
/* prettier-ignore */
export const STORE_PERMISSIONS: Permissions = {
  //                                          viewer operator accountant approver auditor administrator
  'PUT /instances/{id}/credentials':      row(NO,    NO,      NO,        NO,      NO,     YES),
  'DELETE /instances/{id}/credentials':   row(NO,    NO,      NO,        NO,      NO,     YES),
  'GET /instances/{id}/connection':       row(YES,   YES,     YES,       YES,     YES,    YES),
  // Whoever may ask for the refund, or approve it, may see what the store makes of it.
  'GET /credit-notes/{id}/refund-quote':  row(NO,    NO,      YES,       YES,     NO,     YES),
}

function row(
  viewer: boolean,
  operator: boolean,
  accountant: boolean,
  approver: boolean,
  auditor: boolean,
  administrator: boolean,
): Readonly<Record<Role, boolean>> {
  return { viewer, operator, accountant, approver, auditor, administrator }
}

/** A route without a row must not be served: nobody has said who may ask it. */
export class PermissionMissing extends Error {
  constructor(route: string) {
    super(`No row of the table of permissions says who may ask ${route}`)
    this.name = 'PermissionMissing'
  }
}

export function rolesAllowed(permissions: Permissions, route: string): readonly Role[] {
  const cells = permissions[route]
  if (cells === undefined) throw new PermissionMissing(route)
  return (Object.keys(cells) as Role[]).filter((role) => cells[role])
}
