/** A part of a source that gave far fewer or far more rows than it did the last time. */
export interface MovedCount {
  /** `postgres/users`. */
  readonly part: string
  readonly before: number
  readonly now: number
}

/** By more than this share of what there was a count moves. */
const share = 0.2
/** And by more rows than this: in an app of ten, three more are no sign of anything. */
const rows = 25

/**
 * The parts whose count moved so far between two checks that a filter, another database or a role that may see less is
 * likelier than the app's own life: by more than a fifth and more than 25 rows, or down to nothing. What was empty
 * before may grow as it likes.
 *
 * @example
 * movedCounts({ 'postgres/users': 900 }, { 'postgres/users': 12_000 })
 * // [{ part: 'postgres/users', before: 12000, now: 900 }]
 */
export function movedCounts(
  now: Readonly<Record<string, number>>,
  before: Readonly<Record<string, number>>,
): readonly MovedCount[] {
  return Object.entries(before)
    .map(([part, count]) => ({ part, before: count, now: now[part] ?? 0 }))
    .filter(({ before: was, now: is }) => {
      if (was === 0) return false
      return is === 0 || Math.abs(is - was) > Math.max(rows, was * share)
    })
}
