import type { Timer } from '@trueup/core'
import { problem, WireProblem } from './wire-problem.ts'

/**
 * Runs an act under a signal that is aborted after `ms` (`too-slow`) or when `outer` is (`aborted`). The act ends by
 * itself when that happens, and rejects with the signal's reason.
 */
export async function within<T>(
  limit: { readonly ms: number; readonly timer: Timer; readonly outer: AbortSignal | undefined },
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ended = new AbortController()
  const until = new AbortController()
  const abort = () => until.abort(problem('aborted'))
  if (limit.outer?.aborted) abort()
  limit.outer?.addEventListener('abort', abort, { once: true })
  limit.timer.sleep(limit.ms, ended.signal).then(
    () => until.abort(problem('too-slow')),
    () => {},
  )
  try {
    return await act(until.signal)
  } finally {
    ended.abort()
    limit.outer?.removeEventListener('abort', abort)
  }
}

/** Runs `stop` when the signal is aborted while the act is under way. */
export async function stoppedBy<T>(
  signal: AbortSignal,
  stop: (why: WireProblem) => void,
  act: () => Promise<T>,
): Promise<T> {
  const abort = () => stop(signal.reason instanceof WireProblem ? signal.reason : problem('aborted'))
  signal.throwIfAborted()
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await act()
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
