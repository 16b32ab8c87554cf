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

/** The counts of the last check before this one that was finished under the same configuration and read everything. */
export function countsBefore(
  checks: Iterable<MemoryCheck>,
  { run, place }: MemoryCheck,
): Readonly<Record<string, number>> | null {
  const earlier = [...checks].filter(
    (other) =>
      other.place < place &&
      other.run.kind === 'full' &&
      other.run.finishedAt !== null &&
      other.run.configFingerprint === run.configFingerprint &&
      other.rowCounts !== null &&
      Object.values(other.run.parts).every(isReadWhole),
  )
  return earlier.toSorted((a, b) => b.place - a.place)[0]?.rowCounts ?? null
}
