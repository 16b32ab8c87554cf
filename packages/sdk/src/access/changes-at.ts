import type { BillingFact, Policy } from '@trueup/core'
import type { AccessRules } from './granted-access.ts'
import { grantedAccess } from './granted-access.ts'

const dayMs = 86_400_000

/**
 * When what these facts grant changes by itself: a cancellation comes, the days of grace end, a pause does. `null`:
 * it stays as it is until something happens in billing.
 */
export function changesAt(facts: readonly BillingFact[], rules: AccessRules): Date | null {
  const said = (now: Date) => JSON.stringify(grantedAccess(facts, { ...rules, now }))
  const present = said(rules.now)
  return momentsAhead(facts, rules).find((moment) => said(moment) !== present) ?? null
}

/** The moments to come at which what these facts grant may change, the nearest first. */
export function momentsAhead(facts: readonly BillingFact[], { policy, now }: AccessRules): readonly Date[] {
  return facts
    .flatMap((fact) => momentsOf(fact, policy))
    .filter((moment) => moment > now)
    .toSorted((a, b) => a.getTime() - b.getTime())
}

function momentsOf(fact: BillingFact, policy: Policy): readonly Date[] {
  if (fact.kind === 'plan-item') {
    const moments = [fact.periodStart, graceEnd(fact.pastDueAt, policy), fact.periodEnd]
    return moments.flatMap((moment) => moment ?? [])
  }
  if (fact.kind !== 'subscription') return []
  const invoice = fact.latestInvoice === 'unread' ? null : fact.latestInvoice
  const graceEnds = graceEnd(invoice?.finalizedAt ?? null, policy)
  const moments = [fact.cancelsAt, graceEnds, fact.pausedCollection?.resumesAt ?? null, fact.currentPeriodEnd]
  return moments.flatMap((moment) => moment ?? [])
}

function graceEnd(since: Date | null, { pastDue }: Policy): Date | null {
  return since && new Date(since.getTime() + pastDue.days * dayMs)
}
