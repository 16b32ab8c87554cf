import type { Component } from '../access/access.ts'
import { freeAccess, joinAccess } from '../access/order.ts'
import type { SubjectReading } from '../grant/granted.ts'
import type { GrantedBounds } from '../grant/granted-bounds.ts'
import { grantedBounds } from '../grant/granted-bounds.ts'
import type { Pair } from '../match/pair.ts'
import { promiseOf } from '../promise/promise-of.ts'
import type { Promised } from '../promise/promised.ts'
import { withExceptions } from '../promise/with-exceptions.ts'
import type { SubjectId } from '../subject/subject.ts'
import { subjectKey } from '../subject/subject.ts'
import { checkLinks } from './check-links.ts'
import { checkDeleted, checkPayer } from './check-payer.ts'
import type { Comparison, Difference } from './compare-access.ts'
import { compareAccess } from './compare-access.ts'
import { grantEvidence, promiseEvidence } from './evidence.ts'
import { moneyAtRiskOf } from './money-at-risk.ts'
import { noticesOf } from './notices.ts'
import type { Rules } from './rules.ts'
import { sentenceOf } from './sentence.ts'
import type { CannotTell, Drift, Verdict } from './verdict.ts'

/** What a check says of one pair: the promise it found, the verdict, and what is filed beside it. */
export interface Checked {
  readonly promised: Promised
  readonly verdict: Verdict
  readonly notices: readonly Drift[]
}

/**
 * Checks one pair: derives what billing promised, compares it with what the app granted, and looks at the link
 * between the two. Pure; the same pair under the same rules gives the same answer.
 *
 * Unknown is an answer of its own. What cannot be read never counts as free or as paid, and what was not read
 * completely confirms what is owed, never that nothing is.
 *
 * @example
 * const { verdict } = check(pair, rules)
 * if (verdict.kind === 'drifts') for (const drift of verdict.drifts) report(drift.sentence)
 */
export function check(pair: Pair, rules: Rules): Checked {
  if (!pair.subject) return checkWithoutSubject(pair, rules)
  return checkSubject(pair, pair.subject, rules)
}

function checkWithoutSubject(pair: Pair, rules: Rules): Checked {
  const [payer] = pair.payers
  if (!payer) throw new Error('A pair holds a subject, a payer, or both; this one holds neither.')
  const { promised, drifts, reasons } = checkPayer(pair, payer, rules)
  const unknown = reasons.length > 0 || drifts.length > 0 ? reasons : promised.unknown.map(unknownPromise)
  return { promised, verdict: verdictOf(drifts, unknown), notices: noticesOf(pair, promised, rules.prices) }
}

function checkSubject(pair: Pair, subject: SubjectId, rules: Rules): Checked {
  const facts = pair.payers.flatMap((payer) => payer.facts)
  const exceptions = rules.exceptions.filter(
    (exception) => exception.subject === subject.id || exception.subject === subjectKey(subject),
  )
  const promised = withExceptions(promiseOf(facts, rules), exceptions, rules.now, rules.catalogue)
  if (pair.readings.every((reading) => reading.deleted)) {
    const billed = checkDeleted(pair, rules)
    return {
      promised,
      verdict: verdictOf(billed, billed.length > 0 ? [] : promised.unknown.map(unknownPromise)),
      notices: noticesOf(pair, promised, rules.prices),
    }
  }
  const links = checkLinks(pair, rules)
  const drifts: Drift[] = [...links]
  const unknown: CannotTell[] = []

  if (isBeyondBilling(pair)) {
    // The customer belongs to billing that cannot be seen from here, so nothing can be said of what it owes.
    return { promised, verdict: verdictOf(drifts, unknown), notices: noticesOf(pair, promised, rules.prices) }
  }
  for (const reading of pair.readings) {
    const answer = checkReading(pair, reading, promised, rules)
    drifts.push(...answer.drifts)
    unknown.push(...answer.unknown)
  }
  return { promised, verdict: verdictOf(drifts, unknown), notices: noticesOf(pair, promised, rules.prices) }
}

/** The subject points to a customer that this account does not know, and nobody else pays for it. */
function isBeyondBilling(pair: Pair): boolean {
  const found = pair.pointed?.found
  return (found === 'unknown' || found === 'other-mode') && pair.payers.length === 0
}

function checkReading(
  pair: Pair,
  reading: SubjectReading,
  promised: Promised,
  rules: Rules,
): { readonly drifts: readonly Drift[]; readonly unknown: readonly CannotTell[] } {
  const mapped = rules.mapped[reading.subject.type]
  const granted = grantedBounds(reading.granted, mapped, rules.catalogue)
  const members = reading.granted.members.state === 'value' ? reading.granted.members.value : null
  const comparison = compareAccess(promised, granted, {
    catalogue: rules.catalogue,
    policy: rules.policy,
    mapped,
    now: rules.now,
    members,
  })
  const { customerId } = reading
  const isUnlinked = customerId.state === 'unreadable' && pair.payers.length === 0
  // A paying customer that may mean this subject as well as another is no proof that nothing was paid.
  const isClaimed = pair.ambiguous.length > 0
  const isUnread = !pair.complete || pair.pointed?.found === 'not-asked' || isUnlinked || isClaimed
  const sure = isUnread
    ? comparison.differences.filter((difference) => difference.hurts === 'customer')
    : comparison.differences
  const drifts = sure.map((difference) => driftOf(difference, pair, reading, promised, granted, rules))
  const unknown: CannotTell[] = promised.unknown.map(unknownPromise)
  unknown.push(...unknownGrants(granted, comparison))
  if (customerId.state === 'unreadable' && isUnlinked) {
    unknown.push({
      reason: 'unreadable-grant',
      component: null,
      found: `the customer id of ${reading.subject.id}: ${customerId.found}`,
      needed: customerId.needed,
    })
  } else if (isClaimed && sure.length < comparison.differences.length) {
    unknown.push({
      reason: 'ambiguous-match',
      component: null,
      found: `a customer that pays matches ${pair.ambiguous.map(({ id }) => id).join(', ')}`,
      needed: 'exactly one subject; make the match rule or the data unambiguous',
    })
  } else if (isUnread && sure.length < comparison.differences.length) {
    unknown.push({
      reason: 'source-incomplete',
      component: null,
      found: `${reading.subject.id} has access for which no payment was read`,
      needed: 'a complete read of billing; absent is not empty',
    })
  }
  return { drifts, unknown }
}

function driftOf(
  difference: Difference,
  pair: Pair,
  reading: SubjectReading,
  promised: Promised,
  granted: GrantedBounds,
  rules: Rules,
): Drift {
  const facts = pair.payers.flatMap((payer) => payer.facts)
  const shown = difference.hurts === 'customer' ? granted.most : granted.least
  const { money, note } = moneyAtRiskOf(difference, { promised, grantedPlan: shown.plan }, facts, rules)
  const free = freeAccess(rules.catalogue)
  return {
    ...difference,
    on: subjectKey(reading.subject),
    subject: reading.subject,
    customerId: pair.pointed?.id ?? pair.payers[0]?.customer.id ?? null,
    access: {
      owed: joinAccess(free, promised.owed, rules.catalogue),
      granted: shown,
      allowed: promised.allowed,
    },
    sentence: sentenceOf(difference, reading.subject, { promised, granted: shown, freePlan: free.plan }),
    touches: [],
    evidence: [...promiseEvidence(pair.payers), ...grantEvidence([reading])],
    moneyAtRisk: money,
    moneyNote: note,
  }
}

function unknownPromise(unknown: Promised['unknown'][number]): CannotTell {
  switch (unknown.reason) {
    case 'unmapped-price':
      return {
        reason: 'unmapped-price',
        component: 'plan',
        found: `price ${unknown.priceId} on ${unknown.factId}`,
        needed: 'a plan, add-on or seat pack in the catalogue that names this price or its product',
      }
    case 'unreadable-billing':
      return {
        reason: 'unreadable-billing',
        component: null,
        found: `${unknown.factId}: ${unknown.found}`,
        needed: 'a status and shape that this version knows',
      }
  }
}

/** A value that could not be read matters only where it leaves a component undecided. */
function unknownGrants(granted: GrantedBounds, comparison: Comparison): readonly CannotTell[] {
  const isAbout = (component: Component) =>
    comparison.undecided.includes(component) ||
    // Where no paid flag is mapped, an unreadable plan is why it is not known whether anything paid is granted.
    (component === 'plan' && comparison.undecided.includes('paid'))
  return granted.unknown.filter((unknown) => isAbout(unknown.component))
}

function verdictOf(drifts: readonly Drift[], unknown: readonly CannotTell[]): Verdict {
  const [drift, ...otherDrifts] = drifts
  if (drift) return { kind: 'drifts', drifts: [drift, ...otherDrifts], unknown }
  const [reason, ...otherReasons] = unknown
  if (reason) return { kind: 'cannot-tell', reasons: [reason, ...otherReasons] }
  return { kind: 'agrees' }
}
