/** A refusal with its exact figures, reached through a command; and beside it the nearest request that is accepted. */
import type { z } from 'zod'
import type { FolioCommand } from '../../commands/command.js'
import type { Refusal, RefusalCode } from '../../commands/refusal.js'
import { decide, type Scene } from '../support/decider-spec.js'

export type Answer = Refusal | 'accepted'
export type Ask = () => Answer | Promise<Answer>
export type Case<Code extends RefusalCode> = Readonly<{
  asked: Ask
  refusal: Extract<Refusal, { code: Code }>
  /** What is just within the rule. */
  within?: Ask
}>

export const ask =
  <Input extends z.ZodType>(
    command: FolioCommand<Input>,
    input: unknown,
    scene: Partial<Scene> = {},
  ): Ask =>
  () => {
    const decided = decide(command, input, scene)
    return 'refusal' in decided ? decided.refusal : 'accepted'
  }
