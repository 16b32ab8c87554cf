import { z } from '@hono/zod-openapi'
import { accessShape, cannotTellShape, moment, moneyShape, subjectShape } from './access.ts'
import { driftShape, incidentShape } from './incident.ts'

const verdict = z.enum(['agrees', 'drifts', 'cannot-tell'])

export const customerLineShape = z
  .object({
    key: z.string().openapi({ example: 'user:user_1' }),
    subject: z.union([subjectShape, z.null()]),
    name: z.string().nullable(),
    emails: z.array(z.string()),
    customers: z.array(
      z.object({ id: z.string(), name: z.string().nullable(), email: z.string().nullable() }),
    ),
    verdict,
    settling: z.boolean(),
    openIncidents: z.number().int(),
  })
  .openapi('CustomerLine')

const shownPair = z
  .object({
    key: z.string(),
    subject: z.union([subjectShape, z.null()]),
    customerIds: z.array(z.string()),
    promised: z.object({
      owed: accessShape,
      allowed: accessShape,
      unknown: z.array(z.looseObject({ reason: z.string() })),
    }),
    granted: z.array(
      z.object({
        source: z.string(),
        record: z.enum(['live', 'deleted', 'missing']),
        least: accessShape,
        most: accessShape,
        updatedAt: moment.nullable(),
      }),
    ),
    verdict,
    drifts: z.array(driftShape),
    cannotTell: z.array(cannotTellShape),
    settling: z.boolean(),
    complete: z.boolean(),
    readings: z.array(
      z.object({
        side: z.enum(['billing', 'access']),
        source: z.string(),
        readAt: moment,
        ageSeconds: z.number().int(),
      }),
    ),
  })
  .openapi('CustomerPair')

export const customerStateShape = z
  .object({
    as: z.enum(['last-check', 'now']),
    checkId: z.string().nullable(),
    pairs: z.array(shownPair),
    incidents: z.array(incidentShape),
  })
  .openapi('CustomerState')

export const timelineShape = z
  .object({
    steps: z.array(
      z.object({
        sequence: z.number().int(),
        at: moment,
        act: z.string(),
        by: z.string(),
        incident: z.string().nullable(),
        repair: z.string().nullable(),
        check: z.string().nullable(),
        kind: z.string().nullable(),
        state: z.string().nullable(),
        sentence: z.string().nullable(),
        access: z.object({ owed: z.unknown(), granted: z.unknown(), allowed: z.unknown() }).nullable(),
        money: z.union([moneyShape, z.null()]),
        erased: z.boolean(),
      }),
    ),
    next: z.number().int().nullable(),
  })
  .openapi('Timeline')
