import type { AppDatabase, Sandbox } from '@trueup/sandbox'
import { startSandbox } from '@trueup/sandbox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../packages/service/src/config/load-config.ts'
import { type ServedApp, serveApp } from './support/app-database.ts'
import { buildCli } from './support/build-cli.ts'
import type { Folder } from './support/cli.ts'
import { environmentOf, folderOf } from './support/cli.ts'

/*
 * From a database alone to a first check: an app that keeps what it grants in tables of its own, and has no Clerk.
 */

interface Report {
  readonly complete: boolean
  readonly requests: Readonly<Record<string, number>>
  readonly matching: { readonly rules: readonly { readonly rule: string; readonly customers: number }[] }
  readonly unread: readonly unknown[]
}

describe('trueup init with ACCESS_DATABASE_URL and no key of Clerk', () => {
  let sandbox: Sandbox
  let served: ServedApp
  let folder: Folder
  beforeAll(async () => {
    buildCli()
    sandbox = await startSandbox({ world: 'saas', customers: 60, drift: 0, access: 'postgres', seed: 3 })
    served = await serveApp('PostgreSQL', sandbox.world.app as AppDatabase)
    folder = await folderOf(null)
  })
  afterAll(async () => {
    await folder.remove()
    await served.close()
    await sandbox.close()
  })
  const environment = () => {
    const { CLERK_SECRET_KEY: _, ...stripe } = environmentOf(sandbox)
    return { ...stripe, ACCESS_DATABASE_URL: served.url, TRUEUP_HOME: 'records' }
  }

  test('writes tables that a check can read whole', async () => {
    const { status, out, err } = await folder.run(['init', '--yes'], environment())
    expect({ status, out, err }).toMatchObject({ status: 0, out: expect.stringContaining('Wrote') })
    expect(err).toContain('users in users, organizations in organizations')
    const { config } = await loadConfig(undefined, folder.path)
    expect(config.access).toMatchObject([
      {
        kind: 'postgres',
        name: 'postgres',
        mappings: {
          user: { table: 'users', key: 'id', customerId: 'stripe_customer_id', plan: 'plan' },
          organization: { table: 'organizations', key: 'id', customerId: 'stripe_customer_id' },
        },
      },
    ])
    const report = await folder.json<Report>(['check'], environment())
    expect(report).toMatchObject({ complete: true, unread: [] })
    expect(Object.keys(report.requests).toSorted()).toEqual(['postgres', 'stripe'])
    expect(report.matching.rules[0]).toMatchObject({ rule: 'customer.id -> customerId' })
    expect(report.matching.rules[0]?.customers).toBeGreaterThan(40)
  })

  test('says all that is missing where there is neither', async () => {
    const empty = await folderOf(null)
    try {
      const { status, err } = await empty.run(['init', '--yes'])
      expect(status).toBe(2)
      expect(err).toContain('STRIPE_API_KEY')
      expect(err).toContain('CLERK_SECRET_KEY')
    } finally {
      await empty.remove()
    }
  })
})
