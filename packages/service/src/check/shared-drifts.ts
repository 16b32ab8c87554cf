import type { Drift } from '@trueup/core'

/**
 * Drifts that are one incident for all whom they touch, joined as they are found: everybody touched, once, and the sum
 * at risk where the currency is one. One wrong price can touch every customer, so nothing is copied for each.
 *
 * @example
 * const shared = new SharedDrifts()
 * for (const drift of drifts) shared.add(identityKey(identityOf(drift)), drift)
 * shared.all()
 */
export class SharedDrifts {
  readonly #joined = new Map<string, { drift: Drift; readonly touches: Set<string> }>()

  /** Incidents that the drifts come to. */
  get size(): number {
    return this.#joined.size
  }

  /** Adds a drift to the others of its identity; what it says in words is what the first of them said. */
  add(identity: string, drift: Drift): void {
    const known = this.#joined.get(identity)
    if (!known) {
      this.#joined.set(identity, { drift, touches: new Set(drift.touches) })
      return
    }
    for (const touched of drift.touches) known.touches.add(touched)
    known.drift = { ...known.drift, moneyAtRisk: sumAtRisk(known.drift.moneyAtRisk, drift.moneyAtRisk) }
  }

  all(): readonly Drift[] {
    return [...this.#joined.values()].map(({ drift, touches }) => ({ ...drift, touches: [...touches] }))
  }
}

function sumAtRisk(sum: Drift['moneyAtRisk'], more: Drift['moneyAtRisk']): Drift['moneyAtRisk'] {
  if (!sum || !more) return sum ?? more
  if (sum.currency !== more.currency) return sum
  return { currency: sum.currency, amount: sum.amount + more.amount }
}
