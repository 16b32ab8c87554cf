import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { generateWorld } from './generate-world.ts'

const world = generateWorld({ customers: 2000, seed: 21, now: new Date('2026-11-21T12:00:00Z'), lean: false })
const { stripe, clerk } = world

/** OpenAPI 3.0 says "or null" by a word beside the type; JSON schema by a choice. */
function asJsonSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(asJsonSchema)
  if (typeof schema !== 'object' || schema === null) return schema
  const { nullable, ...rest } = schema as Record<string, unknown>
  const converted = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, asJsonSchema(value)]))
  return nullable === true ? { anyOf: [converted, { type: 'null' }] } : converted
}

function validatorOf(file: string) {
  const text = readFileSync(new URL(`../../specs/${file}`, import.meta.url), 'utf8')
  const ajv = new Ajv({ strict: false, allErrors: false, logger: false, validateFormats: false })
  ajv.addSchema(asJsonSchema(JSON.parse(text)) as object, file)
  return (name: string, rows: readonly object[]) => {
    const validate = ajv.getSchema(`${file}#/components/schemas/${name}`)
    if (!validate) throw new Error(`${file} has no schema ${name}.`)
    const wrong = rows.find((row) => !validate(row))
    if (wrong === undefined) return []
    validate(wrong)
    return [wrong, validate.errors]
  }
}

describe('what a world puts into Stripe has the shape that Stripe publishes', () => {
  const faults = validatorOf('stripe-openapi.trimmed.json')
  it('which an object of another shape has not', () => {
    expect(faults('Customer', [{ id: 'cus_1', object: 'customer' }])).not.toEqual([])
  })
  it.each([
    ['Customer', stripe.customers],
    ['Product', stripe.products],
    ['Price', stripe.prices],
    ['Coupon', stripe.coupons],
    ['Discount', stripe.discounts],
    ['Subscription', stripe.subscriptions],
    ['SubscriptionSchedule', stripe.schedules],
    ['Invoice', stripe.invoices],
    ['InvoicePayment', stripe.invoicePayments],
    ['Charge', stripe.charges],
    ['Refund', stripe.refunds],
    ['Dispute', stripe.disputes],
    ['Checkout.Session', stripe.checkoutSessions],
  ] as const)('%s', (name, table) => {
    expect(table.size).toBeGreaterThan(0)
    expect(faults(name, table.all())).toEqual([])
  })
})

describe('what a world puts into Clerk has the shape that Clerk publishes', () => {
  const faults = validatorOf('clerk-bapi.trimmed.json')
  it('which an object of another shape has not', () => {
    expect(faults('User', [{ id: 1 }])).not.toEqual([])
  })
  it('User', () => expect(faults('User', clerk.users.all())).toEqual([]))
  it('Organization', () => expect(faults('Organization', clerk.organizations.all())).toEqual([]))
  it('OrganizationMembership', () => {
    const wires = clerk.memberships.all().map((membership) => clerk.membershipWire(membership) ?? {})
    expect(faults('OrganizationMembership', wires)).toEqual([])
  })
})
