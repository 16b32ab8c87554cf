import type { CheckPhase, PartState, Timer } from '@trueup/core'
import type { CheckProgress } from '../check/progress.ts'
import type { Shown } from '../http/shown/shown.ts'
import type { ShownCheck } from './read-answer.ts'
import { checkIn } from './read-answer.ts'
import { RemoteError } from './remote-error.ts'
import type { RemoteProject } from './remote-project.ts'

export interface FollowOptions {
  readonly timer: Timer
  readonly signal: AbortSignal
  readonly onProgress: (progress: CheckProgress) => void
  /** Told what is being read, such as `stripe/customers`. */
  readonly onReading: (parts: readonly string[]) => void
}

const firstPollMs = 500
const longestPollMs = 3_000
/** A service that restarts is back within this many looks. */
const mostMissedLooks = 20

/**
 * Looks at a check until it is finished. The check runs at the server and goes on whether or not anybody looks, so a
 * service that is away for a moment is waited for.
 *
 * @throws RemoteError when the service stays away, or the check is gone
 */
export async function followCheck(
  { client, at }: RemoteProject,
  begun: ShownCheck,
  { timer, signal, onProgress, onReading }: FollowOptions,
): Promise<ShownCheck> {
  let check = begun
  let pollMs = firstPollMs
  let missed = 0
  let phase: CheckPhase | null = null
  const ended = new Set<string>()
  for (;;) {
    if (check.phase !== phase) {
      phase = check.phase
      onProgress({ kind: 'phase', phase })
    }
    for (const [part, state] of Object.entries(check.parts)) {
      if (state.state === 'reading' || ended.has(part)) continue
      ended.add(part)
      onProgress(endOf(part, state))
    }
    if (check.finishedAt !== null) return check
    onReading(Object.entries(check.parts).flatMap(([part, { state }]) => (state === 'reading' ? [part] : [])))
    await timer.sleep(pollMs, signal)
    pollMs = Math.min(longestPollMs, pollMs * 1.5)
    try {
      check = checkIn(await client.get<Shown<ShownCheck>>(at(`/checks/${encodeURIComponent(begun.id)}`)))
      missed = 0
    } catch (error) {
      missed += 1
      if (!isAway(error) || missed > mostMissedLooks) throw error
    }
  }
}

function isAway(error: unknown): boolean {
  if (!(error instanceof RemoteError)) return false
  return error.code === 'server-unreachable' || (error.status !== null && error.status >= 500)
}

function endOf(part: string, state: PartState): CheckProgress {
  const [source = part, ...rest] = part.split('/')
  const failed = state.state === 'failed'
  return {
    kind: 'part',
    source,
    part: rest.join('/'),
    state: failed ? 'failed' : 'complete',
    message: failed ? state.message : null,
  }
}
