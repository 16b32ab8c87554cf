import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { analyzeObservations } from '../packages/service/src/store/plans.ts'
import { tenantPlaces } from './support/tenant-places.ts'
import { attackWalls } from './support/tenant-walls.ts'

/* The second wall between tenants: what a statement sees whose condition on the tenant was forgotten. */

/** `npm run soak:tenants` asks a hundred thousand. */
const statements = 1_700

describe.each(Object.entries(tenantPlaces))('row-level security on %s', (_name, open) => {
  const ends: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const end of ends.splice(0).toReversed()) await end()
  })

  it('shows a tenant no row of another and lets it change none, whatever a statement forgot', async () => {
    const { database, admin } = await open((end) => void ends.push(end))
    const seen = await attackWalls(database, admin, { statements, seed: 'short' })
    expect(seen.leaks).toEqual([])
    expect(seen.tables).toBeGreaterThan(50)
    // Most statements find rows of their own, and inserts for another are refused: the walls were there and met.
    expect(seen.answered).toBeGreaterThan(statements / 2)
    expect(seen.refused['42501']).toBeGreaterThan(statements / 20)
  })

  // PostgreSQL only warns when it leaves a table out, and plans from then on as if it held a few rows.
  it('lets a tenant tell the planner of the rows that it wrote', async () => {
    const { database, admin } = await open((end) => void ends.push(end))
    const tenant = { workspaceId: 'default', projectId: 'planned' }
    const db = database.scoped(tenant)
    await admin(`insert into trueup.project (project_id, workspace_id) values ('planned', 'default')`)
    await admin(`insert into trueup.observed_customer (project_id, check_number, workspace_id, customer_id, match_values, customer)
      select 'planned', 1, 'default', 'cus_' || n, '{}', '{}' from generate_series(1, 100) n`)
    await analyzeObservations({ db, ...tenant, vacuumsItself: database.isEmbedded })
    const { rows } = await sql<{ readonly estimate: number }>`
      select reltuples::int as estimate from pg_class
      where oid = 'trueup.observed_customer'::regclass`.execute(db)
    expect(rows).toEqual([{ estimate: 100 }])
  })
})

it('would notice one table without its wall', async () => {
  const ends: (() => Promise<unknown>)[] = []
  const { database, admin } = await tenantPlaces['a PostgreSQL whose user is a superuser'](
    (end) => void ends.push(end),
  )
  await admin('alter table trueup.incident disable row level security')
  const { leaks } = await attackWalls(database, admin, { statements: 1_000, seed: 'open' })
  expect(leaks.filter((leak) => leak.includes('trueup.incident ')).length).toBeGreaterThan(5)
  for (const end of ends.toReversed()) await end()
})
