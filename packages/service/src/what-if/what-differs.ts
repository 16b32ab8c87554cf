import type { Drift, Finding } from '@trueup/core'
import { driftsOf, identityKey, identityOf } from '@trueup/core'

/** Incidents that stand for many at once, and so are no matter of one pair. */
const sharedKinds: readonly string[] = ['price-unmapped', 'plan-unknown']

export function isShared({ kind }: Drift): boolean {
  return sharedKinds.includes(kind)
}

/** What becomes of the drifts of one pair when other rules hold. */
export interface Difference {
  readonly opens: readonly Drift[]
  readonly closes: readonly Drift[]
  /** Found under both; what is at risk in it may differ. */
  readonly stays: readonly { readonly before: Drift; readonly after: Drift }[]
}

/**
 * What one pair would have filed under other rules: a drift is the same one where its incident would be.
 *
 * @example
 * const { opens, closes } = whatDiffers(find(pair, rules), find(pair, candidate))
 */
export function whatDiffers(before: Finding, after: Finding): Difference {
  const was = byIdentity(before)
  const is = byIdentity(after)
  return {
    opens: [...is].flatMap(([key, drift]) => (was.has(key) ? [] : [drift])),
    closes: [...was].flatMap(([key, drift]) => (is.has(key) ? [] : [drift])),
    stays: [...was].flatMap(([key, drift]) => {
      const later = is.get(key)
      return later ? [{ before: drift, after: later }] : []
    }),
  }
}

function byIdentity(finding: Finding): ReadonlyMap<string, Drift> {
  return new Map(
    driftsOf(finding)
      .filter((drift) => !isShared(drift))
      .map((drift) => [identityKey(identityOf(drift)), drift]),
  )
}
