import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildCli } from './support/build-cli.ts'
import type { CheckedProject } from './support/checked-project.ts'
import { openCheckedProject } from './support/checked-project.ts'
import { Folder } from './support/cli.ts'
import { createTestDatabase, type TestDatabase } from './support/database.ts'
import { emptyHome } from './support/service.ts'

let world: CheckedProject
let database: TestDatabase
let home: Awaited<ReturnType<typeof emptyHome>>
let here: Folder
let there: Folder
beforeAll(async () => {
  buildCli()
  world = await openCheckedProject({ world: 'saas', customers: 80, drift: 0.2, seed: 11 })
  ;[home, database] = await Promise.all([emptyHome(), createTestDatabase()])
  const { key } = await world.owner.do(`POST /api/v1/workspaces/${world.workspace}/api-keys`, {
    name: 'ci',
    scope: 'read',
  })
  const catalogue = { ...world.document.catalogue, plans: world.document.catalogue.plans.slice(0, 1) }
  const [free, ...plans] = world.document.catalogue.plans
  const turned = { ...catalogue, plans: [free, ...plans.toReversed()] }
  await writeFile(join(home.path, 'trueup.config.json'), JSON.stringify(world.document))
  await writeFile(join(home.path, 'new.json'), JSON.stringify({ ...world.document, catalogue: turned }))
  await writeFile(
    join(home.path, 'other.json'),
    JSON.stringify({ ...world.document, match: ['customer.metadata.x'] }),
  )
  there = new Folder(home.path, {
    TRUEUP_URL: world.service.url,
    TRUEUP_API_KEY: key,
    TRUEUP_PROJECT: world.project,
  })
  here = new Folder(home.path, {
    TRUEUP_HOME: join(home.path, '.trueup'),
    DATABASE_URL: database.url,
    STRIPE_API_KEY: world.sandbox.stripe.restrictedKey,
    CLERK_SECRET_KEY: world.sandbox.clerk.secretKey,
    STRIPE_API_BASE: world.sandbox.stripe.url,
    CLERK_API_URL: world.sandbox.clerk.url,
  })
  await here.run(['check', '--settle', '0'])
})
afterAll(async () => {
  await world?.close()
  await home?.remove()
  await database?.drop()
})

for (const [place, folder] of [
  ['a folder', () => here],
  ['a server', () => there],
] as const) {
  test(`what-if at ${place} exits with 0 for the same, 1 for another, 2 where it cannot be told`, async () => {
    const same = await folder().run(['what-if', '--config', 'trueup.config.json', '--json'])
    expect([same.status, JSON.parse(same.out).totals.opens.total]).toEqual([0, 0])
    const other = await folder().run(['what-if', '--config', 'new.json', '--all', '--json'])
    const { totals, items, next } = JSON.parse(other.out)
    expect([other.status, next]).toEqual([1, null])
    expect(items.length + totals.shared.length).toBe(totals.opens.total + totals.closes.total)
    const told = await folder().run(['what-if', '--config', 'new.json'])
    expect(told.out).toContain(`${totals.opens.total} would open: a month `)
    const untold = await folder().run(['what-if', '--config', 'other.json'])
    expect([untold.status, untold.out]).toEqual([2, expect.stringContaining('It cannot be told.')])
  })

  test(`at ${place} somebody is shown as they were, and what is not known is said`, async () => {
    const { items } = await world.owner.do(world.at('GET /customers?limit=1'))
    const about = ['at', '--subject', items[0].key, '--time']
    const early = await folder().run([...about, '2020-01-01T00:00:00Z'])
    expect([early.status, early.out]).toEqual([2, expect.stringContaining('nobody had looked yet')])
    const nobody = await folder().run(['at', '--subject', 'user:nobody', '--time', '2026-01-01'])
    expect(nobody.status).toBe(2)
  })
}
