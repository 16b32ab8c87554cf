import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { SECRET_KEY, startStripe } from './testbed/start-stripe.ts'

const binary = findBinary()

function findBinary(): string | null {
  try {
    const manifest = createRequire(import.meta.url).resolve('@stripe/cli-linux-x64/package.json')
    const path = join(manifest, '..', 'bin', 'stripe')
    return existsSync(path) ? path : null
  } catch {
    // The optional package is there for Linux on x64 only; elsewhere the tests say that they were skipped.
    return null
  }
}

const { keys, state, url } = await startStripe('cli')
const home = await mkdtemp(join(tmpdir(), 'stripe-cli-'))
afterAll(() => rm(home, { recursive: true, force: true }))

async function stripe(...args: readonly string[]) {
  const base = ['--api-base', url, '--api-key', SECRET_KEY]
  const running = promisify(execFile)(
    binary ?? '',
    [...args, ...(args.includes('--api-key') ? base.slice(0, 2) : base)],
    {
      cwd: home,
      timeout: 30_000,
      env: { HOME: home, PATH: process.env.PATH, STRIPE_CLI_TELEMETRY_OPTOUT: '1', NO_COLOR: '1' },
    },
  )
  running.child.stdin?.end()
  return await running
}

async function json(...args: readonly string[]) {
  const { stdout } = await stripe(...args)
  // Before it deletes, the CLI prints what it is about to do.
  return JSON.parse(stdout.slice(stdout.indexOf('{')))
}

const name =
  binary === null ? 'Stripe’s CLI (skipped: @stripe/cli-linux-x64 is not installed)' : 'Stripe’s CLI'

describe.skipIf(binary === null)(name, () => {
  test('makes, reads, changes, lists, finds and deletes a customer', async () => {
    const made = await json(
      'customers',
      'create',
      '--email',
      'ada@example.com',
      '-d',
      'metadata[user_id]=user_1',
    )
    expect(made).toMatchObject({
      object: 'customer',
      email: 'ada@example.com',
      metadata: { user_id: 'user_1' },
    })
    expect(await json('customers', 'update', made.id, '--name', 'Ada')).toMatchObject({ name: 'Ada' })
    expect(await json('customers', 'retrieve', made.id)).toMatchObject({ id: made.id, name: 'Ada' })
    expect((await json('customers', 'list', '--limit', '1')).data[0].id).toBe(made.id)
    expect((await json('customers', 'search', '--query', 'name:"Ada"')).data).toHaveLength(1)
    expect(await json('customers', 'delete', made.id, '--confirm')).toMatchObject({ deleted: true })
    expect(state.customers.size).toBe(0)
  })

  test('subscribes a customer, plans the end, and expands what it asks for', async () => {
    const customer = await json(
      'customers',
      'create',
      '-d',
      'payment_method=pm_card_visa',
      '-d',
      'invoice_settings[default_payment_method]=pm_card_visa',
    )
    const product = await json('products', 'create', '--name', 'Pro')
    const price = await json(
      'prices',
      'create',
      '--product',
      product.id,
      '--currency',
      'usd',
      '--unit-amount',
      '2000',
      '-d',
      'recurring[interval]=month',
    )
    const made = await json(
      'subscriptions',
      'create',
      '--customer',
      customer.id,
      '-d',
      `items[0][price]=${price.id}`,
    )
    expect(made.status).toBe('active')
    await stripe('subscriptions', 'update', made.id, '-d', 'cancel_at_period_end=true')
    const read = await json(
      'get',
      `/v1/subscriptions/${made.id}`,
      '--expand',
      'customer',
      '--expand',
      'latest_invoice',
    )
    expect(read).toMatchObject({
      cancel_at_period_end: true,
      customer: { id: customer.id },
      latest_invoice: { status: 'paid' },
    })
    expect(await json('subscriptions', 'cancel', made.id, '--confirm')).toMatchObject({ status: 'canceled' })
  })

  test('is told what a restricted key may not do', async () => {
    keys.add('rk_test_51Habcqs8Kgd', ['rak_customer_read'])
    const { stdout } = await stripe('post', '/v1/customers', '--api-key', 'rk_test_51Habcqs8Kgd')
    expect(stdout).toContain("Having the 'rak_customer_write' permission")
  })

  test('plays a fixture that builds on its own answers', async () => {
    const file = join(home, 'fixture.json')
    await writeFile(
      file,
      JSON.stringify({
        _meta: { template_version: 0 },
        fixtures: [
          { name: 'product', path: '/v1/products', method: 'post', params: { name: 'Fixture' } },
          {
            name: 'price',
            path: '/v1/prices',
            method: 'post',
            // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the fixture format's own placeholder.
            params: { product: '${product:id}', currency: 'eur', unit_amount: 900, lookup_key: 'fixture' },
          },
        ],
      }),
    )
    await stripe('fixtures', file)
    expect(state.prices.by('lookup_key', 'fixture')[0]).toMatchObject({ currency: 'eur', unit_amount: 900 })
  })

  test.each([
    'customer.created',
    'customer.updated',
    'customer.deleted',
    'customer.subscription.created',
    'customer.subscription.updated',
    'customer.subscription.deleted',
    'product.created',
    'price.created',
    'coupon.created',
    'checkout.session.expired',
    'invoice.created',
    'invoice.finalized',
    'invoice.paid',
    'invoice.payment_failed',
    'invoice.voided',
    'payment_method.attached',
    'test_helpers.test_clock.ready',
  ])('triggers %s', async (type) => {
    const before = state.events.size
    await stripe('trigger', type)
    expect(
      state.events
        .all()
        .slice(before)
        .map((event) => event.type),
    ).toContain(type)
  })
})
