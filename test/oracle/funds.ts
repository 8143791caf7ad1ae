/**
 * L12 over a folio: money given back on linked notes, prepayments and overpayments, with what waits, what is under way to
 * a store and what went to other folios, is never more than the money received and the credits allocated into it,
 * whenever more is decided. What was paid with store credit can go back as such, through a store alone (J23).
 */
import type { Report } from './report.js'
import type { CreditItem, Direction } from './documents.js'

/** `spent`, `back`: store credit. `underWay`: asked for at a store, whichever of the two it becomes. */
type Funds = { received: bigint; given: bigint; spent: bigint; back: bigint; underWay: bigint }
type Of = Readonly<{ folio: string; direction: Direction; currency: string }>

export function createFunds(report: Report) {
  const folios = new Map<string, Funds>()

  function fundsOf({ folio, direction, currency }: Of): Funds {
    const key = `${folio} ${direction} ${currency}`
    const funds = folios.get(key) ?? { received: 0n, given: 0n, spent: 0n, back: 0n, underWay: 0n }
    folios.set(key, funds)
    return funds
  }

  /** An ad-hoc note gives what nobody paid: its own total alone bounds it. */
  function isBound({ kind, invoice }: CreditItem): boolean {
    return kind !== 'credit_note' || invoice !== null
  }

  function beyond(given: bigint, received: bigint, credit: CreditItem, by: string): void {
    if (given <= received) return
    const sentence = `${given} units of ${received} after ${by} on ${credit.id}`
    report('given_back_beyond_received', credit.folio, sentence)
  }

  return {
    /** Below zero where a payment is reversed, or an allocation taken back. */
    receive: (of: Of, amount: bigint, isStoreCredit = false): void => {
      const funds = fundsOf(of)
      if (isStoreCredit) funds.spent += amount
      else funds.received += amount
    },
    /** Below zero where it was declined, released or given up. */
    give: (credit: CreditItem, amount: bigint, by: string): void => {
      if (!isBound(credit)) return
      const funds = fundsOf(credit)
      funds.given += amount
      if (amount > 0n) beyond(funds.given + funds.underWay, funds.received, credit, by)
    },
    /** Below zero where it is over, whatever it came to. */
    send: (credit: CreditItem, amount: bigint, by: string): void => {
      if (!isBound(credit)) return
      const funds = fundsOf(credit)
      funds.underWay += amount
      if (amount <= 0n) return
      const given = funds.given + funds.back + funds.underWay
      beyond(given, funds.received + funds.spent, credit, by)
    },
    /** What a store gave back, and took back where it was declined: it happened, and nobody decides it here. */
    givenAtStore: (credit: CreditItem, online: bigint, storeCredit: bigint): void => {
      if (!isBound(credit)) return
      const funds = fundsOf(credit)
      funds.given += online
      funds.back += storeCredit
    },
  }
}

export type FolioFunds = ReturnType<typeof createFunds>
