import fc from 'fast-check'
import qs from 'qs'
import { expect, test } from 'vitest'
import { makeCoupon, makeCustomer, makeFeature, makePrice, makeProduct } from './objects/index.ts'
import { addCard } from './payment-method.ts'
import {
  describedParameters,
  type ParameterNode,
  type ParameterTable,
  resolveNode,
} from './request/parameter-table.ts'
import { routes } from './routes/index.ts'
import type { StripeState } from './state.ts'
import { blankStripe, SECRET_KEY } from './testbed/start-stripe.ts'

/** A Stripe with something of everything that a request can name. */
function filled() {
  const blank = blankStripe('fuzz')
  const { engine, state } = blank
  const created = state.now()
  state.products.insert(makeProduct({ id: 'prod_1', created }))
  state.prices.insert(makePrice({ id: 'price_1', created, product: 'prod_1' }))
  state.prices.insert(makePrice({ id: 'price_2', created, product: 'prod_1', recurring: null }))
  state.coupons.insert(makeCoupon({ id: 'HALF', created, percent_off: 50 }))
  state.features.insert(makeFeature({ id: 'feat_1', lookup_key: 'reports' }))
  const customer = state.customers.insert(makeCustomer({ id: 'cus_1', created, email: 'ada@example.com' }))
  const card = addCard(state, 'succeeds', customer)
  customer.invoice_settings = { ...customer.invoice_settings, default_payment_method: card.id }
  return { ...blank, engine, state }
}

const words = [
  'cus_1',
  'price_1',
  'price_2',
  'prod_1',
  'HALF',
  'feat_1',
  'usd',
  'eur',
  'now',
  '',
  'x',
  '2026-11-01',
  'https://app.example/',
  'ada@example.com',
  'pm_card_visa',
  'pm_card_chargeCustomerFail',
]
const text = fc.constantFrom(...words)
const number = fc.constantFrom('0', '1', '3', '100', '-5', '1793620800', '1796126400', '99999999999', 'ten')

/** The ids that a parameter of this name, or the path of this resource, can mean. */
function idsFor(state: StripeState, name: string): readonly string[] {
  const tables: { readonly [name: string]: { all(): readonly { readonly id: string }[] } } = {
    charge: state.charges,
    charges: state.charges,
    configuration: state.portalConfigurations,
    configurations: state.portalConfigurations,
    coupon: state.coupons,
    coupons: state.coupons,
    customer: state.customers,
    customers: state.customers,
    default_payment_method: state.paymentMethods,
    entitlement_feature: state.features,
    event_destinations: state.eventDestinations,
    events: state.events,
    features: state.features,
    from_subscription: state.subscriptions,
    invoice: state.invoices,
    invoices: state.invoices,
    payment_intent: state.paymentIntents,
    payment_method: state.paymentMethods,
    payment_methods: state.paymentMethods,
    price: state.prices,
    prices: state.prices,
    product: state.products,
    products: state.products,
    promotion_code: state.promotionCodes,
    promotion_codes: state.promotionCodes,
    refunds: state.refunds,
    sessions: state.checkoutSessions,
    subscription: state.subscriptions,
    subscription_schedules: state.schedules,
    subscriptions: state.subscriptions,
    test_clock: state.testClocks,
    test_clocks: state.testClocks,
    webhook_endpoints: state.webhookEndpoints,
  }
  const items = state.subscriptions.all().flatMap((row) => row.items.data)
  const rows = name === 'subscription_items' || name === 'id' ? items : (tables[name]?.all() ?? [])
  return [...rows.slice(0, 2), ...rows.slice(-2)].map((row) => row.id)
}

/** Values as a form would carry them, mostly of the parameter's own kind. `@name:n` stands for the nth id of that name. */
function valueFor(name: string, given: ParameterNode, depth = 0): fc.Arbitrary<unknown> {
  const node = resolveNode(given)
  if (depth > 4) return text
  switch (node.type) {
    case 'string': {
      const named = fc.nat(3).map((at) => `@${name}:${at}`)
      return fc.oneof({ weight: 6, arbitrary: named }, { weight: 1, arbitrary: text })
    }
    case 'number':
      return number
    case 'boolean':
      return fc.constantFrom('true', 'false')
    case 'enum':
      return fc.constantFrom(...(node.values ?? ['x']).slice(0, 30))
    case 'array':
      return fc.array(valueFor(name, node.of as ParameterNode, depth + 1), { minLength: 1, maxLength: 2 })
    case 'map':
      return fc.dictionary(fc.constantFrom('a', 'usd', 'user_id'), text, { maxKeys: 2 })
    case 'object':
      return fieldsOf(node.fields ?? {}, depth + 1)
    case 'any-of':
      return fc.oneof(...(node.of as readonly ParameterNode[]).map((one) => valueFor(name, one, depth + 1)))
    default:
      return fc.oneof(text, fc.record({ number: fc.constant('4242424242424242') }))
  }
}

// Not marked as required in the description, as something else can stand in for them; without them nothing happens.
const USUAL = new Set([
  'customer',
  'items',
  'line_items',
  'mode',
  'phases',
  'price',
  'start_date',
  'success_url',
  'unit_amount',
])

function fieldsOf(table: ParameterTable, depth: number): fc.Arbitrary<object> {
  const names = Object.keys(table).filter((name) => name !== 'expand' && !name.endsWith('_data'))
  const usual = names.filter((name) => table[name]?.required === true || USUAL.has(name))
  return fc.subarray(names, { maxLength: Math.min(names.length, depth === 0 ? 3 : 2) }).chain((some) => {
    const chosen = [...new Set([...usual, ...some])]
    return fc.record(
      Object.fromEntries(chosen.map((name) => [name, valueFor(name, table[name] as ParameterNode, depth)])),
    )
  })
}

test('no request makes the sandbox itself fail, whatever its parameters', async () => {
  const { app, state } = filled()
  const authorization = `Bearer ${SECRET_KEY}`
  for (const body of [
    'customer=cus_1&items[0][price]=price_1',
    'customer=cus_1&items[0][price]=price_1&trial_period_days=7',
  ]) {
    const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' }
    expect((await app.request('/v1/subscriptions', { method: 'POST', headers, body })).status).toBe(200)
  }
  const named = (name: string, at: number) => {
    const ids = idsFor(state, name)
    return ids[at % ids.length] ?? words[at % words.length] ?? ''
  }
  const request = fc.constantFrom(...routes).chain((route) => {
    const table = route.parameters ?? describedParameters(route.operation) ?? {}
    return fc.record({ route: fc.constant(route), id: fc.nat(3), fields: fieldsOf(table, 0) })
  })
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 20, maxLength: 20 }), async (calls) => {
      for (const { fields, id, route } of calls) {
        const [method = '', path = ''] = route.operation.split(' ')
        const url = path.replaceAll(
          /(\w+)\/\{\w+\}/g,
          (_all, name) => `${name}/${encodeURIComponent(named(name, id))}`,
        )
        const form = qs
          .stringify(fields)
          .replaceAll(/%40(\w+)%3A(\d)/g, (_all, name, at) => encodeURIComponent(named(name, Number(at))))
        const headers = {
          authorization,
          'content-type': 'application/x-www-form-urlencoded',
        }
        const isPost = method === 'POST' && !path.startsWith('/v2/')
        const response = await app.request(isPost ? url : `${url}?${form}`, {
          method,
          headers,
          ...(isPost ? { body: form } : {}),
        })
        if (response.status < 500) continue
        expect.fail(`${method} ${url} ${decodeURIComponent(form)}: ${await response.text()}`)
      }
    }),
    { numRuns: 100, seed: 7 },
  )
}, 60_000)
