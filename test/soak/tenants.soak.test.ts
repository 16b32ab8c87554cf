import { expect, test } from 'vitest'
import { recordResults } from '../../bench/record-results.ts'
import { tenantPlaces } from '../support/tenant-places.ts'
import type { Attacked } from '../support/tenant-walls.ts'
import { attackWalls } from '../support/tenant-walls.ts'

const statements = Number(process.env.SOAK_STATEMENTS ?? 100_000)

test(`${statements} statements without a condition on the tenant`, { timeout: 3_600_000 }, async () => {
  const places = Object.entries(tenantPlaces)
  const seen: (readonly [string, Attacked])[] = []
  for (const [name, open] of places) {
    const ends: (() => Promise<unknown>)[] = []
    const { database, admin } = await open((end) => void ends.push(end))
    const share = Math.ceil(statements / places.length)
    seen.push([name, await attackWalls(database, admin, { statements: share, seed: `soak:${name}` })])
    for (const end of ends.toReversed()) await end()
  }
  expect(seen.flatMap(([, { leaks }]) => leaks)).toEqual([])
  await recordResults('soak: tenants', `SOAK_STATEMENTS=${statements} npm run soak:tenants`, report(seen))
})

function report(seen: readonly (readonly [string, Attacked])[]): string {
  return [
    'Reads, joins, set operations, updates, deletes and inserts over every table that has a workspace, as one workspace or',
    'one project of it, none with a condition that names the tenant. A leak would be a row of another tenant that was',
    'seen or changed, or an error that tells of one.',
    '',
    '| | tables | statements | gave rows of its own | refused | leaks |',
    '|---|---:|---:|---:|---:|---:|',
    ...seen.map(([name, { tables, statements: asked, answered, refused, leaks }]) => {
      const refusals = Object.values(refused).reduce((sum, count) => sum + count, 0)
      return `| ${name} | ${tables} | ${asked} | ${answered} | ${refusals} | ${leaks.length} |`
    }),
  ].join('\n')
}
