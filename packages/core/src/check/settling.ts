import type { Pair } from '../match/pair.ts'

/**
 * Whether one side changed so recently that the other may still follow: a webhook may be under way. A drift of such
 * a pair is shown, and filed only when it is still there once the window has passed.
 *
 * @param settleMinutes 0 files at once.
 */
export function isSettling(pair: Pair, settleMinutes: number, now: Date): boolean {
  if (settleMinutes <= 0) return false
  const windowStart = now.getTime() - settleMinutes * 60_000
  const changes = [
    ...pair.payers.flatMap((payer) => payer.facts.map((fact) => fact.changedAt)),
    ...pair.readings.flatMap((reading) => (reading.updatedAt ? [reading.updatedAt] : [])),
  ]
  return changes.some((change) => change.getTime() > windowStart && change.getTime() <= now.getTime())
}
