import { moneySpans } from '../../../../core/src/money/money-clock.ts'
import { type MoneyStanding, type MoneyTurn, moneyTurns } from '../../../../core/src/money/money-turn.ts'
import type { Amount } from '../../ui/money.tsx'
import type { Incident, IncidentState } from './words.ts'

const becomes: Readonly<Partial<Record<Incident['history'][number]['act'], IncidentState>>> = {
  'incident-opened': 'open',
  'incident-reopened': 'open',
  'incident-acknowledged': 'acknowledged',
  'incident-ignored': 'ignored',
  'incident-resolved': 'resolved',
}

/**
 * What an incident has cost until now, by the money clock of the project: the sum a month, for the time in which it was
 * open or acknowledged. `null`: no sum can be named, or it is nobody's loss alone.
 */
export function lostSoFar(
  {
    history,
    hurts,
    moneyAtRisk,
  }: Pick<Incident, 'history' | 'hurts'> & { readonly moneyAtRisk: Amount | null },
  now: Date,
): Amount | null {
  const [first] = history
  if (!moneyAtRisk || !first || hurts === 'both') return null
  let before: MoneyStanding | null = null
  const turns: MoneyTurn[] = []
  for (const { act, at } of history) {
    const state = becomes[act]
    if (!state) continue
    const after: MoneyStanding = { state, hurts, moneyAtRisk }
    turns.push(...moneyTurns(before, after, new Date(at)))
    before = after
  }
  const begun = new Date(first.at)
  const [span] = moneySpans(turns, [begun, now > begun ? now : begun])
  const sums = hurts === 'customer' ? span?.owed : span?.lost
  return sums?.[0] ?? { ...moneyAtRisk, amount: 0 }
}
