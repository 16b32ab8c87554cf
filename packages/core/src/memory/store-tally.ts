import type { Finding } from '../check/finding.ts'
import type { CheckRun } from '../check/progress.ts'
import type { CheckStore } from '../store.ts'
import { compareText } from './store-order.ts'
import { completeness } from './store-pair.ts'

type Tally = Awaited<ReturnType<CheckStore['tally']>>

/** Counts findings for the brakes: each pair once for a kind, component and side, settling ones left out. */
export function tallyFindings(findings: readonly Finding[]): Tally {
  const pairs = new Map<string, Tally['byDrift'][number]>()
  const drifting = findings.filter(({ verdict, settling }) => verdict.kind === 'drifts' && !settling)
  for (const finding of drifting) {
    for (const [key, drift] of driftsCounted(finding)) {
      pairs.set(key, { ...drift, pairs: (pairs.get(key)?.pairs ?? 0) + 1 })
    }
  }
  return {
    drifts: drifting.length,
    cannotTell: findings.filter(({ verdict }) => verdict.kind === 'cannot-tell').length,
    settling: findings.filter(({ verdict, settling }) => verdict.kind === 'drifts' && settling).length,
    byDrift: [...pairs].toSorted(([a], [b]) => compareText(a, b)).map(([, counted]) => counted),
  }
}

/** What a finding counts as in the tally: every kind, component and side of its drifts once. */
export function driftsCounted(
  finding: Finding,
): ReadonlyMap<string, Pick<Tally['byDrift'][number], 'kind' | 'component' | 'hurts'>> {
  const drifts = finding.verdict.kind === 'drifts' ? finding.verdict.drifts : []
  return new Map(
    drifts.map(({ kind, component, hurts }) => [
      `${kind}\u0001${component}\u0001${hurts}`,
      { kind, component, hurts },
    ]),
  )
}

/**
 * Whether a check said its last word on a pair, so that what it did not find there is gone. A drift that settles, was
 * not read a second time, or leaves something unknown is not a last word. Where nothing was said, the pair was left
 * out because it agrees, which is only known when everything was read; and a check of a few pairs says nothing of
 * those that it did not observe.
 */
export function isDecided(run: CheckRun, finding: Finding | null, isObserved: boolean): boolean {
  if (finding) {
    if (finding.settling) return false
    if (finding.verdict.kind === 'cannot-tell') return false
    return finding.verdict.kind === 'agrees' || (finding.confirmed && finding.verdict.unknown.length === 0)
  }
  const { ofBilling, ofAccess } = completeness(run.parts, [])
  const isAllRead = Object.values(run.parts).every(({ state }) => state === 'complete')
  return ofBilling && ofAccess && isAllRead && (run.kind === 'full' || isObserved)
}
