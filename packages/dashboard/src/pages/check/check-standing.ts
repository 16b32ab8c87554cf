import type { Check } from '../../api/follow-check.ts'
import type { Tone } from '../../ui/badge.tsx'
import { phaseWords } from '../overview/check-words.ts'

export const kindWords: Readonly<Record<Check['kind'], string>> = {
  full: 'Full',
  recent: 'Recent',
  single: 'Single',
}

/** How a check stands, in words and a tone. */
export function standingOf({ kind, finishedAt, complete, phase, dryRun }: Check): {
  readonly tone: Tone
  readonly words: string
} {
  if (finishedAt === null) return { tone: 'info', words: phaseWords[phase] }
  if (kind === 'full' && !complete) return { tone: 'warning', words: 'incomplete' }
  if (dryRun) return { tone: 'neutral', words: 'dry run' }
  return kind === 'full' ? { tone: 'success', words: 'complete' } : { tone: 'neutral', words: 'finished' }
}

/**
 * How long a check took, or has taken so far.
 *
 * @example
 * tookText({ startedAt: '2026-01-01T10:00:00Z', finishedAt: '2026-01-01T10:01:05Z' })   // '1m 5s'
 */
export function tookText({ startedAt, finishedAt }: Pick<Check, 'startedAt' | 'finishedAt'>): string {
  if (finishedAt === null) return '–'
  const seconds = Math.round((Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000)
  if (seconds < 60) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes}m ${seconds % 60}s` : `${Math.floor(minutes / 60)}h ${minutes % 60}m`
}
