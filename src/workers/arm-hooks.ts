/**
 * Sees to it that stores announce what changes there (P7): a platform switches a hook off after two days of failures, or
 * with the account that made it, and says so to nobody here.
 */
import type { HookCheck, HooksTable } from '../stores/hooks.js'
import type { CallOptions, Read } from '../platforms/platform.js'
import { asError } from './fold-events.js'
import { poll, type Polling, type PollOptions } from './poll.js'

/** Of a store that can announce its changes. */
export type EnsureHooks = (
  wanted: Readonly<{ destination: string; headers: Readonly<Record<string, string>> }>,
  options: CallOptions,
) => Promise<Read<Readonly<{ done: 'created' | 'armed_again' | 'nothing' }>>>

export type ArmHooksOptions = PollOptions &
  Readonly<{
    /** Those with credentials. */
    instances: () => Promise<readonly string[]>
    /** Where its webhooks go, with what, and how it is told; `null`: it has no credentials any more. */
    hookOf: (instance: string) => Promise<Hook | null>
    hooks: HooksTable
    now: () => Date
    monotonicMs: () => number
  }>

export type Hook = Readonly<{
  destination: string
  headers: Readonly<Record<string, string>>
  ensure: EnsureHooks
}>

/** A store that was connected just now does not wait for long. */
const POLL_MS = 5_000
const CHECK_EVERY_MS = 600_000
const FAILED_CHECK_EVERY_MS = 60_000
const DEADLINE_MS = 15_000

export function armHooks(options: ArmHooksOptions): Polling {
  return poll<undefined>(
    {
      look: async (_seen, signal) => {
        for (const instance of await options.instances()) {
          if (signal.aborted) break
          await see(instance, options, signal)
        }
        return new Map()
      },
      failed: 'The hooks of stores are not seen to',
      pollMs: POLL_MS,
    },
    options,
  )
}

async function see(
  instance: string,
  { hooks, hookOf, now, monotonicMs, onWarning }: ArmHooksOptions,
  signal: AbortSignal,
): Promise<void> {
  const before = await hooks.find(instance)
  if (!isDue(before, now())) return
  const hook = await hookOf(instance)
  if (hook === null) return
  const { destination, headers, ensure } = hook
  const set = await ensure(
    { destination, headers },
    { deadlineMs: monotonicMs() + DEADLINE_MS, signal },
  ).catch((error: unknown) => ({ outcome: 'failed' as const, detail: asError(error).message }))
  if (signal.aborted) return
  if (set.outcome === 'failed') {
    const lastError = set.detail
    await hooks.checked(instance, { isArmed: false, lastError })
    if (before?.lastError !== lastError) {
      onWarning(`Store ${instance} announces nothing: its hook cannot be seen to: ${lastError}`)
    }
    return
  }
  await hooks.checked(instance, { isArmed: true, lastError: null })
  if (set.value.done === 'armed_again') {
    onWarning(`The hook of store ${instance} was switched off, and is armed again.`)
  }
}

function isDue(before: HookCheck | null, now: Date): boolean {
  if (before === null) return true
  const everyMs = before.isArmed ? CHECK_EVERY_MS : FAILED_CHECK_EVERY_MS
  return now.getTime() - Date.parse(before.checkedAt) >= everyMs
}
