import { useSyncExternalStore } from 'react'
import { cx } from './cx.ts'

const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' })
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const dayOfYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })

/**
 * How long ago, or in how long.
 *
 * @example
 * agoText(new Date('2026-01-01T10:00:00Z'), new Date('2026-01-01T10:05:00Z'))   // '5m ago'
 */
export function agoText(at: Date, now: Date): string {
  const seconds = Math.round((now.getTime() - at.getTime()) / 1_000)
  const size = Math.abs(seconds)
  if (size < 45) return seconds >= 0 ? 'just now' : 'in a moment'
  const days = size / 86_400
  if (days >= 7) return (at.getUTCFullYear() === now.getUTCFullYear() ? day : dayOfYear).format(at)
  const text =
    size < 2_700
      ? `${Math.max(1, Math.round(size / 60))}m`
      : days < 1
        ? `${Math.max(1, Math.round(size / 3_600))}h`
        : `${Math.round(days)}d`
  return seconds >= 0 ? `${text} ago` : `in ${text}`
}

/** A time: how long ago, with the whole of it in its hint. `isFull` writes the whole. */
export function Moment({
  at,
  isFull = false,
  className,
}: {
  /** As the API writes it; `null`: never, or not yet. */
  readonly at: string | Date | null
  readonly isFull?: boolean
  readonly className?: string
}) {
  const minute = useMinute()
  if (at === null) return <span className="text-faint">–</span>
  const date = new Date(at)
  const whole = full.format(date)
  // The clock of the page goes on by half minutes: what was done since is not to come.
  const ahead = date.getTime() - minute
  const now = ahead > 0 && ahead <= stepMs ? date : new Date(minute)
  return (
    <time dateTime={date.toISOString()} title={whole} className={cx('tabular whitespace-nowrap', className)}>
      {isFull ? whole : agoText(date, now)}
    </time>
  )
}

const stepMs = 30_000

/** One clock for all times in the page, which goes on by half minutes. */
let minute = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | null = null

function useMinute(): number {
  return useSyncExternalStore(listen, () => minute)
}

function listen(listener: () => void): () => void {
  // While nobody listened the clock stood still.
  if (timer === null) minute = Date.now()
  listeners.add(listener)
  timer ??= setInterval(() => {
    minute = Date.now()
    for (const told of listeners) told()
  }, stepMs)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0 || timer === null) return
    clearInterval(timer)
    timer = null
  }
}
