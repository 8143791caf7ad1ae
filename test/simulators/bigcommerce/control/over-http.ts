/** The control over HTTP: `POST /_control/<call>` with what it is given as JSON; its answer is `{value}` or `{error}`. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody } from '../http/body.js'
import { send } from '../http/send.js'
import { CONTROL_INPUTS, type SimulatorControl } from './control.js'

const PREFIX = '/_control/'

type Name = keyof SimulatorControl

/** The client's end. */
export function controlAt(address: string): SimulatorControl {
  const call = async (name: string, asked: unknown): Promise<unknown> => {
    const response = await fetch(`${address}${PREFIX}${name}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(asked ?? {}),
    })
    const answer = (await response.json()) as { value?: unknown; error?: string }
    if (answer.error !== undefined) throw new Error(`${name}: ${answer.error}`)
    return answer.value
  }
  const calls = NAMES.map((name) => [name, (asked: unknown) => call(name, asked)])
  return Object.fromEntries(calls) as SimulatorControl
}

/** The simulator's end. */
export async function answerControl(
  control: SimulatorControl,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const name = NAMES.find((known) => request.url === `${PREFIX}${known}`)
  if (name === undefined) {
    send(response, { status: 404, body: { error: 'There is no such call.' } }, {})
    return
  }
  try {
    const asked = CONTROL_INPUTS[name].parse(JSON.parse((await readBody(request, null)) ?? ''))
    const act = control[name] as (asked: unknown) => Promise<unknown>
    send(response, { status: 200, body: { value: await act(asked) } }, {})
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    send(response, { status: 400, body: { error: text } }, {})
  }
}

export function isControl(url: string): boolean {
  return url.startsWith(PREFIX)
}

const NAMES = Object.keys(CONTROL_INPUTS) as Name[]
