import { isReadWhole } from '../check/progress.ts'
import type { MemoryCheck } from './store-check.ts'

/** The rows that each part gave, as far as they are told apart: facts of every kind count as subscriptions. */
export function countRows(check: MemoryCheck, billing: string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {
    [`${billing}/subscriptions`]: check.facts.size,
    [`${billing}/customers`]: check.customers.size,
  }
  for (const { reading } of check.allReadings()) {
    const part = `${reading.source}/${reading.subject.type}s`
    counts[part] = (counts[part] ?? 0) + 1
  }
  return counts
}

/** The last check of these that was finished under this configuration and read everything. */
export function lastWhole(
  checks: readonly MemoryCheck[],
  configFingerprint: string,
): MemoryCheck | undefined {
  return checks
    .filter(
      ({ run }) =>
        run.kind === 'full' &&
        run.finishedAt !== null &&
        run.configFingerprint === configFingerprint &&
        Object.values(run.parts).every(isReadWhole),
    )
    .toSorted((a, b) => b.place - a.place)[0]
}

/** The counts of the last such check before this one. */
export function countsBefore(
  checks: readonly MemoryCheck[],
  { run, place }: MemoryCheck,
): Readonly<Record<string, number>> | null {
  const counted = checks.filter((other) => other.place < place && other.rowCounts !== null)
  return lastWhole(counted, run.configFingerprint)?.rowCounts ?? null
}
