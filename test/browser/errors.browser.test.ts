import { createServer, type Server } from 'node:net'
import { type FaultInput, type Sandbox, startSandbox } from '@trueup/sandbox'
import pg from 'pg'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ServedApp, serveApp } from '../support/app-database.ts'
import type { Screen } from '../support/browser.ts'
import { startCluster } from '../support/cluster.ts'
import { password, TestDashboard, variablesOf } from '../support/dashboard.ts'
import { setFaults } from '../support/faults.ts'
import { relayTo } from '../support/relay.ts'
import { startReplica } from '../support/replica.ts'
import { startSecureCluster } from '../support/secure-cluster.ts'
import type { ApiClient } from '../support/service.ts'

/*
 * Everything that can be wrong with a source, done for real, and what the page then says: what was found, and what to
 * do. What was entered stands where it stood.
 */

let sandbox: Sandbox
let app: ServedApp
let dashboard: TestDashboard
let ada: ApiClient
let projectId: string
let workspaceId: string
let screen: Screen
/** Something that listens and is no database. */
let stranger: Server
let strangerPort: number

beforeAll(async () => {
  sandbox = await startSandbox({ world: 'saas', customers: 30, drift: 0.3, access: 'both', seed: 7 })
  if (!sandbox.world.app) throw new Error('The app of this world has no database.')
  app = await serveApp('PostgreSQL', sandbox.world.app)
  stranger = createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  await new Promise<void>((listening) => stranger.listen(0, '127.0.0.1', listening))
  strangerPort = (stranger.address() as { readonly port: number }).port
  dashboard = await TestDashboard.start({
    ...variablesOf(sandbox),
    TRUEUP_ALLOW_PRIVATE_HOSTS: '127.0.0.0/8',
    TRUEUP_ALLOW_DATABASE_PORTS: '5432',
  })
  dashboard.atEnd(() => sandbox.close())
  dashboard.atEnd(() => app.close())
  dashboard.atEnd(async () => stranger.close())
  const owned = await dashboard.owner()
  ada = owned.ada
  workspaceId = owned.workspaceId
  projectId = (await ada.do(`POST /api/v1/workspaces/${workspaceId}/projects`, { name: 'App' })).id
  screen = await dashboard.open(ada)
})
afterAll(() => dashboard?.stop())

const openStep = async (step: string) => {
  await screen.page.goto(`${dashboard.origin}/projects/${projectId}/onboarding/${step}`)
}
const button = (name: string) => screen.page.getByRole('button', { name, exact: true })
const field = (name: string) => screen.page.getByLabel(name, { exact: true })
const long = { timeout: 30_000 }

/** Everything that the page says is wrong. */
const told = async () => (await screen.page.getByRole('alert').allInnerTexts()).join('\n')
const tells = async ({ says, does }: Pick<Mistake, 'says' | 'does'>) => {
  await expect.poll(told, long).toContain(says)
  expect(await told()).toContain(does)
}
const put = (vendor: 'stripe' | 'clerk', ...faults: readonly FaultInput[]) =>
  setFaults(sandbox, [vendor], faults)
const repair = async (vendor: 'stripe' | 'clerk') => {
  await fetch(`${sandbox[vendor].url}/_sandbox/faults`, { method: 'DELETE' })
}

/** What is entered or done, and what the page says of it. */
interface Mistake {
  readonly given?: () => string
  readonly before?: () => Promise<unknown>
  readonly after?: () => Promise<unknown>
  readonly says: string
  readonly does: string
}

/** Presses a button and waits for the answer of the service: what is shown before it is about the try before. */
async function press(name: string, route: string): Promise<number> {
  const [answer] = await Promise.all([
    screen.page.waitForResponse((one) => one.request().method() !== 'GET' && one.url().endsWith(route)),
    button(name).click(),
  ])
  return answer.status()
}

/** Enters what is wrong, and sees that it is told and still stands there. */
async function enter(
  into: Locator,
  { given, before, after, says, does }: Mistake,
  usual: string,
): Promise<void> {
  const text = given?.() ?? usual
  await into.fill(text)
  await before?.()
  try {
    expect(await press('Test & connect', '/sources')).toBeGreaterThanOrEqual(400)
  } finally {
    await after?.()
  }
  await tells({ says, does })
  expect(await into.inputValue()).toBe(text)
}

const readsAll = () => sandbox.stripe.keys.list().find(({ value }) => value === sandbox.stripe.restrictedKey)
const permissions = () => {
  const all = readsAll()?.permissions
  if (!all || all === 'all') throw new Error('The sandbox has a restricted key.')
  return [...all]
}
const without = (...missing: readonly string[]) => permissions().filter((name) => !missing.includes(name))

describe('a Stripe key', () => {
  beforeAll(() => openStep('stripe'))

  const make = 'Create a restricted key in the Stripe dashboard'
  it.each<[string, Mistake]>([
    [
      'that is publishable',
      {
        given: () => 'pk_test_51abcdef',
        says: 'This is a publishable key, which can read nothing.',
        does: make,
      },
    ],
    [
      'that is a webhook secret',
      { given: () => 'whsec_abcdef', says: 'This is a webhook signing secret, not an API key.', does: make },
    ],
    [
      'that can do everything',
      {
        given: () => sandbox.stripe.secretKey,
        says: 'This is a full Stripe secret key (sk_…), or a key of another vendor.',
        does: 'Only whoever runs this server can allow this key all the same',
      },
    ],
    [
      "that is Clerk's",
      { given: () => sandbox.clerk.secretKey, says: 'or a key of another vendor', does: make },
    ],
    [
      'that is copied with its middle left out',
      { given: () => 'rk_test_…abcd', says: 'as it is shown', does: 'Reveal the key' },
    ],
    [
      'that is two',
      { given: () => 'rk_test_abcdef rk_test_ghijkl', says: 'holds white space', does: 'Copy it once more' },
    ],
    ['that is none', { given: () => 'my key', says: 'holds white space', does: 'Copy it once more' }],
    ['that is a word', { given: () => 'hunter2', says: 'This does not look like a Stripe key.', does: make }],
    [
      'that was rolled',
      {
        given: () => 'rk_test_rolled1234',
        says: 'Stripe rejected the key (HTTP 401)',
        does: 'was not rolled or deleted; a Clerk key is not it',
      },
    ],
    [
      'that has expired',
      {
        given: () => 'rk_test_expired1234',
        before: async () => sandbox.stripe.keys.expire('rk_test_expired1234'),
        says: 'Stripe rejected the key (HTTP 401)',
        does: 'was not rolled or deleted',
      },
    ],
    ...(
      [
        ['rak_customer_read', 'Customers'],
        ['rak_subscription_read', 'Subscriptions'],
        ['rak_invoice_read', 'Invoices'],
        ['rak_plan_read', 'Prices'],
        ['rak_product_read', 'Products'],
      ] as const
    ).map(([name, what]): [string, Mistake] => [
      `that lacks ${name}`,
      {
        given: () => `rk_test_lacks${what}`,
        before: async () => sandbox.stripe.keys.add(`rk_test_lacks${what}`, without(name)),
        says: `${name}: may not read ${what}, which every check needs`,
        does: `Give the restricted key Read on ${what} in the Stripe dashboard`,
      },
    ]),
    [
      'while Stripe limits requests',
      {
        before: () => put('stripe', { kind: 'rate-limited' }),
        after: () => repair('stripe'),
        says: 'Stripe rate limit hit (HTTP 429)',
        does: 'Wait a minute, then try again',
      },
    ],
    [
      'while Stripe fails',
      {
        before: () => put('stripe', { kind: 'outage' }),
        after: () => repair('stripe'),
        says: 'Stripe failed to answer for Customers (HTTP 503).',
        does: 'https://status.stripe.com',
      },
    ],
    [
      'while Stripe cannot be reached',
      {
        before: () => put('stripe', { kind: 'reset' }),
        after: () => repair('stripe'),
        says: 'Stripe cannot be reached, or its answers break off.',
        does: 'Check the network, a proxy',
      },
    ],
  ])('%s', (_what, mistake) => enter(field('Restricted key'), mistake, sandbox.stripe.restrictedKey))

  it('that lacks what a check can do without is taken, and says what is lost', async () => {
    const { page } = screen
    sandbox.stripe.keys.add('rk_test_noEvents', without('rak_event_read', 'rak_dispute_read'))
    await field('Restricted key').fill('rk_test_noEvents')
    expect(await press('Test & connect', '/sources')).toBe(200)
    const connected = page.getByRole('region', { name: 'Stripe connected' })
    await connected.getByText('may not read Events: changes cannot be followed between full checks').waitFor()
    await connected.getByText('may not read Disputes: disputed periods are not put up for review').waitFor()
    await connected.getByText('Give the restricted key Read on Events').waitFor()
  })

  it('of the other mode is taken once it is said to be meant', async () => {
    sandbox.stripe.keys.add('rk_live_other1234', permissions())
    const key = field('Restricted key')
    const says = 'This credential is of'
    await enter(
      key,
      { given: () => 'rk_live_other1234', says, does: 'or say that the other one is meant' },
      '',
    )
    expect(await told()).toContain('(live mode); the project is connected to')
    await screen.page.getByLabel('I mean this other account').check()
    expect(await press('Test & connect', '/sources')).toBe(200)
    await screen.page.getByText('Stripe connected — rk_live_…1234').first().waitFor()
  })

  it('that was taken and is revoked later is told where it is tested again', async () => {
    const { page } = screen
    sandbox.stripe.keys.revoke('rk_live_other1234')
    await page.getByRole('region', { name: 'Stripe connected' }).getByText('Test again').click()
    await page
      .getByRole('region', { name: 'Stripe connected' })
      .getByText('Stripe rejected the key (HTTP 401)')
      .waitFor()
    await field('Restricted key').fill(sandbox.stripe.restrictedKey)
    await press('Test & connect', '/sources')
    await page.getByLabel('I mean this other account').check()
    expect(await press('Test & connect', '/sources')).toBe(200)
  })

  it('of an account with live subscriptions is taken with a warning where plans are read from Clerk Billing', async () => {
    const { page } = screen
    const { id } = await ada.do(`POST /api/v1/workspaces/${workspaceId}/projects`, { name: 'Sold by Clerk' })
    const document = {
      billing: { clerkBilling: {} },
      access: [{ clerk: { users: { plan: 'public_metadata.plan' } } }],
      catalogue: { plans: [{ id: 'free' }, { id: 'pro', prices: ['lookup:pro'] }] },
    }
    await ada.do(`PUT /api/v1/projects/${id}/config`, { document, expectedVersion: 0 })
    await page.goto(`${dashboard.origin}/projects/${id}/onboarding/stripe`)
    await field('Restricted key').fill(sandbox.stripe.restrictedKey)
    expect(await press('Test & connect', '/sources')).toBe(200)
    await page
      .getByRole('region', { name: 'Stripe connected' })
      .getByText('plans are read from Clerk Billing, and Stripe holds live subscriptions too')
      .waitFor()
  })
})

/** The connection string of the app's database, with something of it changed. */
const url = (change: Partial<Record<'username' | 'password' | 'port' | 'pathname' | 'search', string>>) => {
  const changed = Object.assign(new URL(app.url), change)
  return changed.href
}
const reader = () => new URL(app.url).username
const run = (statement: string) => async () => await app.run(statement.replaceAll('READER', reader()))

/** What a database has to have to be connected. */
const usersToRead = `create table public.users (id text primary key, plan text);
  insert into public.users values ('user_1', 'pro'); grant select on public.users to reader;`

describe('a database', () => {
  beforeAll(async () => {
    await run(`
      create role READER_writes login; grant usage on schema public to READER_writes;
      grant select, update on users to READER_writes;
      create role READER_full login connection limit 0`)()
    await openStep('database')
  })
  afterAll(async () => {
    await run('drop owned by READER_writes; drop role READER_writes; drop role READER_full')()
  })

  const write = (given: string, found: string, does: string): readonly [string, Mistake] => [
    `whose address holds ${found}`,
    { given: () => given, says: `found ${found}`, does },
  ]
  const ownRole = 'Connect with a role that may only read'
  it.each<readonly [string, Mistake]>([
    write('https://app.supabase.com/project/x', 'an address of another kind', 'begins with postgres://'),
    write('jdbc:postgresql://db.example.com/app', 'an address for JDBC', 'begins with postgres://'),
    write(
      'DATABASE_URL=postgres://u:p@db.example.com/app',
      'a list of key=value, or an assignment',
      'begins with postgres://',
    ),
    write('"postgres://u:p@db.example.com/app"', 'a text in quotation marks', 'begins with postgres://'),
    write('postgres://db.example.com/app', 'no user before the host', 'Write user and password'),
    write('postgres://u:[YOUR-PASSWORD]@db.example.com/app', 'a placeholder', 'without brackets'),
    write('postgres://u:p@ss@db.example.com/app', 'a /, ? or @ in the user or the password', '@ as %40'),
    write('postgres://u:p#s@db.example.com/app', 'a #', '# as %23'),
    write('postgres://u:100%@db.example.com/app', 'a % that escapes nothing', 'write % as %25'),
    write('postgres://u:p@/app', 'no host', 'Unix sockets are not used'),
    write('postgres://u:p@a.example.com,b.example.com/app', 'more than one host', 'Write the one host'),
    write('postgres://u:p@%2Fvar%2Frun/app', 'the path of a Unix socket', 'write 127.0.0.1'),
    write('postgres://u:p@db.example.com:http/app', 'a port that is no number', 'for 5432'),
    write('postgres://u:p@db.example.com', 'no database', 'Write its name after the host'),
    write('postgres://u:p@db.example.com/app?options=-c', 'the parameter options', 'sslmode'),
    write('postgres://u:p@db.example.com/app?sslmode=prefer', 'sslmode=prefer', 'sslmode=verify-full'),
    write('postgres://u:p@db.example.com/app?sslmode=require', 'sslmode=require', 'PEM text'),
    [
      'at an address inside the network',
      {
        given: () => 'postgres://u:p@10.0.0.7/app',
        says: 'is at a private address, where Trueup may not connect',
        does: 'Use the public address of the database.',
      },
    ],
    [
      'at the address of a cloud machine itself',
      {
        given: () => 'postgres://u:p@169.254.169.254/app',
        says: 'is at a link-local address, where Trueup may not connect',
        does: 'Use the public address of the database.',
      },
    ],
    [
      'at a port of something else',
      {
        given: () => 'postgres://u:p@8.8.8.8:22/app',
        says: 'is at port 22, where Trueup may not connect',
        does: 'Whoever runs Trueup can allow others',
      },
    ],
    [
      'in the clear over the internet',
      {
        given: () => 'postgres://u:p@8.8.8.8/app?sslmode=disable',
        says: 'sslmode=disable would send everything in the clear',
        does: 'Leave sslmode out',
      },
    ],
    [
      'where nothing listens',
      { given: () => url({ port: '1' }), says: 'cannot be reached', does: 'Check the host and the port' },
    ],
    [
      'where something else listens',
      {
        given: () => url({ port: String(strangerPort), search: '' }),
        says: 'does not answer as PostgreSQL does',
        does: 'Check that the port is that of PostgreSQL or its pooler.',
      },
    ],
    [
      'without TLS',
      {
        given: () => url({ search: '' }),
        says: 'does not offer encryption (TLS)',
        does: 'Switch ssl on in the server.',
      },
    ],
    [
      'that does not know the user',
      {
        given: () => url({ username: 'nobody' }),
        says: 'refused the user or the password',
        does: 'Check user, password and database in the connection string',
      },
    ],
    [
      'that does not exist',
      {
        given: () => url({ pathname: '/nowhere' }),
        says: 'does not exist on that server',
        does: 'Check user, password and database in the connection string',
      },
    ],
    [
      'that takes no more connections',
      {
        given: () => url({ username: `${reader()}_full` }),
        says: 'takes no more connections now',
        does: 'Try again later',
      },
    ],
    [
      'as its superuser',
      {
        given: () => url({ username: 'postgres' }),
        says: 'It is a superuser, or can become one: nothing is closed to it.',
        does: ownRole,
      },
    ],
    [
      'as a role that can write',
      {
        given: () => url({ username: `${reader()}_writes` }),
        says: 'It can write public.users',
        does: 'Take these rights away',
      },
    ],
  ])('%s', (_what, mistake) => enter(field('Connection string'), mistake, app.url))

  it('with a certificate that is none is refused before anything is sent', async () => {
    await screen.page.getByText('Advanced', { exact: true }).click()
    await screen.page.getByLabel('Certificate of the authority').fill('not a certificate')
    await enter(
      field('Connection string'),
      {
        given: () => url({ search: '' }),
        says: 'one or more certificates as PEM text',
        does: 'BEGIN CERTIFICATE',
      },
      '',
    )
    await screen.page.getByLabel('Certificate of the authority').fill('')
  })

  it('whose certificate nobody trusts is refused, and taken where its authority is given', async () => {
    const secure = await startSecureCluster()
    try {
      await secure.run(`create role reader login password 'read-only'; ${usersToRead}`)
      const given = () => `postgres://reader:read-only@127.0.0.1:${secure.port}/postgres`
      await enter(
        field('Connection string'),
        {
          given,
          says: 'shows a certificate that comes from an authority that is not trusted here',
          does: "Give the certificate of your provider's authority as the pinned authority, as PEM text",
        },
        '',
      )
      const authority = screen.page.getByLabel('Certificate of the authority')
      await authority.fill(secure.authority)
      expect(await press('Test & connect', '/sources')).toBe(200)
      await screen.page.getByRole('region', { name: 'Database connected' }).waitFor()
      await authority.fill('')
    } finally {
      await secure.stop()
    }
  })

  it('that is a replica which lags behind is not read', async () => {
    const primary = await startCluster()
    const ends: (() => Promise<void>)[] = [() => primary.stop()]
    try {
      const client = new pg.Client({ connectionString: primary.url })
      await client.connect()
      await client.query(`create role reader login; ${usersToRead}`)
      await client.end()
      const replica = await startReplica(primary.url, { follows: false })
      ends.unshift(() => replica.stop())
      const relay = await relayTo(replica.url)
      ends.unshift(() => relay.close())
      await enter(
        field('Connection string'),
        {
          given: () => `postgres://reader:none@127.0.0.1:${relay.port}/postgres?sslmode=disable`,
          says: 'The server is a replica and behind its primary',
          does: 'Use the address of the primary, or wait until the replica has caught up',
        },
        '',
      )
    } finally {
      for (const end of ends) await end()
    }
  })

  it('is read as a role that can write where that is meant, and it is said all the same', async () => {
    const { page } = screen
    await page.getByLabel('Take a role that can write').check()
    await field('Connection string').fill(url({ username: `${reader()}_writes` }))
    expect(await press('Test & connect', '/sources')).toBe(200)
    const connected = page.getByRole('region', { name: 'Database connected' })
    await connected.getByText('It can write public.users').waitFor()
    await page.getByLabel('Take a role that can write').uncheck()
  })

  it('in which a role can call what writes for it is connected, with a warning', async () => {
    await run(`create function public.leak() returns int language sql security definer as 'select 1'`)()
    try {
      await field('Connection string').fill(app.url)
      expect(await press('Test & connect', '/sources')).toBe(200)
    } finally {
      await run('drop function public.leak()')()
    }
    const connected = screen.page.getByRole('region', { name: 'Database connected' })
    await connected.getByText('It can call functions that run with the rights of their owner').waitFor()
    await connected.getByText('revoke execute on function').waitFor()
  })
})

describe('a Clerk key', () => {
  beforeAll(async () => {
    await openStep('database')
    await screen.page.getByRole('tab', { name: /Clerk/ }).click()
  })

  const enterIt = 'Enter a Clerk Backend API secret key (sk_test_… or sk_live_…)'
  it.each<[string, Mistake]>([
    [
      'that is publishable',
      { given: () => 'pk_test_abcdef', says: enterIt, does: 'This is a publishable key' },
    ],
    [
      "that is Stripe's, restricted",
      { given: () => 'rk_test_abcdef', says: enterIt, does: 'This is a restricted key of Stripe.' },
    ],
    [
      'that is a webhook secret',
      { given: () => 'whsec_abcdef', says: enterIt, does: 'This is a webhook signing secret.' },
    ],
    [
      'that is copied with its middle left out',
      { given: () => 'sk_test_…abcd', says: enterIt, does: 'its middle left out' },
    ],
    ['that is two', { given: () => 'sk_test_a sk_test_b', says: enterIt, does: 'This holds white space.' }],
    ['that is a word', { given: () => 'hunter2', says: enterIt, does: 'Copy it from the Clerk dashboard' }],
    [
      "that is Stripe's, or of another instance",
      {
        given: () => sandbox.stripe.secretKey,
        says: 'Clerk rejected the secret key (HTTP 401)',
        does: 'a publishable pk_ key or a Stripe key is not it',
      },
    ],
    [
      'while Clerk limits requests',
      {
        before: () => put('clerk', { kind: 'rate-limited', retryAfterSeconds: 60 }),
        after: () => repair('clerk'),
        says: 'Clerk rate limit hit (HTTP 429)',
        does: 'Wait a minute, then try again',
      },
    ],
    [
      'while Clerk fails',
      {
        before: () => put('clerk', { kind: 'outage' }),
        after: () => repair('clerk'),
        says: 'Clerk failed to answer for users (HTTP 503).',
        does: 'https://status.clerk.com',
      },
    ],
    [
      'while Clerk cannot be reached',
      {
        before: () => put('clerk', { kind: 'reset' }),
        after: () => repair('clerk'),
        says: 'Clerk cannot be reached, or its answers break off.',
        does: 'Check the network, a proxy',
      },
    ],
  ])('%s', (_what, mistake) => enter(field('Clerk Backend API secret key'), mistake, sandbox.clerk.secretKey))

  it('of a live instance beside a Stripe key of test mode is taken, with a warning', async () => {
    const { page } = screen
    sandbox.clerk.keys.add('sk_live_other1234')
    await field('Clerk Backend API secret key').fill('sk_live_other1234')
    expect(await press('Test & connect', '/sources')).toBe(200)
    await page.getByText("Stripe is connected in test mode, and Clerk's production instance").waitFor()
    await page.getByText('a test key with the development instance').waitFor()
  })

  it('of another instance than before is taken once it is said to be meant', async () => {
    const { page } = screen
    const key = field('Clerk Backend API secret key')
    await enter(
      key,
      { says: 'This credential is of development instance', does: 'is meant' },
      sandbox.clerk.secretKey,
    )
    await page.getByLabel('I mean this other account').check()
    expect(await press('Test & connect', '/sources')).toBe(200)
    await page
      .getByText("Stripe is connected in test mode, and Clerk's production instance")
      .waitFor({ state: 'detached' })
  })

  it('that was taken and is revoked later is told where it is tested again', async () => {
    const connected = screen.page.getByRole('region', { name: 'Clerk connected' })
    sandbox.clerk.keys.delete(sandbox.clerk.secretKey)
    await connected.getByRole('button', { name: 'Test again' }).click()
    await connected.getByText('Clerk rejected the secret key (HTTP 401)').waitFor()
    sandbox.clerk.keys.add(sandbox.clerk.secretKey)
    await connected.getByRole('button', { name: 'Test again' }).click()
    await connected.getByText('Clerk rejected the secret key (HTTP 401)').waitFor({ state: 'detached' })
  })
})

describe('a mapping', () => {
  const tryIt = () => press('Try the mapping', '/setup/try-mapping')
  const column = (name: string) => screen.page.getByLabel(new RegExp(`^${name}`)).first()
  const rule = () => screen.page.getByLabel('Another rule')
  const grantAgain = run('grant select on users to READER')

  it('is suggested from what is connected, once it is', async () => {
    const { page } = screen
    await openStep('identity')
    await page.getByText('Suggested from your schema').first().waitFor()
    expect(await tryIt()).toBe(200)
    await page.getByText('Rows as this mapping reads them').waitFor()
  })

  it.each<[string, string, string, Omit<Mistake, 'given'>]>([
    [
      'of a table that there is not',
      'Table',
      'people',
      {
        says: 'There is no table public.people in this database.',
        does: 'names count with their case, and a table outside of public needs its schema',
      },
    ],
    [
      'of a table that has no name',
      'Table',
      'a.b.c',
      { says: 'a table, or a schema and a table with one dot', does: 'Write it as the database has it' },
    ],
    [
      'of a column that there is not',
      'Customer in Stripe',
      'stripe_id',
      { says: 'The table public.users has no column stripe_id.', does: 'Correct the name in the mapping' },
    ],
    [
      'of a key of which there are doubles',
      'Account',
      'plan',
      { says: 'plan', does: 'Map a column with a UNIQUE constraint' },
    ],
    [
      'of a key by which nothing can be read on',
      'Account',
      'is_premium',
      {
        says: 'The key public.users.is_premium is of the type boolean.',
        does: 'such as the primary key',
      },
    ],
    [
      'of a column that means two things',
      'Customer in Stripe',
      'plan',
      { says: 'needed a column of its own', does: 'or take it out of the mapping' },
    ],
    [
      'without a key',
      'Account',
      '',
      { says: 'The configuration has one problem.', does: 'access[0].postgres.users.key' },
    ],
  ])('%s', async (_what, into, text, mistake) => {
    const before = await column(into).inputValue()
    await column(into).fill(text)
    expect(await tryIt()).toBeGreaterThanOrEqual(400)
    await tells(mistake)
    expect(await column(into).inputValue()).toBe(text)
    await column(into).fill(before)
  })

  it.each<[string, Mistake]>([
    [
      'of a column that the role may not read',
      {
        before: run('revoke select on users from READER; grant select (id, plan) on users to READER'),
        after: grantAgain,
        says: 'The role may not read the columns',
        does: 'Run the GRANT statements',
      },
    ],
    [
      'of a table whose rows are hidden from the role',
      {
        before: run('alter table users enable row level security'),
        after: run('alter table users disable row level security'),
        says: 'Row-level security is on for public.users, and no policy lets this role see every row',
        does: 'Let the role see all rows, for reading alone',
      },
    ],
    [
      'of a view that was refreshed some time ago',
      {
        before: run(`alter table users rename to people;
          create materialized view users as select * from people; grant select on users to READER`),
        after: run('drop materialized view users; alter table people rename to users'),
        says: 'public.users is a materialized view, which shows what was there when it was last refreshed.',
        does: 'Map the table that it is made from',
      },
    ],
    [
      'of a table that is empty',
      {
        before: run(`alter table users rename to people;
          create table users (like people including all); grant select on users to READER`),
        after: run('drop table users; alter table people rename to users'),
        says: 'users',
        does: 'Check that this is the database and the table of your app.',
      },
    ],
    [
      'that is tried with a key of Clerk that was revoked',
      {
        before: async () => void sandbox.clerk.keys.delete(sandbox.clerk.secretKey),
        after: async () => void sandbox.clerk.keys.add(sandbox.clerk.secretKey),
        says: 'Clerk rejected the secret key (HTTP 401)',
        does: 'Check that it is the secret key of this instance',
      },
    ],
  ])('%s', async (_what, mistake) => {
    await mistake.before?.()
    try {
      expect(await tryIt()).toBeGreaterThanOrEqual(400)
    } finally {
      await mistake.after?.()
    }
    await tells(mistake)
  })

  it.each<[string, string, Mistake]>([
    [
      'with a rule about nothing that billing knows',
      'customer.phone',
      { says: 'needed one of', does: 'Name the field of billing that tells whose customer it is.' },
    ],
    [
      'with a rule about no field of an account',
      'customer.email -> nickname',
      { says: 'after customer.email ->', does: 'or leave the arrow out' },
    ],
    [
      'with a rule of two arrows',
      'customer.id -> customerId -> id',
      { says: 'at most one arrow', does: 'customer.metadata.user_id -> externalId' },
    ],
  ])('%s is kept, and not put in force', async (_what, text, mistake) => {
    await rule().fill(text)
    await button('Add').click()
    expect(await press('Save and go on', '/config')).toBe(422)
    await tells(mistake)
    await screen.page.reload()
    await button(`Take ${text} out`).click()
  })

  it('that is right is saved after all that', async () => {
    expect(await press('Save and go on', '/config')).toBe(200)
    await screen.page.getByRole('heading', { level: 1, name: '5 Plan mapping' }).waitFor()
  })
})

/** Takes a key of each vendor, and gives it back. */
const revoke = {
  stripe: () => sandbox.stripe.keys.revoke(sandbox.stripe.restrictedKey),
  clerk: () => sandbox.clerk.keys.delete(sandbox.clerk.secretKey),
}
const giveBack = {
  stripe: () => sandbox.stripe.keys.add(sandbox.stripe.restrictedKey, restricted),
  clerk: () => sandbox.clerk.keys.add(sandbox.clerk.secretKey),
}
let restricted: readonly string[] = []

describe('plans and fields', () => {
  beforeAll(() => {
    restricted = permissions()
  })

  it('are not loaded with a key of Stripe that was revoked, and can be once it is back', async () => {
    const { page } = screen
    await openStep('plans')
    await page.getByRole('columnheader', { name: 'Lookup key' }).waitFor()
    revoke.stripe()
    await button('Load from Stripe').click()
    await tells({ says: 'Stripe rejected the key (HTTP 401)', does: 'a Clerk key is not it' })
    // What was loaded before stands there still.
    await page.getByRole('columnheader', { name: 'Lookup key' }).waitFor()
    giveBack.stripe()
    await button('Load from Stripe').click()
    await expect.poll(told, long).toBe('')
  })

  it('of which two are called the same are kept, and not put in force', async () => {
    const { page } = screen
    const values = page.getByRole('textbox', { name: /^App values of/ })
    const before = [await values.nth(1).inputValue(), await values.nth(2).inputValue()]
    for (const place of [1, 2]) {
      await values.nth(place).fill('gold')
      await values.nth(place).blur()
    }
    expect(await press('Save and go on', '/config')).toBe(422)
    await tells({ says: '"gold"', does: 'Leave it with the plan that it means.' })
    await page.reload()
    await expect.poll(() => values.nth(2).inputValue(), long).toBe('gold')
    for (const place of [1, 2]) {
      await values.nth(place).fill(before[place - 1] ?? '')
      await values.nth(place).blur()
    }
    expect(await press('Save and go on', '/config')).toBe(200)
    await page.getByRole('heading', { level: 1, name: '6 Access mapping' }).waitFor()
  })

  const clerkField = (name: string) =>
    screen.page.getByRole('combobox', { name: new RegExp(`^${name}`) }).first()

  it.each<[string, readonly string[], Mistake]>([
    [
      'without the customer in Stripe',
      ['Customer in Stripe'],
      {
        says: 'needed the place where your app keeps the Stripe customer id of users',
        does: "such as customerId: 'private_metadata.stripe_customer_id'",
      },
    ],
    [
      'that do not say who has paid',
      ['Plan', 'Paid or not'],
      { says: 'neither plan nor premium', does: "premium: 'public_metadata.is_premium', or both" },
    ],
  ])('of Clerk %s are not put in force', async (_what, names, mistake) => {
    const before = await Promise.all(names.map((name) => clerkField(name).inputValue()))
    for (const name of names) await clerkField(name).selectOption('')
    expect(await press('Save and go on', '/config')).toBe(422)
    await tells(mistake)
    for (const [place, name] of names.entries()) {
      expect(await clerkField(name).inputValue()).toBe('')
      await clerkField(name).selectOption(before[place] ?? '')
    }
  })

  it('of Clerk are not sampled with a key that was revoked', async () => {
    revoke.clerk()
    await button('Retry').click()
    await tells({ says: 'Clerk rejected the secret key (HTTP 401)', does: 'secret key of this instance' })
    giveBack.clerk()
    await button('Try again').click()
    await expect.poll(told, long).not.toContain('HTTP 401')
  })

  it('that no user has are told so, and are there again after Retry', async () => {
    const { page } = screen
    const chosen = await clerkField('Plan').inputValue()
    const forgotten = forgetMetadata(sandbox)
    await button('Retry').click()
    await page.getByText('No metadata keys were found on your Clerk users.').waitFor()
    await page.getByText('No metadata keys were found on your Clerk organizations.').waitFor()
    forgotten.remember()
    await button('Retry').click()
    await expect.poll(() => clerkField('Plan').inputValue(), long).toBe(chosen)
    expect(await press('Save and go on', '/config')).toBe(200)
  })

  it('can be mapped by hand where there is nothing to suggest them from', async () => {
    const { page } = screen
    const forgotten = forgetMetadata(sandbox)
    const { id } = await ada.do(`POST /api/v1/workspaces/${workspaceId}/projects`, { name: 'Second' })
    for (const [kind, key] of [
      ['stripe', sandbox.stripe.restrictedKey],
      ['clerk', sandbox.clerk.secretKey],
    ]) {
      await ada.do(`POST /api/v1/projects/${id}/sources`, { kind, key })
    }
    await page.goto(`${dashboard.origin}/projects/${id}/onboarding/identity`)
    await tells({
      says: 'No metadata keys were found on your Clerk users.',
      does: 'Map the fields by hand, or connect the place where your app keeps what it grants.',
    })
    await button('Map it by hand').click()
    await page.getByText('Customer matching is automatic').waitFor()
    expect(await press('Save and go on', '/config')).toBe(422)
    await tells({ says: 'access[0].clerk.users.customerId', does: 'Add it' })
    await page.goto(`${dashboard.origin}/projects/${id}/onboarding/access`)
    await page.getByText('No metadata keys were found on your Clerk users.').waitFor()
    forgotten.remember()
    await button('Retry').click()
    await clerkField('Customer in Stripe').selectOption('public_metadata.stripe_customer_id')
  })
})

/** Takes all metadata from all users and organizations of Clerk. */
function forgetMetadata({ world: { clerk } }: Sandbox): { remember(): void } {
  const users = [...clerk.users.all()]
  const organizations = [...clerk.organizations.all()]
  const nothing = { public_metadata: {}, private_metadata: {}, unsafe_metadata: {} }
  const { unsafe_metadata: _, ...nothingOfOrganizations } = nothing
  for (const user of users) clerk.users.put({ ...user, ...nothing })
  for (const one of organizations) clerk.organizations.put({ ...one, ...nothingOfOrganizations })
  return {
    remember() {
      for (const user of users) clerk.users.put(user)
      for (const one of organizations) clerk.organizations.put(one)
    },
  }
}

describe('a dry run', () => {
  it('that cannot read a source says so, and its check says which and why', async () => {
    const { page } = screen
    await openStep('dry-run')
    revoke.stripe()
    revoke.clerk()
    await run('revoke select on organizations from READER')()
    await button('Start the dry run').click()
    await tells({
      says: 'Something could not be read, so this is not the whole.',
      does: 'The check says what.',
    })
    giveBack.stripe()
    giveBack.clerk()
    await run('grant select on organizations to READER')()
    await page.getByRole('link', { name: 'The check says what.' }).click()
    await page.getByText('Stripe rejected the key (HTTP 401)').first().waitFor()
    await page.getByText('Clerk rejected the secret key (HTTP 401)').first().waitFor()
    await page.getByText('The role may not read').first().waitFor()
  })

  it('that has spent the requests of the day says so, and until when', async () => {
    const { page } = screen
    const route = `/api/v1/projects/${projectId}/config`
    const { version, document } = await ada.do(`GET ${route}`)
    const billing = { stripe: { ...document.billing.stripe, requestsPerDay: 2 } }
    await ada.do(`PUT ${route}`, { document: { ...document, billing }, expectedVersion: version })
    await openStep('dry-run')
    const [answer] = await Promise.all([
      page.waitForResponse((one) => one.request().method() === 'POST' && /\/checks?$/.test(one.url())),
      button('Run it again').click(),
    ])
    const { check } = await answer.json()
    await page.locator(`a[href$="/checks/${check.id}"]`).click(long)
    await page.getByText('The budget of 2 requests to Stripe a day is spent until').first().waitFor()
    await ada.do(`PUT ${route}`, { document, expectedVersion: version + 1 })
  })
})

describe('webhooks', () => {
  it.each([
    ['stripe', 'Signing secret of Stripe', 'whsec_short', 'whsec_ and at least 16 characters'],
    ['database', 'Signing secret of Clerk', 'whsec_not*base64', 'whsec_ and a key in base64'],
  ])('at the step %s take no secret that is none', async (step, name, text, needed) => {
    await openStep(step)
    if (step === 'database') await screen.page.getByRole('tab', { name: /Clerk/ }).click()
    await field(name).fill(text)
    expect(await press('Keep the secret', '/secrets')).toBe(422)
    await tells({ says: 'What was given is not a signing secret of', does: needed })
    expect(await field(name).inputValue()).toBe(text)
  })

  it('that the provider cannot reach are told before one goes live', async () => {
    const { page } = screen
    await openStep('go-live')
    await page.getByText(/^Stripe cannot reach http:\/\/localhost/).waitFor()
    await page.getByText('Set TRUEUP_PUBLIC_URL to an address that it can reach.').first().waitFor()
    const send = button('Send a test event').first()
    expect(await send.getAttribute('title')).toContain('Keep the signing secret first')
  })
})

describe('what repairs are written with', () => {
  const kinds = {
    'clerk-repairs': 'Clerk key for repairs',
    'postgres-repairs': 'Connection string for repairs',
    callback: 'Secret that signs',
  } as const

  beforeAll(async () => {
    await screen.page.goto(`${dashboard.origin}/projects/${projectId}/settings/sources`)
  })

  it.each<[string, keyof typeof kinds, Mistake & { readonly address?: string }]>([
    [
      'is no publishable key',
      'clerk-repairs',
      {
        given: () => 'pk_test_abcdef',
        says: 'Enter a Clerk Backend API secret key',
        does: 'This is a publishable key',
      },
    ],
    [
      'is no role that reads',
      'postgres-repairs',
      {
        given: () => app.url,
        says: 'this role may not update',
        does: 'Run the SQL that is shown for repairs',
      },
    ],
    [
      'is no superuser',
      'postgres-repairs',
      {
        given: () => url({ username: 'postgres' }),
        says: 'It is a superuser, or can become one',
        does: 'Make a role of its own for repairs',
      },
    ],
    [
      'is not called over the internet in the clear',
      'callback',
      {
        address: 'http://8.8.8.8/repair',
        given: () => `whsec_${Buffer.alloc(24, 7).toString('base64')}`,
        says: 'The callback is not encrypted.',
        does: 'Use https.',
      },
    ],
    [
      'is no address inside the network',
      'callback',
      {
        address: 'https://10.0.0.7/repair',
        given: () => `whsec_${Buffer.alloc(24, 7).toString('base64')}`,
        says: 'leads to an address that callbacks must not go to',
        does: 'Use a public address',
      },
    ],
    [
      'is no secret that is too short',
      'callback',
      {
        address: 'https://127.0.0.1/repair',
        given: () => 'whsec_c2hvcnQ=',
        says: 'The secret of the callback is not one that calls can be signed with',
        does: 'whsec_',
      },
    ],
  ])('%s', async (_what, kind, { address, ...mistake }) => {
    await screen.page.getByLabel('Write in').selectOption(kind)
    if (address) await field('Address').fill(address)
    await enter(field(kinds[kind]), mistake, '')
  })
})

describe('a page', () => {
  const at = (path: string) => `/projects/${projectId}${path}`

  it('whose service gives no answer says so, and is there again when it does', async () => {
    const { page } = screen
    await screen.goTo(at('/settings/sources'))
    await page.route('**/api/v1/projects/*/checks?*', (route) => route.abort())
    await page.getByRole('link', { name: 'Checks' }).first().click()
    await tells({ says: 'The service gives no answer.', does: 'Look whether you are online' })
    await screen.audit([1440, 360])
    await page.unroute('**/api/v1/projects/*/checks?*')
    await button('Try again').click()
    await page.getByRole('table', { name: 'Checks' }).getByRole('row').nth(1).waitFor()
    await expect.poll(told, long).toBe('')
  })

  it('that is opened while the service gives no answer says so, and is there when it does', async () => {
    const { page } = screen
    await page.route('**/api/v1/me', (route) => route.abort())
    await page.goto(dashboard.origin + at('/checks'))
    await tells({ says: 'The service gives no answer.', does: 'Look whether you are online' })
    await screen.audit([1440, 360])
    await page.unroute('**/api/v1/me')
    await button('Try again').click()
    await page.getByRole('table', { name: 'Checks' }).getByRole('row').nth(1).waitFor()
    // The router writes a line about what kept a page from being opened.
    for (const line of screen.forgetWrong()) expect(line).toContain('The service gives no answer.')
  })

  it('of which the service cannot read a part says so, with what to look for in its log', async () => {
    const { database } = dashboard.service
    await database.query('alter table trueup.exception rename to gone')
    try {
      await screen.goTo(at('/settings/exceptions'))
      await expect.poll(told, long).toMatch(/cannot be used at this moment|Something went wrong here/)
      expect(await told()).toMatch(/req_\w+/)
      // What stands around it is there all the same.
      await screen.page.getByRole('tab', { name: 'Sources' }).waitFor()
    } finally {
      await database.query('alter table trueup.gone rename to exception')
    }
    await button('Try again').click()
    await screen.page.getByText('No exceptions here').waitFor()
  })

  it('that does not exist leads back to one that does', async () => {
    const { page } = screen
    await screen.goTo('/nowhere/at/all')
    await page.getByRole('heading', { level: 1, name: 'Nothing here' }).waitFor()
    await screen.audit([1440, 360])
    await page.getByRole('link', { name: 'To the overview' }).click()
    await page.waitForURL('**/projects/**')
  })

  it('of a project that is out of reach says no more than that', async () => {
    await screen.goTo('/projects/prj_nothing/checks')
    await expect.poll(told, long).not.toBe('')
    await screen.audit([1440, 360])
  })

  it('that was signed out of in another tab leads to the sign-in, and back to where one was', async () => {
    const { page, context } = screen
    await screen.goTo(at('/checks'))
    const other = await context.newPage()
    await other.goto(dashboard.origin + at('/checks'))
    await other.getByRole('button', { name: /^You:/ }).click()
    await other.getByRole('menuitem', { name: 'Sign out' }).click()
    await other.waitForURL('**/sign-in**')
    await other.close()
    await page.getByRole('link', { name: 'Incidents' }).first().click()
    await page.waitForURL('**/sign-in?to=**')
    await page.getByLabel('E-mail address').fill('ada@example.com')
    await page.getByRole('textbox', { name: 'Password' }).fill(password)
    await button('Sign in').click()
    await page.waitForURL(`**${at('/incidents')}**`)
  })
})
