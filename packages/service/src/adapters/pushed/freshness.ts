import type { ConnectionFinding, PushedSourceState } from '@trueup/core'
import { SourceError } from '@trueup/core'

/** What decides whether anything may be concluded from what was pushed. */
export interface Freshness {
  readonly name: string
  readonly staleAfterHours: number
  /** `null`: nothing was ever pushed. */
  readonly state: PushedSourceState | null
  readonly now: Date
}

/**
 * Refuses a source whose silence says nothing: it was never given all subjects, or that is too long ago.
 *
 * @throws SourceError `never-full` or `source-stale`
 */
export function requireCurrent(freshness: Freshness): void {
  const error = staleness(freshness)
  if (error) throw error
}

/** Whether the source can be read, how old it is and how much it holds, for a connection's report. */
export function testPushed(freshness: Freshness): readonly ConnectionFinding[] {
  const { state, now } = freshness
  const key: ConnectionFinding = {
    name: 'key',
    state: 'ok',
    found: 'none needed: what was pushed is kept in the store',
    fix: null,
  }
  const error = staleness(freshness)
  if (error) return [key, { name: 'last full push', state: 'failed', found: error.message, fix: error.fix }]
  return [
    key,
    {
      name: 'last full push',
      state: 'ok',
      found: `${ageText(ageHours(state?.lastFullAt ?? now, now))} ago`,
      fix: null,
    },
    { name: 'subjects', state: 'ok', found: String(state?.subjects ?? 0), fix: null },
  ]
}

function staleness({ name, staleAfterHours, state, now }: Freshness): SourceError | null {
  if (!state?.lastFullAt) {
    return new SourceError({
      source: name,
      code: 'never-full',
      message: state?.lastPushAt
        ? `${name} was given single subjects, but never all of them, so whoever is missing may well have access.`
        : `Nothing was imported or pushed to ${name} yet.`,
      fix: `Import all subjects once: trueup import subjects FILE --source ${name}, or send a full push.`,
      retryable: false,
    })
  }
  const age = ageHours(state.lastFullAt, now)
  if (age <= staleAfterHours) return null
  return new SourceError({
    source: name,
    code: 'source-stale',
    message: `${name} was last given all subjects ${ageText(age)} ago; at most ${ageText(staleAfterHours)} are allowed, so nothing is concluded from it.`,
    fix: `Import again (trueup import subjects FILE --source ${name}) or send a full push, and see why the last one is missing.`,
    retryable: false,
  })
}

function ageHours(then: Date, now: Date): number {
  return (now.getTime() - then.getTime()) / 3_600_000
}

function ageText(hours: number): string {
  if (hours < 1) return `${Math.max(0, Math.floor(hours * 60))} min`
  return hours < 48 ? `${Math.floor(hours)} h` : `${Math.floor(hours / 24)} days`
}
