import type { ProjectStore, PushedRecord, PushedSubject, PushedSubjectStore } from '@trueup/core'
import { createMemoryStore, SourceError } from '@trueup/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { accessSourceContract } from '../access-source-contract.ts'
import { freeCatalogue as catalogue } from '../example-mapping.ts'
import { createPushedSource } from './source.ts'

const name = 'app'
const start = new Date('2026-06-01T12:00:00Z')
const after = (hours: number) => new Date(start.getTime() + hours * 3_600_000)
const mappings = { user: { components: ['plan'] }, organization: { components: ['plan'] } } as const

describe('pushed subjects as a source', () => {
  accessSourceContract(async () => {
    const ids = { users: many('user'), organizations: many('organization') }
    const project = await createMemoryStore().project('app')
    await pushAll(project, [
      ...ids.users.map((id) => aRecord('user', id)),
      ...ids.organizations.map((id) => aRecord('organization', id)),
    ])
    let failingFrom = Number.POSITIVE_INFINITY
    let requests = 0
    const store = failingStore(project, () => ++requests >= failingFrom)
    return {
      open: () =>
        createPushedSource({ name, mappings, catalogue, store, clock: { now: () => start }, pageSize: 5 }),
      ids,
      commonPath: 'customerId',
      revokeKeyFrom(request) {
        requests = 0
        failingFrom = request
      },
      restoreKey() {
        failingFrom = Number.POSITIVE_INFINITY
      },
    }
  })
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
      name,
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
    const error = { name: 'SourceError', code: 'never-full', source: name, retryable: false }
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
        source: name,
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

function many(type: string): string[] {
  return Array.from({ length: 23 }, (_, index) => `${type}_${index}`)
}

function aRecord(type: 'user' | 'organization', id: string): PushedRecord {
  return {
    kind: 'record',
    subject: { type, id },
    externalId: null,
    emails: [],
    name: null,
    deleted: false,
    updatedAt: null,
    values: { customerId: `cus_${id}`, plan: 'free' },
  }
}

async function pushAll(
  project: ProjectStore,
  subjects: readonly PushedSubject[],
  mode: 'full' | 'incremental' = 'full',
  at = start,
): Promise<void> {
  const push = `${mode} ${at.toISOString()}`
  await project.beginPush({ source: name, push, mode, at })
  await project.writePushPart({ source: name, push, sequence: 1, digest: 'all', subjects, at })
  await project.finishPush({
    source: name,
    push,
    at,
    allowShrink: false,
    keepMissing: false,
    entriesOf: () => [],
  })
}

/** The store of a project, whose reading can be made to fail. */
function failingStore(store: PushedSubjectStore, isFailing: () => boolean): PushedSubjectStore {
  const unlessFailing = async <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
    if (!isFailing()) return await ask()
    throw new SourceError({
      source: name,
      code: 'key-rejected',
      message: 'The key was revoked.',
      fix: 'Make another.',
      retryable: false,
    })
  }
  return {
    ...store,
    pushedSource: (source) => unlessFailing(() => store.pushedSource(source)),
    pushedSubjects: (...page) => unlessFailing(() => store.pushedSubjects(...page)),
    pushedSubjectsById: (...some) => unlessFailing(() => store.pushedSubjectsById(...some)),
    recentPushedSubjects: (...recent) => unlessFailing(() => store.recentPushedSubjects(...recent)),
  }
}
