import {
  addOnFeatures,
  enterpriseSeats,
  type PlanId,
  planFeatures,
  planIds,
  planSpellings,
  soldPrice,
} from './catalogue.ts'
import type { AppAccess, Line } from './life.ts'
import type { Scene } from './scene.ts'

/** What the app gives to those who pay nothing. */
export const freeAccess: AppAccess = { plan: 'free', trialEndsAt: null, features: [], seats: null }

/**
 * What an app that gets it right gives for these lines: the plan they name, everything that the plan and the add-ons
 * let one do, and the seats that were bought.
 */
export function accessFor(lines: readonly Line[], trialEndsAt: number | null = null): AppAccess {
  let plan: PlanId = 'free'
  let seats: number | null = null
  const features = new Set<string>()
  for (const line of lines) {
    const { buys } = soldPrice(line.price)
    if (buys.kind === 'plan') {
      if (planIds.indexOf(buys.plan) > planIds.indexOf(plan)) plan = buys.plan
      for (const feature of planFeatures[buys.plan]) features.add(feature)
      if (buys.plan === 'team') seats = (seats ?? 0) + (line.quantity ?? 1)
      if (buys.plan === 'enterprise') seats = (seats ?? 0) + enterpriseSeats
    }
    if (buys.kind === 'add-on') for (const feature of addOnFeatures[buys.addOn] ?? []) features.add(feature)
    if (buys.kind === 'seats') seats = (seats ?? 0) + buys.seatsEach * (line.quantity ?? 1)
  }
  return { plan, trialEndsAt, features: [...features].sort(), seats }
}

/** The same access with another plan, and with that plan's features in place of the old plan's. */
export function withPlan(access: AppAccess, plan: PlanId): AppAccess {
  const beside = access.features.filter((feature) => !planFeatures[access.plan].includes(feature))
  return { ...access, plan, features: [...new Set([...planFeatures[plan], ...beside])].sort() }
}

/** What the app wrote into Clerk's metadata for the access it gives. */
export interface WrittenAccess {
  readonly publicMetadata: Readonly<Record<string, unknown>>
  /** The paid flag, where the world keeps it in a place of its own. */
  readonly unsafeMetadata: Readonly<Record<string, unknown>>
}

const yes: readonly [unknown, ...unknown[]] = [true, true, true, 1, 'yes', 'true', 'premium', 'active']
const no: readonly [unknown, ...unknown[]] = [false, false, 0, 'no', 'false']

/**
 * Puts access into the app's own words. Apps grow: each writes the same thing in several ways, and all of them mean
 * the same. Organizations have no paid flag and no trial end.
 *
 * @param customerId Written beside the access of users; organizations keep theirs in private metadata.
 * @param planWord A word in place of the plan's own.
 */
export function writeAccess(
  scene: Scene,
  type: 'user' | 'organization',
  access: AppAccess,
  written: {
    readonly customerId: string | null
    readonly planWord?: string
    readonly premiumInUnsafe: boolean
  },
): WrittenAccess {
  const isPaid = access.plan !== 'free'
  const publicMetadata: Record<string, unknown> = {}
  const unsafeMetadata: Record<string, unknown> = {}
  if (type === 'user' && written.customerId !== null) publicMetadata.stripe_customer_id = written.customerId
  publicMetadata.plan = written.planWord ?? scene.pick(planSpellings[access.plan])
  if (type === 'user') {
    // A free user without a flag is as good as one with a false flag: the plan says it.
    if (isPaid || written.premiumInUnsafe || scene.chance(80)) {
      const flag = scene.pick(isPaid ? yes : no)
      if (written.premiumInUnsafe) unsafeMetadata.is_premium = flag
      else publicMetadata.is_premium = flag
    }
    if (access.trialEndsAt !== null) publicMetadata.trial_ends_at = writeMoment(scene, access.trialEndsAt)
  }
  if (access.features.length > 0 || scene.chance(25)) {
    publicMetadata.entitlements = writeFeatures(scene, access.features)
  }
  // Nothing to do with access: apps keep all sorts of things here.
  if (scene.chance(40)) publicMetadata.onboarded = true
  return { publicMetadata, unsafeMetadata }
}

function writeMoment(scene: Scene, seconds: number): unknown {
  return scene.pick<unknown>([new Date(seconds * 1000).toISOString(), seconds, seconds * 1000])
}

function writeFeatures(scene: Scene, features: readonly string[]): unknown {
  if (scene.chance(30)) return [...features]
  const written: Record<string, boolean> = {}
  for (const feature of features) written[feature] = true
  // Some code paths write what is missing as well.
  if (!features.includes('sso') && scene.chance(30)) written.sso = false
  return written
}
