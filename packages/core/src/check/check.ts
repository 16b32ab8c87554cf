import type { Pair } from '../match/pair.ts'
import { exceptionsOf } from '../promise/exceptions-of.ts'
import { promiseOf } from '../promise/promise-of.ts'
import type { Promised } from '../promise/promised.ts'
import { withExceptions } from '../promise/with-exceptions.ts'
import type { SubjectId } from '../subject/subject.ts'
import { checkLinks } from './check-links.ts'
import { checkDeleted, checkPayer } from './check-payer.ts'
import { checkRecord, unknownPromise } from './check-record.ts'
import { grantsDisagree } from './grants-disagree.ts'
import { joinDrifts } from './join-drifts.ts'
import { isOneOfSeveral } from './name-sources.ts'
import { noticesOf } from './notices.ts'
import type { SubjectRecord } from './records.ts'
import { recordsOf } from './records.ts'
import type { Rules } from './rules.ts'
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
  const exceptions = exceptionsOf(rules.exceptions, subject)
  const promised = withExceptions(promiseOf(facts, rules), exceptions, rules.now, rules.catalogue)
  const notices = noticesOf(pair, promised, rules.prices)
  const records = recordsOf(pair, subject, rules)
  if (!records.some(({ kind }) => kind === 'live')) {
    const billed = checkDeleted(pair, rules)
    const unknown = billed.length > 0 ? [] : promised.unknown.map(unknownPromise)
    return { promised, verdict: verdictOf(billed, unknown), notices }
  }
  const drifts: Drift[] = [...checkLinks(pair, subject, records, rules)]
  const unknown: CannotTell[] = []
  let compared = records
  // Of a customer of billing that cannot be seen from here, nothing can be said of what it owes.
  if (!isBeyondBilling(pair)) {
    const billed = checkDeletedInSome(pair, records, rules)
    // Whoever is billed and deleted has that said of the record, not that it should be given access.
    if (billed.length > 0) compared = records.filter(({ kind }) => kind !== 'deleted')
    const answers = compared.map((record) => checkRecord(pair, subject, record, promised, rules))
    const areNamed = isOneOfSeveral(rules, subject.type)
    drifts.push(
      ...billed,
      ...joinDrifts(
        answers.flatMap((answer) => answer.drifts),
        areNamed,
      ),
    )
    unknown.push(...answers.flatMap((answer) => answer.unknown))
  }
  // Whether another drift is to be said in its place is known only where billing was read.
  if (pair.complete && pair.pointed?.found !== 'not-asked') {
    drifts.push(...grantsDisagree(pair, subject, compared, drifts, promised, rules))
  }
  return { promised, verdict: verdictOf(drifts, distinct(unknown)), notices }
}

function checkDeletedInSome(pair: Pair, records: readonly SubjectRecord[], rules: Rules): readonly Drift[] {
  const deletedIn = records.filter(({ kind }) => kind === 'deleted')
  return deletedIn.length > 0 ? checkDeleted(pair, rules, deletedIn) : []
}

/** The subject points to a customer that this account does not know, and nobody else pays for it. */
function isBeyondBilling(pair: Pair): boolean {
  const found = pair.pointed?.found
  return (found === 'unknown' || found === 'other-mode') && pair.payers.length === 0
}

/** What is unknown of billing is unknown for each source, and is said once. */
function distinct(unknown: readonly CannotTell[]): readonly CannotTell[] {
  return [...new Map(unknown.map((reason) => [JSON.stringify(reason), reason])).values()]
}

function verdictOf(drifts: readonly Drift[], unknown: readonly CannotTell[]): Verdict {
  const [drift, ...otherDrifts] = drifts
  if (drift) return { kind: 'drifts', drifts: [drift, ...otherDrifts], unknown }
  const [reason, ...otherReasons] = unknown
  if (reason) return { kind: 'cannot-tell', reasons: [reason, ...otherReasons] }
  return { kind: 'agrees' }
}
