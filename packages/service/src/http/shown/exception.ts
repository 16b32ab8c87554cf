import { z } from '@hono/zod-openapi'
import type { KeptException } from '@trueup/core'
import { isRunning } from '@trueup/core'
import { accessShape, moment, subjectShape } from './access.ts'
import { shown } from './shown.ts'

export const exceptionShape = z
  .object({
    id: z.string(),
    subject: subjectShape,
    allowed: accessShape.partial(),
    reason: z.string(),
    owner: z.string().openapi({ description: 'The member of the team who answers for it.' }),
    createdBy: z.string(),
    createdAt: moment,
    until: moment,
    endedAt: moment.nullable().openapi({ description: 'When a person ended it before its time.' }),
    running: z.boolean(),
  })
  .openapi('Exception')

export function shownException(exception: KeptException, now: Date) {
  return { ...shown(exception), running: isRunning(exception, now) }
}
