import { readFile } from 'node:fs/promises'
import type { Labels, Sandbox } from '@trueup/sandbox'
import { startSandbox } from '@trueup/sandbox'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../packages/service/src/config/load-config.ts'
import type { ProjectConfig } from '../packages/service/src/config/project-config.ts'
import { renderConfig } from '../packages/service/src/config/render-config.ts'
import { buildCli } from './support/build-cli.ts'
import type { Folder } from './support/cli.ts'
import { folderOf, folderOnServer } from './support/cli.ts'

/*
 * From nothing to a first check: init, doctor and sandbox, as the published program runs them.
 */

/** Where Clerk keeps what is granted, by the configuration that was written. */
function clerkMappings({ access }: ProjectConfig) {
  return access.flatMap((source) => (source.kind === 'clerk' ? [source.mappings] : []))[0] ?? {}
}

interface Examined {
  readonly ok: boolean
  readonly sections: readonly {
    readonly name: string
    readonly findings: readonly { readonly name: string; readonly state: string; readonly found: string }[]
  }[]
}

const folders: Folder[] = []
async function folderIn(...given: Parameters<typeof folderOf>): Promise<Folder> {
  const folder = await folderOf(...given)
  folders.push(folder)
  return folder
}
/** The same with a database on a server, for what has nothing to do with where the database is. */
async function serverFolderIn(...given: Parameters<typeof folderOnServer>): Promise<Folder> {
  const folder = await folderOnServer(...given)
  folders.push(folder)
  return folder
}

let demo: Sandbox
beforeAll(async () => {
  buildCli()
  demo = await startSandbox({ world: 'demo', seed: 1 })
})
afterEach(async () => {
  for (const folder of folders.splice(0)) await folder.remove()
})
afterAll(() => demo.close())

describe('trueup init --yes', () => {
  test('writes a configuration by which the planted drifts are found, and nearly nothing else', async () => {
    const folder = await serverFolderIn(demo)
    const { status, out } = await folder.run(['init', '--yes'])
    expect({ status, out }).toEqual({ status: 0, out: expect.stringContaining('Wrote trueup.config.ts') })
    const report = await folder.json(['check'])
    expect(report).toMatchObject({ status: 1, complete: true })
    // Prices are proposed by product, so that none is unmapped, and what they buy is compared instead.
    const known = demo.labels.drifts.filter(({ kind }) => kind !== 'price-unmapped')
    const told = new Set(known.flatMap(({ subject, customer }) => subject?.id ?? customer ?? []))
    const found = new Set(report.incidents.flatMap(({ subject, customer }) => subject?.id ?? customer ?? []))
    expect([...told].filter((who) => !found.has(who))).toEqual([])
    expect([...found].filter((who) => !told.has(who)).length).toBeLessThanOrEqual(3)
  })

  test('learns what each product buys from the accounts that pay for it', async () => {
    const folder = await folderIn(demo)
    await folder.run(['init', '--yes'])
    const { config } = await loadConfig(undefined, folder.path)
    const plan = (id: string) => config.catalogue.plans.find((each) => each.id === id)
    expect(plan('pro')).toMatchObject({
      entitlements: ['reports'],
      values: expect.arrayContaining(['premium']),
    })
    expect(plan('team')).toMatchObject({ seats: 'quantity', values: expect.arrayContaining(['business']) })
    expect(config.catalogue.addOns.map(({ entitlements }) => entitlements)).toContainEqual(['reports-plus'])
    expect(clerkMappings(config).organization?.seats).toBe('max_allowed_memberships')
  })

  test('takes the fields that are named in place of those that it found', async () => {
    const folder = await folderIn(demo)
    const { status } = await folder.run([
      'init',
      '-y',
      '--premium',
      'public_metadata.other',
      '-o',
      'other.config.ts',
    ])
    expect(status).toBe(0)
    const { config } = await loadConfig('other.config.ts', folder.path)
    expect(clerkMappings(config).user?.premium?.text).toBe('public_metadata.other')
  })

  test('refuses a field that it is named and cannot use', async () => {
    const folder = await folderIn(demo)
    const { status, err } = await folder.run(['init', '-y', '--customer-id', 'unsafe_metadata.customer'])
    expect(status).toBe(2)
    expect(err).toContain('unsafe_metadata')
  })

  test('leaves a file alone that is there already, unless it is told to write over it', async () => {
    const folder = await folderIn(demo)
    await folder.write('trueup.config.ts', 'mine')
    const refused = await folder.run(['init', '--yes'])
    expect(refused.status).toBe(2)
    expect(refused.err).toContain('trueup.config.ts exists already. [file-exists]')
    expect(await readFile(folder.file('trueup.config.ts'), 'utf8')).toBe('mine')
    expect((await folder.run(['init', '--yes', '--force'])).status).toBe(0)
    expect(await readFile(folder.file('trueup.config.ts'), 'utf8')).toContain('defineConfig')
  })

  test('says so where users have no metadata', async () => {
    const bare = await startSandbox({ world: { users: [{ id: 'user_ada' }] } })
    try {
      const folder = await folderIn(bare)
      const { status, err } = await folder.run(['init', '--yes'])
      expect(status).toBe(2)
      expect(err).toContain('No metadata keys were found on your Clerk users. [fields-not-found]')
    } finally {
      await bare.close()
    }
  })

  test('asks at a terminal only', async () => {
    const folder = await folderIn(demo)
    const { status, err } = await folder.run(['init'])
    expect(status).toBe(2)
    expect(err).toContain('[not-a-terminal]')
    expect(err).toContain('--yes')
  })
})

describe('trueup doctor', () => {
  const findingsOf = ({ sections }: Examined) => sections.flatMap(({ findings }) => findings)

  test('ends with 0 where a check can run, and says what each permission is for', async () => {
    const folder = await serverFolderIn(demo, 'configured')
    const { status, out } = await folder.run(['doctor'])
    expect(status).toBe(0)
    expect(out).toMatch(/✓ rak_customer_read +may read Customers: who pays/)
    expect(out).toMatch(/✓ modes +Stripe in test mode, Clerk's development instance: they/)
    expect(out).toMatch(/✓ public_metadata\.plan +on \d+ of the 100 latest users/)
    expect(out).toMatch(/! prices +\d+ of \d+ active prices are not in the catalogue:\s+price_\w+ \(/)
    expect(out).toContain('A check can run')
  })

  test('tries everything that can be tried without the rest', async () => {
    const folder = await folderIn(demo)
    const report = await folder.json<Examined>(['doctor'], {
      STRIPE_API_KEY: '',
      TRUEUP_HOME: '/dev/null/home',
    })
    expect(report).toMatchObject({ status: 2, ok: false })
    const states = findingsOf(report).map(({ name, state, found }) => `${name} ${state}: ${found}`)
    expect(states).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^key failed: The environment lacks STRIPE_API_KEY.*\[environment-missing\]/),
        expect.stringMatching(/^key ok: sk_test_/),
        expect.stringMatching(/^file failed: There is no trueup\.config\.ts.*\[config-missing\]/),
        expect.stringMatching(/^database failed: .*\[folder-unusable\]/),
      ]),
    )
  })

  test.each([
    ['STRIPE_API_KEY', 'rk_test_unknownunknown', /Stripe rejected the key \(HTTP 401\).*\[key-rejected\]/],
    [
      'CLERK_SECRET_KEY',
      'sk_test_unknownunknown',
      /Clerk rejected the secret key \(HTTP 401\).*\[key-rejected\]/,
    ],
    ['STRIPE_API_KEY', 'pk_test_abcdefgh', /publishable key.*\[key-malformed\]/],
    ['DATABASE_URL', 'postgres://u:secret@127.0.0.1:9/db', /cannot be reached.*\[unreachable\]/],
  ])('says what is wrong with %s, and never the secret in it', async (name, value, pattern) => {
    const folder = await serverFolderIn(demo, 'configured')
    const report = await folder.json<Examined>(['doctor'], { [name]: value })
    expect(report).toMatchObject({ status: 2, ok: false })
    const failed = findingsOf(report).filter(({ state }) => state === 'failed')
    expect(failed.map(({ found }) => found)).toEqual([expect.stringMatching(pattern)])
    expect(JSON.stringify(report)).not.toMatch(/unknownunknown|secret@/)
  })

  test('warns where a Stripe test key meets a Clerk production key', async () => {
    const live = await startSandbox({ world: 'demo', seed: 1, livemode: true })
    try {
      const folder = await serverFolderIn(demo, 'configured')
      const environment = { CLERK_API_URL: live.clerk.url, CLERK_SECRET_KEY: live.clerk.secretKey }
      const report = await folder.json<Examined>(['doctor'], environment)
      expect(report.status).toBe(0)
      const modes = findingsOf(report).find(({ name }) => name === 'modes')
      expect(modes).toMatchObject({ state: 'warning', found: expect.stringContaining('production instance') })
    } finally {
      await live.close()
    }
  })

  test('warns of a mapped field that nobody has, with the one that was probably meant', async () => {
    const folder = await serverFolderIn(demo)
    await folder.write(
      'trueup.config.ts',
      renderConfig(demo.config).replace('public_metadata.is_premium', 'public_metadata.is_premum'),
    )
    const { status, out } = await folder.run(['doctor'])
    expect(status).toBe(0)
    expect(out).toMatch(/! public_metadata\.is_premum +on none of the 100 latest users/)
    expect(out).toContain('Did you mean public_metadata.is_premium?')
  })
})

describe('trueup sandbox', () => {
  test('prints one JSON line when it is ready, writes the truth to a file, and ends well when stopped', async () => {
    const folder = await folderIn(null)
    const running = folder.start(['sandbox', '--customers', '120', '--seed', '5', '--labels', 'labels.json'])
    await running.says(/\}\n/)
    const ready = JSON.parse(running.out)
    expect(running.out.trimEnd()).not.toContain('\n')
    expect(ready).toMatchObject({
      stripe: {
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
        restrictedKey: expect.stringMatching(/^rk_test_/),
        webhookSecret: expect.stringMatching(/^whsec_/),
      },
      clerk: {
        secretKey: expect.stringMatching(/^sk_test_/),
        webhookSecret: expect.stringMatching(/^whsec_/),
      },
      config: { billing: { stripe: {} } },
    })
    const labels: Labels = JSON.parse(await readFile(folder.file('labels.json'), 'utf8'))
    expect(labels).toMatchObject({ seed: 5, customers: expect.any(Number) })
    expect(labels.drifts.length).toBeGreaterThan(0)
    const customers = await fetch(`${ready.stripe.url}/v1/customers?limit=1`, {
      headers: { authorization: `Bearer ${ready.stripe.restrictedKey}` },
    })
    expect(customers.status).toBe(200)
    running.kill('SIGTERM')
    expect(await running.ended).toMatchObject({ status: 0, signal: null, err: '' })
    await expect(fetch(ready.stripe.url)).rejects.toThrow()
  })

  test('tells a world of any size, an empty one, and one from a file', async () => {
    const folder = await folderIn(null)
    await folder.write('world.json', JSON.stringify({ customers: [{ id: 'cus_ada', subscriptions: [] }] }))
    const countOf = async (args: readonly string[]) => {
      const running = folder.start(['sandbox', '--labels', 'labels.json', ...args])
      await running.says(/\}\n/)
      running.kill('SIGINT')
      await running.ended
      const labels: Labels = JSON.parse(await readFile(folder.file('labels.json'), 'utf8'))
      return labels.customers
    }
    expect(await countOf(['--world', 'empty'])).toBe(0)
    expect(await countOf(['--world', 'world.json'])).toBe(1)
    expect(await countOf(['--world', 'saas', '--customers', '2000'])).toBeGreaterThanOrEqual(2000)
    expect(await countOf(['--world', 'demo', '--customers', '400'])).toBeGreaterThanOrEqual(400)
  })
})
