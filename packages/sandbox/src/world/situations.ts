import { day, hour } from '../stripe/engine/calendar.ts'
import {
  type Bought,
  begunDaysAgo,
  boughtNothing,
  byPurchase,
  bySubscription,
  longOver,
  monthlyLines,
  pastDue,
  planLines,
  running,
  trialing,
  within,
} from './bought.ts'
import type { Scene } from './scene.ts'

/** A way in which customers live, and what an app that gets it right does about it. */
export interface Situation {
  readonly name: string
  /** How common it is beside the others. */
  readonly weight: number
  readonly who: 'user' | 'organization' | 'both'
  /**
   * `owed`: they must have what they bought. `nothing`: they must not. `either`: having and not having are both right,
   * as in a grace period.
   */
  readonly right: 'owed' | 'nothing' | 'either'
  tell(scene: Scene, type: 'user' | 'organization'): Bought
}

/** How the customers of a subscription business live. Each tells what was paid for and what a right app gives for it. */
export const situations: readonly Situation[] = [
  {
    name: 'pays',
    weight: 380,
    who: 'both',
    right: 'owed',
    tell: (scene, type) => bySubscription(running(scene, planLines(scene, type)), 'pay for their plan'),
  },
  {
    name: 'pays with a coupon',
    weight: 30,
    who: 'both',
    right: 'owed',
    tell: (scene, type) =>
      bySubscription(
        running(scene, monthlyLines(scene, type), {
          coupon: scene.pick(['LAUNCH20', 'WELCOME10', 'PARTNER25']),
        }),
        'pay for their plan with a coupon',
      ),
  },
  {
    name: 'came back',
    weight: 40,
    who: 'both',
    right: 'owed',
    tell(scene, type) {
      const before = longOver(scene, monthlyLines(scene, type))
      return bySubscription(running(scene, planLines(scene, type)), 'left once and pay again', [before])
    },
  },
  {
    name: 'came back from a price that is gone',
    weight: 6,
    who: 'user',
    right: 'owed',
    tell(scene) {
      const before = longOver(scene, [{ price: 'pro_monthly_old' }])
      return bySubscription(
        running(scene, [{ price: 'pro_monthly' }]),
        'left an old price long ago and pay again',
        [before],
      )
    },
  },
  {
    name: 'has extra reports',
    weight: 30,
    who: 'both',
    right: 'owed',
    tell: (scene, type) =>
      bySubscription(
        running(scene, [...monthlyLines(scene, type), { price: 'reports_plus' }]),
        'pay for their plan and for extra reports',
      ),
  },
  {
    name: 'pays by use',
    weight: 20,
    who: 'both',
    right: 'owed',
    tell: (scene, type) =>
      bySubscription(
        running(scene, [...monthlyLines(scene, type), { price: 'api_calls' }]),
        'pay for their plan and for API calls by use',
      ),
  },
  {
    name: 'has more seats',
    weight: 20,
    who: 'organization',
    right: 'owed',
    tell: (scene, type) =>
      bySubscription(
        running(scene, [...monthlyLines(scene, type), { price: 'seat_pack', quantity: scene.between(1, 3) }]),
        'pay for their seats and for packs of five more',
      ),
  },
  {
    name: 'is on trial',
    weight: 50,
    who: 'both',
    right: 'owed',
    tell: (scene, type) => bySubscription(trialing(scene, monthlyLines(scene, type)), 'are on trial'),
  },
  {
    name: 'leaves at the end, classic',
    weight: 15,
    who: 'both',
    right: 'owed',
    tell: (scene, type) => leaving(scene, type, 'flag'),
  },
  {
    name: 'leaves at the end, flexible',
    weight: 15,
    who: 'both',
    right: 'owed',
    tell: (scene, type) => leaving(scene, type, 'date'),
  },
  {
    name: 'collection paused',
    weight: 10,
    who: 'both',
    right: 'owed',
    tell(scene, type) {
      const life = running(scene, monthlyLines(scene, type))
      const resumesAt = scene.chance(50) ? scene.daysAhead(5, 60) : null
      return bySubscription(
        { ...life, pausedCollection: { since: within(scene, life.periodStart, life.periodEnd), resumesAt } },
        'were told that nothing is collected for a while, and keep what they have',
      )
    },
  },
  {
    name: 'changes plan later',
    weight: 10,
    who: 'user',
    right: 'owed',
    tell: (scene) =>
      bySubscription(
        running(scene, [{ price: 'enterprise_monthly' }], { later: 'pro_monthly' }),
        'pay for Enterprise, and go down to Pro when the period ends',
      ),
  },
  {
    name: 'moves up while the old plan runs out',
    weight: 8,
    who: 'user',
    right: 'owed',
    tell(scene) {
      const old = running(scene, [{ price: 'pro_yearly' }])
      const up = running(scene, [{ price: 'enterprise_monthly' }])
      return bySubscription(up, 'moved up to Enterprise while Pro runs out', [
        {
          ...old,
          cancels: { by: 'date', at: old.periodEnd, askedAt: within(scene, old.periodStart, old.periodEnd) },
        },
      ])
    },
  },
  {
    name: 'is sent invoices',
    weight: 10,
    who: 'organization',
    right: 'owed',
    tell: (scene) =>
      bySubscription(
        begunDaysAgo(scene, [{ price: 'enterprise_yearly' }], 2, 25, {
          invoice: { status: 'open', sentByMail: true },
        }),
        'are sent an invoice that is not due yet',
      ),
  },
  {
    name: 'bought for good',
    weight: 25,
    who: 'user',
    right: 'owed',
    tell: (scene) => byPurchase(scene, 2),
  },
  {
    name: 'won a dispute',
    weight: 5,
    who: 'both',
    right: 'owed',
    tell: (scene, type) =>
      bySubscription(
        begunDaysAgo(scene, yearlyLines(scene, type), 40, 300, { reversal: 'dispute-won' }),
        'had a dispute that was decided in favour of the business, and still pay',
      ),
  },
  {
    name: 'got a little back',
    weight: 5,
    who: 'both',
    right: 'owed',
    tell: (scene, type) =>
      bySubscription(
        begunDaysAgo(scene, yearlyLines(scene, type), 10, 300, { reversal: 'partly-refunded' }),
        'got part of a payment back as a courtesy, and still pay',
      ),
  },
  {
    name: 'fails to pay, in grace',
    weight: 25,
    who: 'both',
    right: 'either',
    tell: (scene, type) =>
      bySubscription(pastDue(scene, monthlyLines(scene, type), 1, 11), 'could not be charged some days ago'),
  },
  {
    name: 'ended early with time left',
    weight: 8,
    who: 'both',
    right: 'either',
    tell(scene, type) {
      const life = begunDaysAgo(scene, yearlyLines(scene, type), 40, 250)
      return bySubscription(
        { ...life, status: 'canceled', endedAt: life.periodStart + 20 * day },
        'ended their subscription early, with time left that was paid for',
      )
    },
  },
  {
    name: 'never bought',
    weight: 60,
    who: 'both',
    right: 'nothing',
    tell: () => boughtNothing,
  },
  {
    name: 'left',
    weight: 110,
    who: 'both',
    right: 'nothing',
    tell: (scene, type) => bySubscription(longOver(scene, planLines(scene, type)), 'left some time ago'),
  },
  {
    name: 'fails to pay, past grace',
    weight: 12,
    who: 'both',
    right: 'nothing',
    tell: (scene, type) =>
      bySubscription(pastDue(scene, monthlyLines(scene, type), 17, 26), 'could not be charged for weeks'),
  },
  {
    name: 'unpaid',
    weight: 12,
    who: 'both',
    right: 'nothing',
    tell: (scene, type) =>
      bySubscription(
        begunDaysAgo(scene, monthlyLines(scene, type), 3, 25, {
          status: 'unpaid',
          invoice: { status: 'draft' },
        }),
        'stopped paying; all attempts to charge them failed',
      ),
  },
  {
    name: 'paused after the trial',
    weight: 10,
    who: 'both',
    right: 'nothing',
    tell(scene, type) {
      const ended = scene.daysAgo(3, 200)
      const started = ended - 14 * day
      return bySubscription(
        running(scene, monthlyLines(scene, type), {
          status: 'paused',
          startedAt: started,
          periodStart: started,
          periodEnd: ended,
          trial: { start: started, end: ended },
        }),
        'gave no card, so that the subscription paused when the trial ended',
      )
    },
  },
  {
    name: 'first payment pending',
    weight: 8,
    who: 'both',
    right: 'nothing',
    tell(scene, type) {
      const started = scene.now - scene.between(hour, 20 * hour)
      return bySubscription(
        starting(scene, type, started, 'incomplete', 'open'),
        'still have to confirm the first payment',
      )
    },
  },
  {
    name: 'first payment failed',
    weight: 8,
    who: 'both',
    right: 'nothing',
    tell(scene, type) {
      const started = scene.daysAgo(2, 25)
      const life = starting(scene, type, started, 'incomplete_expired', 'void')
      return bySubscription({ ...life, endedAt: started + 23 * hour }, 'never made the first payment')
    },
  },
]

function leaving(scene: Scene, type: 'user' | 'organization', by: 'flag' | 'date'): Bought {
  const life = running(scene, planLines(scene, type))
  return bySubscription(
    {
      ...life,
      cancels: { by, at: life.periodEnd, askedAt: within(scene, life.periodStart, life.periodEnd) },
      ...(by === 'flag' ? { billing: 'classic' as const } : {}),
    },
    'canceled for the end of the period, and have paid until then',
  )
}

function starting(
  scene: Scene,
  type: 'user' | 'organization',
  startedAt: number,
  status: 'incomplete' | 'incomplete_expired',
  invoice: 'open' | 'void',
) {
  return running(scene, monthlyLines(scene, type), {
    status,
    startedAt,
    periodStart: startedAt,
    periodEnd: startedAt + 30 * day,
    invoice: { status: invoice },
  })
}

function yearlyLines(scene: Scene, type: 'user' | 'organization') {
  return type === 'user'
    ? ([{ price: 'pro_yearly' }] as const)
    : ([{ price: 'team_yearly', quantity: scene.between(5, 40) }] as const)
}

/** Draws a situation that fits the subject, the common ones more often. */
export function drawSituation(
  scene: Scene,
  type: 'user' | 'organization',
  fits: (situation: Situation) => boolean = () => true,
): Situation {
  const choices = situations.filter(
    (situation) => (situation.who === 'both' || situation.who === type) && fits(situation),
  )
  let left = scene.share() * choices.reduce((sum, { weight }) => sum + weight, 0)
  for (const situation of choices) {
    left -= situation.weight
    if (left < 0) return situation
  }
  const [first] = choices
  if (!first) throw new Error('No situation fits the subject; each type has several.')
  return first
}
