import { readEntry } from '@trueup/core'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ProjectWorld } from '../../../../test/support/project-world.ts'
import { openProjectWorld } from '../../../../test/support/project-world.ts'
import { runCheck } from '../check/run-check.ts'
import { leastConfig } from '../config/example-config.ts'
import { applyRepair } from '../repair/apply-repair.ts'
import { approveRepairs } from '../repair/approve-repair.ts'
import { proposeRepairs } from '../repair/propose-repairs.ts'
import { Secret } from '../secret.ts'
import { openProjectStore } from '../store/index.ts'
import {
  diffVersions,
  listConfigVersions,
  putConfig,
  readConfigVersion,
  revertConfig,
} from './config-versions.ts'
import { connectSource } from './connect-source.ts'
import { changeProject, createProject, listProjects, readProject } from './manage-projects.ts'
import { openServiceRepairs } from './open-service-project.ts'
import type { ProjectTenant } from './project-service.ts'

const by = 'person:ada@example.com'
let world: ProjectWorld
let tenant: ProjectTenant
beforeAll(async () => {
  world = await openProjectWorld({ customers: 250 })
})
afterAll(() => world.close())
beforeEach(async () => {
  const { id } = await createProject(world.service, 'default', { name: 'App', timeZone: 'UTC' })
  tenant = { workspaceId: 'default', projectId: id }
})

const put = (document: unknown, expectedVersion: number, note: string | null = null) =>
  putConfig(world.service, tenant, document, { expectedVersion, by, note })
const withPolicy = (policy: object) => ({ ...leastConfig, policy })

/** The acts of the project's ledger and what they say. */
async function entries() {
  const project = openProjectStore(world.database, tenant)
  await world.service.ledgerOf(project).seal()
  return (await project.ledgerEntries(0, 1000)).map(({ bytes }) => {
    const entry = readEntry(JSON.parse(new TextDecoder().decode(bytes)))
    if (typeof entry === 'string') throw new Error(entry)
    return entry
  })
}

describe('the configuration of a project', () => {
  it('is kept version by version, each with its author, note and fingerprint', async () => {
    await put(leastConfig, 0, 'first')
    await put(withPolicy({ refunded: 'drop' }), 1)
    expect(await readConfigVersion(world.service, tenant)).toMatchObject({
      version: 2,
      author: by,
      note: null,
      document: { policy: { refunded: 'drop' } },
    })
    expect(await readConfigVersion(world.service, tenant, 1)).toMatchObject({
      version: 1,
      note: 'first',
      document: leastConfig,
    })
    const listed = await listConfigVersions(world.service, tenant, { limit: 10 })
    expect(listed.map(({ version }) => version)).toEqual([2, 1])
    expect(new Set(listed.map(({ fingerprint }) => fingerprint)).size).toBe(2)
    expect(await listConfigVersions(world.service, tenant, { limit: 10, before: 2 })).toHaveLength(1)
  })

  it('is refused with everything that is wrong, in the words of the file, and then nothing is kept', async () => {
    const wrong = { ...leastConfig, polici: {}, match: ['customer.nothing'], catalogue: { plans: [] } }
    await expect(put(wrong, 0)).rejects.toMatchObject({
      code: 'config-invalid',
      problems: [{ path: 'polici' }, { path: 'catalogue.plans' }, { path: 'match[0]' }],
    })
    expect(await readConfigVersion(world.service, tenant)).toBeNull()
  })

  it('is not changed on top of a change that one has not seen', async () => {
    const outcomes = await Promise.allSettled(
      ['keep', 'drop', 'review'].map((refunded) => put(withPolicy({ refunded }), 0)),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') {
        expect(outcome.reason).toMatchObject({
          code: 'config-version-conflict',
          message: `The configuration is at version 1, by ${by}; the change was made on version 0.`,
        })
      }
    }
  })

  it('has no new version where nothing is said anew', async () => {
    await put(leastConfig, 0)
    const { access, billing, catalogue } = leastConfig
    expect(await put({ catalogue, access, billing }, 1)).toMatchObject({ version: 1 })
  })

  it('is brought back by a new version that says so', async () => {
    await put(leastConfig, 0)
    await put(withPolicy({ refunded: 'drop' }), 1)
    const reverted = await revertConfig(world.service, tenant, 1, { expectedVersion: 2, by })
    expect(reverted).toMatchObject({ version: 3, revertsTo: 1, document: leastConfig })
    expect(await diffVersions(world.service, tenant, { from: 1, to: 3 })).toEqual([])
    expect(await diffVersions(world.service, tenant, { from: 2, to: 3 })).toEqual([
      { path: 'policy', before: { refunded: 'drop' }, after: undefined },
    ])
    await expect(revertConfig(world.service, tenant, 9, { expectedVersion: 3, by })).rejects.toMatchObject({
      code: 'config-missing',
    })
  })

  it('is entered in the ledger by what it changes, without naming whom an exception is for', async () => {
    await put(leastConfig, 0)
    const exceptions = [{ subject: 'user_1', allowed: { plan: 'pro' }, reason: 'partner' }]
    await put({ ...leastConfig, match: ['customer.id', 'customer.email'], exceptions }, 1)
    await revertConfig(world.service, tenant, 1, { expectedVersion: 2, by })
    const acts = (await entries()).filter(({ act }) => act !== 'project-created')
    expect(acts.map(({ act, facts }) => [act, facts.version, facts.changed])).toEqual([
      ['mapping-changed', 1, ['billing', 'access']],
      ['catalogue-changed', 1, ['catalogue']],
      ['mapping-changed', 2, ['match']],
      ['policy-changed', 2, ['exceptions']],
      ['mapping-changed', 3, ['match']],
      ['policy-changed', 3, ['exceptions']],
    ])
    expect(JSON.stringify(acts)).not.toContain('user_1')
    expect(acts.every((entry) => entry.by === by)).toBe(true)
  })

  it('voids what was approved under another one', async () => {
    const { service, sandbox } = world
    const access = sandbox.config.access.filter((source) => 'clerk' in source)
    const document = { ...sandbox.config, access }
    await put({ ...document, policy: { brake: { hold: 1000, collapse: 1000 } } }, 0)
    await connectSource(
      service,
      tenant,
      { kind: 'stripe', key: new Secret(sandbox.stripe.restrictedKey) },
      { by },
    )
    await connectSource(service, tenant, { kind: 'clerk', key: new Secret(sandbox.clerk.secretKey) }, { by })
    await connectSource(
      service,
      tenant,
      { kind: 'clerk-repairs', key: new Secret(sandbox.clerk.secretKey) },
      { by },
    )
    const opened = await openServiceRepairs(service, tenant, { usedFor: 'repair' })
    await runCheck(opened, { dryRun: false })
    const { proposed } = await proposeRepairs(opened)
    const [first = '', second = ''] = proposed
    // Two persons, for those that take something away.
    for (const person of ['person:ben@example.com', 'person:cleo@example.com']) {
      for (const id of [first, second]) {
        const repair = await opened.project.repair(id)
        if (repair?.state === 'proposed') await approveRepairs(opened, [id], person, 1)
      }
    }

    // What a check may cost means nothing to a repair.
    await put(
      {
        ...document,
        policy: { brake: { hold: 1000, collapse: 1000 } },
        billing: { stripe: { requestsPerDay: 1_000_000 } },
      },
      1,
    )
    expect((await opened.project.repair(first))?.state).toBe('approved')

    await put({ ...document, policy: { brake: { hold: 999, collapse: 1000 } } }, 2)
    for (const id of [first, second]) expect((await opened.project.repair(id))?.state).toBe('expired')
    await expect(applyRepair(opened, first, by)).rejects.toMatchObject({ name: 'RepairError' })
    await opened.close()
  })
})

describe('a project', () => {
  it('is made with a name and a time zone, and is not seen by another workspace', async () => {
    const project = await createProject(world.service, 'default', {
      name: ' Shop ',
      timeZone: 'Europe/Berlin',
    })
    expect(project).toMatchObject({ name: 'Shop', timeZone: 'Europe/Berlin', state: 'setting-up' })
    expect(await listProjects(world.service, 'default')).toContainEqual(project)
    await expect(
      readProject(world.service, { workspaceId: 'other', projectId: project.id }),
    ).rejects.toMatchObject({ code: 'project-unknown' })
  })

  it('that was only ever checked from the command line is shown by its id', async () => {
    const { database, service } = world
    await sql`insert into trueup.project (project_id) values ('local') on conflict do nothing`.execute(
      database.system,
    )
    expect(await readProject(service, { workspaceId: 'default', projectId: 'local' })).toMatchObject({
      name: 'local',
    })
  })

  it.each([
    [{ name: '  ' }, 'name-invalid'],
    [{ name: 'x'.repeat(81) }, 'name-invalid'],
    [{ name: 'a\u202eb' }, 'name-invalid'],
    [{ timeZone: 'Mars/Olympus' }, 'time-zone-invalid'],
  ])('is not given %j', async (change, code) => {
    await expect(changeProject(world.service, tenant, change, { by })).rejects.toMatchObject({ code })
    await expect(
      createProject(world.service, 'default', { name: 'App', timeZone: 'UTC', ...change }),
    ).rejects.toMatchObject({ code })
  })

  it('goes live and is renamed, each entered once', async () => {
    const go = { state: 'live', name: 'Shop' } as const
    expect(await changeProject(world.service, tenant, go, { by })).toMatchObject(go)
    await changeProject(world.service, tenant, go, { by })
    const acts = (await entries()).filter(({ act }) => act === 'project-changed')
    expect(acts).toMatchObject([{ by, facts: { changed: ['name', 'state'], state: 'live' } }])
  })
})
