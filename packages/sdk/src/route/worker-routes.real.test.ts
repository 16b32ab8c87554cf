import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { build } from 'tsdown'
import { afterEach, expect, it } from 'vitest'
import { stripeRequest } from '../testbed/signed-request.ts'
import { makeOrganization, startTestApp, type TestApp } from '../testbed/test-app.ts'

let app: TestApp<never>
afterEach(() => app.close())

/** What runtimes of the Fetch standard have: no `process`, no `Buffer`, no `require`, no module of Node. */
const globals = { Headers, ReadableStream, Request, Response, TextDecoder, TextEncoder, URL, Uint8Array }
const entries = ['gate', 'next', 'hono', 'express', 'fastify', 'convex']

/** An entry as it is built for the package, as a script with nothing outside it. */
async function script(entry: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'trueup-sdk-'))
  try {
    await build({
      config: false,
      cwd: join(import.meta.dirname, '../..'),
      entry: { [entry]: join(import.meta.dirname, `../${entry}/index.ts`) },
      format: 'iife',
      globalName: entry,
      platform: 'neutral',
      noExternal: [/./],
      inputOptions: { resolve: { conditionNames: ['@trueup/source', 'worker', 'import'] } },
      outDir: join(folder, 'out'),
      dts: false,
      logLevel: 'silent',
    })
    return readFileSync(join(folder, `out/${entry}.iife.js`), 'utf8')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

it('gates, and takes webhooks in every framework, where there is nothing of Node', async () => {
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
  const signed = () => stripeRequest(data[0], { now: app.clock.now() })
  const bytes = new Uint8Array(await signed().arrayBuffer())
  const context = createContext({
    ...globals,
    given: {
      billing: app.billing,
      auth: { userId: 'user_1', orgId: subject.id },
      headers: Object.fromEntries(signed().headers),
      bytes,
      signed,
    },
  })
  for (const entry of entries) runInContext(await script(entry), context)
  const answers: unknown = await runInContext(
    `(async () => {
      if (typeof process !== 'undefined' || typeof Buffer !== 'undefined') throw new Error('Something of Node is here.')
      const { billing, auth, headers, bytes, signed } = given
      const gates = gate.createGates(billing)
      const pro = gates.requirePlan('pro')
      const before = await pro(auth)
      const options = { billing, auth: () => auth, pages: { paid: '/paid', billing: '/billing' } }
      const answers = {}
      answers.next = (await next.nextBilling(options).webhooks.stripe(signed())).status
      answers.hono = (await hono.honoBilling(options).webhooks.stripe({ req: { raw: signed() } })).status
      answers.convex = (await convex.convexBilling(options).webhooks.stripe({}, signed())).status
      const response = { setHeader() {}, end() {} }
      const streamed = { method: 'POST', headers, async *[Symbol.asyncIterator]() { yield bytes } }
      await express.expressBilling(options).webhooks.stripe(streamed, response, (error) => { throw error })
      answers.express = response.statusCode
      const reply = { code(status) { answers.fastify = status }, header() {}, send() {} }
      await fastify.fastifyBilling(options).webhooks.stripe({ method: 'POST', headers, body: bytes }, reply)
      const refusal = gate.refusalResponse(before)
      return { ...answers, before: refusal.status, after: (await pro(auth)).open }
    })()`,
    context,
  )
  expect(answers).toEqual({
    next: 200,
    hono: 200,
    convex: 200,
    express: 200,
    fastify: 200,
    before: 404,
    after: true,
  })
})
