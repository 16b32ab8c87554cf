import { z } from '@hono/zod-openapi'
import { moment, subjectShape } from './access.ts'

const levelShape = z
  .object({
    plan: z.string().nullable(),
    rank: z
      .number()
      .int()
      .nullable()
      .openapi({ description: 'The place of the plan in the catalogue as it holds; null: it is not in it.' }),
    paid: z.boolean().nullable(),
    trialEndsAt: z.union([moment, z.literal('unlimited')]).nullable(),
    entitlements: z.union([z.array(z.string()), z.literal('every')]).nullable(),
    seats: z.union([z.number(), z.literal('unlimited')]).nullable(),
  })
  .openapi('AccessLevel', { description: 'What is not compared is null.' })

const grantedShape = z
  .object({
    source: z.string().nullable().openapi({ description: 'null: every source said the same.' }),
    record: z.enum(['live', 'deleted', 'missing']),
    least: levelShape,
    most: levelShape,
  })
  .openapi('GrantedLevel')

const because = z
  .enum(['before-first-look', 'changed-between', 'nobody-looked', 'not-looked-since'])
  .openapi('UnknownBecause', {
    description:
      'changed-between: it was one thing at its beginning and another at its end. nobody-looked: no check for longer than 50 hours.',
  })

const stretchShape = z
  .discriminatedUnion('known', [
    z.object({
      known: z.literal(true),
      from: moment,
      to: moment,
      checkId: z.string().nullable(),
      there: z.boolean().openapi({ description: 'False: there was no such subject, or payer without one.' }),
      owed: z.union([levelShape, z.null()]),
      allowed: z.union([levelShape, z.null()]),
      granted: z.array(grantedShape),
    }),
    z.object({ known: z.literal(false), from: moment, to: moment, because }),
  ])
  .openapi('HistoryStretch')

export const historyShape = z
  .object({
    from: moment,
    to: moment,
    levels: z
      .array(z.object({ plan: z.string(), rank: z.number().int() }))
      .openapi({ description: 'Plans in their order, the free one first.' }),
    pairs: z.array(
      z.object({
        key: z.string(),
        subject: z.union([subjectShape, z.null()]),
        stretches: z.array(stretchShape),
      }),
    ),
    marks: z.array(
      z.object({
        at: moment,
        kind: z.enum(['incident', 'repair', 'event', 'config', 'exception']),
        act: z.string(),
        id: z.string(),
        text: z.string(),
      }),
    ),
    marksCut: z.boolean().openapi({ description: 'There were more marks; the latest are given.' }),
  })
  .openapi('CustomerHistory')

const promisedShape = z.object({ owed: levelShape, allowed: levelShape }).nullable()
const policyShape = z.looseObject({})

export const atShape = z
  .object({
    time: moment,
    policyThen: z.union([policyShape, z.null()]).openapi({ description: 'null: it is not known.' }),
    policyNow: policyShape,
    pairs: z.array(
      z.object({
        key: z.string(),
        unknown: because.nullable().openapi({ description: 'null: what was is known.' }),
        seenAt: moment.nullable(),
        there: z.boolean(),
        granted: z.array(grantedShape),
        promised: promisedShape.openapi({ description: 'As it was worked out then.' }),
        promisedNow: promisedShape.openapi({
          description: 'What billing held then, under the policy and the catalogue as they hold now.',
        }),
        promisedNowUnknown: z.enum(['billing-not-kept', 'not-known-then']).nullable(),
        exceptions: z.array(z.object({ id: z.string(), reason: z.string(), until: moment })),
      }),
    ),
  })
  .openapi('CustomerAt')
