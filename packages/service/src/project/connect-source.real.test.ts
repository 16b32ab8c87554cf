import { inspect } from 'node:util'
import type { LedgerEntry } from '@trueup/core'
import { readEntry, SourceError } from '@trueup/core'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ProjectWorld } from '../../../../test/support/project-world.ts'
import { everyRow, openProjectWorld } from '../../../../test/support/project-world.ts'
import { Secret } from '../secret.ts'
import { openProjectStore } from '../store/index.ts'
import { putConfig } from './config-versions.ts'
import { connectSource } from './connect-source.ts'
import type { Credential } from './credential.ts'
import { disconnectSource } from './disconnect-source.ts'
import { listSources } from './list-sources.ts'
import { createProject } from './manage-projects.ts'
import { ProjectError } from './project-error.ts'
import { openSecrets } from './project-secrets.ts'
import { testSource } from './test-source.ts'

const by = 'person:ada@example.com'
const required = [
  'rak_customer_read',
  'rak_subscription_read',
  'rak_invoice_read',
  'rak_plan_read',
  'rak_product_read',
]
let world: ProjectWorld
beforeAll(async () => {
  world = await openProjectWorld()
})
afterAll(() => world.close())
afterEach(async () => {
  for (const { name } of await listSources(world.service, world.tenant)) {
    await disconnectSource(world.service, world.tenant, name, { by })
  }
})

const stripe = (key: string): Credential => ({ kind: 'stripe', key: new Secret(key) })
const clerk = (key: string): Credential => ({ kind: 'clerk', key: new Secret(key) })
const postgres = (
  url: string,
  over: Partial<Extract<Credential, { kind: 'postgres' }>> = {},
): Credential => ({
  kind: 'postgres',
  source: 'postgres',
  url: new Secret(url),
  ca: null,
  allowWriteRole: false,
  ...over,
})
const connect = (credential: Credential, options: { acceptOtherAccount?: boolean } = {}) =>
  connectSource(world.service, world.tenant, credential, { by, ...options })

async function refusal(attempt: Promise<unknown>): Promise<SourceError | ProjectError> {
  const outcome = await attempt.then(
    () => null,
    (error: unknown) => error,
  )
  if (outcome instanceof SourceError || outcome instanceof ProjectError) return outcome
  throw outcome ?? new Error('It was taken.')
}

async function entries(): Promise<readonly LedgerEntry[]> {
  const project = openProjectStore(world.database, world.tenant)
  await world.service.ledgerOf(project).seal()
  const kept = await project.ledgerEntries(0, 1000)
  return kept.map(({ bytes }) => {
    const entry = readEntry(JSON.parse(new TextDecoder().decode(bytes)))
    if (typeof entry === 'string') throw new Error(entry)
    return entry
  })
}

describe('what is pasted by mistake is told for what it is, and nothing is kept', () => {
  const enterClerkKey = 'Enter a Clerk Backend API secret key (sk_test_… or sk_live_…)'
  const cases: [string, () => Credential, string, RegExp, RegExp?][] = [
    ['an empty field, for Stripe', () => stripe('  '), 'key-malformed', /^The Stripe key is empty/],
    [
      'a publishable key, for Stripe',
      () => stripe('pk_test_51abcdefCanary'),
      'key-malformed',
      /^This is a publishable key/,
    ],
    [
      'a webhook secret, for Stripe',
      () => stripe('whsec_abcdefCanary'),
      'key-malformed',
      /^This is a webhook signing secret/,
    ],
    ['a key as it is shown, for Stripe', () => stripe('rk_test_…Canary'), 'key-malformed', /as it is shown/],
    ['two keys, for Stripe', () => stripe('rk_test_aCanary rk_test_b'), 'key-malformed', /white space/],
    [
      'a Clerk key, or a full Stripe key, for Stripe',
      () => stripe(world.sandbox.clerk.secretKey),
      'key-too-powerful',
      /full Stripe secret key \(sk_…\), or a key of another vendor/,
      /TRUEUP_ALLOW_SECRET_KEY=1/,
    ],
    [
      'a revoked key, for Stripe',
      () => stripe('rk_test_revokedCanary'),
      'key-rejected',
      /^Stripe rejected the key \(HTTP 401\)$/,
    ],
    [
      'an empty field, for Clerk',
      () => clerk(' '),
      'key-malformed',
      new RegExp(`^${enterClerkKey.replaceAll(/[()]/g, '\\$&')}$`),
    ],
    [
      'a publishable key, for Clerk',
      () => clerk('pk_test_abcdefCanary'),
      'key-malformed',
      /^Enter a Clerk Backend/,
      /publishable key/,
    ],
    [
      'a restricted Stripe key, for Clerk',
      () => clerk('rk_test_abcdefCanary'),
      'key-malformed',
      /^Enter a Clerk Backend/,
      /restricted key of Stripe/,
    ],
    [
      'a webhook secret, for Clerk',
      () => clerk('whsec_abcdefCanary'),
      'key-malformed',
      /^Enter a Clerk Backend/,
      /webhook signing secret/,
    ],
    [
      'a Stripe secret key, for Clerk',
      () => clerk('sk_test_51abcdefCanary'),
      'key-rejected',
      /^Clerk rejected the secret key \(HTTP 401\)$/,
      /publishable pk_ key or a Stripe key is not it/,
    ],
    ['an empty field, for a database', () => postgres(''), 'credential-malformed', /found nothing/],
    [
      'a web address, for a database',
      () => postgres('https://app.supabase.com/project/Canary'),
      'credential-malformed',
      /an address of another kind/,
    ],
    [
      'a line of an .env file, for a database',
      () => postgres('DATABASE_URL=postgres://u:Canary@db.example.com/app'),
      'credential-malformed',
      /an assignment/,
    ],
    [
      'a text in quotation marks, for a database',
      () => postgres('"postgres://u:Canary@db.example.com/app"'),
      'credential-malformed',
      /quotation marks/,
    ],
    [
      'a placeholder, for a database',
      () => postgres('postgres://u:[YOUR-PASSWORD]@db.example.com/app'),
      'credential-malformed',
      /a placeholder in place of the password/,
    ],
    [
      'a password with an @, for a database',
      () => postgres('postgres://u:Can@ary@db.example.com/app'),
      'credential-malformed',
      /a \/, \? or @ in the user or the password/,
    ],
    [
      'a path of a socket, for a database',
      () => postgres('postgres://u:Canary@%2Fvar%2Frun/app'),
      'credential-malformed',
      /Unix socket/,
    ],
    [
      'options, for a database',
      () => postgres('postgres://u:Canary@db.example.com/app?options=-c%20role%3Dx'),
      'credential-malformed',
      /the parameter options/,
    ],
    [
      'a secret that is too short, for callbacks',
      () => ({ kind: 'callback', url: 'https://127.0.0.1/x', secret: new Secret('whsec_c2hvcnQ=') }),
      'credential-malformed',
      /secret of the callback/,
    ],
    [
      'no address, for callbacks',
      () => ({ kind: 'callback', url: 'example', secret: new Secret('whsec_x') }),
      'unreachable',
      /no address that can be used/,
    ],
    [
      'a name that no configuration takes, for a database',
      () => postgres('postgres://u:Canary@127.0.0.1/app', { source: 'My DB' }),
      'name-invalid',
      /cannot be the name of a database/,
    ],
  ]
  it.each<[string, () => Credential, string, RegExp, RegExp?]>(cases)(
    '%s',
    async (_what, credential, code, message, fix = /./) => {
      const error = await refusal(connect(credential()))
      expect(error.code).toBe(code)
      expect(error.message).toMatch(message)
      expect(error.fix).toMatch(fix)
      expect(`${inspect(error, { depth: 9 })}${JSON.stringify(error)}`).not.toMatch(/Canary|ary@/)
      expect(await listSources(world.service, world.tenant)).toEqual([])
    },
  )
})

describe('connecting', () => {
  it('keeps what was tried, shows its prefix and last four, and enters it in the ledger', async () => {
    const { restrictedKey } = world.sandbox.stripe
    const source = await connect(stripe(`\n ${restrictedKey} \n`))
    expect(source).toMatchObject({
      name: 'stripe',
      kind: 'stripe',
      label: `rk_test_…${restrictedKey.slice(-4)}`,
      place: world.sandbox.world.stripe.account.id,
      isLive: false,
      connectedBy: by,
      failure: null,
      uses: 0,
    })
    expect(source.findings.every(({ state }) => state === 'ok')).toBe(true)
    const [entry] = (await entries()).slice(-1)
    expect(entry).toMatchObject({ act: 'source-connected', by, about: { source: 'stripe' } })
    expect(JSON.stringify(await listSources(world.service, world.tenant))).not.toContain(restrictedKey)
    expect(await everyRow(world.database)).not.toContain(restrictedKey)
  })

  it('names every permission that a Stripe key lacks, and keeps nothing', async () => {
    const limited = world.operatedWith({ STRIPE_API_BASE: 'limited' })
    world.stripeKeys.add('rk_test_onlyInvoices', ['rak_invoice_read', 'rak_plan_read'])
    const error = await refusal(connectSource(limited, world.tenant, stripe('rk_test_onlyInvoices'), { by }))
    expect(error).toMatchObject({ code: 'source-unfit' })
    expect(error.message).toContain('rak_customer_read')
    expect(error.message).toContain('rak_subscription_read')
    expect(error.message).toContain('rak_product_read')
    expect(error.message).not.toContain('rak_invoice_read')
    expect(error.fix).toContain('Give the restricted key Read on Customers')
    expect(await listSources(limited, world.tenant)).toEqual([])
  })

  it('is content with the permissions that every check needs, and warns of the others', async () => {
    const limited = world.operatedWith({ STRIPE_API_BASE: 'limited' })
    world.stripeKeys.add('rk_test_required', required)
    const source = await connectSource(limited, world.tenant, stripe('rk_test_required'), { by })
    const warned = source.findings.filter(({ state }) => state === 'warning').map(({ name }) => name)
    expect(warned).toEqual(expect.arrayContaining(['rak_charge_read', 'rak_event_read']))
  })

  it('takes a full Stripe key where the operator allows it', async () => {
    const allowing = world.operatedWith({ TRUEUP_ALLOW_SECRET_KEY: '1' })
    const source = await connectSource(allowing, world.tenant, stripe(world.sandbox.stripe.secretKey), { by })
    expect(source.label).toMatch(/^sk_test_…/)
  })

  it('reads a database with a role that can only read, and shows role and place without the password', async () => {
    const source = await connect(postgres(world.app.url))
    const { username, host, pathname } = new URL(world.app.url)
    expect(source).toMatchObject({ name: 'postgres', label: `${username}@${host}${pathname}`, isLive: null })
    expect(source.findings).toContainEqual({ name: 'role', state: 'ok', found: 'can only read', fix: null })
  })

  it('takes for repairs of a database a role of its own, and says what it lacks or can do too much', async () => {
    const { service, app } = world
    const { id: projectId } = await createProject(service, 'default', { name: 'Mapped', timeZone: 'UTC' })
    const tenant = { workspaceId: 'default', projectId }
    const connectHere = (credential: Credential) => connectSource(service, tenant, credential, { by })
    const repairs = (url: string): Credential => ({
      kind: 'postgres-repairs',
      source: 'postgres',
      url: new Secret(url),
    })
    const { host, pathname } = new URL(app.url)
    const [superuser, updater] = [`root_${tenant.projectId}`, `fix_${tenant.projectId}`]
    const urlOf = (role: string) => `postgres://${role}:secret@${host}${pathname}?sslmode=disable`
    await app.run(
      `create role ${superuser} superuser login password 'secret'; create role ${updater} login password 'secret'`,
    )
    try {
      const mapped = world.sandbox.config.access.filter((source) => 'postgres' in source)
      await putConfig(
        service,
        tenant,
        { ...world.sandbox.config, access: mapped },
        { expectedVersion: 0, by },
      )
      expect(await refusal(connectHere(repairs(urlOf(superuser))))).toMatchObject({
        code: 'source-unfit',
        message: expect.stringContaining('It is a superuser, or can become one'),
      })
      const lacking = await refusal(connectHere(repairs(urlOf(updater))))
      expect(lacking).toMatchObject({ code: 'source-unfit' })
      expect(lacking.message).toMatch(
        /may not update public\.users\.\w+, .*, and the repair functions are not installed/,
      )
      expect(lacking.message).not.toContain('secret')
      await app.run(`grant update on users, organizations to ${updater}`)
      expect(await connectHere(repairs(urlOf(updater)))).toMatchObject({
        name: 'repair:postgres',
        label: `${updater}@${host}${pathname}`,
        findings: [
          { name: 'role', state: 'ok' },
          { name: 'repairs', state: 'warning' },
        ],
      })
    } finally {
      await app.run(`drop owned by ${updater}; drop role ${superuser}, ${updater}`)
    }
  })

  it('refuses a private address unless the operator allows it, before anything is sent there', async () => {
    const hosted = world.operatedWith({ TRUEUP_ALLOW_PRIVATE_HOSTS: '' })
    const error = await refusal(connectSource(hosted, world.tenant, postgres(world.app.url), { by }))
    expect(error.message).toMatch(/an address of this machine itself, where Trueup may not connect/)
    const callback: Credential = {
      kind: 'callback',
      url: 'https://127.0.0.1/hook',
      secret: new Secret(`whsec_${'A'.repeat(32)}`),
    }
    expect((await refusal(connectSource(hosted, world.tenant, callback, { by }))).code).toBe('unreachable')
  })

  it('keeps the old credential, and uses it, when another one does not pass', async () => {
    const { restrictedKey } = world.sandbox.stripe
    const before = await connect(stripe(restrictedKey))
    await refusal(connect(stripe('rk_test_revokedCanary')))
    expect(await listSources(world.service, world.tenant)).toEqual([before])
    const [kept] = await openSecrets(world.service, world.tenant, { fields: ['stripe-key'] }, 'check')
    expect(kept?.secret.reveal()).toBe(restrictedKey)
  })

  it('puts a new credential in the place of the old one, which is gone', async () => {
    const limited = world.operatedWith({ STRIPE_API_BASE: 'limited' })
    for (const key of ['rk_test_rolledOne', 'rk_test_rolledTwo']) world.stripeKeys.add(key, required)
    await connectSource(limited, world.tenant, stripe('rk_test_rolledOne'), { by })
    await connectSource(limited, world.tenant, stripe('rk_test_rolledTwo'), { by })
    const kept = await openSecrets(limited, world.tenant, { fields: ['stripe-key'] }, 'check')
    expect(kept.map(({ secret }) => secret.reveal())).toEqual(['rk_test_rolledTwo'])
    expect((await entries()).at(-1)).toMatchObject({ act: 'source-reconnected', by })
  })

  it('keeps one credential where two people connect at the same moment', async () => {
    const limited = world.operatedWith({ STRIPE_API_BASE: 'limited' })
    const keys = ['rk_test_racedOne', 'rk_test_racedTwo', 'rk_test_racedThree']
    for (const key of keys) world.stripeKeys.add(key, required)
    await Promise.all(keys.map((key) => connectSource(limited, world.tenant, stripe(key), { by })))
    expect(await openSecrets(limited, world.tenant, { fields: ['stripe-key'] }, 'check')).toHaveLength(1)
    expect(await listSources(limited, world.tenant)).toHaveLength(1)
  })

  it('asks before it takes a credential of another mode', async () => {
    const { database, tenant } = world
    await connect(clerk(world.sandbox.clerk.secretKey))
    await sql`update trueup.project_source set is_live = true where project_id = ${tenant.projectId}`.execute(
      database.system,
    )
    const again = clerk(world.sandbox.clerk.secretKey)
    expect(await refusal(connect(again))).toMatchObject({ code: 'source-other-account' })
    expect(await connect(again, { acceptOtherAccount: true })).toMatchObject({ isLive: false })
  })

  it('tests a kept credential again and says what is wrong since', async () => {
    const limited = world.operatedWith({ STRIPE_API_BASE: 'limited' })
    world.stripeKeys.add('rk_test_toRevoke', required)
    await connectSource(limited, world.tenant, stripe('rk_test_toRevoke'), { by })
    expect(await testSource(limited, world.tenant, 'stripe')).toMatchObject({ failure: null })
    world.stripeKeys.revoke('rk_test_toRevoke')
    expect(await testSource(limited, world.tenant, 'stripe')).toMatchObject({
      failure: { code: 'key-rejected', message: 'Stripe rejected the key (HTTP 401)' },
    })
    world.stripeKeys.add('rk_test_toRevoke', required)
    expect(await testSource(limited, world.tenant, 'stripe')).toMatchObject({ failure: null })
  })

  it('remembers when a credential was used and for what, also when it is gone', async () => {
    const { service, tenant } = world
    await connect(stripe(world.sandbox.stripe.restrictedKey))
    await openSecrets(service, tenant, { fields: ['stripe-key'] }, 'check')
    await openSecrets(service, tenant, { fields: ['stripe-key'] }, 'check')
    await testSource(service, tenant, 'stripe')
    await service.uses.flush()
    const [source] = await listSources(service, tenant)
    expect(source).toMatchObject({ uses: 3, lastUsedFor: 'test' })
    await disconnectSource(service, tenant, 'stripe', { by })
    const uses = await service.uses.uses(tenant, 2)
    expect(uses).toMatchObject([
      { name: 'stripe', usedFor: 'test', uses: 1 },
      { name: 'stripe', usedFor: 'check', uses: 2 },
    ])
  })

  it('is ended by taking the credential away for good, and entered', async () => {
    await connect(clerk(world.sandbox.clerk.secretKey))
    await disconnectSource(world.service, world.tenant, 'clerk', { by })
    expect(await openSecrets(world.service, world.tenant, {}, 'check')).toEqual([])
    expect((await entries()).at(-1)).toMatchObject({ act: 'source-disconnected', about: { source: 'clerk' } })
    expect(await refusal(testSource(world.service, world.tenant, 'clerk'))).toMatchObject({
      code: 'source-unknown',
    })
  })
})
