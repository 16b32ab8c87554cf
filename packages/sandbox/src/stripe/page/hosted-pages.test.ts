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

  test('changes the card that later invoices are paid with', async () => {
    const { act, state, subscription } = await portal()
    await act('card', { card: '4000 0000 0000 0341' })
    const customer = state.customers.get(subscription.customer)
    const card = customer?.invoice_settings.default_payment_method ?? ''
    expect(state.paymentMethods.get(card)?.card.last4).toBe('0341')
    expect(state.outcomeOf(card)).toBe('generic_decline')
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
