import { accessState } from './check/access-state.ts'
import { check } from './check/check.ts'
import type { Finding } from './check/finding.ts'
import type { Rules } from './check/rules.ts'
import { isSettling } from './check/settling.ts'
import type { Drift } from './check/verdict.ts'
import type { Incident } from './incident/incident.ts'
import { identityKey } from './incident/incident.ts'
import type { Act, Transition } from './incident/transitions.ts'
import { identityOf, observeDrift } from './incident/transitions.ts'
import type { Pair } from './match/pair.ts'
import type { RepairPlan } from './repair/plan.ts'
import type { RepairContext } from './repair/plan-repair.ts'
import { planRepair } from './repair/plan-repair.ts'
import { subjectKey } from './subject/subject.ts'

/*
 * The loop, once around, for one subject:
 *
 *   promise ─┐
 *            ├─> check ─> incident ─> repair plan
 *   grant  ──┘
 *
 * Everything here is pure. The service streams readings through it and keeps what comes out.
 */

/** What a check says of one pair, with everything that filing it needs. */
export function find(pair: Pair, rules: Rules): Finding {
  const { verdict, notices } = check(pair, rules)
  const [payer] = pair.payers
  return {
    pairKey: pair.subject ? subjectKey(pair.subject) : `customer:${payer?.customer.id}`,
    subject: pair.subject,
    customerId: pair.pointed?.id ?? payer?.customer.id ?? null,
    customerIds: pair.payers.map(({ customer }) => customer.id),
    verdict,
    notices,
    settling: verdict.kind === 'drifts' && isSettling(pair, rules.policy.settleMinutes, rules.now),
    confirmed: false,
    accessState: accessState(pair, rules),
  }
}

/** The drifts and notices of a finding that are to be filed; none while it settles. */
export function driftsOf(finding: Finding): readonly Drift[] {
  if (finding.settling) return []
  return finding.verdict.kind === 'drifts' ? [...finding.verdict.drifts, ...finding.notices] : finding.notices
}

/** Files drifts against the incidents known so far: each opens one, is seen again, or comes back. */
export function file(
  drifts: readonly Drift[],
  known: ReadonlyMap<string, Incident>,
  idOf: (identityKey: string) => string,
  act: Act,
): readonly Transition[] {
  return drifts.map((drift) => {
    const key = identityKey(identityOf(drift))
    return observeDrift(known.get(key) ?? null, drift, idOf(key), act)
  })
}

/** Once around: from both readings of a subject to its incidents, each with the repair that would end it. */
export function goRound(
  pair: Pair,
  rules: Rules,
  known: ReadonlyMap<string, Incident>,
  idOf: (identityKey: string) => string,
  act: Act,
  context: RepairContext,
): {
  readonly finding: Finding
  readonly incidents: readonly (Incident & { readonly repair: RepairPlan })[]
} {
  const finding = find(pair, rules)
  const filed = file(driftsOf(finding), known, idOf, act)
  return {
    finding,
    incidents: filed.map(({ incident }) => ({ ...incident, repair: planRepair(incident, context) })),
  }
}
