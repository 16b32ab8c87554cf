import { z } from '@hono/zod-openapi'
import { checkPhases } from '@trueup/core'
import { moment } from './access.ts'

const count = z.number().int()

export const checkShape = z
  .object({
    id: z.string(),
    kind: z.enum(['full', 'recent', 'single']),
    dryRun: z.boolean(),
    asOf: moment,
    startedAt: moment,
    finishedAt: moment.nullable(),
    phase: z.enum(checkPhases),
    complete: z
      .boolean()
      .openapi({ description: 'Whether nothing was left unread, so that absence means something.' }),
    parts: z.record(
      z.string(),
      z.object({
        state: z.enum(['reading', 'complete', 'left-out', 'failed']),
        code: z.string().optional(),
        message: z.string().optional(),
      }),
    ),
    requests: z.record(z.string(), count),
    counts: z
      .object({
        customers: count,
        subjects: count,
        agrees: count,
        drifts: count,
        cannotTell: count,
        settling: count,
      })
      .nullable(),
  })
  .openapi('Check')
