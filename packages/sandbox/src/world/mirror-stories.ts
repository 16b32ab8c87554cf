import { day, hour } from '../stripe/engine/calendar.ts'
import { accessFor, freeAccess, withPlan } from './app-access.ts'
import {
  type Bought,
  begunDaysAgo,
  boughtNothing,
  bySubscription,
  longOver,
  monthlyLines,
  pastDue,
  trialing,
} from './bought.ts'
import { label } from './differing.ts'
import { type Household, type HouseholdChanges, household, makeCustomerLife, namedIn } from './household.ts'
import { type LabelComponent, type LabelSubject, subjectKey } from './label.ts'
import type { AppAccess, Line, Reversal, SubjectLife, Told } from './life.ts'
import type { Scene } from './scene.ts'

type Type = LabelSubject['type']

/**
 * The app's database and its mirror in Clerk give different things, and billing allows both: nobody is owed more and
 * nobody has too much, but one of the two is not what the app means.
 */
export function grantsDisagree(scene: Scene, type: Type): Told {
  const roll = scene.between(1, 100)
  if (roll <= 20) return droppedInOne(scene, type)
  if (roll <= 25) return goneInOne(scene, type)
  if (roll <= 40) return endedEarlyInOne(scene, type)
  if (roll <= 55) return reviewedInOne(scene, type)
  if (roll <= 65) return partnerInOne(scene, type)
  if (roll <= 75) return lowerPlanInOne(scene)
  if (roll <= 85) return featureInOne(scene, type)
  if (roll <= 90) return seatsInOne(scene)
  if (roll <= 95) return twoCustomers(scene, type)
  return trialEndsApart(scene)
}

/** A household of which one place holds this and the other that; which is which is a matter of chance. */
function apart(
  scene: Scene,
  type: Type,
  component: LabelComponent,
  bought: Bought,
  [one, other]: readonly [AppAccess, AppAccess],
  because: string,
): Household & Told {
  const [inDatabase, inClerk] = scene.chance(50) ? [one, other] : [other, one]
  const home = household(scene, type, bought, bought.opens, { inDatabase, inClerk })
  const of = { subject: home.subject, customer: home.customer.id }
  return {
    ...home,
    drifts: [label('grants-disagree', component, of, `They ${bought.story}; ${because}`)],
  }
}

function inGrace(scene: Scene, lines: readonly [Line, ...Line[]]): Bought {
  return bySubscription(pastDue(scene, lines, 1, 11), 'could not be charged some days ago')
}

function droppedInOne(scene: Scene, type: Type): Told {
  const bought = inGrace(scene, monthlyLines(scene, type))
  const because = 'one place keeps their access for now, the other took it away.'
  return apart(scene, type, 'paid', bought, [bought.opens, freeAccess], because)
}

/** Nothing is owed any more, and there is a record that opens something in one place only. */
function goneInOne(scene: Scene, type: Type): Told {
  const isMarked = scene.chance(33)
  const bought = isMarked ? endedEarly(scene, type) : inGrace(scene, monthlyLines(scene, type))
  const gone: HouseholdChanges = isMarked
    ? { deletedAt: scene.daysAgo(1, 9) }
    : scene.pick<HouseholdChanges>([{ inDatabase: 'missing' }, { inClerk: 'missing' }])
  const home = household(scene, type, bought, bought.opens, gone)
  const of = { subject: home.subject, customer: home.customer.id }
  const story = `They ${bought.story}; one place keeps their access for now, the other has them no more.`
  return { ...home, drifts: [label('grants-disagree', 'paid', of, story)] }
}

function endedEarlyInOne(scene: Scene, type: Type): Told {
  const bought = endedEarly(scene, type)
  const because = 'one place lets them use it up, the other does not.'
  return apart(scene, type, 'paid', bought, [bought.opens, freeAccess], because)
}

function endedEarly(scene: Scene, type: Type): Bought {
  const lines: readonly [Line] =
    type === 'user' ? [{ price: 'pro_yearly' }] : [{ price: 'team_yearly', quantity: scene.between(5, 40) }]
  const life = begunDaysAgo(scene, lines, 40, 250)
  return bySubscription(
    { ...life, status: 'canceled', endedAt: life.periodStart + 20 * day },
    'ended their subscription early, with time left that was paid for',
  )
}

function reviewedInOne(scene: Scene, type: Type): Told {
  const reversal = scene.pick<Reversal>(['refunded', 'dispute-open'])
  const bought = bySubscription(
    begunDaysAgo(scene, monthlyLines(scene, type), 5, 26, { reversal }),
    'pay for their plan, which goes on',
  )
  const because = 'a payment went back or is contested, and only one place took their access away.'
  const home = apart(scene, type, 'paid', bought, [bought.opens, freeAccess], because)
  const of = { subject: home.subject, customer: home.customer.id }
  const review = label('refund-review', 'refund', of, `They ${bought.story}; ${because}`)
  return { ...home, drifts: [...(home.drifts ?? []), review] }
}

function partnerInOne(scene: Scene, type: Type): Told {
  const because = 'they have Pro as a partner, and only one place knows of it.'
  const opens = accessFor([{ price: 'pro_monthly' }])
  const home = apart(scene, type, 'paid', boughtNothing, [opens, freeAccess], because)
  return {
    ...home,
    exceptions: [
      {
        subject: subjectKey(home.subject),
        allowed: { plan: 'pro' },
        reason: 'partner',
        until: new Date((scene.now + 200 * day) * 1000).toISOString(),
      },
    ],
  }
}

function lowerPlanInOne(scene: Scene): Told {
  const bought = inGrace(scene, [{ price: 'enterprise_monthly' }])
  const because = 'one place keeps Enterprise for now, the other went down to Pro.'
  return apart(scene, 'user', 'plan', bought, [bought.opens, withPlan(bought.opens, 'pro')], because)
}

function featureInOne(scene: Scene, type: Type): Told {
  const bought = inGrace(scene, [...monthlyLines(scene, type), { price: 'reports_plus' }])
  const less = { ...bought.opens, features: bought.opens.features.filter((each) => each !== 'reports-plus') }
  const because = 'one place keeps extra reports for now, the other took them away.'
  return apart(scene, type, 'entitlement:reports-plus', bought, [bought.opens, less], because)
}

function seatsInOne(scene: Scene): Told {
  const quantity = scene.between(8, 40)
  const bought = inGrace(scene, [{ price: 'team_monthly', quantity }])
  const fewer = { ...bought.opens, seats: scene.between(2, quantity - 1) }
  const because = 'one place keeps all their seats for now, the other went down to fewer.'
  return apart(scene, 'organization', 'seats', bought, [bought.opens, fewer], because)
}

/** Both places give the same, on account of different customers; neither of them pays any more. */
function twoCustomers(scene: Scene, type: Type): Told {
  const before = () => bySubscription(longOver(scene, monthlyLines(scene, type)), 'left some time ago')
  const one = household(scene, type, before(), freeAccess)
  const other = makeCustomerLife(scene, before(), {
    name: one.customer.name,
    email: one.customer.email,
    metadata: namedIn(one.subject),
  })
  const of = { subject: one.subject, customer: one.customer.id }
  const story =
    'They left, came back as another customer and left again; the two places kept one customer each.'
  return {
    customers: [one.customer, other],
    subjects: one.subjects.map((life) =>
      life.id === one.subject.id ? pointingApart(life, one.customer.id, other.id) : life,
    ),
    drifts: [label('grants-disagree', 'customer', of, story)],
  }
}

/** The same life with one customer in the database and another in Clerk. */
function pointingApart(life: SubjectLife, inDatabase: string, inClerk: string): SubjectLife {
  if (life.type === 'organization') {
    return { ...life, pointsTo: inDatabase, privateMetadata: { stripe_customer_id: inClerk } }
  }
  const publicMetadata = { ...life.publicMetadata, stripe_customer_id: inClerk }
  return { ...life, pointsTo: inDatabase, publicMetadata }
}

/** Each end is near enough to the true one to be excused, and they are too far from each other to be the same. */
function trialEndsApart(scene: Scene): Told {
  const bought = bySubscription(trialing(scene, monthlyLines(scene, 'user')), 'are on trial')
  const end = bought.opens.trialEndsAt ?? scene.now
  const early = { ...bought.opens, trialEndsAt: end - scene.between(14, 22) * hour }
  const late = { ...bought.opens, trialEndsAt: end + scene.between(14, 22) * hour }
  const because = 'one place ends the trial hours before its end, the other hours after.'
  return apart(scene, 'user', 'trialEndsAt', bought, [early, late], because)
}
