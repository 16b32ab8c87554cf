import type { CoverageLine, MatchCoverage, MatchRule } from '@trueup/core'

/** How far the match rules reach, as the command line prints it: every rule in its order, then whom none reached. */
export interface Matching {
  readonly rules: readonly (CoverageLine & {
    /** As it is configured: `customer.metadata.user_id -> id`. */
    readonly rule: string
  })[]
  /** Customers whose winning rule found several subjects. */
  readonly ambiguous: CoverageLine
  readonly unmatched: CoverageLine
}

/** The coverage with the rules by their words; a rule that found nobody is shown as such. */
export function matchingOf(rules: readonly MatchRule[], coverage: MatchCoverage): Matching {
  return {
    rules: rules.map((rule, place) => {
      const { rule: _, ...line } = coverage.byRule.find((found) => found.rule === place) ?? {
        ...nobody,
        rule: place,
      }
      return { rule: rule.text, ...line }
    }),
    ambiguous: coverage.ambiguous,
    unmatched: coverage.unmatched,
  }
}

const nobody: CoverageLine = { customers: 0, paying: 0, monthly: [], withoutSum: 0 }
