// What a gate costs that finds its answer in the process, beside what the official SDK's `has()` costs on the claims of
// the same session; and what taking a webhook costs beside the least that anybody has to do who takes one: one signature
// and one insert. Everything runs on this machine in one run, so what counts are the ratios. Results go to
// bench/RESULTS.md.
import { cpus } from 'node:os'
import { createClerkClient } from '@clerk/backend'
import { signedInAuthObject } from '@clerk/backend/internal'
import { startSandbox } from '@trueup/sandbox'
import { createBilling } from '@trueup/sdk'
import { createClaimsGates, createGates } from '@trueup/sdk/gate'
import { postgresStore } from '@trueup/sdk/postgres'
import pg from 'pg'
import Stripe from 'stripe'
import { startKillableCluster } from '../test/support/killable-cluster.ts'
import { recordResults } from './record-results.ts'

const calls = Number(process.argv[2] ?? 200_000)
const webhooks = Number(process.argv[3] ?? 2_000)
const secret = 'whsec_0123456789abcdef0123456789abcdef'
const catalogue = {
  plans: [
    { id: 'free', features: ['export'] },
    { id: 'pro', features: ['export', 'reports'], prices: { month: 'price_1ProMonthly' } },
    { id: 'team', features: ['export', 'reports', 'sso'], prices: { month: 'price_1Team' } },
  ],
} as const

interface Cost {
  readonly p50: number
  readonly p99: number
  readonly mean: number
}
type Found = ({ readonly name: string } & Cost)[]

const hasPlan = "the official SDK's `has({ plan })`"

const cluster = await startKillableCluster()
const sandbox = await startSandbox({ world: 'empty' })
const pool = new pg.Pool({ connectionString: cluster.url, max: 4 })
// The server ends before its last connections are told that they have ended.
pool.on('error', () => {})
try {
  const store = postgresStore(pool)
  await store.migrate()
  await store.unit(async (unit) => {
    const record = await unit.lockSubject({ type: 'organization', id: 'org_1' })
    await unit.saveSubject({ ...record, readAt: new Date(), facts: [] })
  })
  const { hostname, port } = new URL(sandbox.stripe.url)
  const stripe = new Stripe(sandbox.stripe.secretKey, {
    host: hostname,
    port: Number(port),
    protocol: 'http',
    telemetry: false,
  })
  const billingThat = (processing: 'inline' | 'deferred') =>
    createBilling({
      stripe,
      clerk: createClerkClient({ secretKey: 'sk_test_bench' }),
      store,
      catalogue,
      subject: 'organization',
      livemode: false,
      origins: ['https://app.example'],
      webhooks: { stripe: { secrets: [secret] }, processing },
      mirror: false,
    })
  const deferred = billingThat('deferred')
  const payer = await subscribed(store, stripe)
  const text = [
    gateTable(await gateCosts(deferred)),
    webhookTable(await webhookCosts({ deferred, inline: billingThat('inline') }, payer, stripe)),
  ].join('\n\n')
  process.stdout.write(`${text}\n`)
  await recordResults(
    'gate',
    `npm run bench:gate${process.argv[2] ? ` -- ${process.argv.slice(2).join(' ')}` : ''}`,
    text,
  )
} finally {
  await sandbox.close()
  await pool.end()
  await cluster.stop()
}

/** Each call by itself, waited for before the next; of several, one after the other in turn. */
async function costs(
  times: number,
  ...acts: readonly ((round: number) => unknown)[]
): Promise<readonly Cost[]> {
  for (let round = 1; round < times / 10; round++) for (const act of acts) await act(-round)
  const took = acts.map((act) => ({ act, times: new Float64Array(times) }))
  for (let round = 0; round < times; round++) {
    for (const each of took) {
      const begun = process.hrtime.bigint()
      await each.act(round)
      each.times[round] = Number(process.hrtime.bigint() - begun) / 1000
    }
  }
  return took.map((each) => {
    const sorted = each.times.toSorted()
    const at = (share: number) => sorted[Math.floor(times * share)] ?? 0
    return { p50: at(0.5), p99: at(0.99), mean: sorted.reduce((sum, one) => sum + one, 0) / times }
  })
}

/** By name, each for itself, so that none warms or cools what another uses. */
async function costsOf(acts: Readonly<Record<string, () => unknown>>): Promise<Found> {
  const found: Found = []
  for (const [name, act] of Object.entries(acts)) {
    for (const cost of await costs(calls, act)) found.push({ name, ...cost })
  }
  return found
}

async function gateCosts(billing: Parameters<typeof createGates>[0]): Promise<Found> {
  const iat = Math.floor(Date.now() / 1000)
  const auth = signedInAuthObject({}, 'token', {
    ...{ v: 2, iss: 'https://clerk.example', sub: 'user_1', sid: 'sess_1', jti: 'jti_1', __raw: 'token' },
    ...{ iat, nbf: iat, exp: iat + 3_600, azp: 'https://app.example', sts: 'active', fva: [1, -1] },
    ...{
      fea: 'o:export,o:reports',
      pla: 'o:pro',
      o: { id: 'org_1', slg: 'acme', rol: 'admin', per: 'read', fpm: '1,1' },
    },
  } as const)
  const gates = createGates(billing, { maxAgeMs: 60_000 })
  const claims = createClaimsGates({ catalogue, subject: 'organization' })
  const plan = gates.requirePlan('free')
  const higher = gates.requirePlan('pro')
  const feature = gates.requireFeature('export')
  const claimed = claims.requirePlan('pro')
  const found = await costsOf({
    'nothing, waited for: what measuring costs': () => undefined,
    [hasPlan]: () => auth.has({ plan: 'org:pro' }),
    "the official SDK's `has({ feature })`": () => auth.has({ feature: 'org:export' }),
    '`requirePlan`, cached, open': () => plan(auth),
    '`requirePlan`, cached, closed': () => higher(auth),
    '`requireFeature`, cached, open': () => feature(auth),
    '`requirePlan` over claims, open': () => claimed(auth),
  })
  gates.close()
  return found
}

/** A customer whose billing is there to be read, and whose subject the store knows. */
async function subscribed(store: ReturnType<typeof postgresStore>, stripe: Stripe): Promise<string> {
  const { id } = await stripe.customers.create({
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  })
  await stripe.subscriptions.create({ customer: id, items: [{ price: 'price_1ProMonthly' }] })
  await store.unit(async (unit) => {
    const record = await unit.lockSubject({ type: 'organization', id: 'org_payer' })
    await unit.saveSubject({ ...record, customerId: id })
  })
  return id
}

type Webhooks = Pick<ReturnType<typeof createBilling>, 'webhooks'>

async function webhookCosts(
  { deferred, inline }: { readonly deferred: Webhooks; readonly inline: Webhooks },
  payer: string,
  stripe: Stripe,
): Promise<Found> {
  await pool.query(
    'create table bare_events (id text primary key, type text not null, received_at timestamptz not null default now())',
  )
  const bare = async (round: number) => {
    const { payload, signature } = signed(stripe, 'bare', round)
    const event = await stripe.webhooks.constructEventAsync(payload, signature, secret)
    await pool.query('insert into bare_events (id, type) values ($1, $2) on conflict do nothing', [
      event.id,
      event.type,
    ])
  }
  const taking = (billing: Webhooks, of: string, customer?: string) => async (round: number) => {
    const { payload, signature } = signed(stripe, of, round, customer)
    const request = new Request('https://app.example/stripe', {
      method: 'POST',
      body: payload,
      headers: { 'stripe-signature': signature },
    })
    const { status } = await billing.webhooks.stripe(request)
    if (status !== 200) throw new Error(`A webhook was answered ${status}.`)
  }
  const [alone, stored, done] = await costs(
    webhooks,
    bare,
    taking(deferred, 'deferred'),
    taking(inline, 'inline', payer),
  )
  if (!alone || !stored || !done) throw new Error('Three acts have three costs.')
  return [
    { name: 'one signature and one insert', ...alone },
    { name: '`billing.webhooks.stripe`, stored (`deferred`)', ...stored },
    { name: '`billing.webhooks.stripe`, answered when the access is written (`inline`)', ...done },
  ]
}

function signed(stripe: Stripe, of: string, round: number, customer = `cus_${of}${round + webhooks}`) {
  const object = {
    ...{ id: `sub_${of}${round + webhooks}`, object: 'subscription', customer },
    ...{ status: 'active', metadata: { note: 'x'.repeat(500) } },
  }
  const payload = JSON.stringify({
    ...{
      id: `evt_${of}${round + webhooks}`,
      object: 'event',
      type: 'customer.subscription.updated',
      livemode: false,
    },
    ...{ api_version: '2026-10-28.endive', created: Math.floor(Date.now() / 1000), data: { object } },
  })
  return { payload, signature: stripe.webhooks.generateTestHeaderString({ payload, secret }) }
}

function gateTable(found: Found): string {
  const has = found.find(({ name }) => name === hasPlan)?.p50 ?? Number.NaN
  return [
    `Node ${process.versions.node}, ${cpus().length} cores. ${calls.toLocaleString('en-US')} calls of each, one after the other, in microseconds; measuring included.`,
    '',
    '| | p50 | p99 | p50, ratio to `has({ plan })` |',
    '|---|---:|---:|---:|',
    ...[...found].map(
      ({ name, p50, p99 }) =>
        `| ${name} | ${p50.toFixed(2)} | ${p99.toFixed(2)} | ${(p50 / has).toFixed(2)} |`,
    ),
  ].join('\n')
}

function webhookTable(found: Found): string {
  const bare = found[0]?.mean ?? Number.NaN
  return [
    `${webhooks.toLocaleString('en-US')} webhooks of 800 bytes, in turn, into one PostgreSQL on the same machine that waits for its disk, in`,
    'milliseconds. `deferred` does later what the event asks for; `inline` reads the customer’s billing first, by two',
    'requests to a Stripe that runs in the same process.',
    '',
    '| | mean | p50 | p99 | mean, ratio |',
    '|---|---:|---:|---:|---:|',
    ...[...found].map(({ name, mean, p50, p99 }) => {
      const [a, b, c] = [mean, p50, p99].map((each) => (each / 1000).toFixed(2))
      return `| ${name} | ${a} | ${b} | ${c} | ${(mean / bare).toFixed(2)} |`
    }),
  ].join('\n')
}
