import { describe, expect, test } from 'vitest'
import { makePrice, makeProduct } from '../objects/index.ts'
import { blankStripe, SECRET_KEY } from '../testbed/start-stripe.ts'

type Json = ReturnType<typeof JSON.parse>

function sandbox() {
  const blank = blankStripe()
  const { app, state } = blank
  const created = state.now()
  state.products.insert(makeProduct({ id: 'prod_1', created, name: 'Pro <b>' }))
  state.prices.insert(makePrice({ id: 'price_1', created, product: 'prod_1', unit_amount: 2000 }))
  const call = async (path: string, fields: Record<string, string>): Promise<Json> => {
    const body = new URLSearchParams(fields)
    const response = await app.request(path, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${SECRET_KEY}` },
    })
    return response.json()
  }
  const checkout = (fields: Record<string, string> = {}) =>
    call('/v1/checkout/sessions', {
      mode: 'subscription',
      'line_items[0][price]': 'price_1',
      'line_items[0][quantity]': '1',
      success_url: 'https://app.example/done?id={CHECKOUT_SESSION_ID}',
      cancel_url: 'https://app.example/pricing',
      'subscription_data[metadata][org]': 'org_1',
      ...fields,
    })
  const pay = async (url: string, form: Record<string, string> = {}) =>
    app.request(url, {
      method: 'POST',
      body: new URLSearchParams({ email: 'ada@example.com', card: '4242 4242 4242 4242', ...form }),
    })
  return { ...blank, call, checkout, pay }
}

describe('the checkout page', () => {
  test('shows what is bought and what it costs, and lets the buyer go back', async () => {
    const { app, checkout } = sandbox()
    const session = await checkout()
    expect(session.url).toBe(`http://localhost/c/pay/${session.id}`)
    const html = await (await app.request(session.url)).text()
    expect(html).toContain('Pay $20.00')
    expect(html).toContain('Pro &lt;b&gt;')
    expect(html).toContain('href="https://app.example/pricing"')
  })

  test('paid, makes the customer and the subscription, and sends the buyer on', async () => {
    const { checkout, pay, state } = sandbox()
    const session = await checkout({ client_reference_id: 'org_1' })
    const paid = await pay(session.url)
    expect(paid.status).toBe(303)
    expect(paid.headers.get('location')).toBe(`https://app.example/done?id=${session.id}`)
    const stored = state.checkoutSessions.get(session.id)
    expect(stored).toMatchObject({ status: 'complete', payment_status: 'paid', client_reference_id: 'org_1' })
    expect(state.subscriptions.get(stored?.subscription ?? '')).toMatchObject({
      status: 'active',
      metadata: { org: 'org_1' },
    })
    expect(state.customers.get(stored?.customer ?? '')?.email).toBe('ada@example.com')
    expect(state.events.all().map((event) => event.type)).toContain('checkout.session.completed')
  })

  test('tells a declined buyer why, and stays open', async () => {
    const { checkout, pay, state } = sandbox()
    const session = await checkout()
    const refused = await pay(session.url, { card: '4000 0000 0000 9995' })
    expect(refused.status).toBe(402)
    expect(await refused.text()).toContain('insufficient funds')
    expect(state.checkoutSessions.get(session.id)?.status).toBe('open')
    expect((await pay(session.url)).status).toBe(303)
  })

  test.each([
    ['4242 4242 4242 4242', null],
    ['5555 5555 5555 4444', null],
    ['4000 0000 0000 0002', 'Your card was declined.'],
    ['4000 0000 0000 9995', 'insufficient funds'],
    ['4000 0000 0000 0069', 'expired'],
    ['4000 0000 0000 0119', 'processing your card'],
  ])('the documented test card %s does as documented', async (card, refusal) => {
    const { checkout, pay } = sandbox()
    const answer = await pay((await checkout()).url, { card })
    if (refusal === null) expect(answer.status).toBe(303)
    else expect(await answer.text()).toContain(refusal)
  })

  test.each([
    ['completes what the holder confirms', '4000 0025 0000 3155', 'yes', 303, ''],
    ['refuses what the holder does not confirm', '4000 0025 0000 3155', 'no', 402, 'unable to authenticate'],
    ['may be refused by the bank all the same', '4000 0084 0000 1629', 'yes', 402, 'declined'],
    ['may find insufficient funds all the same', '4000 0082 6000 3178', 'yes', 402, 'insufficient funds'],
  ])('a card with 3-D Secure asks the bank first, and %s', async (_, card, confirm, status, said) => {
    const { checkout, pay, state } = sandbox()
    const session = await checkout()
    const asked = await pay(session.url, { card })
    expect(asked.status).toBe(200)
    expect(await asked.text()).toContain('Complete authentication')
    expect(state.checkoutSessions.get(session.id)?.status).toBe('open')
    const answer = await pay(session.url, { card, confirm })
    expect(answer.status).toBe(status)
    expect(await answer.text()).toContain(said)
  })

  test('a card with 3-D Secure renews without asking again', async () => {
    const { checkout, pay, state } = sandbox()
    await pay((await checkout()).url, { card: '4000 0025 0000 3155', confirm: 'yes' })
    const [card] = state.paymentMethods.all()
    expect(card?.card.last4).toBe('3155')
    expect(state.outcomeOf(card?.id ?? '')).toBe('succeeds')
  })

  test('takes a promotion code off, where the session allows codes', async () => {
    const { app, call, checkout, pay, state } = sandbox()
    const coupon = await call('/v1/coupons', { percent_off: '25', duration: 'once' })
    await call('/v1/promotion_codes', {
      code: 'LAUNCH',
      'promotion[coupon]': coupon.id,
      'promotion[type]': 'coupon',
    })
    const session = await checkout({ allow_promotion_codes: 'true' })
    const redeem = (code: string, url = session.url) =>
      app.request(`${url}/promotion`, { method: 'POST', body: new URLSearchParams({ promotion_code: code }) })
    expect(await (await redeem('NOPE')).text()).toContain('This code is invalid.')
    expect((await redeem('launch')).status).toBe(303)
    expect(await (await app.request(session.url)).text()).toContain('Pay $15.00')
    await pay(session.url)
    expect(state.invoices.all().map(({ total }) => total)).toEqual([1500])
    expect(state.promotionCodes.all()[0]?.times_redeemed).toBe(1)
    expect((await redeem('LAUNCH', (await checkout()).url)).status).toBe(402)
  })

  test('starts without a card what costs nothing yet and asks for none', async () => {
    const { app, checkout, state } = sandbox()
    const session = await checkout({
      'subscription_data[trial_period_days]': '14',
      payment_method_collection: 'if_required',
    })
    expect(await (await app.request(session.url)).text()).not.toContain('Card number')
    const body = new URLSearchParams({ email: 'ada@example.com' })
    expect((await app.request(session.url, { method: 'POST', body })).status).toBe(303)
    expect(state.subscriptions.all()[0]).toMatchObject({ status: 'trialing', default_payment_method: null })
  })

  test('takes no card that is not a test card', async () => {
    const { checkout, pay, state } = sandbox()
    const refused = await pay((await checkout()).url, { card: '5500 0000 0000 0004' })
    expect(refused.status).toBe(402)
    expect(state.paymentMethods.size).toBe(0)
  })

  test('completes unpaid where the money comes later', async () => {
    const { checkout, pay, state } = sandbox()
    const session = await checkout()
    await pay(session.url, { method: 'delayed' })
    expect(state.checkoutSessions.get(session.id)).toMatchObject({
      status: 'complete',
      payment_status: 'unpaid',
    })
  })

  test('can be paid once, and not after it expired', async () => {
    const { checkout, clock, pay, state } = sandbox()
    const first = await checkout()
    await pay(first.url)
    expect((await pay(first.url)).status).toBe(410)
    const late = await checkout()
    clock.advance(24 * 3600_000)
    expect((await pay(late.url)).status).toBe(410)
    expect(state.checkoutSessions.get(late.id)?.status).toBe('expired')
    expect(state.subscriptions.size).toBe(1)
  })
})

describe('the billing portal', () => {
  async function portal(mode: 'at_period_end' | 'immediately' = 'at_period_end') {
    const blank = sandbox()
    const { call, checkout, pay, state } = blank
    const session = await checkout()
    await pay(session.url)
    const subscription = state.subscriptions.all()[0]
    if (subscription === undefined) throw new Error('The checkout made no subscription.')
    await call('/v1/billing_portal/configurations', {
      'features[subscription_cancel][enabled]': 'true',
      'features[subscription_cancel][mode]': mode,
    })
    const { url } = await call('/v1/billing_portal/sessions', {
      customer: subscription.customer,
      return_url: 'https://app.example/',
    })
    const act = (name: string, form: Record<string, string>) =>
      blank.app.request(`${url}/${name}`, { method: 'POST', body: new URLSearchParams(form) })
    return { ...blank, act, subscription, url }
  }

  test('cancels a flexible subscription by its moment alone, and takes that back', async () => {
    const { act, app, subscription, url } = await portal()
    const end = subscription.items.data[0]?.current_period_end
    expect((await act('cancel', { subscription: subscription.id })).status).toBe(303)
    expect(subscription).toMatchObject({ cancel_at: end, cancel_at_period_end: false, status: 'active' })
    expect(subscription.cancellation_details?.reason).toBe('cancellation_requested')
    expect(await (await app.request(url)).text()).toContain('Do not cancel')
    await act('renew', { subscription: subscription.id })
    expect(subscription.cancel_at).toBeNull()
  })

  test('cancels at once where it is set to', async () => {
    const { act, subscription } = await portal('immediately')
    await act('cancel', { subscription: subscription.id })
    expect(subscription.status).toBe('canceled')
  })

  // https://docs.stripe.com/customer-management/portal-deep-links
  test('changes the card of the customer, and not the one that a checkout gave to its subscription', async () => {
    const { act, state, subscription } = await portal()
    const own = subscription.default_payment_method
    await act('card', { card: '4000 0000 0000 0341' })
    const customer = state.customers.get(subscription.customer)
    const card = customer?.invoice_settings.default_payment_method ?? ''
    expect(state.paymentMethods.get(card)?.card.last4).toBe('0341')
    expect(state.outcomeOf(card)).toBe('generic_decline')
    expect(own).not.toBeNull()
    expect(subscription.default_payment_method).toBe(own)
  })

  test('makes a card that the customer has the one that is paid with', async () => {
    const { act, state, subscription } = await portal()
    await act('card', { card: '4000 0000 0000 0341' })
    const first = state.paymentMethods.all().find(({ card }) => card.last4 === '4242')
    expect((await act('default', { payment_method: first?.id ?? '' })).status).toBe(303)
    const customer = state.customers.get(subscription.customer)
    expect(customer?.invoice_settings.default_payment_method).toBe(first?.id)
    expect((await act('default', { payment_method: 'pm_other' })).status).toBe(400)
  })

  test('changes the plan to a price that the configuration offers, and to no other', async () => {
    const { act, app, call, state, subscription, url } = await portal()
    const price = makePrice({ id: 'price_2', created: state.now(), product: 'prod_1', unit_amount: 5000 })
    state.prices.insert(price)
    expect((await act('update', { subscription: subscription.id, price: 'price_2' })).status).toBe(400)
    const [configuration] = state.portalConfigurations.all()
    await call(`/v1/billing_portal/configurations/${configuration?.id}`, {
      'features[subscription_update][enabled]': 'true',
      'features[subscription_update][default_allowed_updates][0]': 'price',
      'features[subscription_update][proration_behavior]': 'always_invoice',
      'features[subscription_update][products][0][product]': 'prod_1',
      'features[subscription_update][products][0][prices][0]': 'price_1',
      'features[subscription_update][products][0][prices][1]': 'price_2',
    })
    expect(await (await app.request(url)).text()).toContain('$50.00 a month')
    expect((await act('update', { subscription: subscription.id, price: 'price_2' })).status).toBe(303)
    expect(subscription.items.data.map((item) => item.price.id)).toEqual(['price_2'])
  })

  test('shows of a flow only its own part, and leads back when it is done', async () => {
    const { app, call, subscription } = await portal()
    const { url } = await call('/v1/billing_portal/sessions', {
      customer: subscription.customer,
      'flow_data[type]': 'payment_method_update',
      'flow_data[after_completion][type]': 'redirect',
      'flow_data[after_completion][redirect][return_url]': 'https://app.example/back',
    })
    const shown = await (await app.request(url)).text()
    expect(shown).toContain('Payment methods')
    expect(shown).not.toContain('Invoices')
    const body = new URLSearchParams({ card: '4242 4242 4242 4242' })
    const answer = await app.request(`${url}/card`, { method: 'POST', body })
    expect(answer.headers.get('location')).toBe('https://app.example/back')
  })

  test('lists invoices, each with a page on which it is paid while it is open', async () => {
    const { act, app, call, state, subscription, url } = await portal()
    const [paid] = state.invoices.all()
    expect(await (await app.request(url)).text()).toContain(`href="/i/${paid?.id}"`)
    await act('card', { card: '4000 0000 0000 0341' })
    await call('/v1/invoiceitems', {
      customer: subscription.customer,
      amount: '700',
      currency: 'usd',
    })
    const { id } = await call('/v1/invoices', {
      customer: subscription.customer,
      auto_advance: 'false',
      pending_invoice_items_behavior: 'include',
    })
    await call(`/v1/invoices/${id}/finalize`, {})
    const payWith = (card: string) =>
      app.request(`/i/${id}`, { method: 'POST', body: new URLSearchParams({ card }) })
    expect(await (await app.request(`/i/${id}`)).text()).toContain('Pay $7.00')
    expect((await payWith('4000 0000 0000 0002')).status).toBe(402)
    expect(state.invoices.get(id)?.status).toBe('open')
    expect((await payWith('4242 4242 4242 4242')).status).toBe(303)
    expect(state.invoices.get(id)?.status).toBe('paid')
  })

  test('does not touch another customer’s subscription', async () => {
    const { act, checkout, pay, state, subscription } = await portal()
    await pay((await checkout()).url, { email: 'bob@example.com' })
    const other = state.subscriptions.all().find((row) => row.id !== subscription.id)
    expect((await act('cancel', { subscription: other?.id ?? '' })).status).toBe(400)
    expect(other?.cancel_at).toBeNull()
  })

  test('works for an hour', async () => {
    const { app, clock, url } = await portal()
    clock.advance(3600_000)
    expect((await app.request(url)).status).toBe(410)
  })
})
