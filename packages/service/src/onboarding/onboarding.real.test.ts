import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Sandbox } from '@trueup/sandbox'
import { startSandbox } from '@trueup/sandbox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ServedApp } from '../../../../test/support/app-database.ts'
import { serveApp } from '../../../../test/support/app-database.ts'
import type { RunningTestService } from '../../../../test/support/running-service.ts'
import { startTestService } from '../../../../test/support/running-service.ts'
import type { ApiClient } from '../../../../test/support/service.ts'

const password = 'correct horse battery staple'
// biome-ignore lint/suspicious/noExplicitAny: the tests say by their expectations what an answer holds
type Anything = any

/* A project is set up step by step, and the steps follow from what is stored. */
describe('setting a project up', () => {
  let sandbox: Sandbox
  let app: ServedApp
  let service: RunningTestService
  let ada: ApiClient
  let project: string
  const at = (path: string) => path.replace(' ', ` /api/v1/projects/${project}`)
  const onboarding = () => ada.do(at('GET /onboarding'))
  const stepOf = async (key: string) =>
    (await onboarding()).steps.find((step: Anything) => step.key === key) as Anything
  const dryRun = async () => {
    const { check } = await ada.do(at('POST /checks'), { kind: 'full', dryRun: true })
    let preview: Anything
    await expect
      .poll(
        async () => {
          preview = await ada.ask(at(`GET /checks/${check.id}/preview`))
          return preview.status
        },
        { timeout: 45_000, interval: 200 },
      )
      .toBe(200)
    return preview.body
  }

  beforeAll(async () => {
    sandbox = await startSandbox({ world: 'saas', customers: 120, access: 'both', seed: 5 })
    if (!sandbox.world.app) throw new Error('The world has no database of the app.')
    app = await serveApp('PostgreSQL', sandbox.world.app)
    const port = await freePort()
    service = await startTestService({
      STRIPE_API_BASE: sandbox.stripe.url,
      CLERK_API_URL: sandbox.clerk.url,
      TRUEUP_ALLOW_PRIVATE_HOSTS: 'all',
      TRUEUP_ALLOW_DATABASE_PORTS: 'all',
      TRUEUP_PORT: String(port),
      TRUEUP_PUBLIC_URL: `http://localhost:${port}`,
    })
    ada = service.person()
    await ada.do('POST /api/v1/sign-up', {
      email: 'ada@example.com',
      name: 'Ada',
      password,
      workspaceName: 'Engines',
    })
    const workspace = (await ada.do('GET /api/v1/workspaces')).items[0].workspaceId
    project = (await ada.do(`POST /api/v1/workspaces/${workspace}/projects`, { name: 'App' })).id
  })
  afterAll(async () => {
    await service?.stop()
    await app?.close()
    await sandbox?.close()
  })

  test('begins with nothing, in eight steps', async () => {
    const { steps, current, isDone } = await onboarding()
    expect(steps.map(({ title }: Anything) => title)).toEqual([
      'Stack',
      'Stripe',
      'Database',
      'Identity mapping',
      'Plan mapping',
      'Access mapping',
      'Dry run',
      'Go live',
    ])
    expect(new Set(steps.map(({ state }: Anything) => state))).toEqual(new Set(['not-started']))
    expect({ current, isDone }).toEqual({ current: 'stack', isDone: false })
  })

  test('keeps choices and a draft, and loses neither when only one of them is sent', async () => {
    await ada.do(at('PUT /onboarding/answers'), {
      answers: { framework: 'next', billing: 'stripe', access: 'both' },
      draft: { catalogue: { plans: [{ id: 'free' }] } },
    })
    await ada.do(at('PUT /onboarding/answers'), { answers: { audience: 'both' } })
    const kept = await onboarding()
    expect(kept.answers).toMatchObject({
      framework: 'next',
      billing: 'stripe',
      access: 'both',
      audience: 'both',
    })
    expect(kept.draft).toEqual({ catalogue: { plans: [{ id: 'free' }] } })
    expect(await stepOf('stack')).toMatchObject({ state: 'done', needed: [] })
    expect(await stepOf('plans')).toMatchObject({ state: 'needs-something' })
  })

  test('shows what a restricted key is to be allowed, and what for, before and after one is connected', async () => {
    const before = await ada.do(at('GET /setup/permissions'))
    expect(before).toMatchObject({ connected: false })
    expect(before.items.map(({ state }: Anything) => state)).not.toContain('granted')
    expect(before.items).toContainEqual(
      expect.objectContaining({ name: 'rak_customer_read', what: 'Customers', isRequired: true }),
    )
    await ada.do(at('POST /sources'), { kind: 'stripe', key: sandbox.stripe.restrictedKey })
    const after = await ada.do(at('GET /setup/permissions'))
    expect(new Set(after.items.map(({ state }: Anything) => state))).toEqual(new Set(['granted']))
    expect(await stepOf('stripe')).toMatchObject({ state: 'warnings', needed: [] })
  })

  test('prints the SQL for a role that reads named columns and nothing else, for before there is a connection', async () => {
    const { sql, connectionString } = await ada.do(at('POST /setup/read-role-sql'), {
      database: 'app',
      tables: [{ table: 'public.users', columns: ['id', 'plan"; drop table users; --'], rowSecurity: true }],
    })
    expect(sql).toContain('grant select ("id", "plan""; drop table users; --") on "public"."users"')
    expect(sql).toContain('create policy')
    expect(connectionString).toMatch(/^postgres:\/\/trueup_reader:[\w-]{32}@HOST:5432\/app$/)
    expect(sql).not.toContain(new URL(connectionString.replace('HOST', 'host')).password)
  })

  test('knows of each place where access is kept whether it is connected', async () => {
    await ada.do(at('POST /sources'), { kind: 'clerk', key: sandbox.clerk.secretKey })
    expect(await stepOf('database')).toMatchObject({
      state: 'needs-something',
      needed: [expect.objectContaining({ code: 'source-missing' })],
    })
    await ada.do(at('POST /sources'), { kind: 'postgres', url: app.url })
    expect((await stepOf('database')).needed).toEqual([])
  })

  test('tries a mapping: who is matched by which rule, and rows as it reads them; nothing of it is kept', async () => {
    const { access, match } = sandbox.config
    const tried = await ada.do(at('POST /setup/try-mapping'), { access, match })
    expect(tried.isWhole).toBe(true)
    expect(tried.matching.byRule[0]).toMatchObject({
      rule: 'customer.id -> customerId',
      paying: expect.any(Number),
    })
    expect(tried.matching.byRule[0].paying).toBeGreaterThan(50)
    expect(tried.rows.length).toBe(10)
    expect(tried.fields.find(({ path }: Anything) => path.endsWith('.plan')).seen).toBeGreaterThan(0)
    expect((await onboarding()).configVersion).toBeNull()
    const wrong = await ada.ask(at('POST /setup/try-mapping'), {
      access: [{ clerk: { users: { plan: 'x' } } }],
    })
    expect(wrong).toMatchObject({ status: 422, body: { code: 'config-invalid' } })
  })

  test('counts who pays each price, and which of them no plan sells', async () => {
    const document = withoutProPrices(sandbox.config)
    await ada.do(at('PUT /config'), { document, expectedVersion: 0 })
    const prices = await ada.do(at('GET /setup/prices?usage=true'))
    expect(prices.counted).toMatchObject({ isWhole: true })
    const unmapped = prices.items.filter(({ mapping }: Anything) => mapping === null)
    expect(unmapped.length).toBe(prices.unmapped.prices)
    expect(prices.unmapped.customers).toBeGreaterThan(0)
    expect(prices.items.some(({ mapping }: Anything) => mapping?.kind === 'plan')).toBe(true)
  })

  test('shows in a dry run what would be filed, and warns of a mapping that cannot be right', async () => {
    const preview = await dryRun()
    expect(preview.complete).toBe(true)
    expect(preview.kinds.length).toBeGreaterThan(3)
    for (const { count, examples, newCount } of preview.kinds) {
      expect(examples.length).toBe(Math.min(count, 5))
      expect(newCount).toBe(count)
      expect(examples[0].sentence).toMatch(/\w/)
    }
    const codes = preview.warnings.map(({ code }: Anything) => code)
    expect(codes).toContain('price-unmapped')
    const priced = preview.warnings.find(({ code }: Anything) => code === 'price-unmapped')
    expect(priced).toMatchObject({
      step: 'plans',
      touches: expect.any(Number),
      on: expect.stringMatching(/^price_/),
    })
    expect(await stepOf('plans')).toMatchObject({ state: 'warnings' })
    expect(await stepOf('dry-run')).toMatchObject({ state: 'warnings' })
    expect((await ada.do(at('GET /incidents'))).items).toEqual([])
  })

  test('warns no more once the mapping is mended, and keeps what the dry run showed', async () => {
    const earlier = await ada.do(at('GET /checks?kind=full'))
    await ada.do(at('PUT /config'), { document: sandbox.config, expectedVersion: 1 })
    expect(await stepOf('dry-run')).toMatchObject({ state: 'not-started' })
    const preview = await dryRun()
    expect(preview.warnings.filter(({ code }: Anything) => code === 'mass-drift')).toEqual([])
    const kept = await ada.do(at(`GET /checks/${earlier.items[0].id}/preview`))
    expect(kept.warnings.length).toBeGreaterThan(preview.warnings.length)
    const accepted = preview.warnings.map(({ code, on }: Anything) => (on === null ? code : `${code}:${on}`))
    await ada.do(at('PUT /onboarding/answers'), { answers: { acceptedWarnings: accepted } })
    expect(await stepOf('dry-run')).toMatchObject({ state: 'done' })
  })

  test('sends a test event the whole way, and says who signed it', async () => {
    const refused = await ada.ask(at('POST /webhooks/stripe/test'))
    expect(refused.body.code).toBe('endpoint-unknown')
    for (const provider of ['stripe', 'clerk'] as const) {
      await ada.do(at(`POST /webhooks/${provider}/secrets`), { secret: sandbox[provider].webhookSecret })
      const sent = await ada.do(at(`POST /webhooks/${provider}/test`))
      expect(sent).toMatchObject({ status: 200, signedBy: 'trueup', arrivedAt: expect.any(String) })
      const event = await ada.do(at(`GET /events/${provider}/${sent.eventId}`))
      expect(event).toMatchObject({ type: 'trueup.test', verdict: 'not-acted-on' })
    }
    const { webhooks } = await onboarding()
    expect(webhooks).toMatchObject([
      { provider: 'stripe', hasSecret: true, lastEventAt: null, lastTestAt: expect.any(String) },
      { provider: 'clerk', hasSecret: true, lastEventAt: null },
    ])
    expect(await stepOf('go-live')).toMatchObject({ state: 'needs-something' })
  })

  test('is live with its schedules, and takes the first event of Stripe itself for what it waited for', async () => {
    await ada.do(at('PATCH '), { state: 'live' })
    const { rows } = await service.database.query('select count(*)::int as rows from trueup.schedule')
    expect(rows[0].rows).toBe(3)
    sandbox.sendWebhooks({ stripe: `${service.url}/api/webhooks/stripe/${project}` })
    const subscription = [...sandbox.world.stripe.subscriptions.all()].find(
      ({ status }) => status === 'active',
    )
    await fetch(`${sandbox.stripe.url}/v1/subscriptions/${subscription?.id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${sandbox.stripe.secretKey}` },
    })
    await expect
      .poll(async () => (await onboarding()).webhooks[0].lastEventAt, { timeout: 30_000, interval: 200 })
      .not.toBeNull()
    expect(await stepOf('go-live')).toMatchObject({ state: 'warnings', needed: [] })
    expect((await onboarding()).isDone).toBe(true)
  })

  test('says of a drift in Clerk what a person does there, and looks again when it is done', async () => {
    const { check } = await ada.do(at('POST /checks'), { kind: 'full' })
    await expect
      .poll(async () => (await ada.do(at(`GET /checks/${check.id}`))).finishedAt, {
        timeout: 45_000,
        interval: 200,
      })
      .not.toBeNull()
    const { items } = await ada.do(
      at('GET /incidents?kind=grants-disagree&kind=plan-too-low&kind=paid-without-access&limit=100'),
    )
    let guided: Anything = null
    let incident: Anything = null
    for (incident of items) {
      guided = (await ada.do(at(`GET /incidents/${incident.id}`))).plan.guided
      if (guided) break
    }
    expect(guided.subject).toEqual(incident.subject)
    expect(guided.fields[0].field).toMatch(/^(public|private)_metadata\./)
    expect(guided.link).toContain('dashboard.clerk.com')
    expect(guided.requests[0].curl).toContain('Authorization: Bearer $CLERK_SECRET_KEY')
    expect(guided.requests[0].curl).not.toContain(sandbox.clerk.secretKey)
    const again = await ada.do(`${guided.checkAgain.method} ${guided.checkAgain.path}`, {})
    expect(again.single.state.pairs.length).toBeGreaterThan(0)
  })

  test('is undone as a project by whoever types its name, and for seven days that can be taken back', async () => {
    expect((await ada.ask(at('DELETE '), { name: 'Ap' })).body.code).toBe('name-differs')
    const asked = await ada.do(at('DELETE '), { name: 'App' })
    expect(asked).toMatchObject({ state: 'paused', deletion: { dueAt: expect.any(String) } })
    expect((await ada.ask(at('PATCH '), { state: 'live' })).body.code).toBe('deletion-asked')
    expect(await ada.do(at('POST /restore'))).toMatchObject({ state: 'live', deletion: null })
    expect((await ada.do(at('GET /sources'))).items.length).toBe(3)
  })

  test('is erased when the days are over: all of it but the entries of its ledger', async () => {
    await ada.do(at('DELETE '), { name: 'App' })
    await service.database.query(
      `update trueup.project set deletion_due_at = now() - interval '1 minute' where project_id = $1`,
      [project],
    )
    await service.restart()
    await expect
      .poll(async () => (await ada.ask(at('GET '))).status, { timeout: 45_000, interval: 200 })
      .toBe(404)
    const left: string[] = []
    const { rows: tables } =
      await service.database.query(`select relname as name from pg_class join pg_attribute
      on attrelid = pg_class.oid and attname = 'project_id' where relnamespace = 'trueup'::regnamespace and relkind = 'r'`)
    for (const { name } of tables) {
      const { rows } = await service.database.query(
        `select 1 from trueup.${name} where project_id = $1 limit 1`,
        [project],
      )
      if (rows.length > 0) left.push(name)
    }
    expect(left.toSorted()).toEqual(['ledger_checkpoint', 'ledger_entry', 'project'])
    const { rows } = await service.database.query(
      `select act from trueup.ledger_entry where project_id = $1 order by sequence desc limit 1`,
      [project],
    )
    expect(rows[0].act).toBe('project-changed')
  })

  test('goes with its workspace, of which the record alone stays', async () => {
    const { workspaceId } = (await ada.do('GET /api/v1/workspaces')).items[0]
    const other = await ada.do(`POST /api/v1/workspaces/${workspaceId}/projects`, { name: 'Other' })
    await ada.do(`DELETE /api/v1/workspaces/${workspaceId}`, { name: 'Engines' })
    expect(await ada.do(`GET /api/v1/projects/${other.id}`)).toMatchObject({ deletion: expect.anything() })
    await service.database.query(`update trueup.workspace set deletion_due_at = now() - interval '1 minute'
      where workspace_id = '${workspaceId}'`)
    await service.restart()
    await expect
      .poll(async () => (await ada.do('GET /api/v1/workspaces')).items, { timeout: 45_000, interval: 200 })
      .toEqual([])
    const { rows } = await service.database.query(
      `select act from trueup.workspace_entry where workspace_id = '${workspaceId}' order by entry_number desc limit 1`,
    )
    expect(rows[0].act).toBe('workspace-deletion-asked')
  })
})

/** The configuration with the prices of one plan left out, as somebody would who forgot them. */
function withoutProPrices(config: Sandbox['config']) {
  const plans = config.catalogue.plans.map((plan, rank) =>
    rank === 1 ? { ...plan, prices: [], products: [] } : plan,
  )
  return { ...config, catalogue: { ...config.catalogue, plans } }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}
