import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { build } from 'tsdown'
import { afterEach, expect, it } from 'vitest'
import { stripeRequest } from './testbed/signed-request.ts'
import {
  makeOrganization,
  startTestApp,
  stripeSecret,
  type TestApp,
  testCatalogue,
} from './testbed/test-app.ts'

let app: TestApp<never>
afterEach(() => app.close())

/** What runtimes of the Fetch standard have: no `process`, no `Buffer`, no `require`, no module of Node. */
const globals = {
  AbortController,
  AbortSignal,
  atob,
  btoa,
  clearTimeout,
  crypto,
  Event,
  EventTarget,
  fetch,
  Headers,
  ReadableStream,
  Request,
  Response,
  setTimeout,
  TextDecoder,
  TextEncoder,
  URL,
  URLSearchParams,
  Uint8Array,
}

/** The SDK with the official Stripe client for such runtimes, as one script. */
async function script(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'trueup-sdk-'))
  try {
    const entry = join(folder, 'entry.ts')
    writeFileSync(
      entry,
      `export { default as Stripe } from ${JSON.stringify(join(import.meta.dirname, '../../../node_modules/stripe/esm/stripe.esm.worker.js'))}
       export * from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))}`,
    )
    await build({
      config: false,
      cwd: join(import.meta.dirname, '..'),
      entry: { sdk: entry },
      format: 'iife',
      globalName: 'sdk',
      platform: 'browser',
      noExternal: [/./],
      inputOptions: { resolve: { conditionNames: ['@trueup/source', 'worker', 'browser', 'import'] } },
      outDir: join(folder, 'out'),
      dts: false,
      logLevel: 'silent',
    })
    return readFileSync(join(folder, 'out/sdk.iife.js'), 'utf8')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

it('runs where there is nothing of Node: a webhook, and the access that follows from it', async () => {
  app = await startTestApp<never>({ webhooks: false })
  const subject = await makeOrganization(app)
  const customer = await app.billing.customer(subject)
  const method = await app.stripe.paymentMethods.attach('pm_card_visa', { customer })
  await app.stripe.subscriptions.create({
    customer,
    items: [{ price: 'price_1ProMonthly' }],
    default_payment_method: method.id,
  })
  const { data } = await app.stripe.events.list({ types: ['customer.subscription.created'] })
  const { port } = new URL(app.urls.stripe)
  const context = createContext({
    ...globals,
    given: {
      clerk: app.clerk,
      catalogue: testCatalogue,
      secrets: [stripeSecret],
      port,
      subject,
      now: app.clock.now(),
      request: stripeRequest(data[0], { now: app.clock.now() }),
    },
  })
  runInContext(await script(), context)
  const answer: unknown = await runInContext(
    `(async () => {
      if (typeof process !== 'undefined' || typeof Buffer !== 'undefined') throw new Error('Something of Node is here.')
      const stripe = new sdk.Stripe('sk_test_app', { host: '127.0.0.1', port: given.port, protocol: 'http', telemetry: false })
      const billing = sdk.createBilling({
        stripe, clerk: given.clerk, store: sdk.memoryStore(), catalogue: given.catalogue, subject: 'organization',
        livemode: false, origins: ['https://app.example'], webhooks: { stripe: { secrets: given.secrets } },
        clock: { now: () => new Date(given.now) },
      })
      const response = await billing.webhooks.stripe(given.request)
      const { plan, reason } = await billing.access(given.subject)
      return { status: response.status, plan, reason }
    })()`,
    context,
  )
  expect(answer).toEqual({ status: 200, plan: 'pro', reason: 'paid' })
})
