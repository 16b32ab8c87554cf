import type { Check } from '../../api/follow-check.ts'

type Phase = Check['phase']

export const phaseWords: Readonly<Record<Phase, string>> = {
  read: 'reading both sides',
  match: 'matching customers',
  compare: 'comparing',
  confirm: 'reading differences again',
  file: 'filing incidents',
  finished: 'finished',
}

const phases: readonly Phase[] = ['read', 'match', 'compare', 'confirm', 'file', 'finished']

/** How far a check has come, from 0 to 1, by its phases; reading takes the longest and has no known end: `null`. */
export function shareOf(phase: Phase): number | null {
  const place = phases.indexOf(phase)
  return place === 0 ? null : place / (phases.length - 1)
}
