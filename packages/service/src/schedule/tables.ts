import type { Task } from './tasks.ts'

export type ScheduleTables = {
  readonly 'trueup.schedule': {
    readonly workspace_id: string
    readonly project_id: string
    readonly task: Task
    readonly cron: string
    readonly enabled: boolean
    readonly due_at: Date
    readonly last_due_at: Date | null
  }
}
