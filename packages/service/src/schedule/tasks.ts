/** What a project does by the clock, and when unless it says otherwise. Times are in the project's own zone. */
export const tasks = {
  'full-check': { cron: '0 3 * * *', jitterMinutes: 20 },
  'recent-check': { cron: '0 * * * *', jitterMinutes: 20 },
  digest: { cron: '0 8 * * 1', jitterMinutes: 5 },
} as const satisfies Readonly<Record<string, TaskDefault>>

interface TaskDefault {
  /** Minute, hour, day of month, month, day of week. */
  readonly cron: string
  /** Projects begin at moments of their own within so many minutes, so that not all ask a vendor at once. */
  readonly jitterMinutes: number
}

export type Task = keyof typeof tasks
export const taskNames = Object.keys(tasks) as readonly Task[]

export function isTask(text: string): text is Task {
  return Object.hasOwn(tasks, text)
}
