import { z } from '@hono/zod-openapi'
import type { QueryExecutorProvider } from 'kysely'
import { listDeliveries } from '../../outgoing/delivery/delivery-log.ts'
import type { Audience } from '../../outgoing/delivery/delivery-tables.ts'
import { pageQuery } from '../paging.ts'
import type { ReachedTenant } from '../route.ts'
import { moment } from './access.ts'
import { shown } from './shown.ts'

const states = ['waiting', 'sent', 'set-aside', 'dropped'] as const

export const deliveryShape = z
  .object({
    id: z.string(),
    targetId: z.string().openapi({ description: 'The channel or the endpoint that it is for.' }),
    type: z.string().openapi({ example: 'incident.opened' }),
    messageId: z.string().openapi({ description: 'The same at every try.' }),
    state: z.enum(states).openapi({
      description:
        'set-aside: every try failed, or the receiver will never take it; it can be sent again. dropped: there was nothing left to say, or nobody to say it to.',
    }),
    heldFor: z.enum(['gathering', 'quiet-hours', 'rate-limit']).nullable(),
    tries: z.number().int(),
    createdAt: moment,
    dueAt: moment.nullable().openapi({ description: 'When it is tried next.' }),
    endedAt: moment.nullable(),
    problem: z.string().nullable(),
  })
  .openapi('Delivery')

export const wholeDeliveryShape = deliveryShape
  .extend({
    content: z.unknown().openapi({ description: 'What is sent; null: it is put together at the first try.' }),
    tried: z.array(
      z.object({
        at: moment,
        outcome: z.enum(['sent', 'failed']),
        status: z.number().int().nullable(),
        detail: z.string(),
        tookMs: z.number().int(),
      }),
    ),
  })
  .openapi('WholeDelivery')

export const deliveryQuery = pageQuery.extend({
  state: z.enum(states).optional(),
  targetId: z
    .string()
    .max(64)
    .optional()
    .openapi({ description: 'Only those for this channel or endpoint.' }),
})

/** A page of the delivery log as it is answered. */
export async function shownDeliveries(
  db: QueryExecutorProvider,
  tenant: ReachedTenant,
  audience: Audience,
  { limit, ...query }: z.output<typeof deliveryQuery>,
) {
  const found = await listDeliveries(db, tenant, { ...query, audience, limit: limit + 1 })
  const items = found.slice(0, limit)
  return shown({ items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null })
}
