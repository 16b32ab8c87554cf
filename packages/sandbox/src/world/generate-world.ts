import { type Rng, seededRng } from '../server/rng.ts'
import { SandboxError } from '../server/sandbox-error.ts'
import type { AccessKeeping } from './app-database.ts'
import { driftStories } from './drift-stories.ts'
import { tellFreeUser, tellHealthy, tellSettling } from './healthy.ts'
import { driftKinds, mirrorDriftKinds, type PlantedKind } from './label.ts'
import { Scene } from './scene.ts'
import { beginWorld, type World, type WorldFrame } from './world.ts'

/** How much of each drift to plant. */
export type DriftShares = Readonly<Partial<Record<PlantedKind, number>>>

export interface WorldOptions extends WorldFrame {
  /** How many customers Stripe has, deleted ones not counted. */
  readonly customers: number
  /**
   * Drifts as a share of the customers, spread over all kinds (default 0.04), or a share for each kind that is to
   * occur. 0 plants none. From 20 drifts on every kind occurs when one number is given.
   */
  readonly drift?: number | DriftShares
  /** The share of customers that are organizations. Default 0.3. */
  readonly organizationsShare?: number
}

/**
 * Makes a subscription business out of stories: customers who pay, leave, come back and fail to pay, an app that
 * gives most of them the right thing, and drifts, each written down as it is planted. Lean from 20,000 customers on
 * unless told otherwise.
 *
 * @throws SandboxError `invalid-input` when a number is out of its range.
 * @example
 * const world = generateWorld({ customers: 2000, seed: 7, now: new Date('2026-11-21T12:00:00Z') })
 * world.labels.drifts.length // 80 and a few that come in pairs
 */
export function generateWorld(options: WorldOptions): World {
  const { customers, now, seed = 1, organizationsShare = 0.3, premiumInUnsafe = false } = options
  const { access = 'clerk' } = options
  if (!Number.isSafeInteger(customers) || customers < 0) {
    throw new SandboxError(
      'invalid-input',
      `customers is ${customers}; a whole number from 0 on is needed`,
      'Give the number of customers, such as 300.',
    )
  }
  checkShare('organizationsShare', organizationsShare)
  const rng = seededRng(`world:${seed}`)
  const scene = new Scene({ now, rng, premiumInUnsafe, access })
  const world = beginWorld({ ...options, lean: options.lean ?? customers >= 20_000 })
  const type = () => (scene.chance(organizationsShare * 100) ? 'organization' : 'user')
  const kinds = driftKindsOf(access)
  const queue = plannedStories(rng, customers, options.drift ?? defaultDrift, kinds)
  let reserved = queue.reduce((sum, kind) => sum + customersOf(kind), 0)
  const places = customers + queue.length - reserved
  let place = 0
  while (world.customers < customers || queue.length > 0) {
    const left = customers - world.customers
    const isDrift =
      queue.length > 0 && (left <= reserved || scene.share() < queue.length / Math.max(1, places - place))
    place += 1
    if (!isDrift) {
      world.add(tellHealthy(scene, type()))
      if (scene.chance(25)) world.add(tellFreeUser(scene))
      continue
    }
    const kind = queue.pop()
    if (kind === undefined) break
    reserved -= customersOf(kind)
    // A tiny world may have no room left for a story that takes two customers.
    if (customersOf(kind) > left) continue
    world.add(kind === 'settling' ? tellSettling(scene, type()) : driftStories[kind].tell(scene, type()))
  }
  return world.finish()
}

/** The kinds of drift that can be planted in an app that keeps what it grants there. */
export function driftKindsOf(access: AccessKeeping): readonly PlantedKind[] {
  return access === 'both' ? [...driftKinds, ...mirrorDriftKinds] : driftKinds
}

/** Drifts as a share of the customers, where nobody says otherwise. */
export const defaultDrift = 0.04

type Planned = PlantedKind | 'settling'

function customersOf(kind: Planned): number {
  return kind === 'settling' ? 1 : driftStories[kind].customers
}

/** The stories to plant, in a shuffled order. */
function plannedStories(
  rng: Rng,
  customers: number,
  drift: number | DriftShares,
  kinds: readonly PlantedKind[],
): Planned[] {
  const planned: Planned[] =
    typeof drift === 'number' ? spread(rng, customers, drift, kinds) : byKind(customers, drift, kinds)
  const settling = customers < 100 || drift === 0 ? 0 : Math.max(1, Math.round(customers * 0.002))
  for (let count = 0; count < settling; count += 1) planned.push('settling')
  for (let index = planned.length - 1; index > 0; index -= 1) {
    const other = Math.floor(rng.next() * (index + 1))
    const [one, two] = [planned[index], planned[other]]
    if (one !== undefined && two !== undefined) [planned[index], planned[other]] = [two, one]
  }
  return planned
}

function byKind(customers: number, shares: DriftShares, kinds: readonly PlantedKind[]): Planned[] {
  const [impossible] = mirrorDriftKinds.filter((kind) => !kinds.includes(kind) && shares[kind])
  if (impossible !== undefined) {
    throw new SandboxError(
      'invalid-input',
      `a drift of ${impossible} is asked for in an app that keeps access in one place`,
      "Leave it out, or make the world with access 'both'.",
    )
  }
  return kinds.flatMap((kind) => {
    const share = shares[kind] ?? 0
    checkShare(`drift of ${kind}`, share)
    const count = share === 0 ? 0 : Math.max(1, Math.round(customers * share))
    return Array.from({ length: count }, () => kind)
  })
}

/** Shares out the drifts by weight: each kind once where they are enough, else some kinds by lot. */
function spread(rng: Rng, customers: number, share: number, kinds: readonly PlantedKind[]): Planned[] {
  checkShare('drift', share)
  const total = Math.round(customers * share)
  const planned: Planned[] = total >= kinds.length ? [...kinds] : []
  const left = total - planned.length
  const weights = kinds.reduce((sum, kind) => sum + driftStories[kind].weight, 0)
  if (planned.length > 0) {
    for (const kind of kinds) {
      const count = Math.floor((left * driftStories[kind].weight) / weights)
      for (let each = 0; each < count; each += 1) planned.push(kind)
    }
  }
  while (planned.length < total) planned.push(byLot(rng, weights, kinds))
  return planned
}

function byLot(rng: Rng, weights: number, kinds: readonly PlantedKind[]): PlantedKind {
  let left = rng.next() * weights
  for (const kind of kinds) {
    left -= driftStories[kind].weight
    if (left < 0) return kind
  }
  return 'paid-without-access'
}

function checkShare(name: string, share: number): void {
  if (share >= 0 && share <= 1) return
  throw new SandboxError(
    'invalid-input',
    `${name} is ${share}; a share in 0..1 is needed`,
    'Give 0.04 for four in a hundred.',
  )
}
