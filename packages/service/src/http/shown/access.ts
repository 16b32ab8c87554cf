import { z } from '@hono/zod-openapi'
import { components } from '@trueup/core'

export const moment = z.iso.datetime().openapi({ example: '2026-11-21T09:30:00.000Z' })

export const moneyShape = z
  .object({
    currency: z.string().openapi({ example: 'usd' }),
    amount: z.number().openapi({ description: 'In minor units: cents of a dollar, yen.' }),
  })
  .openapi('Money')

export const subjectShape = z
  .object({ type: z.enum(['user', 'organization']), id: z.string() })
  .openapi('Subject')

export const accessShape = z
  .object({
    plan: z.string(),
    paid: z.boolean(),
    trialEndsAt: z
      .union([moment, z.literal('unlimited')])
      .nullable()
      .openapi({
        description: '`unlimited`: any trial end is as good as another; null: no trial.',
      }),
    entitlements: z.union([z.array(z.string()), z.literal('every')]),
    seats: z.union([z.number(), z.literal('unlimited')]).nullable(),
  })
  .openapi('Access')

/** One component as it stands on one side. */
export const sideShape = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])

export const evidenceShape = z
  .object({
    source: z.string(),
    object: z.string(),
    field: z.string(),
    value: z.string().nullable(),
    readAt: moment,
  })
  .openapi('Evidence')

export const cannotTellShape = z
  .object({
    reason: z.string(),
    component: z.enum(components).nullable(),
    found: z.string(),
    needed: z.string(),
  })
  .openapi('CannotTell')
