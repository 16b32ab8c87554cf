import type { AccessStep, LookAtAll } from '@trueup/core'

/** Why nothing is known of a stretch of time. Closed list. */
export type UnknownBecause =
  /** Nobody had looked yet. */
  | 'before-first-look'
  /** It was one thing at its beginning and another at its end; when it changed, nobody saw. */
  | 'changed-between'
  /** For longer than {@link longestGapHours} nobody looked. */
  | 'nobody-looked'
  /** Nobody has looked since. */
  | 'not-looked-since'

/** A stretch of time of one pair: what was so all through it as far as anybody looked, or why that is not known. */
export type Stretch =
  | { readonly from: Date; readonly to: Date; readonly known: true; readonly step: AccessStep }
  | { readonly from: Date; readonly to: Date; readonly known: false; readonly because: UnknownBecause }

/** Between two looks further apart than this nothing is taken for known, whatever both of them saw. */
export const longestGapHours = 50

/**
 * Lays the steps of one pair out over time. A stretch is known from the look that saw it first to the last look that saw
 * it still; nothing is put between two looks that saw different things.
 *
 * @param steps of one pair, the oldest first
 * @param looks full checks that read everything, the oldest first
 */
export function stretchesOf(
  steps: readonly AccessStep[],
  looks: readonly LookAtAll[],
  { from, to }: { readonly from: Date; readonly to: Date },
): readonly Stretch[] {
  const whole = looks.filter(({ complete }) => complete).map(({ at }) => at)
  const stretches: Stretch[] = []
  let reached = from
  const unknownTo = (end: Date, because: UnknownBecause) => {
    if (end > reached) stretches.push({ from: reached, to: end, known: false, because })
    if (end > reached) reached = end
  }
  for (const [place, step] of steps.entries()) {
    const next = steps[place + 1]
    const seen = [step.seenAt, ...whole.filter((at) => at > step.seenAt && (!next || at < next.seenAt))]
    for (const [look, at] of seen.entries()) {
      if (look === 0) unknownTo(at, place === 0 ? 'before-first-look' : 'changed-between')
      const before = look === 0 ? at : (seen[look - 1] ?? at)
      if (hoursBetween(before, at) > longestGapHours) unknownTo(at, 'nobody-looked')
      else if (at >= reached) {
        const known = stretches.at(-1)
        if (known?.known && known.step === step) stretches[stretches.length - 1] = { ...known, to: at }
        else stretches.push({ from: reached > before ? reached : before, to: at, known: true, step })
        reached = at
      }
    }
  }
  unknownTo(to, steps.length === 0 ? 'before-first-look' : 'not-looked-since')
  return within(stretches, { from, to })
}

function within(
  stretches: readonly Stretch[],
  { from, to }: { readonly from: Date; readonly to: Date },
): readonly Stretch[] {
  return stretches.flatMap((stretch) => {
    if (stretch.to < from || stretch.from > to) return []
    const cut = { from: stretch.from < from ? from : stretch.from, to: stretch.to > to ? to : stretch.to }
    return [{ ...stretch, ...cut }]
  })
}

function hoursBetween(a: Date, b: Date): number {
  return (b.getTime() - a.getTime()) / 3_600_000
}
