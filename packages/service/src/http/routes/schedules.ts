import { z } from '@hono/zod-openapi'
import type { Clock } from '@trueup/core'
import { previewOf } from '../../schedule/next-due.ts'
import type { Schedules } from '../../schedule/schedules.ts'
import type { Task } from '../../schedule/tasks.ts'
import type { Secret } from '../../secret.ts'
import { ApiError, notFound } from '../api-error.ts'
import { projectIdParam } from '../paging.ts'
import { actorOf } from '../principal.ts'
import type { ReachedTenant, Route } from '../route.ts'
import { route } from '../route.ts'
import { isBearer } from './operations.ts'

export interface ScheduleDependencies {
  readonly schedules: Schedules
  readonly clock: Clock
  /** `null`: the cron endpoints refuse to run. */
  readonly cronSecret: Secret | null
  /** Sends the task of every live project, or of one; gives how many that were. */
  readonly runNow: (task: Task, projectId: string | null) => Promise<number>
}

const project = z.object({ projectId: projectIdParam })
const time = z.string().openapi({ format: 'date-time' })
const scheduleShape = z
  .object({
    task: z.enum(['full-check', 'recent-check', 'digest']),
    cron: z.string().openapi({ example: '0 3 * * *' }),
    enabled: z.boolean(),
    dueAt: time.openapi({
      description: 'When it is next due, with the share of the jitter that this project has.',
    }),
    lastDueAt: time.nullable(),
  })
  .openapi('Schedule')
const schedulesShape = z
  .object({ timeZone: z.string(), schedules: z.array(scheduleShape) })
  .openapi('Schedules')
const change = z.strictObject({ cron: z.string().max(100).optional(), enabled: z.boolean().optional() })

/** The cron endpoints' names of the tasks. */
const cronTasks: Readonly<Record<string, Task>> = {
  reconcile: 'full-check',
  recent: 'recent-check',
  'weekly-digest': 'digest',
}

/** When a project does something by itself, and the endpoints for those who would rather call from outside. */
export function scheduleRoutes({
  schedules,
  clock,
  cronSecret,
  runNow,
}: ScheduleDependencies): readonly Route[] {
  return [
    route('GET /api/v1/projects/{projectId}/schedules', {
      summary: 'The schedules of a project',
      tag: 'Schedules',
      params: project,
      answer: schedulesShape,
      handle: async ({ tenant }) => ({ body: await shown(schedules, tenant) }),
    }),
    route('PATCH /api/v1/projects/{projectId}/schedules', {
      summary: 'Change the schedules of a project',
      tag: 'Schedules',
      description: 'What is left out stays as it is.',
      params: project,
      body: z.strictObject({
        timeZone: z.string().max(100).optional().openapi({ example: 'Europe/Berlin' }),
        tasks: z
          .strictObject({
            'full-check': change.optional(),
            'recent-check': change.optional(),
            digest: change.optional(),
          })
          .optional(),
      }),
      answer: schedulesShape,
      async handle({ tenant, principal, body }) {
        if (principal.kind === 'nobody') throw notFound()
        const tasks = body.tasks ? { tasks: withoutMissing(body.tasks) } : {}
        await schedules.change(tenant, { timeZone: body.timeZone, ...tasks }, actorOf(principal))
        return { body: await shown(schedules, tenant) }
      },
    }),
    route('GET /api/v1/projects/{projectId}/schedules/preview', {
      summary: 'The next moments of a cron line',
      tag: 'Schedules',
      params: project,
      query: z.object({ cron: z.string().max(100), timeZone: z.string().max(100).default('UTC') }),
      answer: z.object({ dueAt: z.array(time) }),
      handle: async ({ query }) => ({
        body: {
          dueAt: previewOf(query.cron, query.timeZone, clock.now(), 5).map((moment) => moment.toISOString()),
        },
      }),
    }),
    route('POST /api/cron/{task}', {
      summary: 'Begin a task of every live project now',
      tag: 'Schedules',
      description:
        'For a scheduler outside, with `Authorization: Bearer $CRON_SECRET`. Tasks: reconcile (a full check), recent, weekly-digest. A task that is under way is not begun twice.',
      params: z.object({ task: z.string().max(40) }),
      query: z.object({
        project: z.string().max(200).optional().openapi({ description: 'Only this project.' }),
      }),
      isUnlimited: true,
      status: 202,
      answer: z.object({ begun: z.number().int() }),
      async handle({ params, query, raw }) {
        if (!cronSecret) throw refusesToRun()
        if (!isBearer(raw, cronSecret)) throw wrongSecret()
        const task = cronTasks[params.task]
        if (!task) throw notFound()
        return { status: 202, body: { begun: await runNow(task, query.project ?? null) } }
      },
    }),
  ]
}

async function shown(schedules: Schedules, tenant: ReachedTenant) {
  const { timeZone, schedules: found } = await schedules.of(tenant)
  return {
    timeZone,
    schedules: found.map(({ task, cron, enabled, dueAt, lastDueAt }) => ({
      ...{ task, cron, enabled },
      dueAt: dueAt.toISOString(),
      lastDueAt: lastDueAt?.toISOString() ?? null,
    })),
  }
}

type ChangedTask = z.output<typeof change>

function withoutMissing(
  tasks: Readonly<Partial<Record<Task, ChangedTask | undefined>>>,
): Partial<Record<Task, ChangedTask>> {
  return Object.fromEntries(Object.entries(tasks).filter(([, given]) => given !== undefined))
}

function refusesToRun(): ApiError {
  return new ApiError({
    code: 'unavailable',
    message: 'No CRON_SECRET is set, so the cron endpoints run nothing.',
    fix: 'Set CRON_SECRET where the service runs, and send it as `Authorization: Bearer …`.',
  })
}

function wrongSecret(): ApiError {
  return new ApiError({
    code: 'signed-out',
    message: 'The request does not show the CRON_SECRET of this service.',
    fix: 'Send it as `Authorization: Bearer …`.',
  })
}
