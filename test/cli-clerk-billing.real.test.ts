import type { Sandbox } from '@trueup/sandbox'
import { changeItem, startSandbox } from '@trueup/sandbox'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../packages/service/src/config/load-config.ts'
import { type ServedApp, serveApp } from './support/app-database.ts'
import { buildCli } from './support/build-cli.ts'
import type { Configured, Folder } from './support/cli.ts'
import { folderOnServer } from './support/cli.ts'

/*
 * An app that sells through Clerk Billing and has no key of Stripe, as the published program meets it.
 */

let sandbox: Sandbox
let app: ServedApp
const folders: Folder[] = []

beforeAll(async () => {
  buildCli()
  sandbox = await startSandbox({ world: 'clerk-billing', customers: 160, seed: 11 })
  if (!sandbox.world.app) throw new Error('The app of this world has a database.')
  app = await serveApp('embedded', sandbox.world.app)
})
afterEach(async () => {
  for (const folder of folders.splice(0)) await folder.remove()
})
afterAll(async () => {
  await app.close()
  await sandbox.close()
})

async function folderIn(config: Configured): Promise<Folder> {
  const folder = await folderOnServer(sandbox, config)
  folders.push(folder)
  return folder
}

const withoutStripe = () => ({ STRIPE_API_KEY: undefined, ACCESS_DATABASE_URL: app.url })

interface Examined {
  readonly ok: boolean
  readonly sections: readonly {
    readonly name: string
    readonly findings: readonly { readonly name: string; readonly state: string; readonly found: string }[]
  }[]
}

describe('with Clerk’s key alone', () => {
  test('trueup check finds the labelled drifts, and says in whose words it quotes billing', async () => {
    const folder = await folderIn('configured')
    const report = await folder.json(['check'], withoutStripe())
    expect(report).toMatchObject({ status: 1, complete: true })
    const found = report.incidents.map(
      ({ kind, subject, customer }) => `${kind} ${subject?.id ?? customer ?? ''}`,
    )
    const told = sandbox.labels.drifts.map(
      ({ kind, subject, customer }) => `${kind} ${subject?.id ?? customer ?? ''}`,
    )
    expect(found.toSorted()).toEqual(told.toSorted())
    const sources = new Set(report.incidents.flatMap(({ evidence }) => evidence.map(({ source }) => source)))
    expect([...sources].toSorted()).toEqual(['clerk-billing', 'postgres'])
  })

  test('trueup doctor finds the billing and all that a check needs', async () => {
    const folder = await folderIn('configured')
    const { ok, sections } = await folder.json<Examined>(['doctor'], withoutStripe())
    const billing = sections.find(({ name }) => name === 'Clerk Billing')
    expect(billing?.findings.map(({ name, state }) => `${name} ${state}`)).toEqual(['key ok', 'plans ok'])
    expect(ok).toBe(true)
  })

  test('trueup init writes a configuration of Clerk Billing, by which a check runs', async () => {
    const folder = await folderIn('empty')
    const { status, err } = await folder.run(['init', '--yes'], withoutStripe())
    expect({ status, err }).toMatchObject({ status: 0 })
    const { config } = await loadConfig(undefined, folder.path)
    expect(config.billing).toEqual({ kind: 'clerk-billing', features: false })
    expect(config.match.map(({ text }) => text)).toEqual(['customer.id -> id'])
    const report = await folder.json(['check', '--dry-run'], withoutStripe())
    const unread = report.incidents.filter(({ kind }) => kind === 'source-unreadable')
    expect({ complete: report.complete, unread: unread.map(({ sentence }) => sentence) }).toEqual({
      complete: true,
      unread: [],
    })
  })
})

test('with both keys, trueup doctor warns where the billing that is not read holds live subscriptions', async () => {
  const folder = await folderIn('configured')
  await folder.write(
    'stripe.config.ts',
    `import { defineConfig } from 'trueup'
export default defineConfig({
  billing: { stripe: {} },
  access: [{ postgres: { table: 'users', key: 'id', subject: 'clerk_user_id', customerId: 'stripe_customer_id', plan: 'plan' } }],
  catalogue: { plans: [{ id: 'free' }, { id: 'pro', prices: ['price_1ProMonthly'] }] },
})`,
  )
  const { sections } = await folder.json<Examined>(['doctor', '--config', 'stripe.config.ts'], {
    ACCESS_DATABASE_URL: app.url,
  })
  const findings = sections.find(({ name }) => name === 'Stripe')?.findings ?? []
  expect(findings).toContainEqual(
    expect.objectContaining({
      name: 'billing',
      state: 'warning',
      found: expect.stringMatching(
        /^plans are read from Stripe, and Clerk Billing holds \d+ subscriptions too$/,
      ),
    }),
  )
})

test('what becomes of a subscription shows in the next check', async () => {
  const folder = await folderIn('configured')
  const before = await folder.json(['check'], withoutStripe())
  const drifting = new Set(before.incidents.flatMap(({ subject }) => subject?.id ?? []))
  const item = sandbox.world.clerk.billing
    .items()
    .find(
      ({ status, plan, payer }) =>
        status === 'active' && plan.slug === 'business' && !drifting.has(payer.user_id ?? ''),
    )
  if (!item) throw new Error('Somebody has the plan Business.')
  const now = sandbox.world.clerk.now()
  changeItem(sandbox.world.clerk, item.id, {
    status: 'ended',
    ended_at: now - 3_600_000,
    period_end: now - 3_600_000,
    updated_at: now - 3_600_000,
  })
  const after = await folder.json(['check', '--settle', '0'], withoutStripe())
  const said = after.incidents.filter(({ subject }) => subject?.id === item.payer.user_id)
  expect(said.map(({ kind }) => kind)).toEqual(['access-without-payment'])
})
