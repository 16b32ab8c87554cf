import type { ClerkSubscriptionItem } from '../../clerk/objects/index.ts'
import type { Rng } from '../../server/rng.ts'
import type { PlantedKind } from '../label.ts'
import { type AppPlan, type ClerkPlanName, featuresOf } from './plans.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** An item of somebody's subscription; moments are milliseconds from the moment at which the world is seen. */
export interface ItemTold {
  readonly plan: ClerkPlanName
  readonly status: ClerkSubscriptionItem['status']
  readonly period?: 'month' | 'annual'
  readonly startsIn: number
  /** `null`: a plan without periods. */
  readonly endsIn: number | null
  readonly isTrial?: boolean
  readonly pastDueIn?: number
  readonly canceledIn?: number
  readonly endedIn?: number
  readonly paid?: number
  readonly seats?: number
}

/** What the app gives somebody, as its row says it. */
export interface GivenTold {
  readonly plan: string
  readonly isPaid: boolean
  readonly features: readonly string[]
  readonly seats: number | null
  readonly trialEndsIn: number | null
  readonly isDeleted?: boolean
}

/** What somebody bought, and what an app that gets it right gives them. */
export interface LifeTold {
  readonly type: 'user' | 'organization'
  readonly items: readonly ItemTold[]
  readonly gives: GivenTold
}

/** A life that went wrong: what the app gives in place of what is right (`null`: it has no row), and what that is. */
export interface DriftTold {
  readonly life: LifeTold
  readonly gives: GivenTold | null
  readonly kind: PlantedKind
  readonly component:
    | 'paid'
    | 'plan'
    | 'trialEndsAt'
    | 'entitlement:reports'
    | 'entitlement:beta'
    | 'seats'
    | 'customer'
    | 'price'
    | 'plan-value'
  /** What the drift is about, where that is not the payer's own subject. */
  readonly on?: string
  readonly story: string
}

/** Chance, in the words of stories. */
export class Chance {
  readonly #rng: Rng

  constructor(rng: Rng) {
    this.#rng = rng
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[Math.floor(this.#rng.next() * choices.length)] ?? choices[0]
  }

  /** Days as milliseconds, between two numbers of them. */
  days(least: number, most: number): number {
    return Math.round((least + this.#rng.next() * (most - least)) * dayMs)
  }

  whole(least: number, most: number): number {
    return least + Math.floor(this.#rng.next() * (most - least + 1))
  }
}

export function given(plan: AppPlan, more: Partial<GivenTold> = {}): GivenTold {
  return {
    plan,
    isPaid: plan !== 'free',
    features: featuresOf[plan],
    seats: null,
    trialEndsIn: null,
    ...more,
  }
}

/** An item in the middle of its period. */
export function running(chance: Chance, plan: ClerkPlanName, more: Partial<ItemTold> = {}): ItemTold {
  const period = more.period ?? chance.pick(['month', 'month', 'annual'])
  const length = period === 'month' ? 30 : 365
  const since = chance.days(1, length - 2)
  const fee = plan === 'partner' ? 0 : 2000
  return {
    plan,
    status: 'active',
    period,
    startsIn: -since,
    endsIn: length * dayMs - since,
    paid: fee,
    ...more,
  }
}

/** What everybody has who has nothing else. */
export const defaultItem = (type: LifeTold['type'], startsIn: number): ItemTold => ({
  plan: type === 'user' ? 'free_user' : 'free_org',
  status: 'active',
  startsIn,
  endsIn: null,
})

type Tell = (chance: Chance) => LifeTold

const user = (items: readonly ItemTold[], gives: GivenTold): LifeTold => ({ type: 'user', items, gives })

/** Lives that an app gets right, whatever becomes of them. */
export const healthy: readonly [Tell, ...Tell[]] = [
  (chance) => user([running(chance, 'pro')], given('pro')),
  (chance) => user([running(chance, 'business')], given('business')),
  (chance) => user([running(chance, 'partner')], given('pro')),
  (chance) => user([defaultItem('user', -chance.days(2, 300))], given('free')),
  (chance) => trial(chance),
  (chance) =>
    user([running(chance, 'pro', { status: 'canceled', canceledIn: -chance.days(0.5, 0.9) })], given('pro')),
  // Within the grace an app may keep access or withdraw it.
  (chance) => pastDue(chance, chance.days(1, 12), chance.pick([given('pro'), given('free')])),
  (chance) => pastDue(chance, chance.days(16, 29), given('free')),
  (chance) => lapsed(chance),
  (chance) => user([upgraded(chance), running(chance, 'business')], given('business')),
  (chance) => {
    const canceled = running(chance, 'business', {
      period: 'month',
      status: 'canceled',
      canceledIn: -chance.days(0.5, 0.9),
    })
    const startsIn = canceled.endsIn ?? 0
    return user(
      [canceled, { plan: 'pro', status: 'upcoming', startsIn, endsIn: startsIn + 30 * dayMs }],
      given('business'),
    )
  },
  (chance) =>
    user(
      [running(chance, 'pro', { status: chance.pick(['incomplete', 'abandoned']), paid: 0 })],
      given('free'),
    ),
  (chance) => team(chance),
  (chance) => team(chance, { status: 'canceled', canceledIn: -chance.days(0.5, 0.9) }),
  (chance) => ({
    type: 'organization',
    items: [defaultItem('organization', -chance.days(2, 300))],
    gives: given('free'),
  }),
]

function trial(chance: Chance): LifeTold {
  const endsIn = chance.days(4, 12)
  const item: ItemTold = {
    plan: 'pro',
    status: 'active',
    period: 'month',
    isTrial: true,
    startsIn: endsIn - 14 * dayMs,
    endsIn,
    paid: 0,
  }
  return user([item], given('pro', { trialEndsIn: endsIn }))
}

function pastDue(chance: Chance, since: number, gives: GivenTold): LifeTold {
  const item: ItemTold = {
    plan: 'pro',
    status: 'past_due',
    period: 'month',
    startsIn: -since - chance.days(28, 30),
    endsIn: -since,
    pastDueIn: -since,
    paid: 2000,
  }
  return user([item], gives)
}

function lapsed(chance: Chance): LifeTold {
  const ago = chance.days(2, 90)
  const ended: ItemTold = {
    plan: 'pro',
    status: 'ended',
    period: 'month',
    startsIn: -ago - 30 * dayMs,
    endsIn: -ago,
    endedIn: -ago,
    paid: 2000,
  }
  return user([ended, defaultItem('user', -ago)], given('free'))
}

/** What was left for a higher plan, before its period was over. */
function upgraded(chance: Chance): ItemTold {
  const ago = chance.days(1, 9)
  return {
    plan: 'pro',
    status: 'ended',
    period: 'month',
    startsIn: -ago - chance.days(1, 19),
    endsIn: chance.days(1, 10),
    endedIn: -ago,
    paid: 2000,
  }
}

function team(chance: Chance, more: Partial<ItemTold> = {}): LifeTold {
  const seats = chance.whole(3, 40)
  return {
    type: 'organization',
    items: [running(chance, 'team', { seats, ...more })],
    gives: given('team', { seats }),
  }
}

/** Lives that go wrong, by what goes wrong. */
export const drifting: readonly ((chance: Chance) => DriftTold)[] = [
  (chance) => {
    const [plan, gives] = chance.pick<readonly [ClerkPlanName, AppPlan]>([
      ['pro', 'pro'],
      ['business', 'business'],
      ['partner', 'pro'],
    ])
    const life = user([running(chance, plan)], given(gives))
    return {
      life,
      gives: given('free'),
      kind: 'paid-without-access',
      component: 'paid',
      story: 'The webhook subscriptionItem.active was lost, and the app gives nothing.',
    }
  },
  (chance) => ({
    life: lapsed(chance),
    gives: given('pro'),
    kind: 'access-without-payment',
    component: 'paid',
    story: 'The subscription ended, and the app never took access away.',
  }),
  (chance) => ({
    life: pastDue(chance, chance.days(16, 29), given('free')),
    gives: given('pro'),
    kind: 'access-without-payment',
    component: 'paid',
    story: 'Nothing is paid since longer than the grace lasts, and the app still gives access.',
  }),
  (chance) => ({
    life: user([running(chance, 'pro', { status: 'incomplete', paid: 0 })], given('free')),
    gives: given('pro'),
    kind: 'access-without-payment',
    component: 'paid',
    story: 'The app opened at checkout, and the payment failed.',
  }),
  (chance) => ({
    life: user([upgraded(chance), running(chance, 'business')], given('business')),
    gives: given('pro'),
    kind: 'plan-too-low',
    component: 'plan',
    story: 'The upgrade never arrived.',
  }),
  (chance) => ({
    life: user([running(chance, 'pro')], given('pro')),
    gives: given('business'),
    kind: 'plan-too-high',
    component: 'plan',
    story: 'Somebody set the plan by hand.',
  }),
  (chance) => {
    const life = trial(chance)
    return {
      life,
      gives: given('pro', { trialEndsIn: (life.gives.trialEndsIn ?? 0) - 3 * dayMs }),
      kind: 'trial-cut-short',
      component: 'trialEndsAt',
      story: 'The trial was extended in Clerk, and the app was not told.',
    }
  },
  (chance) => {
    const life = trial(chance)
    return {
      life,
      gives: given('pro', { trialEndsIn: (life.gives.trialEndsIn ?? 0) + 20 * dayMs }),
      kind: 'trial-overstayed',
      component: 'trialEndsAt',
      story: 'The app counts the trial from another day.',
    }
  },
  (chance) => ({
    life: user([running(chance, 'pro')], given('pro')),
    gives: given('pro', { features: [] }),
    kind: 'entitlement-missing',
    component: 'entitlement:reports',
    story: 'The feature was added to the plan, and old accounts never got it.',
  }),
  (chance) => ({
    life: user([running(chance, 'pro')], given('pro')),
    gives: given('pro', { features: ['beta', 'reports'] }),
    kind: 'entitlement-extra',
    component: 'entitlement:beta',
    story: 'A feature of a test was left on.',
  }),
  (chance) => {
    const life = team(chance)
    return {
      life,
      gives: given('team', { seats: (life.gives.seats ?? 0) - 2 }),
      kind: 'seats-short',
      component: 'seats',
      story: 'Seats were added, and the app was not told.',
    }
  },
  (chance) => {
    const life = team(chance)
    return {
      life,
      gives: given('team', { seats: (life.gives.seats ?? 0) + 5 }),
      kind: 'seats-over',
      component: 'seats',
      story: 'Seats were given up, and the app was not told.',
    }
  },
  (chance) => ({
    life: user([running(chance, 'pro')], given('pro')),
    gives: null,
    kind: 'payer-unmatched',
    component: 'customer',
    story: 'The webhook user.created was lost, and the app has no row of who pays.',
  }),
  (chance) => ({
    life: user([running(chance, 'business')], given('business')),
    gives: given('business', { isDeleted: true }),
    kind: 'payer-deleted-subject',
    component: 'customer',
    story: 'The account was deleted in the app, and is still charged.',
  }),
  (chance) => ({
    life: user([running(chance, 'legacy')], given('free')),
    gives: given('pro'),
    kind: 'price-unmapped',
    component: 'price',
    on: 'plan',
    story: 'An old plan was taken out of the catalogue, and some still have it.',
  }),
  (chance) => ({
    life: user([running(chance, 'pro')], given('pro')),
    gives: { ...given('pro'), plan: 'gold' },
    kind: 'plan-unknown',
    component: 'plan-value',
    on: 'gold',
    story: 'An old word for the plan was never moved to the new one.',
  }),
]
