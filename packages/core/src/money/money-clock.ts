import type { Incident } from '../incident/incident.ts'
import { fraction, roundHalfUp } from '../price/fraction.ts'
import type { Money } from '../price/money.ts'
import type { MoneyTurn } from './money-turn.ts'

/**
 * A month, as sums a month are spread over time: a twelfth of 365.2425 days, in milliseconds. The same for all months,
 * so that a day costs the same in each.
 */
export const monthMs = 2_629_746_000

/** Sums of each currency, in minor units. */
export interface MoneySpan {
  readonly from: Date
  readonly until: Date
  /** A month's, at its end, by who bears it. */
  readonly atRisk: Readonly<Record<Incident['hurts'], readonly Money[]>>
  /** Lost in it through access that nobody paid for. */
  readonly lost: readonly Money[]
  /** Paid in it by customers for what they did not have. */
  readonly owed: readonly Money[]
  /** A month's, that ceased to be at risk in it because it was put right, less what came back. */
  readonly recovered: readonly Money[]
}

/**
 * What money was at risk, lost, owed and recovered between moments: for each pair of neighbours in `bounds` a span.
 * What was at risk at a sum a month for a time has cost that share of the sum, to the millisecond; the shown sums are
 * rounded so that those of neighbouring spans add up to that of both together.
 *
 * @param turns In any order. None is left out that came before `bounds` ends.
 * @param bounds Ascending, at least two.
 * @example
 * moneySpans(turns, [monthBegins, now]).at(-1)?.lost // [{ currency: 'usd', amount: 4200 }]
 */
export function moneySpans(turns: readonly MoneyTurn[], bounds: readonly Date[]): readonly MoneySpan[] {
  const sorted = turns.toSorted((a, b) => a.at.getTime() - b.at.getTime())
  const tallies = new Map<string, Tally>()
  const [origin] = bounds
  if (!origin) return []
  let place = 0
  const advance = (until: Date): ReadonlyMap<string, Counted> => {
    for (let turn = sorted[place]; turn && turn.at <= until; turn = sorted[++place]) {
      const key = `${turn.hurts} ${turn.currency}`
      const tally = tallies.get(key) ?? new Tally(turn.hurts, turn.currency)
      tallies.set(key, tally)
      tally.turn(turn, origin)
    }
    return new Map([...tallies].map(([key, tally]) => [key, tally.counted(until, origin)]))
  }
  let before = advance(origin)
  return bounds.slice(1).map((until, index) => {
    const after = advance(until)
    const span = spanOf(bounds[index] ?? origin, until, before, after)
    before = after
    return span
  })
}

/** What was counted of one currency and bearer since the first bound. */
interface Counted {
  readonly hurts: Incident['hurts']
  readonly currency: string
  readonly atRisk: bigint
  readonly recovered: bigint
  /** Spent at risk since the first bound, in minor units, rounded. */
  readonly cost: bigint
}

class Tally {
  readonly #hurts: Incident['hurts']
  readonly #currency: string
  #atRisk = 0n
  #recovered = 0n
  /** The sum at risk times the milliseconds for which it was, since the first bound. */
  #spent = 0n
  #at: number | null = null

  constructor(hurts: Incident['hurts'], currency: string) {
    this.#hurts = hurts
    this.#currency = currency
  }

  turn({ at, atRisk, recovered }: MoneyTurn, origin: Date): void {
    this.#moveTo(at, origin)
    this.#atRisk += BigInt(atRisk)
    this.#recovered += BigInt(recovered)
  }

  counted(at: Date, origin: Date): Counted {
    this.#moveTo(at, origin)
    return {
      hurts: this.#hurts,
      currency: this.#currency,
      atRisk: this.#atRisk,
      recovered: this.#recovered,
      cost: roundHalfUp(fraction(this.#spent, monthMs)),
    }
  }

  #moveTo(at: Date, origin: Date): void {
    const [from, to] = [Math.max(this.#at ?? at.getTime(), origin.getTime()), at.getTime()]
    if (to > from) this.#spent += this.#atRisk * BigInt(to - from)
    this.#at = at.getTime()
  }
}

function spanOf(
  from: Date,
  until: Date,
  before: ReadonlyMap<string, Counted>,
  after: ReadonlyMap<string, Counted>,
): MoneySpan {
  const all = [...after].map(([key, now]) => ({ now, was: before.get(key) ?? null }))
  const sums = (amountOf: (line: (typeof all)[number]) => bigint) => moneys(all, amountOf)
  const cost = (hurts: Incident['hurts']) =>
    sums(({ now, was }) => (now.hurts === hurts ? now.cost - (was?.cost ?? 0n) : 0n))
  const atRisk = (hurts: Incident['hurts']) => sums(({ now }) => (now.hurts === hurts ? now.atRisk : 0n))
  return {
    from,
    until,
    atRisk: { customer: atRisk('customer'), business: atRisk('business'), both: atRisk('both') },
    lost: cost('business'),
    owed: cost('customer'),
    recovered: sums(({ now, was }) => now.recovered - (was?.recovered ?? 0n)),
  }
}

/** Summed by currency and sorted by it; what comes to nothing is left out. */
function moneys<Line extends { readonly now: Counted }>(
  lines: readonly Line[],
  amountOf: (line: Line) => bigint,
): readonly Money[] {
  const sums = new Map<string, bigint>()
  for (const line of lines) {
    sums.set(line.now.currency, (sums.get(line.now.currency) ?? 0n) + amountOf(line))
  }
  return [...sums]
    .filter(([, amount]) => amount !== 0n)
    .map(([currency, amount]) => ({ currency, amount: Number(amount) }))
    .sort((a, b) => (a.currency < b.currency ? -1 : 1))
}
