import type { KeptException, ProjectStore } from '@trueup/core'
import { asException, createException, endException, entriesOfException, extendException } from '@trueup/core'
import { beforeEach, describe, expect, it } from 'vitest'
import { exampleCatalogue } from '../../../../core/src/access/example-catalogue.ts'
import type { NewProject } from './new-project.ts'
import { stagedKeys, time } from './samples.ts'

/** What every store promises of exceptions. */
export function exceptionsContract(newProject: NewProject): void {
  describe('an exception', () => {
    let project: ProjectStore
    beforeEach(async () => {
      project = await newProject()
    })

    const ada = { by: 'ada', at: time(0) }
    const make = (id: string, parts: Partial<KeptException> = {}) =>
      createException(
        {
          id,
          subject: { type: 'user', id: 'user_1' },
          allowed: { plan: 'pro', trialEndsAt: time(50) },
          reason: 'a partner',
          owner: 'grace',
          until: time(30),
          ...parts,
        },
        ada,
        exampleCatalogue,
      )
    const add = async (id: string, parts: Partial<KeptException> = {}) => {
      const made = make(id, parts)
      await project.addException(made.exception, entriesOfException(made, ada))
      return made.exception
    }

    it('is kept as it was made, once, with its entry', async () => {
      const made = await add('exc_1')
      expect(await add('exc_1', { reason: 'another' })).not.toEqual(made)
      expect(await project.exception('exc_1')).toEqual(made)
      expect(await project.exception('exc_2')).toBeNull()
      expect(await stagedKeys(project)).toEqual(['exception-created:exc_1:1'])
    })

    it('is extended and ended in one transaction with the entry', async () => {
      await add('exc_1')
      const extended = await project.changeException('exc_1', (exception) => {
        const moved = extendException(exception, ada, time(45))
        return { exception: moved.exception, entries: entriesOfException(moved, ada) }
      })
      expect(extended).toMatchObject({ until: time(45), version: 2 })
      const ended = await project.changeException('exc_1', (exception) => {
        const moved = endException(exception, { by: 'ada', at: time(9) })
        return { exception: moved.exception, entries: entriesOfException(moved, ada) }
      })
      expect(await project.exception('exc_1')).toEqual(ended)
      expect(ended).toMatchObject({ endedAt: time(9), version: 3 })
      expect(await stagedKeys(project)).toEqual([
        'exception-created:exc_1:1',
        'exception-extended:exc_1:2',
        'exception-ended:exc_1:3',
      ])
      expect(await project.changeException('exc_9', () => null)).toBeNull()
      expect(await project.changeException('exc_1', () => null)).toEqual(ended)
    })

    it('is listed by when it ends, whether it runs, of whom and whose', async () => {
      await add('exc_b', { until: time(20) })
      await add('exc_a', { until: time(20), owner: 'linus' })
      await add('exc_c', { until: time(10), subject: { type: 'organization', id: 'org_1' } })
      await add('exc_d', { until: time(40) })
      await project.changeException('exc_d', (exception) => ({
        ...endException(exception, ada),
        entries: [],
      }))
      const ids = async (filter: Partial<Parameters<ProjectStore['exceptions']>[0]>) =>
        (await project.exceptions({ now: time(10), limit: 9, ...filter })).map(({ id }) => id)
      expect(await ids({})).toEqual(['exc_c', 'exc_a', 'exc_b', 'exc_d'])
      expect(await ids({ state: 'running' })).toEqual(['exc_a', 'exc_b'])
      expect(await ids({ state: 'over' })).toEqual(['exc_c', 'exc_d'])
      expect(await ids({ state: 'running', now: time(9) })).toEqual(['exc_c', 'exc_a', 'exc_b'])
      expect(await ids({ endsBefore: time(20) })).toEqual(['exc_c'])
      expect(await ids({ subject: 'organization:org_1' })).toEqual(['exc_c'])
      expect(await ids({ owner: 'linus' })).toEqual(['exc_a'])
      expect(await ids({ limit: 2 })).toEqual(['exc_c', 'exc_a'])
      expect(await ids({ after: { id: 'exc_a', until: time(20) } })).toEqual(['exc_b', 'exc_d'])
    })

    it('is weighed by checks until a person ends it; its time is for the rule to judge', async () => {
      const one = await add('exc_1')
      await add('exc_2', { until: time(1) })
      await project.changeException('exc_2', (exception) => ({
        ...endException(exception, ada),
        entries: [],
      }))
      expect((await project.exceptionsToWeigh()).map(asException)).toEqual([
        {
          subject: 'user:user_1',
          allowed: one.allowed,
          reason: 'a partner',
          author: 'grace',
          until: time(30),
        },
      ])
    })

    it('is of one project', async () => {
      await add('exc_1')
      const other = await newProject()
      expect(await other.exception('exc_1')).toBeNull()
      expect(await other.exceptionsToWeigh()).toEqual([])
      expect(await other.changeException('exc_1', () => null)).toBeNull()
    })
  })
}
