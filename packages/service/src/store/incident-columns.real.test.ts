import type { Incident } from '@trueup/core'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestDatabase } from '../../../../test/support/database.ts'
import { createTestDatabase } from '../../../../test/support/database.ts'
import { anIncident, time } from './contract/samples.ts'
import { openStore } from './index.ts'
import { toJson } from './json-codec.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/index.ts'

const clock = { now: () => new Date() }
const order = { sort: 'money', reversed: false } as const

describe('what incidents are listed by', () => {
  let database: TestDatabase
  let client: pg.Client
  beforeAll(async () => {
    database = await createTestDatabase({ empty: true })
    client = new pg.Client({ connectionString: database.url })
    await client.connect()
  })
  afterAll(async () => {
    await client.end()
    await database.drop()
  })

  /** As a version wrote it that did not know the columns, nor that incidents can be assigned. */
  const writeAsBefore = async (incident: Incident) => {
    const { assignee: _, ...known } = incident
    await client.query(
      `insert into trueup.incident
        (project_id, workspace_id, incident_id, identity_key, state, severity_rank, opened_at, incident)
      values ('app', 'default', $1, $1, $2, 2, $3, $4)
      on conflict (project_id, incident_id) do update set incident = excluded.incident, state = excluded.state`,
      [incident.id, incident.state, incident.openedAt, toJson(known)],
    )
  }
  const hostile = anIncident('inc_hostile', {
    sentence: 'It\u0000 ends \ud800 "here\\u0000" \\ud800 \udfff.',
    moneyAtRisk: { currency: 'eur', amount: 700 },
    customerId: 'cus_\u0000',
  })
  const plain = anIncident('inc_plain', {
    kind: 'double-billing',
    moneyAtRisk: { currency: 'eur', amount: 9900 },
    lastSeenAt: time(30),
    subject: { type: 'organization', id: 'org_1' },
  })

  it('is filled in for incidents that stood there before, whatever they hold', async () => {
    await migrate(
      client,
      migrations.filter(({ number }) => number < 12),
    )
    await client.query("insert into trueup.project (project_id) values ('app')")
    await writeAsBefore(plain)
    await writeAsBefore(hostile)
    const store = await openStore({ databaseUrl: database.url, home: null, clock })
    const project = await store.project('app')
    expect(await project.listIncidents({}, order, null, 9)).toEqual([plain, hostile])
    expect(await project.listIncidents({ about: 'org_1' }, order, null, 9)).toEqual([plain])
    expect(await project.listIncidents({ kinds: ['double-billing'] }, order, null, 9)).toEqual([plain])
    expect(await project.listIncidents({ text: 'here\\u0000' }, order, null, 9)).toEqual([hostile])
    expect(await project.listIncidents({ about: 'cus_\u0000' }, order, null, 9)).toEqual([hostile])
    expect(await project.listIncidents({ assignee: null }, order, null, 9)).toHaveLength(2)
    await store.close()
  })

  it('is kept by the database, also for a version that still runs beside this one and does not know it', async () => {
    await writeAsBefore({ ...plain, moneyAtRisk: null, state: 'acknowledged' })
    await writeAsBefore(anIncident('inc_new', { hurts: 'business' }))
    const store = await openStore({ databaseUrl: database.url, home: null, clock })
    const project = await store.project('app')
    const ids = async (filter: Parameters<typeof project.listIncidents>[0]) =>
      (await project.listIncidents(filter, order, null, 9)).map(({ id }) => id)
    expect(await ids({})).toEqual(['inc_hostile', 'inc_plain', 'inc_new'])
    expect(await ids({ moneyAtLeast: { amount: 0 } })).toEqual(['inc_hostile'])
    expect(await ids({ hurts: 'business' })).toEqual(['inc_new'])
    await store.close()
  })
})
