import type { Drift, IncidentKind, Money } from '@trueup/core'
import { compareText, incidentKinds } from '@trueup/core'

/** Money by who bears it, one sum a currency. */
export interface MoneyAtRisk {
  readonly customer: readonly Money[]
  readonly business: readonly Money[]
  readonly both: readonly Money[]
}

/** How many incidents, of which kinds, and what a month of them comes to. */
export interface DriftSum {
  readonly total: number
  readonly byKind: readonly {
    readonly kind: IncidentKind
    readonly count: number
    readonly money: MoneyAtRisk
  }[]
  readonly money: MoneyAtRisk
  /** Those of which no sum can be named. */
  readonly withoutMoney: number
}

/** Counts drifts as they come; what it holds grows with kinds and currencies, not with drifts. */
export class DriftCounter {
  readonly #kinds = new Map<IncidentKind, { count: number; readonly money: MoneyCounter }>()
  readonly #money = new MoneyCounter()
  #total = 0
  #withoutMoney = 0

  add({ kind, hurts, moneyAtRisk }: Pick<Drift, 'kind' | 'hurts' | 'moneyAtRisk'>): void {
    const known = this.#kinds.get(kind) ?? { count: 0, money: new MoneyCounter() }
    this.#kinds.set(kind, known)
    known.count += 1
    this.#total += 1
    if (moneyAtRisk === null) this.#withoutMoney += 1
    else for (const counter of [known.money, this.#money]) counter.add(hurts, moneyAtRisk)
  }

  sum(): DriftSum {
    const byKind = incidentKinds.flatMap((kind) => {
      const counted = this.#kinds.get(kind)
      return counted ? [{ kind, count: counted.count, money: counted.money.sum() }] : []
    })
    return { total: this.#total, byKind, money: this.#money.sum(), withoutMoney: this.#withoutMoney }
  }
}

/** Sums money by who bears it and by currency. */
export class MoneyCounter {
  readonly #sums = {
    customer: new Map<string, number>(),
    business: new Map<string, number>(),
    both: new Map<string, number>(),
  }

  add(hurts: Drift['hurts'], { currency, amount }: Money): void {
    const sums = this.#sums[hurts]
    sums.set(currency, (sums.get(currency) ?? 0) + amount)
  }

  sum(): MoneyAtRisk {
    const { customer, business, both } = this.#sums
    return { customer: listed(customer), business: listed(business), both: listed(both) }
  }
}

function listed(sums: ReadonlyMap<string, number>): readonly Money[] {
  return [...sums]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([currency, amount]) => ({ currency, amount }))
}
