import { freeAccess } from '../access/order.ts'
import { printable } from '../grant/found-text.ts'
import type { Pair, Payer } from '../match/pair.ts'
import { monthlyPromised } from '../promise/monthly-promise.ts'
import { promiseOf } from '../promise/promise-of.ts'
import type { Promised } from '../promise/promised.ts'
import type { SubjectId } from '../subject/subject.ts'
import { isBilled } from './check-links.ts'
import { billingOf, grantEvidence, promiseEvidence } from './evidence.ts'
import { nameList } from './name-sources.ts'
import type { SubjectRecord } from './records.ts'
import type { Rules } from './rules.ts'
import type { CannotTell, Drift } from './verdict.ts'

/** What can be said of a payer whom no subject answers to. */
export interface PayerAnswer {
  readonly promised: Promised
  readonly drifts: readonly Drift[]
  readonly reasons: readonly CannotTell[]
}

/**
 * Checks a payer without a subject: somebody pays, and nobody gets anything for it. It is only said when every
 * source that could hold the subject was read to its end.
 */
export function checkPayer(pair: Pair, payer: Payer, rules: Rules): PayerAnswer {
  const promised = promiseOf(payer.facts, rules)
  const isOwed = promised.owed.paid || (promised.allowed.paid && isBilled(payer))
  if (!isOwed) return { promised, drifts: [], reasons: [] }
  if (pair.ambiguous.length > 0) {
    const found = pair.ambiguous.map((subject) => subject.id).join(', ')
    return {
      promised,
      drifts: [],
      reasons: [
        {
          reason: 'ambiguous-match',
          component: null,
          found: `customer ${payer.customer.id} matches ${found}`,
          needed: 'exactly one subject; make the match rule or the data unambiguous',
        },
      ],
    }
  }
  if (!pair.complete) {
    return {
      promised,
      drifts: [],
      reasons: [
        {
          reason: 'source-incomplete',
          component: null,
          found: `no subject for customer ${payer.customer.id} in what was read`,
          needed: 'a complete read of every access source',
        },
      ],
    }
  }
  if (promised.unknown.length > 0 && !promised.owed.paid) {
    return { promised, drifts: [], reasons: [] }
  }
  return { promised, drifts: [unmatchedDrift(pair, payer, promised, rules)], reasons: [] }
}

/**
 * Checks the payers of a subject that was deleted: whoever is still billed pays for nothing. What the app left on
 * record for it opens nothing, so its access is not compared.
 *
 * @param deletedIn The sources that mark it as deleted, where others still have it; none where all do.
 */
export function checkDeleted(
  pair: Pair,
  rules: Rules,
  deletedIn: readonly SubjectRecord[] = [],
): readonly Drift[] {
  return pair.payers.flatMap((payer) => {
    const promised = promiseOf(payer.facts, rules)
    const isOwed = promised.owed.paid || (promised.allowed.paid && promised.unknown.length === 0)
    return isOwed && isBilled(payer) ? [unmatchedDrift(pair, payer, promised, rules, deletedIn)] : []
  })
}

function unmatchedDrift(
  pair: Pair,
  payer: Payer,
  promised: Promised,
  rules: Rules,
  deletedIn: readonly SubjectRecord[] = [],
): Drift {
  const deleted = deletedSubject(pair, rules)
  const { sums, notes } = monthlyPromised(payer.facts, rules)
  const [sum] = sums
  const customerId = payer.customer.id
  return {
    kind: deleted ? 'payer-deleted-subject' : 'payer-unmatched',
    component: 'customer',
    hurts: 'customer',
    owed: promised.owed.paid ? promised.owed.plan : promised.allowed.plan,
    granted: null,
    allowed: promised.allowed.plan,
    on: customerId,
    subject: deleted,
    customerId,
    access: null,
    sentence: deleted
      ? `Customer ${customerId} is still billed for ${paidFor(promised, rules)}, but ${goneWhere(deleted, deletedIn)}.`
      : `Customer ${customerId} pays for ${paidFor(promised, rules)} and matches no subject.`,
    touches: [],
    evidence: [
      ...promiseEvidence([payer]),
      ...grantEvidence(deletedIn.flatMap(({ reading }) => reading ?? [])),
      ...Object.entries(payer.customer.metadata).map(([key, value]) => ({
        source: billingOf(payer.facts[0]),
        object: customerId,
        field: `metadata.${printable(key)}`,
        value: printable(value),
        readAt: payer.facts[0]?.readAt ?? rules.now,
      })),
    ],
    moneyAtRisk: sum ?? null,
    moneyNote: notes.length > 0 ? notes.join(' ') : null,
  }
}

function goneWhere(subject: SubjectId, deletedIn: readonly SubjectRecord[]): string {
  if (deletedIn.length === 0) return `${subject.id} no longer exists`
  return `${subject.id} is marked as deleted in ${nameList(deletedIn.map(({ source }) => source))}`
}

/** What is surely paid for, in words; what is tolerated, where nothing is owed. */
function paidFor(promised: Promised, { catalogue }: Rules): string {
  const free = freeAccess(catalogue)
  for (const { plan, entitlements, seats } of [promised.owed, promised.allowed]) {
    if (plan !== free.plan) return plan
    if (entitlements !== 'every' && entitlements.length > 0) return printable(entitlements.join(', '))
    if (seats !== null) return `${seats} seats`
  }
  return promised.allowed.plan
}

/**
 * The subject that this payer belonged to and that is gone: one that the app marks as deleted, one that pointed to the customer in an earlier check, or
 * one that billing's metadata names by an id that the complete read did not hold.
 */
function deletedSubject(pair: Pair, rules: Rules): SubjectId | null {
  if (pair.subject) return pair.subject
  const [former] = pair.formerSubjects
  if (former) return former
  for (const { rule, value } of pair.unanswered) {
    // A customer that goes by the id of its subject, as in Clerk Billing, names nobody: whether the app ever had a
    // record of it is not known.
    if (rules.match[rule]?.to !== 'id' || rules.match[rule]?.from.kind === 'customer.id') continue
    if (value.startsWith('user_')) return { type: 'user', id: value }
    if (value.startsWith('org_')) return { type: 'organization', id: value }
  }
  return null
}
