import { day } from '../stripe/engine/calendar.ts'
import { accessFor, freeAccess, withPlan } from './app-access.ts'
import {
  begunDaysAgo,
  boughtNothing,
  byPurchase,
  bySubscription,
  longOver,
  monthlyLines,
  running,
  trialing,
} from './bought.ts'
import { type PriceName, prices, strayPlanWords } from './catalogue.ts'
import { differing, label } from './differing.ts'
import { freeUser, household, makeCustomerLife, namedIn, subjectLives } from './household.ts'
import { type Label, type LabelSubject, type PlantedKind, subjectKey } from './label.ts'
import type { Line, Reversal, Told } from './life.ts'
import { grantsDisagree } from './mirror-stories.ts'
import type { Scene } from './scene.ts'
import { drawSituation } from './situations.ts'

/** How one kind of drift comes about. */
export interface DriftStory {
  /** How common it is beside the others. */
  readonly weight: number
  /** Customers that the story takes at most. */
  readonly customers: 0 | 1 | 2
  tell(scene: Scene, type: LabelSubject['type']): Told
}

type Type = LabelSubject['type']

/**
 * A story for each kind. Each says what was paid for and what the app gives instead, so that the label is the truth by
 * construction: nobody derives it from the objects.
 */
export const driftStories: Readonly<Record<PlantedKind, DriftStory>> = {
  'paid-without-access': { weight: 16, customers: 1, tell: paidWithoutAccess },
  'access-without-payment': { weight: 16, customers: 1, tell: accessWithoutPayment },
  'plan-too-low': { weight: 7, customers: 1, tell: planTooLow },
  'plan-too-high': { weight: 7, customers: 1, tell: planTooHigh },
  'trial-cut-short': { weight: 4, customers: 1, tell: (scene) => wrongTrialEnd(scene, 'trial-cut-short') },
  'trial-overstayed': { weight: 4, customers: 1, tell: (scene) => wrongTrialEnd(scene, 'trial-overstayed') },
  'entitlement-missing': { weight: 6, customers: 1, tell: entitlementMissing },
  'entitlement-extra': { weight: 6, customers: 1, tell: entitlementExtra },
  'seats-short': { weight: 4, customers: 1, tell: (scene) => wrongSeats(scene, 'seats-short') },
  'seats-over': { weight: 4, customers: 1, tell: (scene) => wrongSeats(scene, 'seats-over') },
  'payer-unmatched': { weight: 4, customers: 1, tell: payerUnmatched },
  'payer-deleted-subject': { weight: 3, customers: 1, tell: payerDeletedSubject },
  'customer-not-found': { weight: 3, customers: 0, tell: customerNotFound },
  'customer-shared': { weight: 2, customers: 1, tell: customerShared },
  'customer-duplicate': { weight: 3, customers: 2, tell: customerDuplicate },
  'double-billing': { weight: 3, customers: 2, tell: doubleBilling },
  'price-unmapped': { weight: 4, customers: 1, tell: priceUnmapped },
  'plan-unknown': { weight: 3, customers: 1, tell: planUnknown },
  'mode-mismatch': { weight: 2, customers: 0, tell: modeMismatch },
  'refund-review': { weight: 5, customers: 1, tell: refundReview },
  'grants-disagree': { weight: 14, customers: 2, tell: grantsDisagree },
}

function paidWithoutAccess(scene: Scene, type: Type): Told {
  const bought = drawSituation(scene, type, ({ right }) => right === 'owed').tell(scene, type)
  const because = scene.pick([
    'the webhook that should have told the app was lost, and the app gives nothing.',
    'an old cancellation was applied after the purchase, and the app gives nothing.',
    'somebody reset the account by hand, and the app gives nothing.',
  ])
  return differing(scene, type, {
    kind: 'paid-without-access',
    component: 'paid',
    bought,
    gives: freeAccess,
    right: bought.opens,
    because,
  })
}

function accessWithoutPayment(scene: Scene, type: Type): Told {
  const bought = drawSituation(scene, type, ({ right }) => right === 'nothing').tell(scene, type)
  const gives = bought.opens.plan === 'free' ? accessFor(monthlyLines(scene, type)) : bought.opens
  const because = scene.pick([
    'the webhook that should have told the app was lost, and the app still gives everything.',
    'somebody opened the account by hand, and it was never closed.',
  ])
  return differing(scene, type, {
    kind: 'access-without-payment',
    component: 'paid',
    bought,
    gives,
    right: freeAccess,
    because,
  })
}

function planTooLow(scene: Scene, type: Type): Told {
  const lines: readonly [Line, ...Line[]] =
    type === 'user' || scene.chance(40) ? [{ price: 'enterprise_yearly' }] : monthlyLines(scene, type)
  const bought = bySubscription(running(scene, lines), 'moved up and pay for the higher plan')
  const gives = withPlan(bought.opens, 'pro')
  return differing(scene, type, {
    kind: 'plan-too-low',
    component: 'plan',
    bought,
    gives,
    right: bought.opens,
    because: 'the app kept the lower plan.',
  })
}

function planTooHigh(scene: Scene, type: Type): Told {
  const bought = bySubscription(
    running(scene, monthlyLines(scene, type)),
    'moved down and pay for the lower plan',
  )
  const gives = withPlan(bought.opens, 'enterprise')
  return differing(scene, type, {
    kind: 'plan-too-high',
    component: 'plan',
    bought,
    gives,
    right: bought.opens,
    because: 'the app kept the higher plan.',
  })
}

function wrongTrialEnd(scene: Scene, kind: 'trial-cut-short' | 'trial-overstayed'): Told {
  const bought = bySubscription(trialing(scene, monthlyLines(scene, 'user')), 'are on trial')
  const end = bought.opens.trialEndsAt ?? scene.now
  const [trialEndsAt, because] =
    kind === 'trial-overstayed'
      ? [end + scene.between(3, 30) * day, 'the app extended the trial and Stripe did not.']
      : scene.chance(70)
        ? [end - scene.between(2, 4) * day, 'the trial was extended in Stripe, and the app kept the old end.']
        : [scene.daysAgo(1, 3), 'the trial was extended in Stripe, and the app believes that it is over.']
  return differing(scene, 'user', {
    kind,
    component: 'trialEndsAt',
    bought,
    gives: { ...bought.opens, trialEndsAt },
    right: bought.opens,
    because,
  })
}

function entitlementMissing(scene: Scene, type: Type): Told {
  const isAddOn = scene.chance(60)
  const plan = monthlyLines(scene, type)
  const bought = isAddOn
    ? bySubscription(
        running(scene, [...plan, { price: 'reports_plus' }]),
        'added extra reports to their plan',
      )
    : bySubscription(running(scene, plan), 'pay for their plan')
  const missing = isAddOn ? 'reports-plus' : 'reports'
  const gives = { ...bought.opens, features: bought.opens.features.filter((feature) => feature !== missing) }
  const because = `the app never opened ${missing}.`
  return differing(scene, type, {
    kind: 'entitlement-missing',
    component: `entitlement:${missing}`,
    bought,
    gives,
    right: bought.opens,
    because,
  })
}

function entitlementExtra(scene: Scene, type: Type): Told {
  const bought = bySubscription(running(scene, monthlyLines(scene, type)), 'pay for their plan')
  const extra = scene.pick(['reports-plus', 'sso', 'audit-log'])
  const gives = { ...bought.opens, features: [...bought.opens.features, extra].sort() }
  const because = `the app lets them use ${extra}, which they did not buy or no longer pay for.`
  return differing(scene, type, {
    kind: 'entitlement-extra',
    component: `entitlement:${extra}`,
    bought,
    gives,
    right: bought.opens,
    because,
  })
}

function wrongSeats(scene: Scene, kind: 'seats-short' | 'seats-over'): Told {
  if (kind === 'seats-over' && scene.access !== 'clerk' && scene.chance(40)) return crowded(scene)
  const quantity = scene.between(6, 60)
  const bought = bySubscription(
    running(scene, [{ price: 'team_monthly', quantity }]),
    `pay for ${quantity} seats`,
  )
  const [seats, because] =
    kind === 'seats-short'
      ? [scene.between(2, quantity - 1), 'the app kept the smaller number from before.']
      : scene.access === 'clerk' && scene.chance(25)
        ? [0, 'the app sets no limit at all.']
        : [quantity + scene.between(1, 40), 'the app kept the larger number from before.']
  return differing(scene, 'organization', {
    kind,
    component: 'seats',
    bought,
    gives: { ...bought.opens, seats },
    right: bought.opens,
    because,
  })
}

/** The limit is right, and the app let more people in than it says. */
function crowded(scene: Scene): Told {
  const bought = bySubscription(running(scene, [{ price: 'team_monthly', quantity: 5 }]), 'pay for 5 seats')
  const members = Array.from({ length: scene.between(5, 9) }, () =>
    freeUser(scene, scene.subjectId('user'), scene.daysAgo(40, 400)),
  )
  const home = household(scene, 'organization', bought, bought.opens, {
    memberIds: members.map(({ id }) => id),
  })
  const of = { subject: home.subject, customer: home.customer.id }
  const story = `They pay for 5 seats, and ${members.length + 1} people use them.`
  return {
    ...home,
    subjects: [...members, ...home.subjects],
    drifts: [label('seats-over', 'seats', of, story)],
  }
}

function payerUnmatched(scene: Scene): Told {
  const bought = bySubscription(running(scene, monthlyLines(scene, 'user')), 'pay for Pro')
  const { name, email, first, last } = scene.person()
  const customer = makeCustomerLife(scene, bought, { name, email, metadata: {} })
  const story = 'They paid through a payment link; the app was never told who they are.'
  const drifts = [
    {
      kind: 'payer-unmatched',
      subject: null,
      customer: customer.id,
      component: 'customer',
      on: customer.id,
      story,
    },
  ] as const
  if (scene.chance(50)) return { customers: [customer], subjects: [], drifts }
  const subjects = subjectLives(
    scene,
    { type: 'user', id: scene.subjectId('user') },
    {
      who: { name, email, first, last },
      company: null,
      gives: freeAccess,
      customerId: null,
      knownSince: customer.createdAt,
    },
  )
  return { customers: [customer], subjects, drifts }
}

function payerDeletedSubject(scene: Scene, type: Type): Told {
  const subject = { type, id: scene.subjectId(type) }
  const bought = bySubscription(running(scene, monthlyLines(scene, type)), 'pay for their plan')
  const who = scene.person()
  const { name, email } = who
  const customer = makeCustomerLife(scene, bought, { name, email, metadata: namedIn(subject) })
  // Whoever uses UUIDs cannot be known by the form of an id alone; such a row is marked, not taken away.
  const isMarked = scene.access !== 'clerk' && (type === 'user' || scene.chance(50))
  const staysInClerk = isMarked && scene.access === 'both' && scene.chance(40)
  const beside = staysInClerk ? ' In Clerk they still have everything.' : ''
  const story = `The ${type} was deleted in the app; the subscription was not, and they still pay.${beside}`
  const told = {
    kind: 'payer-deleted-subject',
    subject,
    customer: customer.id,
    component: 'customer',
    on: customer.id,
    story,
  } as const
  if (!isMarked) return { customers: [customer], subjects: [], drifts: [told] }
  const subjects = subjectLives(scene, subject, {
    who: type === 'user' ? who : null,
    company: null,
    gives: bought.opens,
    customerId: customer.id,
    knownSince: customer.createdAt,
    deletedAt: scene.daysAgo(1, 20),
    ...(staysInClerk ? {} : { inClerk: 'missing' as const }),
  })
  return { customers: [customer], subjects, drifts: [told] }
}

function customerNotFound(scene: Scene, type: Type): Told {
  const isDeleted = scene.chance(50)
  const stillOpen = scene.chance(40)
  const gives = stillOpen ? accessFor(monthlyLines(scene, type)) : freeAccess
  const over = bySubscription(longOver(scene, monthlyLines(scene, type)), 'left some time ago')
  const home = household(scene, type, over, gives, { where: 'deleted' })
  const of = { subject: home.subject, customer: home.customer.id }
  const drifts = [
    label(
      'customer-not-found',
      'customer',
      of,
      isDeleted
        ? 'The customer was deleted in Stripe; the app still points to it.'
        : 'The app points to a customer of an account that was given up.',
    ),
  ]
  // Of a customer in an account that cannot be seen from here nobody can say whether it pays.
  if (!isDeleted) return { ...home, customers: [], drifts }
  if (stillOpen) {
    drifts.push(
      label(
        'access-without-payment',
        'paid',
        of,
        'Deleting the customer ended what they paid for; the app went on.',
      ),
    )
  }
  return { ...home, drifts }
}

function customerShared(scene: Scene): Told {
  const bought = bySubscription(running(scene, monthlyLines(scene, 'user')), 'pay for Pro')
  const { name, email } = scene.person()
  const first = { type: 'user', id: scene.subjectId('user') } as const
  const second = { type: 'user', id: scene.subjectId('user') } as const
  const customer = makeCustomerLife(scene, bought, { name, email, metadata: namedIn(first) })
  const lives = [first, second].flatMap((subject) =>
    subjectLives(scene, subject, {
      who: null,
      company: null,
      gives: bought.opens,
      customerId: customer.id,
      knownSince: customer.createdAt,
    }),
  )
  return {
    customers: [customer],
    subjects: lives,
    drifts: [
      {
        kind: 'customer-shared',
        subject: null,
        customer: customer.id,
        component: 'customer',
        on: customer.id,
        story: 'One pays; a second account was given the same customer, and both have Pro.',
        touches: [subjectKey(first), subjectKey(second)].sort(),
      },
    ],
  }
}

function customerDuplicate(scene: Scene, type: Type): Told {
  const bought = bySubscription(running(scene, monthlyLines(scene, type)), 'pay for their plan')
  const isGiven = scene.chance(50)
  const home = household(scene, type, boughtNothing, isGiven ? bought.opens : freeAccess)
  const pointedTo = home.customer
  const paying = makeCustomerLife(scene, bought, {
    name: pointedTo.name,
    email: pointedTo.email,
    metadata: namedIn(home.subject),
  })
  const subjects = pointing(home.subjects, home.subject, pointedTo.id)
  const of = { subject: home.subject, customer: pointedTo.id }
  const drifts = [
    label(
      'customer-duplicate',
      'customer',
      of,
      'Two customers were made for them; they pay as one, and the app points to the other.',
    ),
  ]
  if (!isGiven) {
    drifts.push(
      label('paid-without-access', 'paid', of, 'Looking at the wrong customer, the app gives nothing.'),
    )
  }
  return { customers: [pointedTo, paying], subjects, drifts }
}

/** The same lives, with the subject pointing to the customer where it did not. */
function pointing(lives: Told['subjects'], subject: LabelSubject, customerId: string): Told['subjects'] {
  return lives.map((life) => {
    if (life.id !== subject.id || life.pointsTo !== null) return life
    if (life.type === 'organization') {
      return { ...life, pointsTo: customerId, privateMetadata: { stripe_customer_id: customerId } }
    }
    const publicMetadata = { ...life.publicMetadata, stripe_customer_id: customerId }
    return { ...life, pointsTo: customerId, publicMetadata }
  })
}

function doubleBilling(scene: Scene): Told {
  const first = running(scene, [{ price: 'pro_monthly' }])
  const second = running(scene, [{ price: scene.pick<PriceName>(['pro_monthly', 'pro_yearly']) }])
  const bought = bySubscription(first, 'pay for Pro')
  const story = 'They finished two checkouts and pay for Pro twice.'
  if (scene.chance(60)) {
    const home = household(scene, 'user', { ...bought, subscriptions: [first, second] }, bought.opens)
    const of = { subject: home.subject, customer: home.customer.id }
    return { ...home, drifts: [label('double-billing', 'subscription', of, story)] }
  }
  const home = household(scene, 'user', bought, bought.opens)
  const other = makeCustomerLife(scene, bySubscription(second, 'pay for Pro'), {
    name: home.customer.name,
    email: home.customer.email,
    metadata: namedIn(home.subject),
  })
  const of = { subject: home.subject, customer: home.customer.id }
  return {
    customers: [home.customer, other],
    subjects: pointing(home.subjects, home.subject, home.customer.id),
    drifts: [label('double-billing', 'subscription', of, `${story} Each checkout made a customer.`)],
  }
}

function priceUnmapped(scene: Scene): Told {
  const name = scene.pick<PriceName>(['pro_monthly_new', 'pro_monthly_new', 'starter_monthly'])
  const price = prices[name].id
  const unmapped = running(scene, [{ price: name }])
  const isBeside = scene.chance(25)
  const story = 'A price was added in Stripe, and nobody told the app what it buys.'
  const known = running(scene, [{ price: 'pro_yearly' }])
  const bought = {
    ...bySubscription(isBeside ? known : unmapped, 'pay for a price that the app does not know'),
    subscriptions: isBeside ? [known, unmapped] : [unmapped],
  }
  const gives = !isBeside && scene.chance(50) ? accessFor([{ price: 'pro_monthly' }]) : freeAccess
  const home = household(scene, 'user', bought, gives)
  const of = { subject: home.subject, customer: home.customer.id }
  const about: Label = {
    kind: 'price-unmapped',
    subject: null,
    customer: null,
    component: 'price',
    on: price,
    story,
    touches: [home.customer.id],
  }
  if (isBeside) {
    const because = 'They pay for Pro by the year too, which is sure; the app gives nothing for either.'
    return { ...home, drifts: [about, label('paid-without-access', 'paid', of, because)] }
  }
  return {
    ...home,
    drifts: [about],
    cannotTell: [{ subject: home.subject, reason: 'unmapped-price', story }],
  }
}

function planUnknown(scene: Scene, type: Type): Told {
  const planWord = scene.pick(strayPlanWords)
  const bought = bySubscription(running(scene, monthlyLines(scene, type)), 'pay for their plan')
  const home = household(scene, type, bought, bought.opens, { planWord })
  const story = `The app wrote "${planWord}" as the plan, a word from before the plans had their names.`
  return {
    ...home,
    drifts: [
      {
        kind: 'plan-unknown',
        subject: null,
        customer: null,
        component: 'plan-value',
        on: planWord,
        story,
        touches: [subjectKey(home.subject)],
      },
    ],
    cannotTell: [{ subject: home.subject, reason: 'unknown-plan-value', story }],
  }
}

function modeMismatch(scene: Scene, type: Type): Told {
  const lines = monthlyLines(scene, type)
  const home = household(scene, type, boughtNothing, scene.chance(70) ? accessFor(lines) : freeAccess, {
    where: 'other-mode',
  })
  const of = { subject: home.subject, customer: home.customer.id }
  const story =
    'The app points to a customer of the other mode: a row copied from staging, or a key mixed up.'
  return { ...home, drifts: [label('mode-mismatch', 'customer', of, story)] }
}

function refundReview(scene: Scene, type: Type): Told {
  const reversal = scene.pick<Reversal>(['refunded', 'refunded', 'dispute-open', 'dispute-lost'])
  const what =
    reversal === 'refunded' ? 'the payment was given back in full' : 'their bank contests the payment'
  const bought =
    type === 'user' && scene.chance(25)
      ? byPurchase(scene, 30, reversal)
      : bySubscription(
          begunDaysAgo(scene, monthlyLines(scene, type), 5, 26, { reversal }),
          'pay for their plan, which goes on',
        )
  const gives = scene.chance(70) ? bought.opens : freeAccess
  return differing(scene, type, {
    kind: 'refund-review',
    component: 'refund',
    bought,
    gives,
    right: gives,
    because: `${what}, and a person has to decide.`,
  })
}
