import type { Access } from '../access/access.ts'
import type { SubjectReading } from '../grant/granted.ts'
import type { Pair } from '../match/pair.ts'
import type { Promised } from '../promise/promised.ts'
import type { Checked } from './check.ts'
import { check } from './check.ts'
import { recordsOf } from './records.ts'
import type { Rules } from './rules.ts'

/** What one access source gives a subject: surely the least, and the most where something cannot be read. */
export interface GrantedState {
  readonly source: string
  readonly record: 'live' | 'deleted' | 'missing'
  readonly least: Access
  readonly most: Access
  /** What was read; `null`: the source does not have the subject. */
  readonly reading: SubjectReading | null
}

/** Both sides of one pair as they stand, and what the check says of them. */
export interface PairState extends Checked {
  readonly promised: Promised
  readonly granted: readonly GrantedState[]
}

/**
 * Both sides of one pair with the verdict on them, for showing.
 *
 * @example
 * const { promised, granted, verdict } = pairState(pair, rules)
 */
export function pairState(pair: Pair, rules: Rules): PairState {
  const { subject } = pair
  const granted = subject
    ? recordsOf(pair, subject, rules).map(
        ({ source, kind, granted: { least, most }, reading }): GrantedState => ({
          source,
          record: kind,
          least,
          most,
          reading,
        }),
      )
    : []
  return { ...check(pair, rules), granted }
}
