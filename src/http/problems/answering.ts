import type { SomeProblems } from './explanation.js'

/** Who may ask where, and whether the server can answer now. */
export const ANSWERING_EXPLANATIONS = {
  unauthenticated: {
    rows: ['O6'],
    rule: 'The ledger answers nobody it does not know. The request has no API key, or one that is unknown or revoked; which of these is not told.',
    members: {},
    next: 'Send `Authorization: Bearer <key>`. `folio key create` makes a key and shows it once; a lost one is replaced. A browser asks for it when a page is read: the key is the password.',
  },
  role_not_allowed: {
    rows: ['O6'],
    rule: 'What a key may do follows from its role: a table says for every command and every read which roles have it. The key is good, its role is not one of these.',
    members: { role: 'The role of the key.', allowed: 'The roles that may do this.' },
    next: 'Use a key of an allowed role, or ask an administrator for one.',
  },
  not_found: {
    rows: ['H1'],
    rule: 'The server has no such address, or the list has no document of this id. A read model follows the log by a moment, so what was made just now may not be there yet.',
    members: { detail: 'What is missing.' },
    next: 'Check address and id. After a command read with `minPosition` set to the position that it answered with.',
  },
  method_not_allowed: {
    rows: ['H1'],
    rule: 'Each address takes the methods that make sense for it: commands are sent with POST, everything else is read with GET or HEAD.',
    members: {},
    next: 'Use a method of the `Allow` header of the answer.',
  },
  misdirected_host: {
    rows: ['H2'],
    rule: 'A foreign site can point a name of its own to this machine and read the ledger through somebody’s browser. So only the host names that the server was started for are answered.',
    members: {},
    next: 'Use an address that the server shows when it starts, or have the host name added to its settings.',
  },
  rate_limited: {
    rows: ['O6'],
    rule: 'Every API key may make so many requests a minute, so that one client that runs away leaves room for the others. Nothing of this request was done.',
    members: { ratePerMinuteMax: 'How many requests a minute the key may make.' },
    next: 'Wait as long as `Retry-After` says, then send the same request, with the same Idempotency-Key if it is a command.',
  },
  internal: {
    rows: ['H2'],
    rule: 'Something happened that nobody foresaw. What it was stays in the log of the server, for it may name things that do not concern a caller.',
    members: { detail: 'The id under which the log of the server has it.' },
    next: 'Give that id to whoever runs the server. A command may or may not have been done: sent again with the same key it is never done twice.',
  },
  read_model_behind: {
    rows: ['H5'],
    rule: 'The read names a position and waits until the list shows everything up to it. It was not reached in time: the workers are busy or standing still, or the position lies ahead of the log.',
    members: {
      position: 'How far the list is; null where it shows nothing yet.',
      minPosition: 'The position that was asked for.',
    },
    next: 'Ask again, or read without `minPosition` what there is. GET /projections shows how each list stands.',
  },
  read_model_missing: {
    rows: ['R1', 'R2'],
    rule: 'Lists are built from the log, and this one was never built to its end. The ledger itself is not affected; commands are taken.',
    members: { detail: 'Which one is missing.' },
    next: 'Wait until it is built; GET /projections shows how far it is. If it stands still, `folio doctor` says why.',
  },
  too_many_commands: {
    rows: ['H2'],
    rule: 'Only so many commands are worked on at once. Whoever comes beyond them is sent away at once instead of waiting long for an answer that may come too late. Nothing of this request was done.',
    members: { commandsMax: 'How many commands are worked on at once.' },
    next: 'Wait as long as `Retry-After` says, then send the same request with the same key.',
  },
  storage_unavailable: {
    rows: ['H3'],
    rule: 'The database that holds the event log and the lists cannot be reached or has no room, so nothing can be decided or read. If the connection broke in the middle of a command, it may have been recorded.',
    members: {},
    next: 'Send the same request with the same key until it is answered: what was recorded is found and not done twice.',
  },
  outcome_unknown: {
    rows: ['H3'],
    rule: 'The command was not finished within its deadline. It goes on, so it may be accepted or refused after this answer.',
    members: { deadlineMs: 'How long it was waited for, in milliseconds.' },
    next: 'Send the same request with the same key: it answers what came of the first, or tells you to wait while that is under way. A fresh key could do it twice.',
  },
} as const satisfies SomeProblems
