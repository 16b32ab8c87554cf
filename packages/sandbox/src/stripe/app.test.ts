import { describe, expect, test } from 'vitest'
import {
  makeCustomer,
  makeInvoice,
  makeInvoiceLineItem,
  makePrice,
  makeProduct,
  makeSubscription,
  makeSubscriptionItem,
} from './objects/index.ts'
import { blankStripe, SECRET_KEY } from './testbed/start-stripe.ts'

type Json = ReturnType<typeof JSON.parse>

/** A Stripe with one customer who subscribed, and a way to ask it. */
function sandbox() {
  const blank = blankStripe()
  const { app, state } = blank
  const created = state.now()
  state.products.insert(makeProduct({ id: 'prod_1', created, name: 'Pro' }))
  const price = state.prices.insert(makePrice({ id: 'price_1', created, product: 'prod_1' }))
  state.customers.insert(makeCustomer({ id: 'cus_1', created, email: 'ada@example.com' }))
  const items = Array.from({ length: 12 }, (_none, at) =>
    makeSubscriptionItem({ id: `si_${String(at).padStart(2, '0')}`, created, price, subscription: 'sub_1' }),
  )
  state.subscriptions.insert(
    makeSubscription({ id: 'sub_1', created, customer: 'cus_1', items, latest_invoice: 'in_1' }),
  )
  const lines = [
    makeInvoiceLineItem({
      id: 'il_1',
      amount: 1000,
      currency: 'usd',
      pricing: {
        type: 'price_details',
        unit_amount_decimal: '1000',
        price_details: { price: 'price_1', product: 'prod_1' },
      },
    }),
  ]
  state.invoices.insert(
    makeInvoice({ id: 'in_1', created, customer: 'cus_1', subscription: 'sub_1', lines, status: 'paid' }),
  )
  const ask = async (
    request: string,
    {
      body,
      key = SECRET_KEY,
      headers = {},
    }: { body?: string; key?: string | null; headers?: Record<string, string> } = {},
  ) => {
    const [method = 'GET', path = ''] = request.split(' ')
    const response = await app.request(path, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    })
    const answer: Json = await response.json()
    return { status: response.status, headers: response.headers, answer, error: answer.error }
  }
  return { ...blank, ask }
}

describe('an error', () => {
  test.each([
    [
      'an id in the path that nobody has is 404',
      'GET /v1/customers/cus_x',
      undefined,
      404,
      { code: 'resource_missing', param: 'id', message: "No such customer: 'cus_x'" },
    ],
    [
      'an id in the body that nobody has is 400',
      'POST /v1/subscriptions',
      'customer=cus_x',
      400,
      { code: 'resource_missing', param: 'customer' },
    ],
    [
      'a filter by an unknown customer is 400',
      'GET /v1/subscriptions?customer=cus_x',
      undefined,
      400,
      { code: 'resource_missing', param: 'customer' },
    ],
    [
      'a cursor that nobody has is 400',
      'GET /v1/customers?starting_after=cus_x',
      undefined,
      400,
      { code: 'resource_missing', param: 'starting_after' },
    ],
    [
      'an unknown path is 404',
      'GET /v1/nothing',
      undefined,
      404,
      { message: expect.stringContaining('Unrecognized request URL (GET: /v1/nothing).') },
    ],
    [
      'a method that a path does not have is 404',
      'DELETE /v1/events/evt_1',
      undefined,
      404,
      { message: expect.stringContaining('(DELETE: /v1/events/evt_1)') },
    ],
    [
      'an unknown parameter is named',
      'POST /v1/customers',
      'nickname=x',
      400,
      { code: 'parameter_unknown', param: 'nickname', message: 'Received unknown parameter: nickname' },
    ],
    [
      'several unknown parameters are named',
      'POST /v1/customers',
      'a=1&b=2',
      400,
      { message: 'Received unknown parameters: a, b' },
    ],
    [
      'an unknown parameter within another is named',
      'POST /v1/subscriptions',
      'customer=cus_1&items[0][cost]=1',
      400,
      { param: 'items[0][cost]' },
    ],
    [
      'an unknown filter is refused as well',
      'GET /v1/customers?name=x',
      undefined,
      400,
      { code: 'parameter_unknown' },
    ],
    [
      'a parameter that is missing is named',
      'POST /v1/products',
      'active=true',
      400,
      { code: 'parameter_missing', param: 'name', message: 'Missing required param: name.' },
    ],
    [
      'a number must be one',
      'GET /v1/customers?limit=ten',
      undefined,
      400,
      { code: 'parameter_invalid_integer', message: 'Invalid integer: ten' },
    ],
    [
      'a page has at least one row',
      'GET /v1/customers?limit=0',
      undefined,
      400,
      { code: 'parameter_invalid_integer', param: 'limit' },
    ],
    ['a page has at most a hundred rows', 'GET /v1/customers?limit=101', undefined, 400, { param: 'limit' }],
    [
      'an empty filter is refused',
      'GET /v1/customers?email=',
      undefined,
      400,
      { code: 'parameter_invalid_empty', param: 'email' },
    ],
    [
      'a word must be one of those known',
      'GET /v1/subscriptions?status=gone',
      undefined,
      400,
      { message: expect.stringContaining('Invalid status: must be one of active') },
    ],
    [
      'a boolean must be one',
      'GET /v1/prices?active=yes',
      undefined,
      400,
      { message: 'Invalid boolean: yes' },
    ],
    [
      'an email must look like one',
      'POST /v1/customers',
      'email=ada',
      400,
      { code: 'email_invalid', param: 'email' },
    ],
  ])('%s', async (_rule, request, body, status, error) => {
    const found = await sandbox().ask(request, body === undefined ? {} : { body })
    expect(found.status).toBe(status)
    expect(found.error).toMatchObject({ type: 'invalid_request_error', ...error })
    expect(found.headers.get('stripe-should-retry')).toBe('false')
    expect(found.error.request_log_url).toContain(found.headers.get('request-id'))
  })

  test('an id of the other mode is said to be one', async () => {
    const { ask, state } = sandbox()
    state.idsOfOtherMode.add('cus_live')
    expect((await ask('GET /v1/customers/cus_live')).error.message).toBe(
      "No such customer: 'cus_live'; a similar object exists in live mode, but a test mode key was used to make this request.",
    )
  })

  test('JSON is not what v1 takes', async () => {
    const found = await sandbox().ask('POST /v1/customers', {
      body: '{}',
      headers: { 'content-type': 'application/json' },
    })
    expect(found).toMatchObject({
      status: 400,
      error: { message: expect.stringContaining('application/x-www-form-urlencoded') },
    })
  })
})

describe('a key', () => {
  test.each([
    ['must be given', null, 'You did not provide an API key.'],
    ['must be known', 'sk_test_51Habcdefgh', 'Invalid API Key provided: sk_test_*******efgh'],
    ['must not be of the other mode', 'sk_live_sandbox', 'Invalid API Key provided: sk_live_***dbox'],
  ])('%s', async (_rule, key, message) => {
    const found = await sandbox().ask('GET /v1/customers', { key })
    expect(found.status).toBe(401)
    expect(found.error).toMatchObject({
      type: 'invalid_request_error',
      message: expect.stringContaining(message),
    })
    expect(found.error.code).toBeUndefined()
  })

  test('that has expired or was revoked no longer works', async () => {
    const { ask, keys } = sandbox()
    keys.add('sk_test_second')
    keys.expire('sk_test_second')
    expect((await ask('GET /v1/account', { key: 'sk_test_second' })).error.code).toBe('api_key_expired')
    keys.revoke(SECRET_KEY)
    expect((await ask('GET /v1/account')).status).toBe(401)
  })

  test('can be given as the user of basic authentication', async () => {
    const authorization = `Basic ${Buffer.from(`${SECRET_KEY}:`).toString('base64')}`
    expect((await sandbox().ask('GET /v1/account', { key: null, headers: { authorization } })).status).toBe(
      200,
    )
  })

  test.each([
    ['GET /v1/customers', 'rak_customer_read'],
    ['POST /v1/customers', 'rak_customer_write'],
    ['DELETE /v1/customers/cus_1', 'rak_customer_write'],
    ['GET /v1/prices', 'rak_plan_read'],
    ['GET /v1/subscription_items?subscription=sub_1', 'rak_subscription_read'],
    ['GET /v1/subscription_schedules', 'rak_subscription_read'],
    ['GET /v1/invoice_payments', 'rak_invoice_read'],
    ['GET /v1/refunds', 'rak_charge_read'],
    ['GET /v1/products/prod_1/features', 'rak_product_read'],
    ['GET /v2/core/events', 'rak_event_read'],
    ['GET /v1/subscriptions?expand[]=data.customer', 'rak_customer_read'],
    ['GET /v1/subscriptions?expand[]=data.latest_invoice', 'rak_invoice_read'],
  ])('that is restricted needs for %s the permission %s', async (request, permission) => {
    const { ask, keys, state } = sandbox()
    const key = 'rk_test_51Habcqs8Kgd'
    keys.add(key, permission === 'rak_subscription_read' ? [] : ['rak_subscription_read'])
    const refused = await ask(request, { key })
    expect(refused.status).toBe(403)
    expect(refused.error).toEqual({
      message: `The provided key 'rk_test_******qs8Kgd' does not have the required permissions for this endpoint on account '${state.account.id}'. Having the '${permission}' permission would allow this request to continue.`,
      request_log_url: expect.any(String),
      type: 'invalid_request_error',
    })
    keys.add(key, [permission, 'rak_subscription_read'])
    expect((await ask(request, { key })).status).toBe(200)
  })

  test('that may write may read', async () => {
    const { ask, keys } = sandbox()
    keys.add('rk_test_writer', ['rak_customer_write'])
    expect((await ask('GET /v1/customers', { key: 'rk_test_writer' })).status).toBe(200)
  })
})

describe('an idempotency key', () => {
  const headers = { 'idempotency-key': 'once' }

  test('gives the same answer to the same request, and acts once', async () => {
    const { ask, state } = sandbox()
    const first = await ask('POST /v1/customers', { body: 'name=Ada', headers })
    const again = await ask('POST /v1/customers', { body: 'name=Ada', headers })
    expect(again.answer).toEqual(first.answer)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(again.headers.get('original-request')).toBe(first.headers.get('request-id'))
    expect(first.headers.get('idempotent-replayed')).toBeNull()
    expect(state.customers.size).toBe(2)
  })

  test('refuses another request', async () => {
    const { ask } = sandbox()
    await ask('POST /v1/customers', { body: 'name=Ada', headers })
    const other = await ask('POST /v1/customers', { body: 'name=Bob', headers })
    expect(other).toMatchObject({
      status: 400,
      error: { type: 'idempotency_error', message: expect.stringContaining("other than 'once'") },
    })
  })

  test('keeps an error that the endpoint gave', async () => {
    const { ask, state } = sandbox()
    const body = 'customer=cus_late&items[0][price]=price_1'
    expect((await ask('POST /v1/subscriptions', { body, headers })).status).toBe(400)
    state.customers.insert(makeCustomer({ id: 'cus_late', created: 1 }))
    expect((await ask('POST /v1/subscriptions', { body, headers })).status).toBe(400)
  })

  test('is free again when the parameters were refused, and after a day', async () => {
    const { ask, clock, state } = sandbox()
    expect((await ask('POST /v1/customers', { body: 'nickname=Ada', headers })).status).toBe(400)
    expect((await ask('POST /v1/customers', { body: 'name=Ada', headers })).status).toBe(200)
    clock.advance(24 * 3600_000)
    expect((await ask('POST /v1/customers', { body: 'name=Bob', headers })).answer.name).toBe('Bob')
    expect(state.customers.size).toBe(3)
  })

  test('is each API key’s own', async () => {
    const { ask, keys } = sandbox()
    keys.add('sk_test_second')
    await ask('POST /v1/customers', { body: 'name=Ada', headers })
    expect(
      (await ask('POST /v1/customers', { body: 'name=Bob', headers, key: 'sk_test_second' })).status,
    ).toBe(200)
  })
})

describe('expand', () => {
  test('makes objects of ids, four levels deep, in lists too', async () => {
    const { ask } = sandbox()
    const paths = [
      'data.customer',
      'data.latest_invoice.customer',
      'data.latest_invoice.payments',
      'data.items.data.price',
    ]
    const query = paths.map((path) => `expand[]=${path}`).join('&')
    const [row] = (await ask(`GET /v1/subscriptions?${query}`)).answer.data
    expect(row.customer.email).toBe('ada@example.com')
    expect(row.latest_invoice.customer.id).toBe('cus_1')
    expect(row.latest_invoice.payments).toMatchObject({ object: 'list', data: [] })
    const parent = 'parent.subscription_details.subscription.customer'
    expect(
      (await ask(`GET /v1/invoices/in_1?expand[]=${parent}`)).answer.parent.subscription_details.subscription
        .customer.id,
    ).toBe('cus_1')
  })

  test('does not touch what is stored, and leaves ids alone where nothing asks for them', async () => {
    const { ask, state } = sandbox()
    await ask('GET /v1/subscriptions/sub_1?expand[]=customer&expand[]=latest_invoice')
    expect(state.subscriptions.get('sub_1')).toMatchObject({ customer: 'cus_1', latest_invoice: 'in_1' })
    expect((await ask('GET /v1/subscriptions/sub_1')).answer.customer).toBe('cus_1')
  })

  test.each([
    ['GET /v1/customers/cus_1?expand[]=plan', 'This property cannot be expanded (plan).'],
    [
      'GET /v1/subscriptions?expand[]=customer',
      "This property cannot be expanded (customer). You may want to try expanding 'data.customer' instead.",
    ],
    [
      'GET /v1/subscriptions?expand[]=data.items.data.price.product',
      'You cannot expand more than 4 levels of a property. Property: data.items.data.price.product',
    ],
    ['GET /v1/customers/cus_1?expand[]=email', 'This property cannot be expanded (email).'],
  ])('%s is refused', async (request, message) => {
    expect(await sandbox().ask(request)).toMatchObject({
      status: 400,
      error: { message, type: 'invalid_request_error' },
    })
  })

  test('shows fields that are left out otherwise', async () => {
    const { ask } = sandbox()
    expect((await ask('GET /v1/customers/cus_1')).answer.subscriptions).toBeUndefined()
    const grown = await ask('GET /v1/customers/cus_1?expand[]=subscriptions.data.latest_invoice')
    expect(grown.answer.subscriptions.data[0].latest_invoice.id).toBe('in_1')
  })
})

test('an embedded list shows ten rows; the rest is listed by its url', async () => {
  const { ask } = sandbox()
  const { items } = (await ask('GET /v1/subscriptions/sub_1')).answer
  expect([items.data.length, items.has_more]).toEqual([10, true])
  const rest = await ask(`GET ${items.url}&starting_after=${items.data[9].id}`)
  expect(rest.answer.data.map((item: Json) => item.id)).toEqual(['si_10', 'si_11'])
})

test.each([
  ['', ['incomplete_expired', 'incomplete', 'active']],
  ['?status=all', ['canceled', 'incomplete_expired', 'incomplete', 'active']],
  ['?status=ended', ['canceled', 'incomplete_expired']],
  ['?status=canceled', ['canceled']],
  ['?status=active', ['active']],
])('subscriptions%s are those that are %s', async (query, statuses) => {
  const { ask, state } = sandbox()
  for (const [at, status] of (['incomplete', 'incomplete_expired', 'canceled'] as const).entries()) {
    state.subscriptions.insert(
      makeSubscription({ id: `sub_2${at}`, created: state.now(), customer: 'cus_1', status }),
    )
  }
  const listed = (await ask(`GET /v1/subscriptions${query}`)).answer.data.map((row: Json) => row.status)
  expect(listed).toEqual(statuses)
})

describe('metadata', () => {
  test('is merged by key; an empty value removes its key, an empty whole clears it', async () => {
    const { ask } = sandbox()
    const set = async (body: string) => (await ask('POST /v1/customers/cus_1', { body })).answer.metadata
    expect(await set('metadata[a]=1&metadata[b]=2')).toEqual({ a: '1', b: '2' })
    expect(await set('metadata[a]=&metadata[c]=3')).toEqual({ b: '2', c: '3' })
    expect(await set('metadata=')).toEqual({})
  })

  test.each([
    ['a key of 41 characters', `metadata[${'k'.repeat(41)}]=1`],
    ['a value of 501 characters', `metadata[k]=${'v'.repeat(501)}`],
    ['51 keys', Array.from({ length: 51 }, (_none, at) => `metadata[k${at}]=1`).join('&')],
  ])('refuses %s', async (_what, body) => {
    expect((await sandbox().ask('POST /v1/customers/cus_1', { body })).status).toBe(400)
  })
})

test('an update that changes nothing emits no event', async () => {
  const { ask, state } = sandbox()
  await ask('POST /v1/customers/cus_1', { body: 'email=ada@example.com' })
  expect(state.events.size).toBe(0)
})

test('every answer names its request, and the version asked for', async () => {
  const { ask } = sandbox()
  const found = await ask('GET /v1/account', { headers: { 'stripe-version': '2025-01-27.acacia' } })
  expect(found.headers.get('request-id')).toMatch(/^req_/)
  expect(found.headers.get('stripe-version')).toBe('2025-01-27.acacia')
  expect(found.headers.get('content-type')).toBe('application/json')
})
