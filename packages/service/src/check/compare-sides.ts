import type { Rules } from '@trueup/core'
import { find, freeKey } from '@trueup/core'
import type { CheckDependencies } from './check-dependencies.ts'
import type { CheckProgress } from './progress.ts'

const pairsPerPage = 500

/** Has the store hand over the pairs that can differ, a page at a time, and keeps what the rule says of each. */
export async function compareSides(
  { project }: CheckDependencies,
  checkId: string,
  rules: Rules,
  report: (progress: CheckProgress) => void,
): Promise<void> {
  const freeKeys = { user: freeKey(rules, 'user'), organization: freeKey(rules, 'organization') }
  let after = await project.comparedUpTo(checkId)
  let pairs = 0
  for (;;) {
    const page = await project.differing(checkId, freeKeys, after, pairsPerPage)
    const findings = page.pairs.map((pair) => find(pair, rules))
    await project.writeFindings(checkId, findings, page.next)
    pairs += findings.length
    report({ kind: 'compared', pairs })
    if (page.next === null) return
    after = page.next
  }
}
