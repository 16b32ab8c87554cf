import type { Clock } from '@trueup/core'
import { sql } from 'kysely'
import type { Jobs, Queue } from '../jobs/jobs.ts'
import type { Database } from '../store/index.ts'
import type { StripeEvents } from './stripe-events.ts'
import { sweepEvents } from './sweep-events.ts'
import type { ProjectTenant } from './tables.ts'

/**
 * The queue `inbox.sweep`: compares what came with the provider's own list of events.
 *
 * @example
 * createSweepQueue({ database, jobs, clock, stripeOf: (tenant) => openStripeEvents(projects, tenant, 'events') })
 */
export function createSweepQueue(options: {
  readonly database: Database
  readonly jobs: Jobs
  readonly clock: Clock
  /** Stripe as a project is connected to it; `null`: it is not. */
  readonly stripeOf: (tenant: ProjectTenant) => Promise<StripeEvents | null>
}): Queue<'inbox.sweep'> {
  const { stripeOf, ...rest } = options
  return {
    name: 'inbox.sweep',
    concurrency: 2,
    async handle({ data }) {
      const stripe = await stripeOf(data)
      if (stripe) await sweepEvents({ ...rest, stripe }, data)
    },
  }
}

/**
 * Sends a sweep for each project whose list was not compared within the hour. To be called every few minutes.
 *
 * @returns how many that were
 */
export async function sendSweeps({
  database,
  jobs,
  clock,
}: {
  readonly database: Database
  readonly jobs: Jobs
  readonly clock: Clock
}): Promise<number> {
  const hourAgo = new Date(clock.now().getTime() - 3_600_000)
  const { rows } = await sql<ProjectTenant>`select workspace_id as "workspaceId", project_id as "projectId"
    from trueup.webhook_endpoint
    where provider = 'stripe' and coalesce(swept_at < ${hourAgo}, true)`.execute(database.system)
  for (const tenant of rows) await jobs.send('inbox.sweep', tenant, { key: tenant.projectId })
  return rows.length
}
