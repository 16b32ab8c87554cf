import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import type { Json, JsonObject } from '../objects/index.ts'
import { refundCharge } from '../refund-charge.ts'
import { Story } from './story.ts'

const description = JSON.parse(
  readFileSync(new URL('../../../specs/stripe-openapi.trimmed.json', import.meta.url), 'utf8'),
) as { components: { schemas: { [name: string]: JsonObject } } }

/** OpenAPI 3.0's `nullable` in JSON Schema's words, references within one document. */
function asJsonSchema(value: Json): Json {
  if (Array.isArray(value)) return value.map(asJsonSchema)
  if (value === null || typeof value !== 'object') return value
  const result: JsonObject = {}
  for (const [key, part] of Object.entries(value)) {
    if (key === 'nullable' || key === 'description' || key === 'format' || key.startsWith('x-')) continue
    result[key] =
      key === '$ref'
        ? String(part).replace('#/components/schemas/', 'stripe#/definitions/')
        : asJsonSchema(part)
  }
  return value.nullable === true ? { anyOf: [{ type: 'null' }, result] } : result
}

const ajv = new Ajv({ allErrors: true, strict: false })
ajv.addSchema({ $id: 'stripe', definitions: asJsonSchema(description.components.schemas) as JsonObject })

const names = new Map(
  Object.entries(description.components.schemas).flatMap(([name, schema]) => {
    const id = schema['x-resourceId']
    return typeof id === 'string' && !name.startsWith('Deleted') && !name.includes('.Deleted')
      ? [[id, name] as const]
      : []
  }),
)

function problemsOf(object: JsonObject): string[] {
  const name = names.get(String(object.object))
  const validate = name === undefined ? undefined : ajv.getSchema(`stripe#/definitions/${name}`)
  if (validate === undefined || validate(object) === true) return []
  return (validate.errors ?? []).map((error) => `${name}${error.instancePath} ${error.message}`)
}

test('the object of every event has the shape that the API description gives it', () => {
  const story = new Story('2026-01-01')
  const subscription = story.subscribe({
    coupon: story.coupon({ duration: 'forever' }),
    prices: [story.price(1000), story.price(9000, 'year')],
  })
  story.subscribe({ trialPeriodDays: 5 })
  story.subscribe({ fields: { collection_method: 'send_invoice', days_until_due: 7 } })
  story.advanceTo('2026-01-16')
  story.update(subscription, {
    items: [{ kind: 'change', item: subscription.items.data[0]?.id ?? '', quantity: 4 }],
    prorationBehavior: 'always_invoice',
  })
  const [charge, other] = story.state.charges.all()
  if (charge !== undefined) refundCharge(story.state, charge, { amount: 100 })
  if (other !== undefined) story.engine.openDispute(other, {})
  story.payWith('pm_card_chargeCustomerFail')
  story.advanceTo('2026-03-16')
  const paused = story.checkout([story.price(100)])
  const bought = story.state.subscriptions.get(paused.subscription ?? '')
  if (bought !== undefined) {
    story.engine.pauseSubscription(bought, { creditUnusedTime: true, invoicingBehavior: 'invoice' })
  }
  const kinds = new Set(story.events.map(({ data }) => data.object.object))
  expect([...kinds].filter((kind) => names.has(String(kind))).length).toBeGreaterThan(6)
  // An invoice that is only expected has no id (https://docs.stripe.com/api/events/types#event_types-invoice.upcoming).
  const told = story.events.filter(({ type }) => type !== 'invoice.upcoming')
  expect([...new Set(told.flatMap(({ data }) => problemsOf(data.object)))]).toEqual([])
})
