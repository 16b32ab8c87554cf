import type { BillingFact } from '@trueup/core'
import { planRank } from '@trueup/core'
import { momentsAhead } from './changes-at.ts'
import type { AccessRules } from './granted-access.ts'
import { grantedAccess } from './granted-access.ts'

/**
 * When the plan that these facts grant ends, or makes room for a lower one, unless something happens in billing: a
 * cancellation comes, the days of grace are over. `null`: it goes on.
 */
export function endsAt(facts: readonly BillingFact[], rules: AccessRules): Date | null {
  const rankAt = (now: Date) => {
    const { access } = grantedAccess(facts, { ...rules, now })
    return planRank(rules.catalogue, access.plan)
  }
  const present = rankAt(rules.now)
  if (present <= 0) return null
  return momentsAhead(facts, rules).find((moment) => rankAt(moment) < present) ?? null
}
