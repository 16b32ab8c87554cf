import type { IncidentAct, ProjectStore } from '@trueup/core'
import { describe, expect, test } from 'vitest'
import { actOn } from '../incident/act-on-incidents.ts'
import { TestWorld } from './check-test-world.ts'
import { runCheck } from './run-check.ts'

const by = 'person:ada@example.com'

/** The project as a check sees it, in which a person acts just before the check's own write. */
function withPersonBefore(project: ProjectStore, act: () => Promise<unknown>): ProjectStore {
  let acted = false
  return {
    ...project,
    async changeIncidents(which, checkId, decide) {
      if (!acted) {
        acted = true
        await act()
      }
      return await project.changeIncidents(which, checkId, decide)
    },
  }
}

describe('a check that files while people act', () => {
  const comment: IncidentAct = { kind: 'comment', text: 'Looking at it.' }
  const ignore: IncidentAct = { kind: 'ignore', reason: 'a partner', until: null }

  async function drifting() {
    const world = new TestWorld({ users: 3 })
    world.changeSubscription('cus_0', () => null)
    const dependencies = await world.dependencies()
    await runCheck(dependencies, { dryRun: false })
    const [incident] = await dependencies.project.incidents({ limit: 1 })
    if (!incident) throw new Error('Nothing was filed.')
    const person = (act: IncidentAct) => () =>
      actOn({ ...dependencies, isMember: async () => true }, incident.id, act, by)
    return { world, dependencies, id: incident.id, person }
  }
  const actsOf = async (project: ProjectStore, id: string) =>
    (await project.incident(id))?.history.map(({ act }) => act)

  test('keeps what a person says of an incident that it sees again', async () => {
    const { world, dependencies, id, person } = await drifting()
    world.time = new Date(world.time.getTime() + 60_000)
    const project = withPersonBefore(dependencies.project, person(comment))
    await runCheck({ ...dependencies, project }, { dryRun: false })
    const incident = await dependencies.project.incident(id)
    expect(incident?.history.map(({ act }) => act)).toEqual(['incident-opened', 'incident-commented'])
    expect(incident?.lastSeenAt).toEqual(world.time)
  })

  test('keeps what a person says of an incident that it resolves', async () => {
    const { world, dependencies, id, person } = await drifting()
    world.changeUser('user_0', () => null)
    const project = withPersonBefore(dependencies.project, person(comment))
    await runCheck({ ...dependencies, project }, { dryRun: false })
    expect(await actsOf(dependencies.project, id)).toEqual([
      'incident-opened',
      'incident-commented',
      'incident-resolved',
    ])
  })

  test('leaves an incident ignored that a person ignored before it could be resolved', async () => {
    const { world, dependencies, id, person } = await drifting()
    world.changeUser('user_0', () => null)
    const project = withPersonBefore(dependencies.project, person(ignore))
    await runCheck({ ...dependencies, project }, { dryRun: false })
    expect(await dependencies.project.incident(id)).toMatchObject({ state: 'ignored' })
  })
})
