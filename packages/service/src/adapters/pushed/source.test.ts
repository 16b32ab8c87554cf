import type { ProjectStore } from '@trueup/core'
import { createMemoryStore, SourceError } from '@trueup/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { accessSourceContract } from '../access-source-contract.ts'
import { freeCatalogue as catalogue } from '../example-mapping.ts'
import { aRecord, mappings, pushAll, pushedWorld, sourceName, start } from './pushed-world.ts'
import { createPushedSource } from './source.ts'

const after = (hours: number) => new Date(start.getTime() + hours * 3_600_000)

describe('pushed subjects as a source', () => {
  accessSourceContract(() => pushedWorld(createMemoryStore()))
})

describe('a source that is pushed', () => {
  let project: ProjectStore
  let now: Date
  beforeEach(async () => {
    project = await createMemoryStore().project('app')
    now = start
  })
  const open = (options: { readonly staleAfterHours?: number } = {}) =>
    createPushedSource({
      name: sourceName,
      mappings: { user: mappings.user },
      catalogue,
      store: project,
      clock: { now: () => now },
      ...options,
    })
  const read = async () => {
    for await (const page of open().read('users', [])) return page
    return null
  }
  const readSome = () => open().readSubjects([{ type: 'user', id: 'u1' }])

  test('that was never pushed cannot be read, and says how to begin', async () => {
    const error = { name: 'SourceError', code: 'never-full', source: sourceName, retryable: false }
    await expect(read()).rejects.toMatchObject(error)
    await expect(readSome()).rejects.toMatchObject(error)
    const findings = await open().test()
    expect(findings).toContainEqual(expect.objectContaining({ name: 'last full push', state: 'failed' }))
  })

  test('that was given single subjects alone cannot be read: whoever is missing may have access', async () => {
    await pushAll(project, [aRecord('user', 'u1')], 'incremental')
    await expect(read()).rejects.toMatchObject({ code: 'never-full' })
    await expect(readSome()).rejects.toMatchObject({ code: 'never-full' })
  })

  test.each([
    [36, undefined, 'read'],
    [36.1, undefined, 'source-stale'],
    [24, 1, 'source-stale'],
    [100, 168, 'read'],
  ])(
    'whose last full push is %d hours old, with a limit of %s hours, is %s',
    async (hours, limit, answer) => {
      await pushAll(project, [aRecord('user', 'u1')])
      now = after(hours)
      const source = open(limit === undefined ? {} : { staleAfterHours: limit })
      const said = await source
        .readSubjects([{ type: 'user', id: 'u1' }])
        .then(() => 'read')
        .catch((error: unknown) => (error instanceof SourceError ? error.code : error))
      expect(said).toBe(answer)
      const isFailed = (await source.test()).some(({ state }) => state === 'failed')
      expect(isFailed).toBe(answer !== 'read')
    },
  )

  test('does not get younger by incremental pushes', async () => {
    await pushAll(project, [aRecord('user', 'u1')])
    now = after(40)
    await pushAll(project, [aRecord('user', 'u2')], 'incremental', now)
    await expect(read()).rejects.toMatchObject({ code: 'source-stale' })
  })

  test('gives a subject with what it grants, and when it was read', async () => {
    await pushAll(project, [aRecord('user', 'u1')])
    now = after(1)
    expect((await read())?.rows).toEqual([
      expect.objectContaining({
        subject: { type: 'user', id: 'u1' },
        source: sourceName,
        customerId: { state: 'value', value: 'cus_u1' },
        readAt: now,
        fields: [
          { path: 'customerId', found: '"cus_u1"' },
          { path: 'plan', found: '"free"' },
        ],
      }),
    ])
  })

  test('gives no subject of a type that the project does not map', async () => {
    await pushAll(project, [aRecord('user', 'u1'), aRecord('organization', 'o1')])
    expect(open().subjectTypes).toEqual(['user'])
    expect(await open().readSubjects([{ type: 'organization', id: 'o1' }])).toEqual([])
  })

  test('gives who was marked as deleted, as deleted', async () => {
    await pushAll(project, [aRecord('user', 'u1'), { ...aRecord('user', 'u2'), deleted: true }])
    expect((await read())?.rows.map(({ deleted }) => deleted)).toEqual([false, true])
  })
})
