import type { IncidentAct, ProjectStore } from '@trueup/core'
import { createMemoryStore } from '@trueup/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { anIncident, time } from '../store/contract/samples.ts'
import { actOn, actOnMany, mostIncidentsAtOnce } from './act-on-incidents.ts'

const acknowledge: IncidentAct = { kind: 'acknowledge', note: null }
const by = 'person:ada@example.com'

describe('acts of a person on incidents', () => {
  let project: ProjectStore
  beforeEach(async () => {
    project = await createMemoryStore().project('app')
  })
  const dependencies = () => ({
    project,
    clock: { now: () => time(20) },
    isMember: async (personId: string) => personId === 'per_1',
  })
  const file = (...incidents: readonly Parameters<typeof anIncident>[]) =>
    project.saveIncidents(
      incidents.map((one) => anIncident(...one)),
      null,
      [],
    )
  const entries = async () => {
    const acts: { readonly act: string; readonly by: string; readonly facts: unknown }[] = []
    await project.sequenceEntries(1000, (drafts) => {
      acts.push(...drafts)
      return []
    })
    return acts
  }

  test('one act is one change and one entry, however often it is sent', async () => {
    await file(['inc_1'])
    await actOn(dependencies(), 'inc_1', acknowledge, by)
    const again = await actOn(dependencies(), 'inc_1', acknowledge, by)
    expect(again).toMatchObject({ state: 'acknowledged' })
    expect(await entries()).toMatchObject([{ act: 'incident-acknowledged', by }])
  })

  test('what is refused changes nothing and says why', async () => {
    await file(['inc_1', { state: 'resolved' }])
    await expect(actOn(dependencies(), 'inc_1', acknowledge, by)).rejects.toMatchObject({
      code: 'wrong-state',
    })
    await expect(actOn(dependencies(), 'inc_9', acknowledge, by)).rejects.toMatchObject({
      code: 'incident-unknown',
    })
    expect(await entries()).toEqual([])
  })

  test('work is given to members of the team alone, and the entry says to whom', async () => {
    await file(['inc_1'])
    const assign = (assignee: string | null): IncidentAct => ({ kind: 'assign', assignee, note: null })
    await expect(actOn(dependencies(), 'inc_1', assign('per_9'), by)).rejects.toMatchObject({
      code: 'not-a-member',
    })
    expect(await actOn(dependencies(), 'inc_1', assign('per_1'), by)).toMatchObject({ assignee: 'per_1' })
    expect(await actOn(dependencies(), 'inc_1', assign(null), by)).toMatchObject({ assignee: null })
    expect(await entries()).toMatchObject([
      { act: 'incident-assigned', facts: { assignee: 'per_1' } },
      { act: 'incident-assigned', facts: { assignee: null } },
    ])
  })

  test('many are acted on each by itself: one that refuses leaves the others as they would be', async () => {
    await file(['inc_1'], ['inc_2', { state: 'resolved' }], ['inc_3', { state: 'acknowledged' }])
    const ids = ['inc_1', 'inc_2', 'inc_3', 'inc_9']
    const acted = await actOnMany(dependencies(), { ids }, acknowledge, { by, count: 4 })
    expect(acted.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      'inc_1 changed',
      'inc_2 refused',
      'inc_3 unchanged',
      'inc_9 refused',
    ])
    expect(acted[1]).toMatchObject({ code: 'wrong-state' })
    expect(acted[3]).toMatchObject({ code: 'incident-unknown' })
    expect(await entries()).toHaveLength(1)
  })

  test('a filter means what it meant when the person counted, or nothing is done', async () => {
    await file(['inc_1'], ['inc_2', { severity: 'low' }], ['inc_3'])
    const filter = { severities: ['high'] } as const
    await expect(actOnMany(dependencies(), { filter }, acknowledge, { by, count: 3 })).rejects.toMatchObject({
      code: 'count-differs',
      message: '2 incidents are meant; 3 was named.',
    })
    expect(await entries()).toEqual([])
    const acted = await actOnMany(dependencies(), { filter }, acknowledge, { by, count: 2 })
    expect(acted.map(({ id }) => id)).toEqual(['inc_1', 'inc_3'])
  })

  test('sent again after a crash, a bulk act goes on and does nothing twice', async () => {
    const ids = Array.from({ length: 250 }, (_, place) => `inc_${place}`)
    await file(...ids.map((id): Parameters<typeof anIncident> => [id]))
    await actOnMany(dependencies(), { ids: ids.slice(0, 120) }, acknowledge, { by, count: 120 })
    const acted = await actOnMany(dependencies(), { ids }, acknowledge, { by, count: 250 })
    expect(acted.filter(({ outcome }) => outcome === 'unchanged')).toHaveLength(120)
    expect(acted.filter(({ outcome }) => outcome === 'changed')).toHaveLength(130)
    expect(await entries()).toHaveLength(250)
  })

  test('an id that is named twice is one incident', async () => {
    await file(['inc_1'])
    const acted = await actOnMany(dependencies(), { ids: ['inc_1', 'inc_1'] }, acknowledge, { by, count: 1 })
    expect(acted).toHaveLength(1)
  })

  test('no more are acted on at once than can be answered', async () => {
    const ids = Array.from({ length: mostIncidentsAtOnce + 1 }, (_, place) => `inc_${place}`)
    await expect(
      actOnMany(dependencies(), { ids }, acknowledge, { by, count: ids.length }),
    ).rejects.toMatchObject({ code: 'too-many' })
  })
})
