import type { Incident } from '../incident/incident.ts'

/** What of an incident its money follows from, as it stood after one act. */
export interface MoneyStanding extends Pick<Incident, 'state' | 'hurts' | 'moneyAtRisk'> {}

/**
 * A moment at which money began or ceased to be at risk. Sums are a month's, in minor units, and are added to what was
 * before: below zero where something ended.
 */
export interface MoneyTurn {
  readonly at: Date
  readonly hurts: Incident['hurts']
  readonly currency: string
  readonly atRisk: number
  /** What is no longer at risk since it was put right; taken back where it comes back. */
  readonly recovered: number
}

/**
 * What an act on an incident changes of the money. At risk is what is open or acknowledged; recovered is what is
 * resolved; what is ignored is meant to be so, and is neither.
 *
 * @param before `null`: the act opened it.
 * @example
 * moneyTurns(null, { state: 'open', hurts: 'customer', moneyAtRisk: { currency: 'usd', amount: 2000 } }, at)
 * // [{ at, hurts: 'customer', currency: 'usd', atRisk: 2000, recovered: 0 }]
 */
export function moneyTurns(
  before: MoneyStanding | null,
  after: MoneyStanding,
  at: Date,
): readonly MoneyTurn[] {
  const turns = new Map<
    string,
    { hurts: Incident['hurts']; currency: string; atRisk: number; recovered: number }
  >()
  const add = (standing: MoneyStanding | null, sign: 1 | -1) => {
    if (!standing?.moneyAtRisk) return
    const { hurts, state, moneyAtRisk } = standing
    const { currency, amount } = moneyAtRisk
    const key = `${hurts} ${currency}`
    const turn = turns.get(key) ?? { hurts, currency, atRisk: 0, recovered: 0 }
    if (state === 'open' || state === 'acknowledged') turn.atRisk += sign * amount
    if (state === 'resolved') turn.recovered += sign * amount
    turns.set(key, turn)
  }
  add(before, -1)
  add(after, 1)
  return [...turns.values()]
    .filter(({ atRisk, recovered }) => atRisk !== 0 || recovered !== 0)
    .map((turn) => ({ at, ...turn }))
}
