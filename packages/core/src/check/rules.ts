import type { Catalogue } from '../access/catalogue.ts'
import type { MatchRule } from '../match/rule.ts'
import type { Price } from '../price/price.ts'
import type { Policy } from '../promise/policy.ts'
import type { Exception } from '../promise/promised.ts'
import type { SourceComponents } from '../subject/source-components.ts'

/** All that a check needs beside the two readings; the same for every pair of one check. */
export interface Rules {
  readonly catalogue: Catalogue
  readonly policy: Policy
  readonly match: readonly MatchRule[]
  readonly exceptions: readonly Exception[]
  /** The components that each access source maps, in the order of the project; others are not compared for it. */
  readonly mapped: readonly SourceComponents[]
  /** The prices that billing lists, to say what is open unpaid; empty where they could not be read. */
  readonly prices: readonly Price[]
  /** The moment the rules are applied at, the same through a whole check. */
  readonly now: Date
}
