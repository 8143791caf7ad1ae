/** Calls a simulated store and holds every exchange against the contract. */
import { exchangeProblems } from './contract/exchange.js'

export type Called = Readonly<{
  status: number
  // What a test reads of an answer is judged by its expectations.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any
  text: string
  headers: Headers
}>

export type Caller = (method: string, path: string, body?: unknown) => Promise<Called>

export type Credentials = Readonly<{ store: string; token: string }>

/** Throws for an answer, or a request that was taken, that is not as the contract has it. */
export function checkedClient(address: string, credentials: Credentials): Caller {
  const call = plainClient(address, credentials)
  return async (method, path, body) => {
    const called = await call(method, path, body)
    const problems = exchangeProblems({
      method,
      url: path,
      requestBody: body === undefined ? undefined : JSON.stringify(body),
      status: called.status,
      answerBody: called.text,
    })
    // A request that the store refuses may be wrong on purpose; its answer may not.
    const answered = problems.filter((text) => called.status < 400 || text.startsWith('answer'))
    if (answered.length > 0) throw new Error(`${method} ${path}: ${answered.join('; ')}`)
    return called
  }
}

export function plainClient(address: string, { store, token }: Credentials): Caller {
  return async (method, path, body) => {
    const response = await fetch(`${address}/stores/${store}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        'X-Auth-Token': token,
        Accept: 'application/json',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: parsed(text), text, headers: response.headers }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Looks again until something is so. */
export async function until<Value>(
  look: () => Promise<Value>,
  isSo: (value: Value) => boolean,
  timeoutMs = 5_000,
): Promise<Value> {
  const endMs = Date.now() + timeoutMs
  for (;;) {
    const value = await look()
    if (isSo(value)) return value
    if (Date.now() > endMs) throw new Error(`It did not come about: ${JSON.stringify(value)}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
