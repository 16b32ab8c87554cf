import type { CheckRun } from '../check/progress.ts'
import type { Pair, PointedCustomer } from '../match/pair.ts'
import type { MatchRule } from '../match/rule.ts'
import type { ObservedCustomer, ObservedFact, ObservedSubject } from '../store.ts'
import { subjectKey } from '../subject/subject.ts'
import { MemoryCheck } from './store-check.ts'
import { payersWithoutSubject } from './store-differing.ts'
import { payerKey } from './store-pair.ts'
import type { KnownSubjects } from './store-pairs-of.ts'
import { pairsOf } from './store-pairs-of.ts'

/** Customers and subjects that were read one by one because they have to do with each other. */
export interface NeighbourhoodReadings {
  readonly customers: readonly ObservedCustomer[]
  readonly facts: readonly ObservedFact[]
  readonly subjects: readonly ObservedSubject[]
  /** What became of each customer id that was asked for. */
  readonly pointed: readonly PointedCustomer[]
  /** Who had to do with these customers before, by customer id, as keys of subjects. */
  readonly known: KnownSubjects
  /** The names of the access sources that were asked. */
  readonly sources: readonly string[]
  readonly rules: readonly MatchRule[]
}

/**
 * A few customers and subjects, matched by the same rules and put together in the same way as those of a full check:
 * what holds for a pair in a store holds here.
 */
export class Neighbourhood {
  readonly #check: MemoryCheck
  readonly #known: KnownSubjects

  constructor({ known, sources, rules, pointed, ...observed }: NeighbourhoodReadings) {
    this.#known = known
    this.#check = new MemoryCheck(1, runOver(sources))
    this.#check.writePage({ source: 'billing', part: 'subscriptions', cursors: [], ...observed })
    this.#check.writePointed(pointed)
    this.#check.match(rules)
  }

  /** Subjects that point to this customer or are linked to it, as keys. */
  subjectsTouching(customerId: string): readonly string[] {
    return [...(this.#check.view().touching.subjectsOf.get(customerId) ?? [])]
  }

  /** Customers that this subject points to or is linked to. */
  customersTouching(subject: string): readonly string[] {
    return [...(this.#check.view().touching.customersOf.get(subject) ?? [])]
  }

  /** The keys of all who pay, or may pay, and are linked to no subject. */
  payersAlone(): readonly string[] {
    return payersWithoutSubject(this.#check).map(payerKey)
  }

  /** Whether a subject was found in any source. */
  isThere(subject: string): boolean {
    return this.#check.subjects.has(subject)
  }

  /**
   * The pairs of these keys. What was asked for one by one is known for sure, so a source that lacks a subject lacks
   * it; whether all that could belong to a pair was asked for is not known here, and is said by `complete`.
   */
  pairs(keys: readonly string[], complete: (pair: Pair) => boolean): readonly Pair[] {
    return pairsOf(this.#check, this.#known, keys).map((pair) => ({ ...pair, complete: complete(pair) }))
  }

  /** Who has to do with whom, as it was read now. */
  acquaintances(): readonly { readonly customerId: string; readonly subject: string }[] {
    return [...this.#check.view().touching.subjectsOf].flatMap(([customerId, subjects]) =>
      [...subjects].map((subject) => ({ customerId, subject })),
    )
  }

  /** All subjects that were found, as keys. */
  subjects(): readonly string[] {
    return [...this.#check.allReadings()].map(({ reading }) => subjectKey(reading.subject))
  }
}

/** A run all of whose parts were read, for what is asked of the sources one by one. */
function runOver(sources: readonly string[]): CheckRun {
  const whole = { state: 'complete' } as const
  const parts = ['users', 'organizations'].flatMap((part) =>
    sources.map((source) => [`${source}/${part}`, whole] as const),
  )
  return {
    id: 'chk_0',
    kind: 'single',
    dryRun: true,
    asOf: new Date(0),
    startedAt: new Date(0),
    finishedAt: null,
    phase: 'read',
    configFingerprint: '',
    parts: { 'billing/subscriptions': whole, 'billing/customers': whole, ...Object.fromEntries(parts) },
    requests: {},
    counts: null,
  }
}
