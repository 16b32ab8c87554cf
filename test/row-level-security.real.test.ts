import { afterEach, describe, expect, it } from 'vitest'
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
