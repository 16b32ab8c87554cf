import { Hono } from 'hono'
import type { Browser } from 'playwright-core'
import Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startBrowser } from '../../../../../test/support/browser.ts'
import { type Listening, listen } from '../../server/listen.ts'
import { makePrice, makeProduct } from '../objects/index.ts'
import { blankStripe, SECRET_KEY } from '../testbed/start-stripe.ts'

const { app, state } = blankStripe()
let vendor: Listening
let shop: Listening
let stripe: Stripe
let browser: Browser

beforeAll(async () => {
  const created = state.now()
  state.products.insert(makeProduct({ id: 'prod_1', created, name: 'Pro' }))
  state.prices.insert(makePrice({ id: 'price_1', created, product: 'prod_1', unit_amount: 2000 }))
  vendor = await listen(app)
  const pages = new Hono()
  pages.get('/done', (context) => context.html(`<h1>Thanks</h1><p>${context.req.query('id')}</p>`))
  pages.get('/', (context) => context.html('<h1>Shop</h1>'))
  shop = await listen(pages)
  stripe = new Stripe(SECRET_KEY, {
    host: '127.0.0.1',
    port: vendor.port,
    protocol: 'http',
    telemetry: false,
  })
  browser = await startBrowser()
})
afterAll(async () => {
  await browser.close()
  await Promise.all([vendor.close(), shop.close()])
})

test('a buyer is declined, redeems a code, confirms with the bank, and manages what was bought', async () => {
  const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'once' })
  await stripe.promotionCodes.create({ code: 'HALF', promotion: { type: 'coupon', coupon: coupon.id } })
  const customer = await stripe.customers.create({ email: 'ada@example.com' })
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer: customer.id,
    line_items: [{ price: 'price_1', quantity: 1 }],
    allow_promotion_codes: true,
    success_url: `${shop.url}/done?id={CHECKOUT_SESSION_ID}`,
    cancel_url: `${shop.url}/`,
  })
  const page = await browser.newPage()
  await page.goto(session.url ?? '')
  await page.getByLabel('Card number').fill('4000 0000 0000 9995')
  await page.getByRole('button', { name: 'Pay', exact: true }).click()
  expect(await page.getByRole('alert').innerText()).toBe('Your card has insufficient funds.')

  await page.getByLabel('Promotion code').fill('half')
  await page.getByRole('button', { name: 'Apply' }).click()
  await page.getByRole('heading', { name: 'Pay $10.00' }).waitFor()
  await page.getByLabel('Card number').fill('4000 0025 0000 3155')
  await page.getByRole('button', { name: 'Pay', exact: true }).click()
  await page.getByRole('button', { name: 'Complete authentication' }).click()
  await page.waitForURL(`${shop.url}/done?id=${session.id}`)
  const { data } = await stripe.subscriptions.list({ customer: customer.id })
  expect(data).toMatchObject([{ status: 'active' }])

  await stripe.billingPortal.configurations.create({
    features: {
      subscription_cancel: { enabled: true, mode: 'at_period_end' },
      payment_method_update: { enabled: true },
      invoice_history: { enabled: true },
    },
  })
  const portal = await stripe.billingPortal.sessions.create({
    customer: customer.id,
    return_url: `${shop.url}/`,
  })
  await page.goto(portal.url)
  await page.getByRole('button', { name: 'Cancel' }).click()
  const renew = page.getByRole('button', { name: 'Do not cancel' })
  await renew.waitFor()
  const cancelled = await stripe.subscriptions.retrieve(data[0]?.id ?? '')
  expect(cancelled.cancel_at).toBe(cancelled.items.data[0]?.current_period_end)
  await renew.click()
  await page.getByRole('button', { name: 'Cancel' }).waitFor()
  await page.getByLabel('New card number').fill('5555 5555 5555 4444')
  await page.getByRole('button', { name: 'Change card' }).click()
  await page.getByText('•••• 4444 · default').waitFor()
  await page.getByRole('row', { name: 'paid' }).getByRole('link').click()
  await page.getByRole('heading', { name: /^Invoice / }).waitFor()
  await page.goBack()
  await page.getByRole('link', { name: 'Back' }).click()
  await page.waitForURL(`${shop.url}/`)
  await page.close()
})
