import type { Clock, SubjectId, SubjectType } from '@trueup/core'
import type { AccessAnswer, AccessReason } from '../access/access-answer.ts'
import type { CatalogueForSale } from '../catalogue/plan-for-sale.ts'
import type { ClerkCatalogue, ClerkPlanForSale } from '../clerk-billing/catalogue.ts'
import { slugsOf } from '../clerk-billing/catalogue.ts'
import { subjectOf } from '../subject/subject-of.ts'
import { systemClock } from '../system.ts'
import type { Gate } from './gate-answer.ts'
import { judge, refuse } from './judge.ts'
import type { Requirement } from './requirement.ts'
import { featureRequirement, planRequirement } from './requirement.ts'

/** What Clerk's `auth()` gives of a session whose plans and features come from Clerk Billing. */
export interface ClaimsAuth {
  readonly userId: string | null
  readonly orgId?: string | null | undefined
  readonly sessionClaims?:
    | { readonly iat?: number | undefined; readonly exp?: number | undefined }
    | null
    | undefined
  has(asked: { readonly plan: string } | { readonly feature: string }): boolean
}

export interface ClaimsGateOptions {
  /** Plans by the slugs that they have in Clerk, lowest first, with their features. */
  readonly catalogue: Pick<CatalogueForSale, 'plans'> | ClerkCatalogue
  /** Whose plan counts: claims of the other kind open nothing. */
  readonly subject: SubjectType
  /** Time, for tests. Default: the machine's. */
  readonly clock?: Clock
}

/** Gates over the claims of a session token. Claims do not carry seats. */
export interface ClaimsGates {
  /**
   * Open for whoever has one of these plans or one above the lowest of them.
   *
   * @throws BillingError `options-invalid` for a plan that the catalogue does not have
   */
  requirePlan(...plans: readonly [string, ...string[]]): Gate<ClaimsAuth>
  /** Open for whoever has all of these features. */
  requireFeature(...features: readonly [string, ...string[]]): Gate<ClaimsAuth>
}

/**
 * Gates over the claims that Clerk Billing puts into session tokens, with the answers of `createGates`. No store and no
 * call: what they say is as old as the token, at most about a minute.
 *
 * A token says which plan somebody has, not why: a subscription that ended looks like one that never was, and is
 * answered 403. A token that has none of the catalogue's plans is `unknown`.
 * https://clerk.com/docs/guides/sessions/session-tokens
 *
 * @example
 * const gates = createClaimsGates({ catalogue: { plans: [{ id: 'free_org' }, { id: 'pro' }] }, subject: 'organization' })
 * const answer = await gates.requirePlan('pro')(await auth())
 */
export function createClaimsGates({
  catalogue,
  subject: type,
  clock = systemClock,
}: ClaimsGateOptions): ClaimsGates {
  const scope = type === 'organization' ? 'org' : 'user'
  const sold: readonly ClerkPlanForSale[] = catalogue.plans
  const plans = sold
    .flatMap((plan) => slugsOf(plan).map((slug) => ({ id: plan.id, claim: `${scope}:${slug}` })))
    .toReversed()
  const names = new Set(catalogue.plans.flatMap(({ features = [] }) => features))
  const features = new Map([...names].map((name) => [name, `${scope}:${name}`]))
  const [lowest] = catalogue.plans

  const accessOf = (auth: ClaimsAuth, subject: SubjectId, asked: readonly string[]): AccessAnswer => {
    const { iat, exp } = auth.sessionClaims ?? {}
    const now = clock.now().getTime()
    const isOver = exp !== undefined && exp * 1000 + skewMs <= now
    const plan = isOver ? undefined : plans.find(({ claim }) => auth.has({ plan: claim }))?.id
    const held = (name: string) => auth.has({ feature: features.get(name) ?? `${scope}:${name}` })
    return {
      subject,
      plan: plan ?? lowest.id,
      paid: plan !== undefined && plan !== lowest.id,
      trialEndsAt: null,
      entitlements: isOver ? [] : [...new Set([...names, ...asked])].filter(held).sort(),
      seats: null,
      reason: reasonOf(plan, isOver, lowest.id),
      asOf: iat === undefined ? null : new Date(iat * 1000),
      ageMs: iat === undefined ? null : Math.max(0, now - iat * 1000),
      endsAt: null,
      changesAt: exp === undefined ? null : new Date(exp * 1000),
    }
  }
  const gateFor =
    (requirement: Requirement): Gate<ClaimsAuth> =>
    async (auth) => {
      const subject = auth && subjectOf({ userId: auth.userId, orgId: auth.orgId }, type)
      if (auth && subject) {
        const asked = requirement.kind === 'feature' ? requirement.features : []
        return judge(requirement, accessOf(auth, subject, asked))
      }
      return refuse(auth?.userId ? 'organization-missing' : 'signed-out', requirement)
    }
  return {
    requirePlan: (...named) => gateFor(planRequirement(catalogue, named)),
    requireFeature: (...named) => gateFor(featureRequirement(catalogue, named)),
  }
}

/** As much as Clerk's own SDK allows clocks to differ. */
const skewMs = 5_000

function reasonOf(plan: string | undefined, isOver: boolean, lowest: string): AccessReason {
  if (isOver) return 'stale'
  if (plan === undefined) return 'unknown'
  return plan === lowest ? 'free' : 'paid'
}
