import type { CheckRun, CheckToken, Finding, Pair, PairState, Rules, SubjectId } from '@trueup/core'
import { find, pairState, payerKey, subjectKey, subjectOfKey } from '@trueup/core'
import type { CheckDependencies } from '../check-dependencies.ts'
import { isComplete } from '../run-check.ts'
import type { Around, Asked } from './read-around.ts'
import { namedIds, readAround } from './read-around.ts'

/** One pair as a single check found it. */
export interface JudgedPair extends PairState {
  readonly pairKey: string
  readonly subject: SubjectId | null
  readonly customerIds: readonly string[]
  readonly finding: Finding
  /** Whether all that could belong to the pair was asked for. */
  readonly complete: boolean
}

/** What a single check read, and what the rules say of it. */
export interface Judged {
  readonly pairs: readonly JudgedPair[]
  /** Subjects that were asked for and stand in no source, as keys. */
  readonly gone: readonly string[]
  /** Customers of whom every pair was judged, whether or not there is such a customer. */
  readonly customerIds: readonly string[]
  readonly tokens: readonly CheckToken[]
  readonly around: Around
}

/** What is known from elsewhere while a pair is judged. */
export interface Knowledge {
  /** The last full check that was finished; `null`: there was none. */
  readonly base: CheckRun | null
  readonly rules: Rules
  /** Every customer that changed since that check was looked at, so that no other can belong to a subject. */
  readonly knowsBilling: boolean
}

/**
 * Reads around a customer or subject and judges the pairs that it stands in: usually one; several where a customer is
 * shared; the payer by itself where no subject answers.
 *
 * @throws SourceError when a side cannot be read
 */
export async function judgePairs(
  dependencies: CheckDependencies,
  asked: Asked,
  knowledge: Knowledge,
): Promise<Judged> {
  const { base, rules } = knowledge
  const around = await readAround(dependencies, asked, base, rules)
  const { hood } = around
  const subjects = around.subjects.filter((key) => hood.isThere(key) && isMeant(key, asked, around))
  const gone = around.subjects.filter((key) => !hood.isThere(key))
  const customerIds = customersOf(asked, around, [...subjects, ...gone])
  const alone = hood.payersAlone().filter((key) => customerIds.some((id) => payerKey(id) === key))
  const unpaired = await unmatchedInBase(dependencies, base, alone)
  const isWhole =
    base !== null && isComplete(base) && base.configFingerprint === dependencies.config.fingerprint
  const complete = (pair: Pair) =>
    pair.subject
      ? isSubjectKnown(pair, rules, isWhole, knowledge.knowsBilling)
      : isPayerKnown(pair, rules, isWhole, unpaired)
  const keys = [...subjects, ...alone]
  const pairs = hood.pairs(keys, complete).map((pair, place) => judged(keys[place] ?? '', pair, rules))
  return { pairs, gone, customerIds, tokens: around.tokens, around }
}

/** A subject that a customer names and that is not its own is left to its own check. */
function isMeant(key: string, asked: Asked, { hood, known }: Around): boolean {
  if ('subject' in asked) return subjectKey(asked.subject) === key
  return (
    hood.subjectsTouching(asked.customerId).includes(key) || (known.get(asked.customerId)?.has(key) ?? false)
  )
}

/**
 * The customers whose own pairs are judged: the one that was asked for, or those of the subject that was, unless they
 * have found another subject by now.
 */
function customersOf(
  asked: Asked,
  { hood, customers }: Around,
  subjects: readonly string[],
): readonly string[] {
  if ('customerId' in asked) return [asked.customerId]
  return [...customers.keys()].filter((id) =>
    hood.subjectsTouching(id).every((touching) => subjects.includes(touching)),
  )
}

function judged(pairKey: string, pair: Pair, rules: Rules): JudgedPair {
  return {
    ...pairState(pair, rules),
    pairKey,
    subject: pair.subject,
    customerIds: pair.payers.map(({ customer }) => customer.id),
    finding: find(pair, rules),
    complete: pair.complete,
  }
}

/**
 * Whether no other customer can belong to a subject. A rule by which the subject's own record names the customer has
 * been followed; by any other, a customer may name the subject that nobody has told of since the last full check. Where
 * the app's record names its customer, that one is taken for all.
 */
function isSubjectKnown(pair: Pair, rules: Rules, isWhole: boolean, knowsBilling: boolean): boolean {
  if (rules.match.every(({ from }) => from.kind === 'customer.id')) return true
  return isWhole && (knowsBilling || pair.payers.length > 0 || pair.pointed !== null)
}

/**
 * Whether no subject can belong to a payer: it names the id of one, which is in no source; or it had one, which is
 * gone; or the last full check, which read everything, found none already. Else a subject may have come to point to it
 * of which nobody has told.
 */
function isPayerKnown(pair: Pair, rules: Rules, isWhole: boolean, unpaired: ReadonlySet<string>): boolean {
  if (namedIds(pair.unanswered, rules).length > 0 || pair.formerSubjects.length > 0) return true
  const [payer] = pair.payers
  return isWhole && payer !== undefined && unpaired.has(payerKey(payer.customer.id))
}

/** Of these payers, those who matched no subject in the last full check either. */
async function unmatchedInBase(
  { project }: CheckDependencies,
  base: CheckRun | null,
  payers: readonly string[],
): Promise<ReadonlySet<string>> {
  if (base === null || payers.length === 0) return new Set()
  const before = await project.pairs(
    base.id,
    payers.map((key) => ({ customerId: key.slice('customer:'.length) })),
  )
  return new Set(payers.filter((_, place) => before[place]?.subject === null))
}

/** The subjects that were judged, by what they are. */
export function subjectsOf(judgedPairs: Judged): readonly SubjectId[] {
  return [...judgedPairs.pairs.flatMap(({ subject }) => subject ?? []), ...judgedPairs.gone.map(subjectOfKey)]
}
