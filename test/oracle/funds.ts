/**
 * L12 over a folio: money given back on linked notes, prepayments and overpayments, with what waits and what went to
 * other folios, is never more than the money received and the credits allocated into it, whenever more is decided.
 */
import type { Report } from './report.js'
import type { CreditItem, Direction } from './documents.js'

type Funds = { received: bigint; given: bigint }
type Of = Readonly<{ folio: string; direction: Direction; currency: string }>

export function createFunds(report: Report) {
  const folios = new Map<string, Funds>()

  function fundsOf({ folio, direction, currency }: Of): Funds {
    const key = `${folio} ${direction} ${currency}`
    const funds = folios.get(key) ?? { received: 0n, given: 0n }
    folios.set(key, funds)
    return funds
  }

  return {
    /** Below zero where a payment is reversed, or an allocation taken back. */
    receive: (of: Of, amount: bigint): void => {
      fundsOf(of).received += amount
    },
    /** Below zero where it was declined, released or given up. */
    give: (credit: CreditItem, amount: bigint, by: string, isDecided = true): void => {
      // An ad-hoc note gives what nobody paid: its own total alone bounds it.
      if (credit.kind === 'credit_note' && credit.invoice === null) return
      const funds = fundsOf(credit)
      funds.given += amount
      if (!isDecided || amount <= 0n || funds.given <= funds.received) return
      const sentence = `${funds.given} units of ${funds.received} after ${by} on ${credit.id}`
      report('given_back_beyond_received', credit.folio, sentence)
    },
  }
}

export type FolioFunds = ReturnType<typeof createFunds>
