import { type ClerkPlan, makeFeature, makeMoney, makePlan } from '../../clerk/objects/index.ts'
import type { ConfigPlan } from '../config.ts'

function sold(slug: string, fee: number, fields: Partial<ClerkPlan> = {}): ClerkPlan {
  return makePlan({
    id: `cplan_2${slug.replaceAll('_', '')}`,
    slug,
    name: slug,
    fee: makeMoney(fee),
    annual_fee: fee === 0 ? null : makeMoney(fee * 10),
    annual_monthly_fee: fee === 0 ? null : makeMoney(Math.round((fee * 10) / 12)),
    features: [makeFeature({ id: `feat_2${slug}`, slug: 'reports' })],
    ...fields,
  })
}

/** What an app sells through Clerk Billing. `legacy` is no longer in its catalogue, though some still have it. */
export const clerkPlans = {
  free_user: sold('free_user', 0, { is_default: true, features: [] }),
  free_org: sold('free_org', 0, { is_default: true, for_payer_type: 'org', features: [] }),
  pro: sold('pro', 2000, { free_trial_enabled: true, free_trial_days: 14 }),
  business: sold('business', 5000),
  partner: sold('partner', 0),
  legacy: sold('legacy', 1500, { publicly_visible: false }),
  team: sold('team', 9000, { for_payer_type: 'org' }),
} as const

export type ClerkPlanName = keyof typeof clerkPlans

/** What the app's plans are called, lowest first. Partners get what Pro gives, for nothing. */
export const configPlans: readonly ConfigPlan[] = [
  { id: 'free' },
  { id: 'pro', prices: ['lookup:pro', 'lookup:partner'], values: ['Pro'], entitlements: ['reports'] },
  { id: 'business', products: [clerkPlans.business.id], entitlements: ['reports', 'sso'] },
  { id: 'team', prices: ['lookup:team'], entitlements: ['reports', 'sso'], seats: 'quantity' },
]

export type AppPlan = 'free' | 'pro' | 'business' | 'team'

/** The features that come with a plan of the app. */
export const featuresOf: Readonly<Record<AppPlan, readonly string[]>> = {
  free: [],
  pro: ['reports'],
  business: ['reports', 'sso'],
  team: ['reports', 'sso'],
}
