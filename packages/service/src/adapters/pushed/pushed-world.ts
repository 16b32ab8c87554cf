import type { ProjectStore, PushedRecord, PushedSubject, PushedSubjectStore, Store } from '@trueup/core'
import { SourceError } from '@trueup/core'
import type { AccessWorld } from '../access-source-contract.ts'
import { freeCatalogue as catalogue } from '../example-mapping.ts'
import { createPushedSource } from './source.ts'

// A world of pushed subjects in a store, for tests.

export const sourceName = 'app'
export const start = new Date('2026-06-01T12:00:00Z')
export const mappings = { user: { components: ['plan'] }, organization: { components: ['plan'] } } as const

/** Users and organizations in this store, and a source on them that can be made to fail. */
export async function pushedWorld(kept: Store): Promise<AccessWorld> {
  const ids = { users: many('user'), organizations: many('organization') }
  const project = await kept.project('app')
  await pushAll(project, [
    ...ids.users.map((id) => aRecord('user', id)),
    ...ids.organizations.map((id) => aRecord('organization', id)),
  ])
  let failingFrom = Number.POSITIVE_INFINITY
  let requests = 0
  const store = failingStore(project, () => ++requests >= failingFrom)
  return {
    open: () =>
      createPushedSource({
        name: sourceName,
        mappings,
        catalogue,
        store,
        clock: { now: () => start },
        pageSize: 5,
      }),
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
}

function many(type: string): string[] {
  return Array.from({ length: 23 }, (_, index) => `${type}_${index}`)
}

export function aRecord(type: 'user' | 'organization', id: string): PushedRecord {
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

export async function pushAll(
  project: ProjectStore,
  subjects: readonly PushedSubject[],
  mode: 'full' | 'incremental' = 'full',
  at = start,
): Promise<void> {
  const push = `${mode} ${at.toISOString()}`
  await project.beginPush({ source: sourceName, push, mode, at })
  await project.writePushPart({ source: sourceName, push, sequence: 1, digest: 'all', subjects, at })
  await project.finishPush({
    source: sourceName,
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
      source: sourceName,
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
