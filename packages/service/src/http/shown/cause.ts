import { z } from '@hono/zod-openapi'
import { causeFacts, causeKinds, confidences } from '@trueup/core'
import { moment, moneyShape } from './access.ts'

const kind = z.enum(causeKinds)
const id = z.string().openapi({
  description: 'The same for all incidents that have it in common.',
  example: 'price-without-mapping:price_1',
})
const on = z.string().openapi({
  description:
    'What they have in common: a price, a version, a deploy, a day. Empty where the cause is unknown.',
})
const confidence = z.enum(confidences).openapi({
  description:
    '`certain`: the drift follows from it; `likely`: what was found fits it and nothing else; `possible`: others fit too.',
})
const sentence = z.string().openapi({ description: 'What broke, in a sentence.' })
const fix = z.string().openapi({ description: 'The one thing that ends it, whomever it touches.' })

export const causeShape = z
  .object({
    id,
    kind,
    on,
    confidence: confidence.nullable().openapi({ description: 'Null: unknown.' }),
    sentence,
    fix,
    evidence: z.array(
      z.object({
        fact: z.enum(causeFacts),
        at: moment.nullable(),
        text: z.string(),
        object: z.string().nullable().openapi({ description: 'An event, a version, a deploy, a price.' }),
      }),
    ),
    others: z
      .array(z.object({ id, kind, on, confidence }))
      .openapi({ description: 'What else fits, less well.' }),
    foundAt: moment,
  })
  .openapi('Cause')

const byBearer = z.object({
  customer: z.array(moneyShape),
  business: z.array(moneyShape),
  both: z.array(moneyShape),
})

export const causeGroupShape = z
  .object({
    id,
    kind,
    on,
    confidence: confidence
      .nullable()
      .openapi({ description: 'The surest that any of them gives; null: unknown.' }),
    sentence,
    fix,
    incidents: z.number().int(),
    byConfidence: z.partialRecord(z.enum(confidences), z.number().int()),
    moneyAtRisk: byBearer.openapi({ description: "A month's of what is open or acknowledged." }),
    firstOpenedAt: moment,
    lastSeenAt: moment,
    examples: z.array(z.string()).openapi({ description: 'Ids of the worst of them, five at most.' }),
  })
  .openapi('CauseGroup')

export const deployShape = z
  .object({
    id: z.string(),
    version: z.string(),
    at: moment,
    url: z.string().nullable(),
    by: z.string(),
    markedAt: moment,
  })
  .openapi('Deploy')

const spanFields = {
  from: moment,
  until: moment,
  atRisk: byBearer.openapi({ description: "A month's, at the end of the span, by who bears it." }),
  lost: z.array(moneyShape).openapi({ description: 'Lost in the span through access that nobody paid for.' }),
  owed: z
    .array(moneyShape)
    .openapi({ description: 'Paid in the span by customers for what they did not have.' }),
  recovered: z.array(moneyShape).openapi({
    description: "A month's, that was put right in the span, less what came back. It can be below zero.",
  }),
}
export const moneySpanShape = z.object(spanFields).openapi('MoneySpan')
const day = z.string().openapi({ example: '2026-11-21', description: "By the project's clock." })
export const moneyDayShape = z.object({ day, ...spanFields }).openapi('MoneyDay')

const count = z.number().int()
export const parityShape = z
  .object({
    checkId: z.string(),
    finishedAt: moment,
    customers: count,
    subjects: count,
    agrees: count,
    drifts: count,
    cannotTell: count,
    settling: count,
    pairs: count.openapi({ description: 'Everybody who was compared.' }),
    share: z.number().openapi({ description: 'In agreement, from 0 to 1.', example: 0.9875 }),
    moneyAtRisk: byBearer,
  })
  .openapi('Parity')
export const parityDayShape = z
  .object({
    day,
    from: moment,
    until: moment,
    parity: parityShape
      .nullable()
      .openapi({ description: 'By the last full check of the day that read everything; null: none did.' }),
  })
  .openapi('ParityDay')
