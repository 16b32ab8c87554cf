import type { Clock, Rng } from '@trueup/core'
import type { Jobs, Queue } from '../jobs/jobs.ts'
import type { Database } from '../store/index.ts'
import type { CheckDueOptions } from './check-due.ts'
import { checkDue } from './check-due.ts'
import type { StripeEvents } from './stripe-events.ts'
import { sweepEvents } from './sweep-events.ts'
import type { ProjectTenant } from './tables.ts'

export interface InboxQueuesOptions {
  readonly database: Database
  readonly jobs: Jobs
  readonly clock: Clock
  readonly rng: Rng
  /** Checks one customer or subject of a project; see {@link CheckDueOptions}. */
  readonly recheck: CheckDueOptions['recheck']
  /** Stripe as a project is connected to it; `null`: it is not. */
  readonly stripeOf: (tenant: ProjectTenant) => Promise<StripeEvents | null>
  /** Projects whose targets one process checks side by side. Default 4. */
  readonly concurrency?: number
}

/**
 * The queues of the inbox: `check.single` takes what is due of a project, `inbox.sweep` compares with the provider's own
 * list of events.
 *
 * @example
 * const queues = createInboxQueues({ database, jobs, clock, rng, recheck, stripeOf })
 */
export function createInboxQueues(
  options: InboxQueuesOptions,
): readonly [Queue<'check.single'>, Queue<'inbox.sweep'>] {
  const { database, jobs, clock, stripeOf, concurrency = 4 } = options
  return [
    {
      name: 'check.single',
      concurrency,
      async handle({ data, signal }) {
        await checkDue(
          {
            ...options,
            async payerOf(tenant, objectId) {
              const stripe = await stripeOf(tenant)
              return stripe ? await stripe.payerOf(objectId) : null
            },
          },
          data,
          signal,
        )
      },
    },
    {
      name: 'inbox.sweep',
      concurrency: 2,
      async handle({ data }) {
        const stripe = await stripeOf(data)
        if (stripe) await sweepEvents({ database, jobs, clock, stripe }, data)
      },
    },
  ]
}
