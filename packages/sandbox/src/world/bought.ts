import { addIntervals, day, hour } from '../stripe/engine/calendar.ts'
import { accessFor, freeAccess } from './app-access.ts'
import { intervalOf, type PriceName } from './catalogue.ts'
import type { AppAccess, Line, PurchaseLife, Reversal, SubscriptionLife } from './life.ts'
import type { Scene } from './scene.ts'

/** What a customer bought, and what it would open for them while it is good. */
export interface Bought {
  readonly subscriptions: readonly SubscriptionLife[]
  readonly purchases: readonly PurchaseLife[]
  readonly opens: AppAccess
  /** In plain words, as a clause after "they": `pay for Pro by the month`. */
  readonly story: string
}

type Lines = readonly [Line, ...Line[]]

/** A subscription in good standing: some periods old, in the middle of one, paid. */
export function running(
  scene: Scene,
  lines: Lines,
  changes: Partial<SubscriptionLife> = {},
): SubscriptionLife {
  const interval = intervalOf(lines[0].price)
  const periodStart = scene.periodStart(interval.interval)
  const periodsBefore = interval.interval === 'year' ? scene.between(0, 2) : scene.between(0, 18)
  return {
    id: scene.id('sub'),
    status: 'active',
    lines,
    startedAt: addIntervals(periodStart, interval, -periodsBefore),
    periodStart,
    periodEnd: addIntervals(periodStart, interval, 1),
    invoice: { status: 'paid' },
    ...changes,
  }
}

/** A subscription whose current period began so many days ago. */
export function begunDaysAgo(
  scene: Scene,
  lines: Lines,
  low: number,
  high: number,
  changes: Partial<SubscriptionLife> = {},
): SubscriptionLife {
  const interval = intervalOf(lines[0].price)
  const periodStart = scene.daysAgo(low, high)
  const periodsBefore = interval.interval === 'year' ? scene.between(0, 2) : scene.between(1, 18)
  return running(scene, lines, {
    startedAt: addIntervals(periodStart, interval, -periodsBefore),
    periodStart,
    periodEnd: addIntervals(periodStart, interval, 1),
    ...changes,
  })
}

/** In a trial that still runs for at least five days. */
export function trialing(scene: Scene, lines: Lines): SubscriptionLife {
  const startedAt = scene.daysAgo(1, 8)
  const end = startedAt + 14 * day
  return running(scene, lines, {
    status: 'trialing',
    startedAt,
    periodStart: startedAt,
    periodEnd: end,
    trial: { start: startedAt, end },
  })
}

/** Ended at least two months ago, with nothing left of the last period. */
export function longOver(scene: Scene, lines: Lines): SubscriptionLife {
  const interval = intervalOf(lines[0].price)
  const periodEnd = scene.daysAgo(60, 700)
  const periodStart = addIntervals(periodEnd, interval, -1)
  return running(scene, lines, {
    status: 'canceled',
    startedAt: addIntervals(periodStart, interval, -scene.between(0, 10)),
    periodStart,
    periodEnd,
    endedAt: periodEnd,
  })
}

/** Renewal failed so many days ago; its invoice is still open. */
export function pastDue(scene: Scene, lines: Lines, low: number, high: number): SubscriptionLife {
  return begunDaysAgo(scene, lines, low, high, { status: 'past_due', invoice: { status: 'open' } })
}

/** Bought with one subscription. */
export function bySubscription(
  life: SubscriptionLife,
  story: string,
  others: readonly SubscriptionLife[] = [],
): Bought {
  return {
    subscriptions: [...others, life],
    purchases: [],
    opens: accessFor(life.lines, life.status === 'trialing' ? (life.trial?.end ?? null) : null),
    story,
  }
}

/** Bought once and for good, at least `low` days ago. */
export function byPurchase(scene: Scene, low: number, reversal?: Reversal): Bought {
  const purchase = { id: scene.id('cs'), price: 'pro_lifetime' as const, paidAt: scene.daysAgo(low, 600) }
  return {
    subscriptions: [],
    purchases: [reversal === undefined ? purchase : { ...purchase, reversal }],
    opens: accessFor([{ price: 'pro_lifetime' }]),
    story: 'bought Pro once and for good',
  }
}

export const boughtNothing: Bought = {
  subscriptions: [],
  purchases: [],
  opens: freeAccess,
  story: 'never bought anything',
}

/**
 * The lines of a plan that suits the subject: seats for organizations, some of it in other rhythms and currencies.
 * Team is sold from five seats on, as many as Clerk gives every organization.
 */
export function planLines(scene: Scene, type: 'user' | 'organization'): Lines {
  const roll = scene.between(1, 100)
  if (type === 'user') {
    if (roll > 96) return [{ price: 'enterprise_yearly' }]
    return [{ price: userPrice(roll) }]
  }
  const quantity = scene.between(5, 40)
  if (roll <= 55) return [{ price: 'team_monthly', quantity }]
  if (roll <= 72) return [{ price: 'team_yearly', quantity }]
  if (roll <= 84) return [{ price: 'team_tiered', quantity: quantity + 5 }]
  if (roll <= 90) return [{ price: 'pro_monthly' }]
  return [{ price: roll <= 96 ? 'enterprise_yearly' : 'enterprise_monthly' }]
}

/** A plan that is paid for by the month. */
export function monthlyLines(scene: Scene, type: 'user' | 'organization'): Lines {
  if (type === 'user') return [{ price: 'pro_monthly' }]
  return [{ price: 'team_monthly', quantity: scene.between(5, 40) }]
}

function userPrice(roll: number): PriceName {
  if (roll <= 60) return 'pro_monthly'
  if (roll <= 84) return 'pro_yearly'
  if (roll <= 90) return 'pro_yearly_eur'
  if (roll <= 94) return 'pro_monthly_jpy'
  return 'pro_monthly_kwd'
}

/** A moment inside a period, not too near to either end. */
export function within(scene: Scene, start: number, end: number): number {
  const latest = Math.min(end, scene.now) - hour
  return start + Math.floor(scene.share() * Math.max(1, latest - start))
}
