import type {
  AccessPart,
  AccessSource,
  Catalogue,
  Clock,
  PushedMapping,
  PushedMappings,
  PushedSourceState,
  PushedSubject,
  PushedSubjectStore,
  SubjectId,
  SubjectReading,
  SubjectType,
} from '@trueup/core'
import { readPushedSubject } from '@trueup/core'
import { requireCurrent, testPushed } from './freshness.ts'
import { sampleFields } from './sample-fields.ts'

export interface PushedSourceOptions {
  /** The name under which the subjects are pushed or imported. */
  readonly name: string
  /** Which components the source carries, for each type of subject that it holds. */
  readonly mappings: PushedMappings
  readonly catalogue: Catalogue
  /** The project's store, which holds what was pushed. */
  readonly store: PushedSubjectStore
  readonly clock: Clock
  /** From this age of the last full push on, nothing is concluded any more. Default 36 hours. */
  readonly staleAfterHours?: number
  /** Subjects of a page. Default 2,000. */
  readonly pageSize?: number
}

const defaultStaleAfterHours = 36
const defaultPageSize = 2_000
/** A part of a push counts from when it was sent, and is seen once the push is finished. */
const longestPushMs = 3_600_000
const typeOf: Readonly<Record<AccessPart, SubjectType>> = { users: 'user', organizations: 'organization' }

/**
 * What the app pushed or imported, as the side that grants. It reads the store and has no method that writes. A source
 * that was never given all subjects, or not for too long, cannot be read: its silence says nothing of who has access.
 *
 * @example
 * const app = createPushedSource({ name: 'app', mappings, catalogue, store: project, clock })
 * for await (const page of app.read('users', [])) store(page)
 */
export function createPushedSource(options: PushedSourceOptions): AccessSource {
  const { name, mappings, catalogue, clock } = options
  const pageSize = options.pageSize ?? defaultPageSize
  const staleAfterHours = options.staleAfterHours ?? defaultStaleAfterHours
  const subjectTypes = (['user', 'organization'] as const).filter((type) => mappings[type])
  let requests = 0

  const asked = async <Answer>(ask: (store: PushedSubjectStore) => Promise<Answer>): Promise<Answer> => {
    requests++
    return await ask(options.store)
  }
  const state = (): Promise<PushedSourceState | null> => asked((store) => store.pushedSource(name))
  const requireReadable = async () =>
    requireCurrent({ name, staleAfterHours, state: await state(), now: clock.now() })
  const readingOf = (subject: PushedSubject): SubjectReading =>
    readPushedSubject(subject, mappingOf(mappings, subject.subject.type), {
      catalogue,
      source: name,
      readAt: clock.now(),
    })

  return {
    name,
    subjectTypes,
    requests: () => requests,
    async test() {
      return testPushed({ name, staleAfterHours, state: await state(), now: clock.now() })
    },
    async *read(part, [cursor]) {
      if (cursor?.done) return
      await requireReadable()
      let after = cursor?.position ?? null
      for (;;) {
        const subjects = await asked((store) => store.pushedSubjects(name, typeOf[part], after, pageSize + 1))
        const rows = subjects.slice(0, pageSize).map(readingOf)
        after = rows.at(-1)?.subject.id ?? after
        const done = subjects.length <= pageSize
        yield { rows, cursors: [{ id: '0', position: after ?? '', done }] }
        if (done) return
      }
    },
    async readSubjects(subjects) {
      await requireReadable()
      const held = subjects.filter(({ type }) => mappings[type])
      if (held.length === 0) return []
      return (await asked((store) => store.pushedSubjectsById(name, held))).map(readingOf)
    },
    async changedSince(part, since) {
      const known = await state()
      // Of a full push, nobody can say what in it is new.
      if (known?.lastFullAt && known.lastFullAt >= since) return null
      const from = new Date(since.getTime() - longestPushMs)
      return incremented((after) =>
        asked((store) => store.incrementedSubjects(name, typeOf[part], from, after, pageSize)),
      )
    },
    async sample(type, count) {
      return sampleFields(await asked((store) => store.recentPushedSubjects(name, type, count)))
    },
  }
}

/** Pages of subjects in the order of their ids, to the first that is empty. */
async function* incremented(
  read: (after: string | null) => Promise<readonly PushedSubject[]>,
): AsyncGenerator<readonly SubjectId[]> {
  let after: string | null = null
  for (;;) {
    const page = await read(after)
    if (page.length === 0) return
    after = page.at(-1)?.subject.id ?? null
    yield page.map(({ subject }) => subject)
  }
}

function mappingOf(mappings: PushedMappings, type: SubjectType): PushedMapping {
  const mapping = mappings[type]
  if (!mapping) throw new Error(`Subjects of the type ${type} are read only where they are mapped.`)
  return mapping
}
