import type { ProjectStore } from '@trueup/core'
import { approveRepair } from '@trueup/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { granted, now } from '../../../core/src/check/recorded-pairs.ts'
import { plainHash, proposed } from '../../../core/src/repair/recorded-repair.ts'
import { TestWorld } from '../check/check-test-world.ts'
import { runCheck } from '../check/run-check.ts'
import { makeException, prolongException, stopException } from './keep-exceptions.ts'
import { listExceptions } from './list-exceptions.ts'

const by = 'person:ada@example.com'
const minutes = (count: number) => new Date(now.getTime() + count * 60_000)

describe('an exception', () => {
  let world: TestWorld
  let project: ProjectStore
  beforeEach(async () => {
    world = new TestWorld({ users: 3 })
    project = await world.project
    // user_0 has what nobody pays for: a comp.
    world.changeSubscription('cus_0', () => null)
  })
  const dependencies = () => ({
    project,
    clock: { now: () => world.time },
    randomBytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)),
    isMember: async (personId: string) => personId === 'per_1',
  })
  const wanted = {
    subject: { type: 'user', id: 'user_0' },
    allowed: { plan: 'pro' },
    reason: 'a partner',
    owner: 'per_1',
    until: minutes(60),
  } as const
  const make = (parts: Partial<Parameters<typeof makeException>[1]> = {}) =>
    makeException(dependencies(), { ...wanted, ...parts }, by, world.config.catalogue)
  const check = async (at: Date) => {
    world.time = at
    const { check: run, incidents } = await runCheck(await world.dependencies(), { dryRun: false })
    return { drifts: run.counts?.drifts, kinds: incidents.map(({ kind }) => kind) }
  }

  test('covers what the app grants until its time has passed, and the next check sees the drift', async () => {
    expect(await check(now)).toEqual({ drifts: 1, kinds: ['access-without-payment'] })
    await make()
    expect(await check(minutes(10))).toEqual({ drifts: 0, kinds: [] })
    expect((await project.incidents({ limit: 9 }))[0]).toMatchObject({ state: 'resolved' })
    expect(await check(minutes(61))).toEqual({ drifts: 1, kinds: ['access-without-payment'] })
  })

  test('covers again once it is extended, and no longer once a person ends it', async () => {
    const { id } = await make()
    world.time = minutes(70)
    await prolongException(dependencies(), id, minutes(200), by)
    expect(await check(minutes(71))).toMatchObject({ drifts: 0 })
    await stopException(dependencies(), id, by)
    expect(await check(minutes(72))).toMatchObject({ drifts: 1 })
    await expect(prolongException(dependencies(), id, minutes(300), by)).rejects.toMatchObject({
      code: 'exception-ended',
    })
  })

  test('covers no more than it allows', async () => {
    await make({ allowed: { entitlements: ['reports'] } })
    expect(await check(minutes(1))).toMatchObject({ drifts: 1 })
  })

  test('is of one subject, by type as well as by id', async () => {
    await make({ subject: { type: 'organization', id: 'user_0' } })
    await make({ subject: { type: 'user', id: 'user_1' } })
    expect(await check(minutes(1))).toMatchObject({ drifts: 1 })
  })

  test('takes nothing from what is owed', async () => {
    world.changeUser('user_1', (user) => ({
      ...user,
      granted: granted({ plan: { state: 'value', value: 'free' }, paid: { state: 'value', value: false } }),
    }))
    await make({ subject: { type: 'user', id: 'user_1' } })
    expect((await check(minutes(1))).kinds).toContain('paid-without-access')
  })

  test('ends the repairs of its subject that wait, so that nobody approves what no longer holds', async () => {
    await check(now)
    const [incident] = await project.incidents({ limit: 1 })
    if (!incident) throw new Error('Nothing was filed.')
    const { repair } = proposed({ incidentId: incident.id })
    const approved = approveRepair(repair, { by: 'person:grace@example.com', at: now }, plainHash).repair
    await project.addRepairs([{ repair: approved, entries: [] }])
    await make()
    expect(await project.repair('rep_1')).toMatchObject({ state: 'superseded' })
  })

  test('is answered for by a member of the team', async () => {
    await expect(make({ owner: 'per_9' })).rejects.toMatchObject({ code: 'not-a-member' })
    expect(await project.exceptionsToWeigh()).toEqual([])
  })

  test.each([
    ['has a reason', { reason: ' ' }, 'reason-missing'],
    ['allows something', { allowed: {} }, 'allows-nothing'],
    ['names a plan that is sold', { allowed: { plan: 'gold' } }, 'plan-not-sold'],
    ['ends after now', { until: now }, 'end-passed'],
  ] as const)('%s', async (_rule, parts, code) => {
    await expect(make(parts)).rejects.toMatchObject({ code })
  })

  test('is extended to a later end, and never shortened without being ended', async () => {
    const { id } = await make()
    await expect(prolongException(dependencies(), id, minutes(30), by)).rejects.toMatchObject({
      code: 'end-earlier',
    })
    await expect(prolongException(dependencies(), 'exc_9', minutes(90), by)).rejects.toMatchObject({
      code: 'exception-unknown',
    })
  })

  test('leaves an entry of each act, with whom it is about beside the chain', async () => {
    const { id } = await make()
    await prolongException(dependencies(), id, minutes(90), by)
    await stopException(dependencies(), id, by)
    await stopException(dependencies(), id, by)
    const drafts: { readonly act: string; readonly personal: unknown; readonly about: unknown }[] = []
    await project.sequenceEntries(100, (staged) => {
      drafts.push(...staged)
      return []
    })
    expect(drafts.map(({ act }) => act)).toEqual([
      'exception-created',
      'exception-extended',
      'exception-ended',
    ])
    for (const draft of drafts) {
      expect(draft).toMatchObject({
        by,
        about: { exception: id },
        personal: { subject: 'user:user_0', reason: 'a partner' },
      })
    }
  })

  test('that ends soon is listed before it does, a page at a time', async () => {
    const ends = async (endsWithinDays: number) => {
      const { items } = await listExceptions(project, { endsWithinDays, limit: 9 }, world.time)
      return items.map(({ until }) => until)
    }
    await make({ until: minutes(3 * 24 * 60) })
    await make({ until: minutes(10 * 24 * 60) })
    await make({ until: minutes(30 * 24 * 60) })
    expect(await ends(14)).toEqual([minutes(3 * 24 * 60), minutes(10 * 24 * 60)])
    const first = await listExceptions(project, { state: 'running', limit: 2 }, world.time)
    const rest = await listExceptions(
      project,
      { state: 'running', limit: 2, after: first.next ?? '' },
      world.time,
    )
    expect([...first.items, ...rest.items]).toHaveLength(3)
    expect(rest.next).toBeNull()
    await expect(listExceptions(project, { limit: 2, after: 'x' }, world.time)).rejects.toMatchObject({
      code: 'request-invalid',
    })
  })
})
