import type { Sandbox } from '@trueup/sandbox'
import { createStripeApp, Engine, listen, StripeKeys, startSandbox } from '@trueup/sandbox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { renderConfig } from '../packages/service/src/config/render-config.ts'
import { buildCli } from './support/build-cli.ts'
import type { Folder } from './support/cli.ts'
import { folderOf } from './support/cli.ts'
import type { TestDatabase } from './support/database.ts'
import { createTestDatabase } from './support/database.ts'

/*
 * Whatever a person gets wrong at the terminal is told with what was found, what was needed and what to do, has a
 * code of its own, and ends with status 2. With --json it is one object.
 */

interface Told {
  readonly error: { readonly code: string; readonly message: string; readonly fix: string }
}

const ada = {
  customers: [
    {
      id: 'cus_ada',
      metadata: { user_id: 'user_ada' },
      subscriptions: [{ price: 'pro_monthly', started: '-75d' }],
    },
  ],
  users: [
    {
      id: 'user_ada',
      public: { stripe_customer_id: 'cus_ada', plan: 'pro', is_premium: true, entitlements: ['reports'] },
    },
  ],
}

let sandbox: Sandbox
let database: TestDatabase
/** Checked on a server, which takes less time to open than an embedded database does to be made. */
let folder: Folder
beforeAll(async () => {
  buildCli()
  sandbox = await startSandbox({ world: ada, seed: 1 })
  database = await createTestDatabase()
  folder = await folderOf(sandbox, 'configured')
})
afterAll(async () => {
  await folder.remove()
  await database.drop()
  await sandbox.close()
})

const check = (environment: Readonly<Record<string, string>>, args: readonly string[] = []) =>
  folder.json<Told>(['check', ...args], { DATABASE_URL: database.url, ...environment })

describe('a Stripe key', () => {
  test.each([
    ['a full secret key', 'sk_test_abcdefgh12345678', 'key-too-powerful', /full Stripe secret key/],
    ['a publishable key', 'pk_test_abcdefgh12345678', 'key-malformed', /publishable key/],
    ['a webhook secret', 'whsec_abcdefgh12345678', 'key-malformed', /webhook signing secret/],
    ['something else', 'garbage', 'key-malformed', /does not look like a Stripe key/],
    ['a key with a space in it', 'rk_test_abcd efgh', 'key-malformed', /white space/],
    ['nothing', '', 'environment-missing', /STRIPE_API_KEY/],
    ['spaces', '   ', 'environment-missing', /STRIPE_API_KEY/],
    ['a key that Stripe does not know', 'rk_test_unknownunknownunknown', 'key-rejected', /HTTP 401/],
  ])('that is %s is refused', async (_, key, code, message) => {
    const { status, error } = await check({ STRIPE_API_KEY: key })
    expect({ status, code: error.code }).toEqual({ status: 2, code })
    expect(error.message).toMatch(message)
    expect(error.fix).not.toBe('')
  })

  test('never stands in what is printed', async () => {
    const key = 'rk_test_unknownunknownunknown'
    const { out, err } = await folder.run(['check'], { STRIPE_API_KEY: key, DATABASE_URL: database.url })
    expect(out + err).toContain('Stripe rejected the key (HTTP 401) [key-rejected]\n')
    expect(out + err).not.toContain(key)
  })

  test('with full power is taken where the person says so', async () => {
    const { status } = await folder.run(['check', '--allow-secret-key'], {
      STRIPE_API_KEY: sandbox.stripe.secretKey,
      DATABASE_URL: database.url,
    })
    expect(status).toBe(0)
  })

  test('that lacks a permission is told which one, and nothing is concluded from what it cannot read', async () => {
    const state = sandbox.world.stripe
    const keys = new StripeKeys()
    keys.add('rk_test_withoutsubscriptions', ['rak_customer_read', 'rak_plan_read', 'rak_product_read'])
    const server = await listen(createStripeApp({ state, keys, engine: new Engine(state) }))
    try {
      const environment = { STRIPE_API_BASE: server.url, STRIPE_API_KEY: 'rk_test_withoutsubscriptions' }
      const report = await folder.json(['check'], { ...environment, DATABASE_URL: database.url })
      expect(report).toMatchObject({ status: 2, complete: false })
      expect(report.incidents.map(({ kind }) => kind)).toContain('source-unreadable')
      const unread = report.unread.find(({ part }) => part === 'stripe/subscriptions')
      expect(unread).toMatchObject({ code: 'permission-missing' })
      expect(unread?.message).toContain('rak_subscription_read')

      const doctor = await folder.run(['doctor'], { ...environment, DATABASE_URL: database.url })
      expect(doctor.status).toBe(2)
      expect(doctor.out).toMatch(/✗ rak_subscription_read +may not read Subscriptions/)
      expect(doctor.out).toMatch(/✓ rak_customer_read +may read Customers/)
    } finally {
      await server.close()
    }
  })
})

describe('a Clerk key', () => {
  test.each([
    ['a publishable key', 'pk_test_abcdefgh', 'key-malformed', /Enter a Clerk Backend API secret key/],
    ['a restricted Stripe key', 'rk_test_abcdefgh', 'key-malformed', /sk_test_… or sk_live_…/],
    ['something else', 'garbage', 'key-malformed', /Enter a Clerk Backend API secret key/],
    ['nothing', '', 'environment-missing', /CLERK_SECRET_KEY/],
    [
      'a key that Clerk does not know',
      'sk_test_unknownunknown',
      'key-rejected',
      /Clerk rejected the secret key \(HTTP 401\)/,
    ],
  ])('that is %s is refused', async (_, key, code, message) => {
    const { status, error } = await check({ CLERK_SECRET_KEY: key })
    expect({ status, code: error.code }).toEqual({ status: 2, code })
    expect(error.message).toMatch(message)
  })

  test('and a Stripe key that are both missing are told together', async () => {
    const { error } = await check({ STRIPE_API_KEY: '', CLERK_SECRET_KEY: '' })
    expect(error.message).toMatch(/STRIPE_API_KEY.* and CLERK_SECRET_KEY/)
  })
})

describe('an address', () => {
  test.each([
    ['STRIPE_API_BASE', 'nonsense', /STRIPE_API_BASE is not an address/],
    ['CLERK_API_URL', 'ftp://example.com', /CLERK_API_URL is not an address/],
  ])('in %s that is none is refused', async (name, address, message) => {
    const { status, error } = await check({ [name]: address })
    expect(status).toBe(2)
    expect(error.message).toMatch(message)
  })

  test.each([['STRIPE_API_BASE'], ['CLERK_API_URL']])(
    'in %s where nobody listens is told as unreachable',
    async (name) => {
      const { status, error } = await check({ [name]: 'http://127.0.0.1:9' })
      expect({ status, code: error.code }).toEqual({ status: 2, code: 'unreachable' })
    },
  )
})

describe('a configuration', () => {
  const byFile = (name: string) => check({}, ['--config', name])

  test('that is missing is told with how to get one', async () => {
    const { status, error } = await byFile('missing.config.ts')
    expect(status).toBe(2)
    expect(error).toMatchObject({
      code: 'config-missing',
      message: expect.stringContaining('missing.config.ts'),
    })
    expect(error.fix).toContain('trueup init')
  })

  test.each([
    ['broken.config.ts', 'export default {\n  billing: {},\n  access: [,\n', 4],
    ['broken.json', '{\n  "billing": {},\n}', 3],
  ])('that cannot be read is told with its line: %s', async (name, text, line) => {
    await folder.write(name, text)
    const { status, error } = await byFile(name)
    expect(status).toBe(2)
    expect(error).toMatchObject({ code: 'config-broken', file: name, line })
    expect(error.message).toContain(`${name}:${line}`)
  })

  test('is told everything that is wrong with it at once, with what was probably meant', async () => {
    const text = renderConfig(sandbox.config)
      .replace('customerId:', 'custmerId:')
      .replace("mode: 'tolerate'", "mode: 'sometimes'")
    await folder.write('wrong.config.ts', text)
    const { status, error } = await byFile('wrong.config.ts')
    expect(status).toBe(2)
    expect(error).toMatchObject({ code: 'config-invalid' })
    expect(error).toHaveProperty('problems.length', 3)
    expect(error.message).toContain('Did you mean customerId?')
    expect(error.message).toContain("needed 'keep' or 'tolerate' or 'drop'")
  })

  test('that reads the customer id where a browser can write it is refused', async () => {
    await folder.write(
      'unsafe-customer.config.ts',
      renderConfig(sandbox.config).replace(
        'public_metadata.stripe_customer_id',
        'unsafe_metadata.stripe_customer_id',
      ),
    )
    const { status, error } = await byFile('unsafe-customer.config.ts')
    expect(status).toBe(2)
    expect(error).toHaveProperty('problems.0.code', 'customer-id-client-writable')
  })

  test('that reads access where a browser can write it is an incident', async () => {
    await folder.write(
      'unsafe-plan.config.ts',
      renderConfig(sandbox.config).replace('public_metadata.is_premium', 'unsafe_metadata.is_premium'),
    )
    const report = await folder.json(['check', '--config', 'unsafe-plan.config.ts'], {
      DATABASE_URL: database.url,
    })
    expect(report.status).toBe(1)
    expect(report.incidents.map(({ kind }) => kind)).toContain('grant-client-writable')
  })

  test('that does not know a price or a plan value leads to an incident and to cannot tell', async () => {
    const config = {
      ...sandbox.config,
      catalogue: { plans: [{ id: 'free' }, { id: 'other', products: ['prod_other'] }] },
    }
    await folder.write('other-catalogue.json', JSON.stringify(config))
    const report = await folder.json(['check', '--config', 'other-catalogue.json'], {
      DATABASE_URL: database.url,
    })
    expect(report.incidents.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['price-unmapped', 'plan-unknown']),
    )
    expect(report.cannotTell[0]?.reasons.map(({ reason }) => reason)).toContain('unmapped-price')
  })
})

describe('an argument', () => {
  test.each([
    [['check', '--as-of', 'yesterday'], 'option-invalid', /ISO 8601/],
    [['check', '--settle', '-3'], 'option-invalid', /number of minutes/],
    [['check', '--settle', 'soon'], 'option-invalid', /number of minutes/],
    [['check', '--fail-on', 'severe'], 'option-invalid', /low, medium, high, critical/],
    [['check', '--format', 'xml'], 'option-invalid', /table, json, junit, sarif, github/],
    [['check', '--formt', 'json'], 'option-invalid', /unknown option '--formt'/i],
    [['check', 'extra'], 'option-invalid', /too many arguments/i],
    [['chekc'], 'command-unknown', /unknown command 'chekc'/i],
    [['check', '-o', '/nonexistent/drift.json'], 'file-unwritable', /no such folder/],
    [['check', '-o', '/'], 'file-unwritable', /it is a folder/],
  ])('that is wrong is told: %j', async (args, code, message) => {
    const { status, error } = await folder.json<Told>(args)
    expect({ status, code: error.code }).toEqual({ status: 2, code })
    expect(error.message).toMatch(message)
  })

  test('that is misspelt is told with what was probably meant, in words without --json', async () => {
    const { status, out, err } = await folder.run(['check', '--formt', 'json'])
    expect({ status, out }).toEqual({ status: 2, out: '' })
    expect(err).toContain("error Unknown option '--formt'. [option-invalid]")
    expect(err).toContain('Did you mean --format?')
  })
})

describe('a database', () => {
  const rejected = (url: string) => url.replace(/\/\/[^@/]*@?/, '//nobody:wrong-password@')

  test.each([
    ['where nobody listens', () => 'postgres://u:secret@127.0.0.1:9/db', 'unreachable'],
    ['that is no address', () => 'nonsense', 'url-malformed'],
    ['that refuses the user', () => rejected(database.url), 'authentication'],
  ])('%s is told, without its password', async (_, url, code) => {
    const { status, error } = await check({ DATABASE_URL: url() })
    expect({ status, code: error.code }).toEqual({ status: 2, code })
    expect(JSON.stringify(error)).not.toMatch(/secret|wrong-password/)
  })

  test('in a folder that another process has open is told', async () => {
    const slow = JSON.stringify({ kind: 'slow', delayMs: 60_000, route: '/v1/users*' })
    await fetch(`${sandbox.clerk.url}/_sandbox/faults`, { method: 'POST', body: slow })
    const holder = folder.start(['check'])
    try {
      await holder.says(/stripe subscriptions: \d+ read/)
      const { status, error } = await folder.json<Told>(['check'])
      expect({ status, code: error.code }).toEqual({ status: 2, code: 'locked' })
      expect(error.fix).toContain('TRUEUP_HOME')
    } finally {
      holder.kill('SIGKILL')
      await holder.ended
      await fetch(`${sandbox.clerk.url}/_sandbox/faults`, { method: 'DELETE' })
    }
  })

  test('that cannot be made in its folder is told', async () => {
    const { status, error } = await folder.json<Told>(['check'], { TRUEUP_HOME: '/dev/null/home' })
    expect({ status, code: error.code }).toEqual({ status: 2, code: 'folder-unusable' })
  })
})

describe('a sandbox', () => {
  test.each([
    [['--world', 'missing.json'], 'invalid-input'],
    [['--stripe-port', '70000'], 'option-invalid'],
    [['--customers', '0'], 'option-invalid'],
    [['--labels', '/nonexistent/labels.json'], 'file-unwritable'],
  ])('that cannot be made is told: %j', async (args, code) => {
    const { status, err } = await folder.run(['sandbox', ...args])
    expect(status).toBe(2)
    expect(err).toContain(`[${code}]`)
  })

  test('on a port that is taken is told', async () => {
    const { port } = new URL(sandbox.stripe.url)
    const { status, err } = await folder.run(['sandbox', '--stripe-port', port])
    expect(status).toBe(2)
    expect(err).toContain(`Port ${port} on 127.0.0.1 is in use by another process. [port-unavailable]`)
  })
})
