import { createHmac, randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Sandbox, startSandbox } from '@trueup/sandbox'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ServedApp, serveApp } from './support/app-database.ts'
import { authenticatorOf } from './support/authenticator.ts'
import { buildCli } from './support/build-cli.ts'
import { Folder, type Running } from './support/cli.ts'
import { createTestDatabase, type TestDatabase } from './support/database.ts'
import { type EchoingVendor, startEchoingVendor } from './support/echoing-vendor.ts'
import { filesUnder, PlantedSecrets, type Searched } from './support/planted-secrets.ts'
import { type Relay, relayTo } from './support/relay.ts'
import { type Answer, ApiClient, emptyHome } from './support/service.ts'

/* Every kind of secret that the service takes or gives is handed to it once, in a story in which much goes wrong: vendors
   that answer with all that they were told, a database that refuses rows and says which, wrong passwords and tokens.
   Afterwards everything that the service said, wrote and kept is searched for them. */

describe('secrets', () => {
  const planted = new PlantedSecrets()
  const said: { readonly searched: Searched; readonly meant: readonly string[] }[] = []
  let sandbox: Sandbox
  let stripe: EchoingVendor
  let clerk: EchoingVendor
  let receiver: EchoingVendor
  let app: ServedApp
  let place: TestDatabase
  let database: pg.Client
  let home: Awaited<ReturnType<typeof emptyHome>>
  let relay: Relay
  let running: Running
  let url: string
  let environment: Readonly<Record<string, string>>
  let workspace: string
  let project: string

  const canary = (name: string, prefix = '', bytes = 18) =>
    planted.plant(name, `${prefix}${randomBytes(bytes).toString('hex')}`)
  const folder = () => new Folder(home.path, environment)

  beforeAll(async () => {
    buildCli()
    sandbox = await startSandbox({ world: 'saas', customers: 4, drift: 0.5, access: 'postgres', seed: 7 })
    if (!sandbox.world.app) throw new Error('The app of this world has a database.')
    stripe = await startEchoingVendor(sandbox.stripe.url)
    clerk = await startEchoingVendor(sandbox.clerk.url)
    receiver = await startEchoingVendor(null)
    app = await serveApp('PostgreSQL', sandbox.world.app)
    place = await createTestDatabase()
    database = new pg.Client({ connectionString: place.url })
    await database.connect()
    relay = await relayTo(place.url)
    home = await emptyHome()
    await mkdir(join(home.path, 'tmp'))
    const keyOf = (name: string) => planted.plant(name, randomBytes(32).toString('base64'))
    environment = {
      TRUEUP_HOME: home.path,
      TMPDIR: join(home.path, 'tmp'),
      TRUEUP_PORT: '0',
      TRUEUP_LOG_LEVEL: 'debug',
      TRUEUP_PROXIES: '1',
      TRUEUP_ALLOW_PRIVATE_HOSTS: 'all',
      TRUEUP_ALLOW_DATABASE_PORTS: 'all',
      STRIPE_API_BASE: stripe.url,
      CLERK_API_URL: clerk.url,
      DATABASE_URL: `postgres://${database.user}:${canary('password of the database')}@127.0.0.1:${relay.port}/${database.database}`,
      TRUEUP_ENCRYPTION_KEY: `new:${keyOf('encryption key')},old:${keyOf('encryption key of before')}`,
      CRON_SECRET: canary('CRON_SECRET'),
      TRUEUP_METRICS_TOKEN: canary('metrics token'),
      TRUEUP_OIDC_ISSUER: `${receiver.url}/issuer`,
      TRUEUP_OIDC_CLIENT_ID: 'trueup',
      TRUEUP_OIDC_CLIENT_SECRET: canary('client secret of the identity provider'),
    }
    running = folder().start(['serve'])
    await running.says(/Listening at http/)
    url = /Listening at (http:\/\/[^"\s]+?)\."/.exec(running.err)?.[1] ?? ''
  })
  afterAll(async () => {
    running?.kill('SIGTERM')
    await running?.ended
    await relay?.close()
    await database?.end()
    await place?.drop()
    await app?.close()
    for (const vendor of [stripe, clerk, receiver]) await vendor?.close()
    await home?.remove()
    await sandbox?.close()
  })

  /** Asks, and keeps the answer to be searched; `meant` are the secrets that this one shows by design. */
  async function ask(
    client: ApiClient,
    route: string,
    body?: unknown,
    { meant = [], headers = {} }: { meant?: readonly string[]; headers?: Record<string, string> } = {},
  ): Promise<Answer<Record<string, never> & ReturnType<typeof JSON.parse>>> {
    const answer = await client.ask(route, body, headers)
    keep(route, answer, meant)
    return answer
  }
  function keep(route: string, answer: Answer<unknown>, meant: readonly string[] = []) {
    const text = `${JSON.stringify([...answer.headers])}\n${JSON.stringify(answer.body)}`
    said.push({ searched: { place: `the answer to ${route}`, text }, meant })
  }
  const at = (route: string) => route.replace(' ', ` /api/v1/projects/${project}`)
  const browser = () => new ApiClient(url, { 'x-forwarded-for': `10.1.0.${said.length % 250}` })
  /** Plants what a session is known by. It is in the answer that sets it, and in no other. */
  function plantCookie(name: string, { headers }: Answer<unknown>): void {
    const [, value = ''] = /session_token=([^;]+)/.exec(headers.getSetCookie().join('\n')) ?? []
    planted.plant(name, decodeURIComponent(value))
  }
  async function signUp(name: string, route: string, body: object, secret: string): Promise<ApiClient> {
    const client = browser()
    const answer = await client.ask(route, { ...body, password: secret })
    plantCookie(`session of ${name}`, answer)
    keep(route, answer, [`session of ${name}`])
    expect(answer.status).toBe(200)
    return client
  }

  it.each([
    ['as it is', (secret: string) => `Bearer ${secret}`],
    ['in basic authentication', (secret: string) => Buffer.from(`u:${secret}:`).toString('base64')],
    ['in base64url, one further', (secret: string) => Buffer.from(`us:${secret}x`).toString('base64url')],
    ['in hexadecimal', (secret: string) => `\\x${Buffer.from(`a${secret}`).toString('hex')}`],
    ['in an address', (secret: string) => new URLSearchParams({ key: secret }).toString()],
    ['in JSON', (secret: string) => JSON.stringify({ key: secret })],
  ])('would be found %s', (_how, written) => {
    const samples = new PlantedSecrets()
    const secret = samples.plant('a sample', 'p"ss/word+with:marks?')
    expect(samples.foundIn({ place: 'here', text: written(secret) })).toHaveLength(1)
    expect(samples.foundIn({ place: 'here', text: written('another that is longer') })).toEqual([])
  })

  it('would be found in the answers and the output of every other test', async () => {
    const echo = new ApiClient(receiver.url)
    const told = { note: 'nothing', password: 'the password of a sample' }
    await expect(echo.ask('POST /echo', told)).rejects.toThrow('A secret is shown.')
    const printed = folder().run(['check', '--config', 'a-key-of-a-sample'], {
      STRIPE_API_KEY: 'a-key-of-a-sample',
    })
    await expect(printed).rejects.toThrow('A secret is shown.')
  })

  it('are handed over in a story in which much goes wrong', async () => {
    // People.
    const password = canary('password of the owner')
    const ada = await signUp(
      'the owner',
      'POST /api/v1/sign-up',
      { email: 'ada@example.com', name: 'Ada', workspaceName: 'Engines' },
      password,
    )
    workspace = (await ask(ada, 'GET /api/v1/me')).body.workspaces[0].workspaceId
    project = (await ask(ada, `POST /api/v1/workspaces/${workspace}/projects`, { name: 'App' })).body.id
    await ask(browser(), 'POST /api/v1/session', {
      email: 'ada@example.com',
      password: canary('wrong password'),
    })
    await ask(browser(), 'POST /api/v1/session', { email: canary('password typed as an address'), password })
    await ask(ada, 'POST /api/v1/session/confirm', { password: canary('wrong password at confirming') })
    await ask(ada, 'PUT /api/v1/me/password', {
      current: canary('wrong current password'),
      next: canary('refused new password'),
    })
    const invited = await ada.ask(`POST /api/v1/workspaces/${workspace}/invites`, {
      email: 'bob@example.com',
      role: 'admin',
    })
    const invite = planted.plant('token of an invite', new URL(invited.body.link).hash.slice(1))
    keep('POST invites', invited, ['token of an invite'])
    await ask(browser(), 'POST /api/v1/invites/open', { token: invite })
    await ask(browser(), 'POST /api/v1/invites/open', { token: canary('token that is no invite') })
    const bobs = canary('password of a member')
    const bob = await signUp('a member', 'POST /api/v1/invites/accept', { token: invite, name: 'Bob' }, bobs)
    const { personId } = (await ask(bob, 'GET /api/v1/me')).body
    const reset = await ada.ask(`POST /api/v1/workspaces/${workspace}/members/${personId}/reset-link`)
    const resetToken = planted.plant('token of a reset', new URL(reset.body.link).hash.slice(1))
    keep('POST reset-link', reset, ['token of a reset'])
    await ask(browser(), 'POST /api/v1/password-reset/finish', {
      token: canary('token that resets nothing'),
      password: canary('password for no token'),
    })
    await ask(browser(), 'POST /api/v1/password-reset/finish', {
      token: resetToken,
      password: canary('new password of a member'),
    })
    await ask(browser(), 'POST /api/v1/session/provider')
    await ask(
      browser(),
      `GET /api/auth/callback/oidc?code=${canary('code of the provider')}&state=${canary('state of a sign-in')}`,
    )
    const offered = await ada.ask('POST /api/v1/me/second-factor', { password })
    const shownCodes = offered.body.backupCodes.map(
      (code: string, place: number) =>
        [`backup code ${place}`, planted.plant(`backup code ${place}`, code)][0],
    )
    planted.plant('secret of the second factor', new URL(offered.body.uri).searchParams.get('secret') ?? '')
    keep('POST second-factor', offered, [...shownCodes, 'secret of the second factor'])
    await ask(ada, 'POST /api/v1/me/second-factor/confirm', { code: '000000' })
    const confirmed = await ada.ask('POST /api/v1/me/second-factor/confirm', {
      code: authenticatorOf(offered.body.uri)(),
    })
    if (/session_token=/.test(confirmed.headers.getSetCookie().join())) {
      plantCookie('session with a second factor', confirmed)
      keep('POST second-factor/confirm', confirmed, ['session with a second factor'])
    }
    const half = browser()
    const begun = await half.ask('POST /api/v1/session', { email: 'ada@example.com', password })
    expect(begun.body).toEqual({ next: 'code' })
    await ask(half, 'POST /api/v1/session/code', { code: canary('wrong code') })

    // Keys.
    for (const scope of ['read', 'read+repair']) {
      const made = await ada.ask(`POST /api/v1/workspaces/${workspace}/api-keys`, { name: scope, scope })
      const key = planted.plant(`API key with ${scope}`, made.body.key)
      keep('POST api-keys', made, [`API key with ${scope}`])
      await ask(ada.withKey(key), 'GET /api/v1/projects')
      await ask(ada.withKey(key), at('POST /sources'), {
        kind: 'stripe',
        key: canary(`key sent with ${scope}`, 'rk_test_'),
      })
    }
    await ask(browser().withKey(canary('key that is none', 'tu_')), 'GET /api/v1/projects')
    await ask(browser(), 'GET /metrics', undefined, {
      headers: { authorization: `Bearer ${canary('wrong metrics token')}` },
    })
    await ask(browser(), 'POST /api/cron/dispatch', undefined, {
      headers: { authorization: `Bearer ${canary('wrong CRON_SECRET')}` },
    })
    await ask(browser(), 'POST /api/cron/dispatch', undefined, {
      headers: { authorization: `Bearer ${environment.CRON_SECRET}` },
    })
    await ask(browser(), `GET /api/v1/who?token=${canary('secret in a query')}`)
    await ask(
      ada,
      at(
        `GET /incidents?after=${canary('secret in a known query')}&nobody=${canary('secret in an unknown parameter')}`,
      ),
    )
    await ask(ada, at(`GET /${canary('secret in an address')}`))

    // Sources that are no good: mistakes, refusals of vendors that repeat the key, databases that say no.
    for (const [kind, key] of [
      ['stripe', canary('publishable key', 'pk_test_')],
      ['stripe', canary('full Stripe key', 'sk_live_')],
      ['stripe', canary('unknown Stripe key', 'rk_test_')],
      ['stripe', canary('text that is no Stripe key')],
      ['clerk', canary('unknown Clerk key', 'sk_test_')],
      ['clerk', canary('text that is no Clerk key')],
      ['clerk-repairs', canary('Clerk key for repairs', 'sk_test_')],
    ] as const) {
      for (const isEchoing of [false, true]) {
        stripe.isEchoing = clerk.isEchoing = isEchoing
        await ask(ada, at('POST /sources'), { kind, key })
      }
    }
    stripe.isEchoing = clerk.isEchoing = false
    const databases = [
      [
        'postgres',
        withPassword(app.url, canary('wrong password of an app')).replace(/\/\/[^:]+:/, '//nobody:'),
      ],
      ['postgres', `postgres://reader:${canary('password for no host')}@127.0.0.1:9/app`],
      ['postgres', `not a url ${canary('text that is no address')}`],
      ['postgres', `postgres://reader:${canary('password with a broken port')}@127.0.0.1:port/app`],
      ['postgres-repairs', `postgres://writer:${canary('password for repairs')}@127.0.0.1:9/app`],
    ] as const
    for (const [kind, text] of databases)
      await ask(ada, at('POST /sources'), { kind, source: 'postgres', url: text })
    await ask(ada, at('POST /sources'), {
      kind: 'callback',
      url: `${receiver.url}/hook`,
      secret: canary('secret of a callback that echoes', 'whsec_'),
    })
    await ask(ada, at('POST /sources'), {
      kind: 'callback',
      url: `https://user:${canary('password in a callback')}@example.com`,
      secret: canary('refused secret of a callback'),
    })
    await ask(ada, at('POST /sources'), {
      kind: 'stripe',
      key: [canary('key of the wrong shape', 'rk_test_')],
    })
    await ask(ada, at('PUT /config'), {
      document: { stripe: { apiKey: canary('key in a configuration', 'rk_test_') } },
      expectedVersion: 0,
    })

    // Sources that are good.
    planted.plant('Stripe key', sandbox.stripe.restrictedKey)
    planted.plant('Clerk key', sandbox.clerk.secretKey)
    const appUrl = withPassword(app.url, canary('password of the app database'))
    expect(
      (await ask(ada, at('POST /sources'), { kind: 'stripe', key: sandbox.stripe.restrictedKey })).status,
    ).toBe(200)
    expect(
      (await ask(ada, at('POST /sources'), { kind: 'clerk', key: sandbox.clerk.secretKey })).status,
    ).toBe(200)
    expect(
      (await ask(ada, at('POST /sources'), { kind: 'postgres', source: 'postgres', url: appUrl })).status,
    ).toBe(200)
    await ask(ada, at('GET /sources'))
    await ask(ada, at('PUT /config'), { document: sandbox.config, expectedVersion: 0 })
    await ask(ada, at('PATCH '), { state: 'live' })
    const { body: begunCheck } = await ask(ada, at('POST /checks'), { kind: 'full' })
    await expect
      .poll(async () => (await ask(ada, at(`GET /checks/${begunCheck.check.id}`))).body.finishedAt, {
        timeout: 30_000,
      })
      .not.toBeNull()
    stripe.isEchoing = clerk.isEchoing = true
    for (const name of ['stripe', 'clerk', 'postgres']) await ask(ada, at(`POST /sources/${name}/test`))
    await ask(ada, at('GET /setup/prices'))
    await ask(ada, at('GET /setup/clerk-fields'))
    await ask(ada, at('POST /checks'), { kind: 'customer', customer: 'cus_1' })
    const failing = await ask(ada, at('POST /checks'), { kind: 'full' })
    await expect
      .poll(async () => (await ask(ada, at(`GET /checks/${failing.body.check.id}`))).body.finishedAt, {
        timeout: 30_000,
      })
      .not.toBeNull()
    stripe.isEchoing = clerk.isEchoing = false

    // Webhooks in.
    const signing = planted.plant('signing secret of Stripe', sandbox.stripe.webhookSecret)
    await ask(ada, at('POST /webhooks/stripe/secrets'), { secret: signing })
    await ask(ada, at('POST /webhooks/stripe/secrets'), { secret: canary('text that signs nothing') })
    await ask(ada, at('POST /webhooks/clerk/secrets'), {
      secret: planted.plant('signing secret of Clerk', sandbox.clerk.webhookSecret),
    })
    const event = JSON.stringify({
      id: 'evt_1',
      object: 'event',
      type: 'customer.updated',
      livemode: false,
      created: 1,
      data: { object: { id: 'cus_1', object: 'customer', client_secret: canary('secret in an event') } },
    })
    const time = Math.floor(Date.now() / 1000)
    const mac = createHmac('sha256', signing).update(`${time}.${event}`).digest('hex')
    for (const signature of [`t=${time},v1=${mac}`, `t=${time},v1=${canary('wrong signature')}`]) {
      const answer = await fetch(`${url}/api/webhooks/stripe/${project}`, {
        method: 'POST',
        headers: { 'stripe-signature': signature },
        body: event,
      })
      keep('POST webhooks', { status: answer.status, headers: answer.headers, body: await answer.text() })
    }
    await ask(ada, at('GET /events'))
    await ask(ada, at('GET /webhooks'))

    // Alerts and outgoing webhooks, to receivers that answer with all that they were told.
    const channels: [string, object][] = [
      ['slack', { kind: 'slack', url: `${receiver.url}/services/${canary('path of Slack')}` }],
      ['discord', { kind: 'discord', url: `${receiver.url}/api/webhooks/1/${canary('path of Discord')}` }],
      ['teams', { kind: 'teams', url: `${receiver.url}/workflows/x?sig=${canary('signature of Teams')}` }],
      [
        'webhook',
        {
          kind: 'webhook',
          url: `${receiver.url}/in/${canary('path of a webhook')}`,
          secret: planted.plant('secret of a channel', `whsec_${randomBytes(32).toString('base64')}`),
        },
      ],
      ['pagerduty', { kind: 'pagerduty', routingKey: canary('routing key', '', 16) }],
      [
        'email',
        {
          kind: 'email',
          to: ['ops@example.com'],
          from: 'trueup@example.com',
          smtp: {
            host: '127.0.0.1',
            port: 9,
            security: 'none',
            user: 'trueup',
            password: canary('password of a mail server'),
          },
        },
      ],
    ]
    const ids: string[] = []
    for (const [name, config] of channels) {
      const made = await ask(ada, at('POST /alerts/channels'), { name, config })
      expect(made.status).toBe(201)
      ids.push(made.body.id)
      if (name !== 'pagerduty') await ask(ada, at(`POST /alerts/channels/${made.body.id}/test`))
      await ask(ada, at(`GET /alerts/channels/${made.body.id}`))
    }
    for (const config of [
      { kind: 'slack', url: canary('text that is no address of Slack') },
      { kind: 'teams', url: `https://user:${canary('password in an address')}@example.com` },
      { kind: 'pagerduty', routingKey: canary('routing key that is too long', '', 30) },
      { kind: 'webhook', url: 'https://example.com', secret: canary('secret without its prefix') },
    ]) {
      expect((await ask(ada, at('POST /alerts/channels'), { name: 'wrong', config })).status).toBe(422)
    }
    const { items } = (await ask(ada, at('GET /alerts/deliveries'))).body
    for (const { id } of items) await ask(ada, at(`GET /alerts/deliveries/${id}`))
    const endpoint = await ada.ask(at('POST /outgoing-webhooks'), {
      url: `${receiver.url}/out`,
      messageTypes: ['incident.opened'],
    })
    expect(endpoint.body).toMatchObject({ secret: expect.any(String) })
    planted.plant('secret that signs outgoing webhooks', endpoint.body.secret)
    keep('POST outgoing-webhooks', endpoint, ['secret that signs outgoing webhooks'])
    const rolled = await ada.ask(at(`POST /outgoing-webhooks/${endpoint.body.endpoint.id}/roll-secret`))
    expect(rolled.body).toMatchObject({ secret: expect.any(String) })
    planted.plant('rolled secret of outgoing webhooks', rolled.body.secret)
    keep('POST roll-secret', rolled, ['rolled secret of outgoing webhooks'])

    // A database that refuses rows, and says which.
    await database.query('alter table trueup.alert_channel add constraint broken check (false) not valid')
    const refused = await ask(ada, at('POST /alerts/channels'), {
      name: 'x',
      config: { kind: 'slack', url: `${receiver.url}/services/${canary('path that the database refuses')}` },
    })
    expect(refused.status).toBeGreaterThanOrEqual(500)
    await database.query('alter table trueup.alert_channel drop constraint broken')
    await database.query(
      `alter table trueup.person_account add constraint broken check (updated_at < '2000-01-01') not valid`,
    )
    await ask(ada, 'PUT /api/v1/me/password', {
      current: password,
      next: canary('password that the database refuses'),
    })
    await database.query('alter table trueup.person_account drop constraint broken')
    await database.query('alter table trueup.api_key rename to api_key_gone')
    await ask(ada, `POST /api/v1/workspaces/${workspace}/api-keys`, { name: 'x', scope: 'read' })
    await ask(browser().withKey(canary('key that cannot be looked up', 'tu_')), 'GET /api/v1/projects')
    await database.query('alter table trueup.api_key_gone rename to api_key')
    for (const route of [
      'GET /alerts/channels',
      'GET /outgoing-webhooks',
      'GET /secret-uses',
      'GET /ledger?limit=100',
    ])
      await ask(ada, at(route))
    await ask(ada, `GET /api/v1/workspaces/${workspace}/record`)
    await ask(ada, `GET /api/v1/workspaces/${workspace}/api-keys`)
    await ask(ada, `GET /api/v1/workspaces/${workspace}/members`)
    await ask(ada, 'GET /api/v1/me/sessions')
    await ask(ada, at('GET /ledger/export'))
    const metrics = await ask(browser(), 'GET /metrics', undefined, {
      headers: { authorization: `Bearer ${environment.TRUEUP_METRICS_TOKEN}` },
    })
    expect(metrics.status).toBe(200)
    await ask(ada, 'DELETE /api/v1/session')
    expect(receiver.echoes + stripe.echoes + clerk.echoes).toBeGreaterThan(10)
    expect(planted.count).toBeGreaterThanOrEqual(60)
  })

  it('are in no answer but the one that shows them once', () => {
    expect(said.length).toBeGreaterThan(80)
    expect(said.flatMap(({ searched, meant }) => planted.foundIn(searched, meant))).toEqual([])
  })

  it('are sealed or hashed in the database', async () => {
    const { rows: tables } = await database.query<{ name: string }>(
      `select format('%I.%I', nspname, relname) as name from pg_class join pg_namespace n on n.oid = relnamespace
        where relkind in ('r', 'p') and nspname not in ('pg_catalog', 'information_schema')`,
    )
    expect(tables.length).toBeGreaterThan(40)
    const found: string[] = []
    for (const { name } of tables) {
      const { rows } = await database.query<{ text: string }>(`select t::text as text from ${name} t`)
      found.push(...planted.foundIn({ place: name, text: rows.map(({ text }) => text).join('\n') }))
    }
    expect(found).toEqual([])
  })

  it('are in no log, at the level that says most', async () => {
    running.kill('SIGTERM')
    const { out, err, status } = await running.ended
    expect(status).toBe(0)
    expect(err.split('\n').length).toBeGreaterThan(100)
    expect(planted.foundIn({ place: 'the log', text: `${out}\n${err}` })).toEqual([])
  })

  it('are not left in files', async () => {
    const files = await filesUnder(home.path)
    expect(files.flatMap((file) => planted.foundIn(file))).toEqual([])
  })

  it('are in nothing that a command prints, whatever is wrong with its settings', async () => {
    const wrong: [readonly string[], Readonly<Record<string, string>>][] = [
      [['keys', 'list'], {}],
      [['keys', 'check'], {}],
      [['keys', 'rotate'], {}],
      [
        ['doctor'],
        { STRIPE_API_KEY: sandbox.stripe.restrictedKey, CLERK_SECRET_KEY: sandbox.clerk.secretKey },
      ],
      [
        ['check'],
        {
          STRIPE_API_KEY: canary('key of the command line', 'rk_test_'),
          CLERK_SECRET_KEY: canary('Clerk key of the command line', 'sk_test_'),
        },
      ],
      [['check', '--json'], { STRIPE_API_KEY: canary('full key of the command line', 'sk_live_') }],
      [['serve'], { TRUEUP_ENCRYPTION_KEY: canary('key that is none of the ring') }],
      [
        ['serve'],
        {
          TRUEUP_ENCRYPTION_KEY: `new:${planted.plant('another encryption key', randomBytes(32).toString('base64'))}`,
        },
      ],
      [['serve'], { TRUEUP_LEDGER_KEY: canary('text that is no key of a ledger') }],
      [
        ['serve'],
        {
          TRUEUP_SMTP_URL: `http://u:${canary('password of no mail server')}@x`,
          TRUEUP_MAIL_FROM: 'a@example.com',
        },
      ],
      [
        ['serve'],
        { TRUEUP_OIDC_CLIENT_ID: '', TRUEUP_OIDC_CLIENT_SECRET: canary('client secret without its id') },
      ],
      [
        ['serve'],
        { DATABASE_URL: `postgres://trueup:${canary('password for no database')}@127.0.0.1:9/trueup` },
      ],
      [
        ['serve'],
        {
          DATABASE_URL: `postgres://trueup:${canary('password with a broken address')}@127.0.0.1:port/trueup`,
        },
      ],
      [['serve'], { DATABASE_URL: canary('text that is no database', 'postgres:') }],
    ]
    stripe.isEchoing = clerk.isEchoing = true
    const found: string[] = []
    for (const [args, settings] of wrong) {
      const { out, err, status } = await folder().run(args, settings)
      if (args[0] === 'serve') expect([args, settings, status]).not.toEqual([args, settings, 0])
      found.push(...planted.foundIn({ place: `trueup ${args.join(' ')}`, text: `${out}\n${err}` }))
    }
    expect(found).toEqual([])
  })
})

/** The same address with another password; servers of tests ask for none. */
function withPassword(text: string, password: string): string {
  return text.replace(/:\/\/([^:@]+)(?::[^@]*)?@/, (_, user: string) => `://${user}:${password}@`)
}
