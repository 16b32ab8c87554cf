import { createHash } from 'node:crypto'
import { Cron } from 'croner'
import { ScheduleError } from './schedule-error.ts'
import type { Task } from './tasks.ts'
import { tasks } from './tasks.ts'

/**
 * When a task of a project is next due after a moment: by its cron line in its time zone, and later by the project's
 * own share of the task's jitter, which is the same every time. A daily time that a change to summer time leaves out
 * comes right after the gap; one that comes twice counts once.
 *
 * @throws ScheduleError `cron-malformed`, `time-zone-unknown`, `cron-never`
 * @example
 * nextDue('full-check', '0 3 * * *', 'Europe/Berlin', 'prj_1', new Date('2026-11-21T12:00:00Z'))
 * // 2026-11-22T02:07:00Z: three o'clock there, and seven minutes
 */
export function nextDue(task: Task, cron: string, timeZone: string, projectId: string, after: Date): Date {
  const jitterMs = jitterOf(task, projectId)
  const due = cronOf(cron, timeZone).nextRun(new Date(after.getTime() - jitterMs))
  if (!due) {
    throw new ScheduleError({
      code: 'cron-never',
      message: `No moment is due by the cron line ${JSON.stringify(cron)}.`,
      fix: 'Write one that comes round, such as 0 3 * * * for every day at three.',
    })
  }
  return new Date(due.getTime() + jitterMs)
}

/**
 * The next moments of a cron line, to be shown before it is saved.
 *
 * @throws ScheduleError `cron-malformed`, `time-zone-unknown`
 */
export function previewOf(cron: string, timeZone: string, after: Date, count: number): readonly Date[] {
  return cronOf(cron, timeZone).nextRuns(count, after)
}

function cronOf(cron: string, timezone: string): Cron {
  assertTimeZone(timezone)
  if (cron.trim().split(/\s+/).length !== 5) throw malformed(cron)
  try {
    return new Cron(cron, { timezone, paused: true })
  } catch (error) {
    throw malformed(cron, error)
  }
}

/** @throws ScheduleError `time-zone-unknown` */
export function assertTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone })
  } catch (error) {
    throw new ScheduleError({
      code: 'time-zone-unknown',
      message: `${JSON.stringify(timeZone)} is no time zone.`,
      fix: 'Write one of the IANA list, such as Europe/Berlin or UTC.',
      cause: error,
    })
  }
}

function malformed(cron: string, cause?: unknown): ScheduleError {
  return new ScheduleError({
    code: 'cron-malformed',
    message: `${JSON.stringify(cron)} is no cron line.`,
    fix: 'Write five fields: minute, hour, day of month, month, day of week; 0 3 * * * is every day at three.',
    cause,
  })
}

function jitterOf(task: Task, projectId: string): number {
  const digest = createHash('sha256').update(`${task}\n${projectId}`).digest()
  return (digest.readUInt32BE(0) % (tasks[task].jitterMinutes * 60)) * 1_000
}
