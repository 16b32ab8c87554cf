import type { Drift } from '@trueup/core'
import type { CheckDependencies } from '../check/check-dependencies.ts'
import { runSingleCheck } from '../check/single/run-single-check.ts'
import type { CustomerState } from './customer-state.ts'
import { shownChecked } from './customer-state.ts'
import { pairsNamed } from './find-pairs.ts'

/** What a check of one customer found, and what it did. */
export interface AskedCheck {
  readonly state: CustomerState
  /** Ids of incidents that it opened, or opened again. */
  readonly opened: readonly string[]
  readonly resolved: readonly string[]
  /** Not opened, since an open incident says that the mapping is likelier to be wrong. */
  readonly withheld: readonly Drift[]
}

/**
 * Checks whoever a name may mean, now: a customer, a user or an organization, the first of them that is there.
 *
 * @param name as `pairsNamed` takes it
 * @returns `superseded`: somebody began to read the same again meanwhile, and what that finds is newer
 * @throws SourceError when a side cannot be read; nothing was filed then
 */
export async function askSingleCheck(
  dependencies: CheckDependencies,
  name: string,
  { dryRun }: { readonly dryRun: boolean },
): Promise<AskedCheck | 'superseded'> {
  let found: AskedCheck = {
    state: { as: 'now', checkId: null, pairs: [], incidents: [] },
    opened: [],
    resolved: [],
    withheld: [],
  }
  for (const asked of pairsNamed(name)) {
    const outcome = await runSingleCheck(dependencies, asked, { dryRun })
    if (outcome.superseded) return 'superseded'
    const { pairs, incidents, opened, resolved, withheld, checkId, readAt } = outcome
    found = {
      state: { as: 'now', checkId, pairs: pairs.map((pair) => shownChecked(pair, readAt)), incidents },
      opened,
      resolved,
      withheld,
    }
    if (pairs.length > 0) break
  }
  return found
}
