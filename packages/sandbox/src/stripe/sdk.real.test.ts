import { expect, test } from 'vitest'
import { describedOperations, eventFaults, shapeFaults } from './testbed/described-shapes.ts'
import { type Exchange, START, startStripe } from './testbed/start-stripe.ts'

const { clock, engine, exchanges, state, stripe } = await startStripe('sdk')
const now = Math.floor(START.getTime() / 1000)

const feature = await stripe.entitlements.features.create({ lookup_key: 'reports', name: 'Reports' })
const product = await stripe.products.create({ name: 'Pro', metadata: { tier: '2' } })
await stripe.products.createFeature(product.id, { entitlement_feature: feature.id })
const price = await stripe.prices.create({
  product: product.id,
  currency: 'usd',
  unit_amount: 2000,
  recurring: { interval: 'month' },
  lookup_key: 'pro_monthly',
})

async function payer(email = 'ada@example.com') {
  return stripe.customers.create({
    email,
    name: 'Ada',
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  })
}

async function subscribed() {
  const customer = await payer()
  return stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] })
}

test('the account of the key is told', async () => {
  expect((await stripe.accounts.retrieveCurrent()).id).toBe(state.account.id)
})

test('a customer is made, read, changed, found, listed and deleted', async () => {
  const made = await stripe.customers.create({
    email: 'grace@example.com',
    address: { city: 'Arlington', country: 'US' },
    shipping: { name: 'Grace', address: { line1: '1 Main St' } },
    metadata: { user_id: 'user_7' },
    preferred_locales: ['en'],
    tax_exempt: 'exempt',
  })
  expect(made).toMatchObject({
    object: 'customer',
    created: now,
    address: { city: 'Arlington', line1: null },
  })
  const changed = await stripe.customers.update(made.id, {
    name: 'Grace',
    metadata: { team: 'navy', user_id: '' },
  })
  expect(changed).toMatchObject({ name: 'Grace', email: 'grace@example.com', metadata: { team: 'navy' } })
  expect(await stripe.customers.retrieve(made.id)).toMatchObject({ id: made.id, tax_exempt: 'exempt' })
  const found = await stripe.customers.search({
    query: 'email:"GRACE@example.com" AND metadata["team"]:"navy"',
  })
  expect(found.data.map((row) => row.id)).toEqual([made.id])
  expect((await stripe.customers.list({ email: 'grace@example.com' })).data).toHaveLength(1)
  expect(await stripe.customers.del(made.id)).toEqual(expect.objectContaining({ id: made.id, deleted: true }))
  expect(await stripe.customers.retrieve(made.id)).toMatchObject({ deleted: true, object: 'customer' })
  expect((await stripe.customers.list({ email: 'grace@example.com' })).data).toEqual([])
})

test('deleting a customer cancels its subscriptions at once', async () => {
  const subscription = await subscribed()
  await stripe.customers.del(String(subscription.customer))
  const left = await stripe.subscriptions.retrieve(subscription.id, { expand: ['customer'] })
  expect(left).toMatchObject({ status: 'canceled', customer: { deleted: true } })
})

test('a product is made with a price, changed, found, listed and deleted', async () => {
  const made = await stripe.products.create({
    name: 'Add-on',
    default_price_data: { currency: 'eur', unit_amount: 500, recurring: { interval: 'year' } },
  })
  const read = await stripe.products.retrieve(made.id, { expand: ['default_price'] })
  expect(read.default_price).toMatchObject({ unit_amount: 500, recurring: { interval: 'year' } })
  expect(await stripe.products.update(made.id, { active: false })).toMatchObject({ active: false })
  expect((await stripe.products.search({ query: 'active:"false" AND name~"dd-o"' })).data).toHaveLength(1)
  expect((await stripe.products.list({ ids: [made.id], active: false })).data).toHaveLength(1)
  await expect(stripe.products.del(made.id)).rejects.toThrow(/one or more user-created prices/)
  const bare = await stripe.products.create({ name: 'Bare' })
  expect(await stripe.products.del(bare.id)).toMatchObject({ deleted: true })
  await expect(stripe.products.retrieve(bare.id)).rejects.toMatchObject({
    code: 'resource_missing',
    statusCode: 404,
  })
})

test('a feature is put on a product and taken off again', async () => {
  const extra = await stripe.entitlements.features.create({ lookup_key: 'sso', name: 'SSO' })
  const link = await stripe.products.createFeature(product.id, { entitlement_feature: extra.id })
  expect((await stripe.products.listFeatures(product.id)).data.map((row) => row.id)).toContain(link.id)
  expect((await stripe.products.retrieveFeature(product.id, link.id)).entitlement_feature.lookup_key).toBe(
    'sso',
  )
  expect(await stripe.products.deleteFeature(product.id, link.id)).toMatchObject({ deleted: true })
})

test('prices are made in tiers and in packages, changed, found and listed; a lookup key moves on request', async () => {
  const tiered = await stripe.prices.create({
    product: product.id,
    currency: 'usd',
    billing_scheme: 'tiered',
    tiers_mode: 'graduated',
    tiers: [
      { up_to: 10, unit_amount: 100 },
      { up_to: 'inf', unit_amount: 50 },
    ],
    recurring: { interval: 'month', usage_type: 'licensed' },
  })
  const read = await stripe.prices.retrieve(tiered.id, { expand: ['tiers', 'product', 'currency_options'] })
  expect(read.tiers).toHaveLength(2)
  expect(read.product).toMatchObject({ name: 'Pro' })
  const other = await stripe.prices.create({
    product_data: { name: 'Packs' },
    currency: 'usd',
    unit_amount: 900,
    lookup_key: 'pack',
    transform_quantity: { divide_by: 5, round: 'up' },
  })
  await expect(stripe.prices.update(tiered.id, { lookup_key: 'pack' })).rejects.toThrow(
    /already uses that lookup key/,
  )
  await stripe.prices.update(tiered.id, { lookup_key: 'pack', transfer_lookup_key: true, nickname: 'Tiers' })
  expect((await stripe.prices.list({ lookup_keys: ['pack'] })).data.map((row) => row.id)).toEqual([tiered.id])
  expect((await stripe.prices.search({ query: 'lookup_key:"pack" AND type:"recurring"' })).data).toHaveLength(
    1,
  )
  expect((await stripe.prices.list({ type: 'one_time' })).data.map((row) => row.id)).toContain(other.id)
})

test('a subscription starts, changes, plans its end, takes it back, and ends', async () => {
  const made = await subscribed()
  expect(made).toMatchObject({ status: 'active', billing_mode: { type: 'flexible' }, cancel_at: null })
  expect(made.items.data[0]).toMatchObject({ current_period_start: now, quantity: 1 })
  const more = await stripe.subscriptions.update(made.id, {
    items: [{ id: made.items.data[0]?.id ?? '', quantity: 3 }],
    metadata: { user_id: 'user_1' },
    proration_behavior: 'none',
  })
  expect(more.items.data[0]?.quantity).toBe(3)
  const ending = await stripe.subscriptions.update(made.id, { cancel_at: 'min_period_end' })
  expect(ending).toMatchObject({
    cancel_at: made.items.data[0]?.current_period_end,
    cancel_at_period_end: false,
  })
  expect(await stripe.subscriptions.update(made.id, { cancel_at: '' })).toMatchObject({ cancel_at: null })
  const atEnd = await stripe.subscriptions.update(made.id, { cancel_at_period_end: true })
  expect(atEnd).toMatchObject({ cancel_at_period_end: true, cancel_at: null })
  const paused = await stripe.subscriptions.update(made.id, {
    cancel_at_period_end: false,
    pause_collection: { behavior: 'void', resumes_at: now + 86_400 },
  })
  expect(paused).toMatchObject({
    status: 'active',
    pause_collection: { behavior: 'void', resumes_at: now + 86_400 },
  })
  expect((await stripe.subscriptions.search({ query: 'metadata["user_id"]:"user_1"' })).data).toHaveLength(1)
  const ended = await stripe.subscriptions.cancel(made.id, {
    cancellation_details: { comment: 'moving on' },
    prorate: true,
  })
  expect(ended).toMatchObject({
    status: 'canceled',
    cancellation_details: { comment: 'moving on' },
    ended_at: now,
  })
  await expect(stripe.subscriptions.cancel(made.id)).rejects.toMatchObject({ statusCode: 404 })
})

test('a subscription begins with a trial where one is asked for', async () => {
  const customer = await payer()
  const trial = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    trial_period_days: 14,
    trial_settings: { end_behavior: { missing_payment_method: 'pause' } },
  })
  expect(trial).toMatchObject({ status: 'trialing', trial_end: now + 14 * 86_400 })
})

test('a first payment that is declined leaves the subscription incomplete, or refuses it when told to', async () => {
  const customer = await stripe.customers.create({
    invoice_settings: { default_payment_method: 'pm_card_chargeCustomerFail' },
    payment_method: 'pm_card_chargeCustomerFail',
  })
  const params = { customer: customer.id, items: [{ price: price.id }] }
  expect(await stripe.subscriptions.create(params)).toMatchObject({ status: 'incomplete' })
  await expect(
    stripe.subscriptions.create({ ...params, payment_behavior: 'error_if_incomplete' }),
  ).rejects.toMatchObject({ type: 'StripeCardError', code: 'card_declined', statusCode: 402 })
})

test('a subscription pauses and resumes; a classic one migrates first', async () => {
  const customer = await payer()
  const classic = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    billing_mode: { type: 'classic' },
  })
  await expect(stripe.subscriptions.pause(classic.id, { type: 'subscription' })).rejects.toThrow(/flexible/)
  const moved = await stripe.subscriptions.migrate(classic.id, { billing_mode: { type: 'flexible' } })
  expect(moved.billing_mode.type).toBe('flexible')
  const paused = await stripe.subscriptions.pause(classic.id, { type: 'subscription' })
  expect(paused).toMatchObject({
    status: 'paused',
    status_details: { paused: { subscription: { type: 'pause_requested' } } },
  })
  expect(await stripe.subscriptions.resume(classic.id)).toMatchObject({ status: 'active' })
})

test('items are added, read, listed, changed and taken away', async () => {
  const subscription = await subscribed()
  const seat = await stripe.prices.create({
    product: product.id,
    currency: 'usd',
    unit_amount: 300,
    recurring: { interval: 'month' },
  })
  const item = await stripe.subscriptionItems.create({
    subscription: subscription.id,
    price: seat.id,
    quantity: 2,
  })
  expect(await stripe.subscriptionItems.retrieve(item.id)).toMatchObject({
    quantity: 2,
    price: { id: seat.id },
  })
  expect((await stripe.subscriptionItems.list({ subscription: subscription.id })).data).toHaveLength(2)
  expect(
    await stripe.subscriptionItems.update(item.id, { quantity: 5, metadata: { kind: 'seat' } }),
  ).toMatchObject({ quantity: 5 })
  expect(await stripe.subscriptionItems.del(item.id)).toMatchObject({ deleted: true })
  const last = subscription.items.data[0]?.id ?? ''
  await expect(stripe.subscriptionItems.del(last)).rejects.toThrow(/at least one active plan/)
})

test('a coupon and a promotion code reduce a subscription, and come off again', async () => {
  const coupon = await stripe.coupons.create({
    percent_off: 50,
    duration: 'forever',
    name: 'Half',
    applies_to: { products: [product.id] },
  })
  expect((await stripe.coupons.retrieve(coupon.id, { expand: ['applies_to'] })).applies_to?.products).toEqual(
    [product.id],
  )
  expect(await stripe.coupons.update(coupon.id, { name: 'Half price' })).toMatchObject({ name: 'Half price' })
  expect((await stripe.coupons.list()).data.map((row) => row.id)).toContain(coupon.id)
  const code = await stripe.promotionCodes.create({
    promotion: { type: 'coupon', coupon: coupon.id },
    code: 'HALF',
  })
  expect((await stripe.promotionCodes.list({ code: 'half' })).data[0]?.promotion.coupon).toBe(coupon.id)
  expect(await stripe.promotionCodes.retrieve(code.id, { expand: ['promotion.coupon'] })).toMatchObject({
    promotion: { coupon: { id: coupon.id } },
  })
  const customer = await payer()
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    discounts: [{ promotion_code: code.id }],
    expand: ['discounts', 'latest_invoice'],
  })
  expect(subscription.latest_invoice).toMatchObject({ subtotal: 2000, total: 1000 })
  expect(subscription.discounts[0]).toMatchObject({ promotion_code: code.id, source: { coupon: coupon.id } })
  expect(await stripe.promotionCodes.update(code.id, { active: false })).toMatchObject({
    active: false,
    times_redeemed: 1,
  })
  expect(await stripe.subscriptions.deleteDiscount(subscription.id)).toMatchObject({ deleted: true })
  expect((await stripe.subscriptions.retrieve(subscription.id)).discounts).toEqual([])
  expect(await stripe.coupons.del(coupon.id)).toMatchObject({ deleted: true })
})

test('invoices are read with their lines, listed, found, and paid, voided or written off', async () => {
  const customer = await stripe.customers.create({ email: 'invoices@example.com' })
  const open = async () => {
    const made = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      collection_method: 'send_invoice',
      days_until_due: 30,
    })
    const draft = await stripe.invoices.retrieve(String(made.latest_invoice))
    expect(draft.status).toBe('draft')
    return stripe.invoices.finalizeInvoice(draft.id, { auto_advance: false })
  }
  const [first, second, third] = [await open(), await open(), await open()]
  expect((await stripe.invoices.listLineItems(first.id)).data[0]).toMatchObject({
    amount: 2000,
    object: 'line_item',
  })
  const paid = await stripe.invoices.pay(first.id, { payment_method: 'pm_card_visa' })
  expect(paid).toMatchObject({ status: 'paid', amount_paid: 2000 })
  await expect(stripe.invoices.pay(first.id)).rejects.toThrow('Invoice is already paid')
  expect(await stripe.invoices.voidInvoice(second.id)).toMatchObject({ status: 'void' })
  expect(await stripe.invoices.markUncollectible(third.id)).toMatchObject({ status: 'uncollectible' })
  const listed = await stripe.invoices.list({ customer: customer.id, status: 'void' })
  expect(listed.data.map((row) => row.id)).toEqual([second.id])
  expect(
    (await stripe.invoices.search({ query: `customer:"${customer.id}" AND total>1999` })).data,
  ).toHaveLength(3)
})

test('items wait for an invoice that includes them, or go on a draft', async () => {
  const customer = await payer()
  const item = await stripe.invoiceItems.create({
    customer: customer.id,
    amount: 1500,
    currency: 'usd',
    description: 'Setup',
  })
  expect(
    (await stripe.invoiceItems.list({ customer: customer.id, pending: true })).data.map((row) => row.id),
  ).toEqual([item.id])
  const draft = await stripe.invoices.create({
    customer: customer.id,
    pending_invoice_items_behavior: 'include',
  })
  expect(draft).toMatchObject({
    status: 'draft',
    total: 1500,
    lines: { data: [{ description: 'Setup', amount: 1500 }] },
  })
  await stripe.invoiceItems.create({ customer: customer.id, invoice: draft.id, amount: 500, currency: 'usd' })
  expect(await stripe.invoiceItems.retrieve(item.id)).toMatchObject({ invoice: draft.id })
  expect(await stripe.invoices.pay(draft.id)).toMatchObject({ status: 'paid', amount_paid: 2000 })
})

test('a paid invoice leads to its payment, charge and refund', async () => {
  const subscription = await subscribed()
  const invoice = await stripe.invoices.retrieve(String(subscription.latest_invoice), {
    expand: ['payments'],
  })
  const payment = invoice.payments?.data[0]
  const intent = String(payment?.payment.payment_intent)
  expect(await stripe.invoicePayments.retrieve(payment?.id ?? '')).toMatchObject({
    status: 'paid',
    invoice: invoice.id,
  })
  const found = await stripe.invoicePayments.list({
    payment: { type: 'payment_intent', payment_intent: intent },
  })
  expect(found.data.map((row) => row.invoice)).toEqual([invoice.id])
  const charges = await stripe.charges.list({ payment_intent: intent })
  const charge = await stripe.charges.retrieve(charges.data[0]?.id ?? '')
  expect(charge).toMatchObject({ amount: 2000, paid: true })
  const refund = await stripe.refunds.create({
    charge: charge.id,
    amount: 500,
    reason: 'requested_by_customer',
  })
  expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({
    amount: 500,
    charge: charge.id,
    status: 'succeeded',
  })
  await expect(stripe.refunds.create({ payment_intent: intent, amount: 1600 })).rejects.toThrow(
    /greater than unrefunded/,
  )
  await stripe.refunds.create({ payment_intent: intent })
  expect(await stripe.charges.retrieve(charge.id, { expand: ['refunds'] })).toMatchObject({
    refunded: true,
    amount_refunded: 2000,
    refunds: { data: [{ amount: 1500 }, { amount: 500 }] },
  })
  expect((await stripe.refunds.list({ charge: charge.id })).data).toHaveLength(2)
  await expect(stripe.refunds.create({ charge: charge.id })).rejects.toMatchObject({
    code: 'charge_already_refunded',
  })
})

test('disputes are read and listed', async () => {
  const subscription = await subscribed()
  const charge = state.charges.by('customer', String(subscription.customer))[0]
  if (charge === undefined) throw new Error('The subscription was not charged.')
  const opened = engine.openDispute(charge)
  expect(await stripe.disputes.retrieve(opened.id)).toMatchObject({
    charge: charge.id,
    status: 'needs_response',
  })
  expect((await stripe.disputes.list({ charge: charge.id })).data).toHaveLength(1)
})

test('a schedule is made, read, listed, changed, released and canceled', async () => {
  const customer = await payer()
  const yearly = await stripe.prices.create({
    product: product.id,
    currency: 'usd',
    unit_amount: 20_000,
    recurring: { interval: 'year' },
  })
  const later = await stripe.subscriptionSchedules.create({
    customer: customer.id,
    start_date: now + 86_400,
    end_behavior: 'cancel',
    phases: [
      { items: [{ price: price.id, quantity: 1 }], duration: { interval: 'month', interval_count: 2 } },
    ],
  })
  expect(later).toMatchObject({ status: 'not_started', subscription: null, end_behavior: 'cancel' })
  expect(await stripe.subscriptionSchedules.cancel(later.id)).toMatchObject({ status: 'canceled' })
  const subscription = await subscribed()
  const taken = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
  const current = taken.phases[0]
  if (current === undefined) throw new Error('The schedule has no phase.')
  const changed = await stripe.subscriptionSchedules.update(taken.id, {
    phases: [
      {
        items: [{ price: price.id, quantity: 1 }],
        start_date: current.start_date,
        end_date: current.end_date,
      },
      { items: [{ price: yearly.id, quantity: 1 }], duration: { interval: 'year' } },
    ],
    metadata: { why: 'upgrade' },
  })
  expect(changed.phases).toHaveLength(2)
  expect(await stripe.subscriptionSchedules.retrieve(taken.id)).toMatchObject({
    status: 'active',
    subscription: subscription.id,
  })
  expect(
    (await stripe.subscriptionSchedules.list({ customer: String(subscription.customer) })).data,
  ).toHaveLength(1)
  const released = await stripe.subscriptionSchedules.release(taken.id)
  expect(released).toMatchObject({
    status: 'released',
    released_subscription: subscription.id,
    subscription: null,
  })
})

test('a checkout is made, changed, read, listed, and expires', async () => {
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    line_items: [{ price: price.id, quantity: 2 }],
    customer_email: 'buyer@example.com',
    client_reference_id: 'org_1',
    success_url: 'https://app.example/done?session={CHECKOUT_SESSION_ID}',
    cancel_url: 'https://app.example/pricing',
    subscription_data: { metadata: { org: 'org_1' }, trial_period_days: 7 },
    allow_promotion_codes: true,
  })
  expect(session).toMatchObject({ status: 'open', amount_total: 0, subscription: null })
  expect(await stripe.checkout.sessions.update(session.id, { metadata: { a: 'b' } })).toMatchObject({
    metadata: { a: 'b' },
  })
  const read = await stripe.checkout.sessions.retrieve(session.id, {
    expand: ['line_items.data.price.product'],
  })
  expect(read.line_items?.data[0]).toMatchObject({ quantity: 2, price: { product: { name: 'Pro' } } })
  expect((await stripe.checkout.sessions.listLineItems(session.id)).data).toHaveLength(1)
  expect((await stripe.checkout.sessions.list({ status: 'open' })).data.map((row) => row.id)).toContain(
    session.id,
  )
  expect(await stripe.checkout.sessions.expire(session.id)).toMatchObject({ status: 'expired', url: null })
  await expect(stripe.checkout.sessions.expire(session.id)).rejects.toThrow(/status of expired/)
})

test('the portal needs a saved configuration, then opens for a customer', async () => {
  const subscription = await subscribed()
  const customer = String(subscription.customer)
  await expect(stripe.billingPortal.sessions.create({ customer })).rejects.toThrow(
    /No configuration provided/,
  )
  const configuration = await stripe.billingPortal.configurations.create({
    features: {
      subscription_cancel: { enabled: true, mode: 'at_period_end' },
      invoice_history: { enabled: true },
    },
    business_profile: { headline: 'Hello' },
  })
  expect(configuration).toMatchObject({ is_default: true, business_profile: { headline: 'Hello' } })
  await stripe.billingPortal.configurations.update(configuration.id, {
    default_return_url: 'https://app.example/',
  })
  expect(await stripe.billingPortal.configurations.retrieve(configuration.id)).toMatchObject({
    default_return_url: 'https://app.example/',
  })
  expect((await stripe.billingPortal.configurations.list({ is_default: true })).data).toHaveLength(1)
  const session = await stripe.billingPortal.sessions.create({
    customer,
    flow_data: { type: 'subscription_cancel', subscription_cancel: { subscription: subscription.id } },
  })
  expect(session).toMatchObject({
    customer,
    return_url: 'https://app.example/',
    flow: { type: 'subscription_cancel' },
  })
})

test('active entitlements follow from subscriptions and their products', async () => {
  const subscription = await subscribed()
  const customer = String(subscription.customer)
  const listed = await stripe.entitlements.activeEntitlements.list({ customer, expand: ['data.feature'] })
  expect(listed.data[0]).toMatchObject({ lookup_key: 'reports', feature: { id: feature.id } })
  const one = await stripe.entitlements.activeEntitlements.retrieve(listed.data[0]?.id ?? '')
  expect(one.feature).toBe(feature.id)
  await stripe.subscriptions.cancel(subscription.id)
  expect((await stripe.entitlements.activeEntitlements.list({ customer })).data).toEqual([])
})

test('a feature is renamed, archived, and no longer listed', async () => {
  const made = await stripe.entitlements.features.create({ lookup_key: 'beta', name: 'Beta' })
  expect(
    await stripe.entitlements.features.update(made.id, { active: false, name: 'Old beta' }),
  ).toMatchObject({ active: false })
  expect(await stripe.entitlements.features.retrieve(made.id)).toMatchObject({ name: 'Old beta' })
  expect((await stripe.entitlements.features.list({ lookup_key: 'beta' })).data).toEqual([])
  expect((await stripe.entitlements.features.list({ lookup_key: 'beta', archived: true })).data).toHaveLength(
    1,
  )
})

test('events tell what happened, newest first, with the object as it was', async () => {
  const customer = await stripe.customers.create({ name: 'Before' })
  await stripe.customers.update(customer.id, { name: 'After' })
  const listed = await stripe.events.list({ types: ['customer.created', 'customer.updated'], limit: 2 })
  const [updated, created] = listed.data
  expect(updated).toMatchObject({
    data: { object: { name: 'After' }, previous_attributes: { name: 'Before' } },
  })
  expect(created).toMatchObject({ type: 'customer.created', data: { object: { name: 'Before' } } })
  expect(updated?.request?.idempotency_key).toMatch(/^stripe-node-retry-/)
  expect((await stripe.events.retrieve(updated?.id ?? '')).type).toBe('customer.updated')
})

test('thin events name the object and its snapshot twin, page by page', async () => {
  const customer = await stripe.customers.create({ name: 'Thin' })
  await stripe.customers.update(customer.id, { name: 'Thinner' })
  const types: string[] = []
  for await (const event of stripe.v2.core.events.list({ object_id: customer.id, limit: 1 }))
    types.push(event.type)
  expect(types).toEqual(['v1.customer.updated', 'v1.customer.created'])
  const first = (await stripe.v2.core.events.list({ object_id: customer.id })).data[0]
  expect(await stripe.v2.core.events.retrieve(first?.id ?? '')).toMatchObject({
    related_object: { id: customer.id, type: 'customer', url: `/v1/customers/${customer.id}` },
  })
})

test('a webhook endpoint shows its secret once, changes, is listed and deleted', async () => {
  const made = await stripe.webhookEndpoints.create({
    url: 'http://127.0.0.1:9/hook',
    enabled_events: ['customer.created'],
  })
  expect(made.secret).toMatch(/^whsec_/)
  expect((await stripe.webhookEndpoints.retrieve(made.id)).secret).toBeUndefined()
  expect(await stripe.webhookEndpoints.update(made.id, { disabled: true })).toMatchObject({
    status: 'disabled',
  })
  const listed = await stripe.webhookEndpoints.list()
  expect(listed.data.map((row) => [row.id, row.secret])).toEqual([[made.id, undefined]])
  expect(await stripe.webhookEndpoints.del(made.id)).toMatchObject({ deleted: true })
})

test('an event destination shows its secret only where it is asked for', async () => {
  const made = await stripe.v2.core.eventDestinations.create({
    name: 'App',
    type: 'webhook_endpoint',
    event_payload: 'thin',
    enabled_events: ['v1.customer.created'],
    webhook_endpoint: { url: 'http://127.0.0.1:9/hook' },
    include: ['webhook_endpoint.signing_secret'],
  })
  expect(made.webhook_endpoint?.signing_secret).toMatch(/^whsec_/)
  expect((await stripe.v2.core.eventDestinations.retrieve(made.id)).webhook_endpoint).toEqual({})
  expect(await stripe.v2.core.eventDestinations.disable(made.id)).toMatchObject({ status: 'disabled' })
  expect(await stripe.v2.core.eventDestinations.update(made.id, { name: 'Other' })).toMatchObject({
    name: 'Other',
  })
  expect((await stripe.v2.core.eventDestinations.list()).data).toHaveLength(1)
  await stripe.v2.core.eventDestinations.del(made.id)
  await expect(stripe.v2.core.eventDestinations.retrieve(made.id)).rejects.toMatchObject({ statusCode: 404 })
})

test('a test clock carries its customers through time, and takes them along when deleted', async () => {
  const made = await stripe.testHelpers.testClocks.create({ frozen_time: now, name: 'Renewal' })
  const customer = await stripe.customers.create({
    test_clock: made.id,
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  })
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
  })
  expect(
    (await stripe.customers.list({ email: customer.email ?? '', test_clock: made.id }).catch(() => null))
      ?.data,
  ).toBeUndefined()
  expect((await stripe.customers.list({ test_clock: made.id })).data.map((row) => row.id)).toEqual([
    customer.id,
  ])
  expect((await stripe.subscriptions.list({ test_clock: made.id })).data.map((row) => row.id)).toEqual([
    subscription.id,
  ])
  expect((await stripe.subscriptions.list({ limit: 100 })).data.map((row) => row.id)).not.toContain(
    subscription.id,
  )
  await stripe.testHelpers.testClocks.advance(made.id, { frozen_time: now + 32 * 86_400 })
  expect(await stripe.testHelpers.testClocks.retrieve(made.id)).toMatchObject({
    status: 'ready',
    frozen_time: now + 32 * 86_400,
  })
  expect((await stripe.invoices.list({ subscription: subscription.id })).data).toHaveLength(2)
  expect((await stripe.testHelpers.testClocks.list()).data.map((row) => row.id)).toContain(made.id)
  expect(await stripe.testHelpers.testClocks.del(made.id)).toMatchObject({ deleted: true })
  expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ deleted: true })
})

test('cards are made of test numbers only, attached, listed and detached', async () => {
  const customer = await stripe.customers.create()
  const card = await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } })
  await stripe.paymentMethods.attach(card.id, { customer: customer.id })
  await stripe.paymentMethods.attach('pm_card_mastercard', { customer: customer.id })
  expect((await stripe.customers.listPaymentMethods(customer.id)).data).toHaveLength(2)
  expect(await stripe.paymentMethods.detach(card.id)).toMatchObject({ customer: null })
  expect((await stripe.paymentMethods.list({ customer: customer.id, type: 'card' })).data).toHaveLength(1)
  const real = { number: '5500005555555559', exp_month: 1, exp_year: 2034, cvc: '123' }
  await expect(stripe.paymentMethods.create({ type: 'card', card: real })).rejects.toMatchObject({
    code: 'card_declined',
  })
})

test('every answer has the shape that the API description gives it', () => {
  clock.advance(0)
  const faults = exchanges.flatMap((exchange) => {
    const operation = operationOf(exchange)
    if (operation === null || exchange.status !== 200) return []
    return shapeFaults(operation, exchange.answer).map((fault) => `${exchange.request}: ${fault}`)
  })
  expect([...new Set(faults)]).toEqual([])
})

test('every event has a type of Stripe’s and carries an object of the described shape', () => {
  const faults = state.events
    .all()
    // The invoice that is still to come has no id yet, as Stripe's page on event types says.
    .filter(({ type }) => type !== 'invoice.upcoming')
    .flatMap(({ data, type }) => eventFaults(type, data.object).map((fault) => `${type}: ${fault}`))
  expect([...new Set(faults)]).toEqual([])
})

test('every operation of the API description was called', () => {
  const called = new Set(exchanges.filter(({ status }) => status === 200).map(operationOf))
  expect(describedOperations.filter((operation) => !called.has(operation))).toEqual([])
})

const patterns = describedOperations
  // A path with a fixed last part goes before one that takes any id there.
  .toSorted((one, other) => one.split('{').length - other.split('{').length)
  .map((operation) => ({ operation, pattern: new RegExp(`^${operation.replaceAll(/\{\w+\}/g, '[^/]+')}$`) }))

function operationOf({ request }: Exchange): string | null {
  return patterns.find(({ pattern }) => pattern.test(request))?.operation ?? null
}
