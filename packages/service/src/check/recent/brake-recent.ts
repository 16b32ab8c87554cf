import type { CheckRun, Drift, DriftTally, Policy } from '@trueup/core'
import { collapsed, driftsCounted } from '@trueup/core'
import type { JudgedPair } from '../single/judge-pairs.ts'

/** Which drifts of a recent check are so many that a wrong mapping is likelier than all of them. */
export interface RecentBrake {
  readonly many: readonly DriftTally[]
  /** Matched subjects that the shares are taken of: at most as many as the last full check counted. */
  readonly matched: number
  isOneOfMany(drift: Drift): boolean
}

/**
 * Weighs what a recent check found before any of it is filed, by the brake of full checks.
 *
 * @param pairs Each once; those that settle are left out.
 */
export function brakeRecent(pairs: readonly JudgedPair[], base: CheckRun, policy: Policy): RecentBrake {
  const drifting = pairs.filter(({ finding }) => finding.verdict.kind === 'drifts' && !finding.settling)
  const tally = new Map<string, DriftTally>()
  for (const { finding } of drifting) {
    for (const [key, drift] of driftsCounted(finding)) {
      tally.set(key, { ...drift, pairs: (tally.get(key)?.pairs ?? 0) + 1 })
    }
  }
  const matched = Math.min(base.counts?.customers ?? 0, base.counts?.subjects ?? 0)
  const many = collapsed([...tally.values()], policy, { matched, drifting: drifting.length })
  const keys = new Set(many.map(keyOf))
  return { many, matched, isOneOfMany: (drift) => keys.has(keyOf(drift)) }
}

function keyOf({ kind, component, hurts }: Pick<DriftTally, 'kind' | 'component' | 'hurts'>): string {
  return `${kind}|${component}|${hurts}`
}
