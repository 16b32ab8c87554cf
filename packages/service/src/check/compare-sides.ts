import type { Rules } from '@trueup/core'
import { find, freeKey } from '@trueup/core'
import type { CheckDependencies } from './check-dependencies.ts'
import type { CheckProgress } from './progress.ts'

const pairsPerPage = 500

/**
 * Has the store hand over the pairs that can differ, a page at a time, and keeps what the rule says of each. The store
 * looks for the next page while one is judged.
 */
export async function compareSides(
  { project }: CheckDependencies,
  checkId: string,
  rules: Rules,
  report: (progress: CheckProgress) => void,
): Promise<void> {
  const freeKeys = { user: freeKey(rules, 'user'), organization: freeKey(rules, 'organization') }
  const pageAfter = (after: string | null) => {
    const page = project.differing(checkId, freeKeys, after, pairsPerPage)
    // A failure is met when its turn comes; until then it must not count as unhandled.
    page.catch(() => {})
    return page
  }
  let coming = pageAfter(await project.comparedUpTo(checkId))
  // A project that files at once takes the first reading for its last word.
  const isSureAtOnce = rules.policy.settleMinutes === 0
  let pairs = 0
  for (;;) {
    const page = await coming
    if (page.next !== null) coming = pageAfter(page.next)
    const findings = page.pairs.map((pair) => ({ ...find(pair, rules), confirmed: isSureAtOnce }))
    await project.writeFindings(checkId, findings, page.next)
    pairs += findings.length
    report({ kind: 'compared', pairs })
    if (page.next === null) return
  }
}
