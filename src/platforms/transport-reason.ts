/** What an error of the connection means, for people. */
export function reasonOf(error: unknown): string {
  const said = saidBy(error)
  for (const [pattern, meaning] of MEANINGS) if (pattern.test(said)) return `${meaning} (${said})`
  return said
}

const MEANINGS: readonly [pattern: RegExp, meaning: string][] = [
  [/ECONNREFUSED/, 'nobody listens there'],
  [/ENOTFOUND|EAI_AGAIN/, 'there is no such host'],
  [/CONNECT_TIMEOUT|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/, 'it cannot be reached'],
  [/wrong version number|packet length too long/i, 'it does not speak TLS'],
  [/self.signed|unable to (?:get|verify)/i, 'its certificate is of an authority not known here'],
  [/certificate|altname/i, 'its certificate is not accepted'],
  [/ECONNRESET|EPIPE|other side closed|CONTENT_LENGTH/, 'it ended the connection'],
]

/** Of several attempts at once, what each met. */
function saidBy(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(saidBy).join('; ')
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code}: ` : ''
  return `${code}${error.message}`
}
