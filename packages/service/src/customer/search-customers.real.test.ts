import type { ProjectStore } from '@trueup/core'
import { checkFinished, checkStarted } from '@trueup/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestDatabase } from '../../../../test/support/database.ts'
import { createTestDatabase } from '../../../../test/support/database.ts'
import {
  aDrift,
  aFinding,
  anIncident,
  observedCustomer,
  observedFact,
  observedSubject,
  rules,
  time,
} from '../store/contract/samples.ts'
import type { Database } from '../store/index.ts'
import { openDatabase, openProjectStore } from '../store/index.ts'
import { searchCustomers } from './search-customers.ts'

const tenant = { workspaceId: 'default', projectId: 'app' }

describe.each(['server', 'embedded'] as const)('a search for customers on the %s database', (place) => {
  let test: TestDatabase | null = null
  let database: Database
  let project: ProjectStore
  beforeAll(async () => {
    test = place === 'server' ? await createTestDatabase() : null
    const clock = { now: () => new Date() }
    database = await openDatabase({ databaseUrl: test?.url, home: null, clock })
    await database.pool.query("insert into trueup.project (project_id) values ('app'), ('other')")
    project = openProjectStore(database, tenant)
    await plant(project)
  })
  afterAll(async () => {
    await database.close()
    await test?.drop()
  })
  const keys = async (text?: string, limit = 50) => {
    const found: string[] = []
    for (let after: string | undefined; ; ) {
      const page = await searchCustomers({ database, tenant, project }, { text, after, limit })
      found.push(...page.items.map(({ key }) => key))
      if (page.next === null) return found
      after = page.next
    }
  }

  it('gives every subject and every payer without one, in order, whatever the size of a page', async () => {
    const all = await keys()
    expect(all).toHaveLength(43)
    expect(all.slice(0, 3)).toEqual(['customer:cus_nobody', 'organization:org_1', 'user:user_00'])
    expect(new Set(all).size).toBe(43)
    for (const limit of [1, 7, 42, 43]) expect(await keys(undefined, limit)).toEqual(all)
  })

  it.each([
    ['an id', 'user_07', ['user:user_07']],
    ['a part of an id', 'SER_07', ['user:user_07']],
    ['a key', 'organization:org', ['organization:org_1']],
    ['the id of a customer', 'cus_07', ['user:user_07']],
    ['the e-mail address of a customer', 'payer-07@', ['user:user_07']],
    ['the name of a customer', 'o"brien', ['user:user_03']],
    ['a name in another script', '\u674e', ['user:user_04']],
    ['the name of a subject', 'ada love', ['user:user_05']],
    ['a payer whom nobody answers to', 'nobody', ['customer:cus_nobody']],
    ['a customer who never bought anything', 'customer:cus_lead', ['customer:cus_lead']],
    ['what is a pattern elsewhere', '%', []],
    ['what stands only in other data', 'secret-metadata', []],
    ['nothing', '  ', 43],
  ])('finds by %s', async (_what, text, expected) => {
    const found = await keys(text, 5)
    expect(typeof expected === 'number' ? found.length : found).toEqual(expected)
  })

  it('says the verdict of each, and how many incidents stand on it', async () => {
    const { items } = await searchCustomers({ database, tenant, project }, { text: 'user_0', limit: 3 })
    expect(items.map(({ key, verdict, openIncidents }) => [key, verdict, openIncidents])).toEqual([
      ['user:user_00', 'drifts', 1],
      ['user:user_01', 'agrees', 0],
      ['user:user_02', 'agrees', 0],
    ])
    expect(items[0]).toMatchObject({
      subject: { type: 'user', id: 'user_00' },
      customers: [{ id: 'cus_00', email: 'payer-00@example.com' }],
    })
  })

  it('knows nothing of another project, and nothing before the first check', async () => {
    const other = { workspaceId: 'default', projectId: 'other' }
    const reach = { database, tenant: other, project: openProjectStore(database, other) }
    expect(await searchCustomers(reach, { limit: 9 })).toEqual({
      checkId: null,
      readAt: null,
      items: [],
      next: null,
    })
  })
})

async function plant(project: ProjectStore): Promise<void> {
  const check = await project.startCheck(
    { kind: 'full', dryRun: false, asOf: time(1), startedAt: time(1), configFingerprint: 'x' },
    checkStarted,
  )
  const numbers = Array.from({ length: 41 }, (_, place) => String(place).padStart(2, '0'))
  const names: Readonly<Record<string, string>> = { '03': 'O"Brien', '04': '\u674e\u660e' }
  await project.writePage(check.id, {
    source: 'stripe',
    part: 'subscriptions',
    cursors: [],
    customers: [...numbers, 'nobody', 'lead'].map((number) => {
      const observed = observedCustomer(`cus_${number}`)
      const email = number === 'nobody' || number === 'lead' ? null : `payer-${number}@example.com`
      const metadata = { note: 'secret-metadata' }
      return { ...observed, customer: { ...observed.customer, name: names[number] ?? null, email, metadata } }
    }),
    facts: [...numbers, 'nobody'].map((number) => observedFact(`sub_${number}`, `cus_${number}`)),
    subjects: [
      observedSubject('org_1', { type: 'organization' }),
      ...numbers.map((number) => {
        const observed = observedSubject(`user_${number}`, { pointsTo: `cus_${number}` })
        const name = number === '05' ? 'Ada Lovelace' : null
        return { ...observed, reading: { ...observed.reading, name } }
      }),
    ],
  })
  await project.setPart(check.id, 'stripe', 'subscriptions', { state: 'complete' })
  await project.setPart(check.id, 'clerk', 'users', { state: 'complete' })
  await project.match(check.id, rules)
  const drift = aDrift('plan-too-low', { on: 'user:user_00' })
  await project.writeFindings(
    check.id,
    [
      aFinding('user:user_00', { kind: 'drifts', drifts: [drift], unknown: [] }),
      aFinding('customer:cus_nobody', { kind: 'drifts', drifts: [drift], unknown: [] }),
      // It had no subject at first, and has one by the second reading.
      aFinding('customer:cus_01', { kind: 'agrees' }),
    ],
    null,
  )
  await project.saveIncidents(
    [
      anIncident('inc_1', {
        subject: { type: 'user', id: 'user_00' },
        identity: { kind: 'plan-too-low', on: 'user:user_00', component: 'plan' },
      }),
    ],
    check.id,
    [],
  )
  const counts = { customers: 42, subjects: 42, agrees: 42, drifts: 1, cannotTell: 0, settling: 0 }
  await project.finishCheck(check.id, counts, time(2), checkFinished(check, counts, time(2)))
}
