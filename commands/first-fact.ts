import type { FactOfType, LedgerEventType, LedgerFact } from '../src/events/ledger-event.js'

/** Under the key of an accepted command stands another event than the one it appends: the stream is damaged. */
export class FactMissing extends Error {
  constructor(expected: readonly LedgerEventType[], facts: readonly LedgerFact[]) {
    const found = facts.map(({ type }) => type).join(', ')
    super(`The command appends ${expected.join(' or ')}, but under its key stands: ${found}`)
    this.name = 'FactMissing'
  }
}

/** What an accepted command appended first, to make its answer from. */
export function firstFact<Type extends LedgerEventType>(
  facts: readonly LedgerFact[],
  ...types: readonly Type[]
): FactOfType<Type> {
  const [first] = facts
  if (first === undefined || !isOneOf(first, types)) throw new FactMissing(types, facts)
  return first
}

/** What an accepted command appended of this type, wherever among the rest. */
export function factOf<Type extends LedgerEventType>(
  facts: readonly LedgerFact[],
  type: Type,
): FactOfType<Type> {
  const found = facts.find((fact): fact is FactOfType<Type> => fact.type === type)
  if (found === undefined) throw new FactMissing([type], facts)
  return found
}

function isOneOf<Type extends LedgerEventType>(
  fact: LedgerFact,
  types: readonly Type[],
): fact is FactOfType<Type> {
  return types.some((type) => type === fact.type)
}
