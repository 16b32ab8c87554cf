import type { Money } from '../price/money.ts'

/** Customers that the rules treat alike. */
export interface CoverageLine {
  readonly customers: number
  /** Of those, the ones that pay, or may pay. */
  readonly paying: number
  /** What they pay a month, a sum a currency, in the order of the currencies' names. */
  readonly monthly: readonly Money[]
  /** Paying customers of whom no fixed sum a month is known: usage, tiers, what was bought for good. */
  readonly withoutSum: number
}

/** How far the match rules of a project reach. Every customer stands in exactly one line. */
export interface MatchCoverage {
  /** By place in the project's list; a rule that finds nobody is left out. */
  readonly byRule: readonly (CoverageLine & { readonly rule: number })[]
  /** The winning rule found several subjects. */
  readonly ambiguous: CoverageLine
  readonly unmatched: CoverageLine
}

/** Who was read, counted once the two sides are matched. */
export interface MatchCounts {
  readonly coverage: MatchCoverage
  /** All whom the coverage counts. */
  readonly customers: number
  /** Of those, the ones that pay, or may pay, and are linked to no subject. */
  readonly payersWithoutSubject: number
  readonly subjects: number
  /** Subjects linked to at least one customer. */
  readonly matched: number
}

/** Completes the counts by those that the coverage says already. */
export function matchCounts(
  coverage: MatchCoverage,
  subjects: Pick<MatchCounts, 'subjects' | 'matched'>,
): MatchCounts {
  const { byRule, ambiguous, unmatched } = coverage
  return {
    coverage,
    customers: [...byRule, ambiguous, unmatched].reduce((sum, { customers }) => sum + customers, 0),
    payersWithoutSubject: ambiguous.paying + unmatched.paying,
    ...subjects,
  }
}
