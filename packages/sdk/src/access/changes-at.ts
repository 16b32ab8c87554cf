import type { BillingFact, Catalogue, Policy } from '@trueup/core'
import { grantedAccess } from './granted-access.ts'

const dayMs = 86_400_000

/**
 * When what these facts grant changes by itself: a cancellation comes, the days of grace end, a pause does. `null`:
 * it stays as it is until something happens in billing.
 */
export function changesAt(
  facts: readonly BillingFact[],
  rules: { readonly catalogue: Catalogue; readonly policy: Policy; readonly now: Date },
): Date | null {
  const said = (now: Date) => JSON.stringify(grantedAccess(facts, { ...rules, now }))
  const present = said(rules.now)
  const moments = facts
    .flatMap((fact) => momentsOf(fact, rules.policy))
    .filter((moment) => moment > rules.now)
    .sort((a, b) => a.getTime() - b.getTime())
  return moments.find((moment) => said(moment) !== present) ?? null
}

function momentsOf(fact: BillingFact, policy: Policy): readonly Date[] {
  if (fact.kind !== 'subscription') return []
  const invoice = fact.latestInvoice === 'unread' ? null : fact.latestInvoice
  const graceEnds = invoice?.finalizedAt
    ? new Date(invoice.finalizedAt.getTime() + policy.pastDue.days * dayMs)
    : null
  const moments = [fact.cancelsAt, graceEnds, fact.pausedCollection?.resumesAt ?? null, fact.currentPeriodEnd]
  return moments.flatMap((moment) => moment ?? [])
}
