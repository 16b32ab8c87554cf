import type { Pair, Payer } from '../match/pair.ts'
import type { Money } from '../price/money.ts'
import type { BillingFact, PlanItem, Subscription } from '../promise/billing.ts'
import { monthlyPromised } from '../promise/monthly-promise.ts'
import { promiseOf } from '../promise/promise-of.ts'
import type { SubjectId } from '../subject/subject.ts'
import { subjectKey } from '../subject/subject.ts'
import { grantEvidence, promiseEvidence } from './evidence.ts'
import { isOneOfSeveral, nameSources } from './name-sources.ts'
import type { SubjectRecord } from './records.ts'
import type { Rules } from './rules.ts'
import type { Drift, DriftComponent, IncidentKind, Side } from './verdict.ts'

/** What is billed again and again until somebody ends it. */
type Renewed = Subscription | PlanItem

/** Statuses under which a subscription, or an item of Clerk Billing, goes on being billed. */
const billedStatuses: readonly string[] = ['active', 'trialing', 'past_due', 'unpaid']

/** What is wrong with the link between a subject and its payers, whatever access was granted. */
export function checkLinks(
  pair: Pair,
  subject: SubjectId,
  records: readonly SubjectRecord[],
  rules: Rules,
): readonly Drift[] {
  const drifts: Drift[] = []
  const pointed = pair.pointed
  const pointing = (customerId: string, sentence: string) => {
    const those = records.filter((record) => pointsTo(record, customerId))
    return isOneOfSeveral(rules, subject.type) && those.length > 0 ? nameSources(sentence, those) : sentence
  }
  if (pointed?.found === 'deleted' || pointed?.found === 'unknown') {
    drifts.push(
      linkDrift('customer-not-found', pair, subject, {
        component: 'customer',
        granted: pointed.id,
        sentence: pointing(
          pointed.id,
          `${subject.id} points to customer ${pointed.id}, which billing ${
            pointed.found === 'deleted' ? 'has deleted' : 'does not know'
          }.`,
        ),
        note: pointed.said,
      }),
    )
  }
  if (pointed?.found === 'other-mode') {
    drifts.push(
      linkDrift('mode-mismatch', pair, subject, {
        component: 'customer',
        granted: pointed.id,
        sentence: pointing(
          pointed.id,
          `${subject.id} points to customer ${pointed.id} of the other mode or another account.`,
        ),
        note: pointed.said,
      }),
    )
  }
  if (pair.sharedWith.length > 0 && pointed) drifts.push(sharedDrift(pair, subject, pointed.id))
  const duplicate = duplicateDrift(pair, subject, records, rules)
  if (duplicate) drifts.push(duplicate)
  const double = doubleBillingDrift(pair, subject, rules)
  if (double) drifts.push(double)
  return drifts
}

/** Whether billing goes on taking money for this payer, or has taken it once and for good. */
export function isBilled(payer: Payer): boolean {
  return payer.facts.some((fact) => fact.kind === 'purchase' || (isRenewed(fact) && isBilledStatus(fact)))
}

function isRenewed(fact: BillingFact): fact is Renewed {
  return fact.kind === 'subscription' || fact.kind === 'plan-item'
}

function isBilledStatus(fact: Renewed): boolean {
  // Everybody has the default plan of Clerk Billing, and nobody pays for it.
  if (fact.kind === 'plan-item' && fact.isDefaultPlan) return false
  return typeof fact.status === 'string' && billedStatuses.includes(fact.status)
}

function sharedDrift(pair: Pair, subject: SubjectId, customerId: string): Drift {
  const subjects = [subject, ...pair.sharedWith].map(subjectKey).toSorted()
  return {
    ...linkDrift('customer-shared', pair, subject, {
      component: 'customer',
      granted: subjects,
      sentence: `${subjects.length} subjects point to one customer, ${customerId}: ${subjects.join(', ')}.`,
      note: 'Which of them the customer pays for is not known.',
    }),
    on: customerId,
    subject: null,
    customerId,
    touches: subjects,
  }
}

/** The app points to a customer that pays nothing while another customer of the same subject pays. */
function duplicateDrift(
  pair: Pair,
  subject: SubjectId,
  records: readonly SubjectRecord[],
  rules: Rules,
): Drift | null {
  const pays = (payer: Payer) => promiseOf(payer.facts, rules).owed.paid
  const mayPay = (payer: Payer) => pays(payer) || promiseOf(payer.facts, rules).unknown.length > 0
  for (const pointedId of pointedIds(pair, records)) {
    const payingOne = pair.payers.find((payer) => payer.customer.id !== pointedId && pays(payer))
    const pointedPayer = pair.payers.find((payer) => payer.customer.id === pointedId)
    if (!payingOne || !pointedPayer || mayPay(pointedPayer)) continue
    const payingId = payingOne.customer.id
    const those = records.filter((record) => pointsTo(record, pointedId))
    const sentence = `${subject.id} points to customer ${pointedId}, which pays nothing, while its customer ${payingId} pays.`
    return linkDrift('customer-duplicate', pair, subject, {
      component: 'customer',
      owed: payingId,
      granted: pointedId,
      allowed: payingId,
      sentence:
        isOneOfSeveral(rules, subject.type) && those.length > 0 ? nameSources(sentence, those) : sentence,
      note: 'What is paid is not in question, only by whom.',
    })
  }
  return null
}

/** Every customer that a source points to, the one that the pair names first. */
function pointedIds(pair: Pair, records: readonly SubjectRecord[]): readonly string[] {
  const others = records.flatMap(({ reading }) =>
    reading?.customerId.state === 'value' ? [reading.customerId.value] : [],
  )
  return [...new Set([...(pair.pointed ? [pair.pointed.id] : []), ...others])]
}

function pointsTo({ reading }: SubjectRecord, customerId: string): boolean {
  return reading?.customerId.state === 'value' && reading.customerId.value === customerId
}

function doubleBillingDrift(pair: Pair, subject: SubjectId, rules: Rules): Drift | null {
  const byPlan = new Map<string, Renewed[]>()
  for (const payer of pair.payers) {
    for (const fact of payer.facts) {
      if (!isRenewed(fact) || !isBilled({ ...payer, facts: [fact] })) continue
      const { owed, allowed, unknown } = promiseOf([fact], rules)
      if (!owed.paid && !allowed.paid) continue
      // What a price buys that nobody mapped is not known, so neither is whether it buys the same twice.
      if (!owed.paid && unknown.length > 0) continue
      const plan = owed.paid ? owed.plan : allowed.plan
      if (plan === rules.catalogue.plans[0].id) continue
      byPlan.set(plan, [...(byPlan.get(plan) ?? []), fact])
    }
  }
  for (const [plan, subscriptions] of byPlan) {
    if (subscriptions.length < 2) continue
    const ids = subscriptions.map((subscription) => subscription.id).toSorted()
    const lesser = lesserSum(subscriptions, rules)
    const drift = linkDrift('double-billing', pair, subject, {
      component: 'subscription',
      owed: 1,
      granted: ids.length,
      allowed: 1,
      sentence: `${subject.id} is billed ${ids.length} times for the plan ${plan}: ${ids.join(', ')}.`,
      note: null,
    })
    return {
      ...drift,
      moneyAtRisk: lesser,
      moneyNote: lesser
        ? 'The lesser of the subscriptions, charged each month.'
        : 'Which of the subscriptions is the lesser cannot be said: not all have a fixed sum in one currency.',
    }
  }
  return null
}

/** The least sum of several subscriptions; `null` where not all of them have one, in one currency. */
function lesserSum(subscriptions: readonly Renewed[], rules: Rules): Money | null {
  const monthly = subscriptions.map((subscription) => monthlyPromised([subscription], rules))
  const sums = monthly.flatMap(({ sums: [sum, ...more], notes }) =>
    sum && more.length === 0 && notes.length === 0 ? [sum] : [],
  )
  const [first] = sums
  if (!first || sums.length < subscriptions.length) return null
  if (sums.some(({ currency }) => currency !== first.currency)) return null
  return sums.reduce((least, sum) => (sum.amount < least.amount ? sum : least))
}

function linkDrift(
  kind: IncidentKind,
  pair: Pair,
  subject: SubjectId,
  said: {
    readonly component: DriftComponent
    readonly owed?: Side
    readonly granted: Side
    readonly allowed?: Side
    readonly sentence: string
    readonly note: string | null
  },
): Drift {
  return {
    kind,
    component: said.component,
    hurts: kind === 'mode-mismatch' || kind === 'customer-not-found' ? 'both' : 'customer',
    owed: said.owed ?? null,
    granted: said.granted,
    allowed: said.allowed ?? null,
    on: subjectKey(subject),
    subject,
    customerId: pair.pointed?.id ?? pair.payers[0]?.customer.id ?? null,
    access: null,
    sentence: said.sentence,
    touches: [],
    evidence: [...grantEvidence(pair.readings), ...promiseEvidence(pair.payers)],
    moneyAtRisk: null,
    moneyNote: said.note,
  }
}
