import type { SubjectReading } from '../grant/granted.ts'
import { sampleFields } from '../grant/sample.ts'
import type { AccessPart, AccessSource } from '../ports.ts'
import type { SourceError } from '../source-error.ts'
import type { SubjectType } from '../subject/subject.ts'
import { type MemoryReading, readInOrder, request } from './read-in-order.ts'

/** What an in-memory app grants. It may change while it is read, as apps do. */
export type MemoryAccess = { readonly [P in AccessPart]: readonly SubjectReading[] }

export interface MemoryAccessOptions {
  /** Default `clerk`. */
  readonly name?: string
  readonly access: MemoryAccess
  /** Default: both. */
  readonly subjectTypes?: readonly SubjectType[]
  /** Rows of a page. Default 500, as Clerk has it. */
  readonly pageSize?: number
  /** Asked before each request; an error makes the request fail with it. Default: none does. */
  readonly failure?: () => SourceError | null
}

const partOf: Readonly<Record<SubjectType, AccessPart>> = { user: 'users', organization: 'organizations' }

/**
 * Grants that live in memory, for tests and simulations; it answers as the adapters do, and passes their contract
 * suite.
 *
 * @example
 * const source = createMemoryAccessSource({ access: { users: readings, organizations: [] }, pageSize: 10 })
 */
export function createMemoryAccessSource(options: MemoryAccessOptions): AccessSource {
  const { name = 'clerk', access, subjectTypes = ['user', 'organization'], pageSize = 500, failure } = options
  let requests = 0
  const reading: MemoryReading = {
    sent: () => requests++,
    pageSize,
    ...(failure ? { failure } : {}),
  }
  return {
    name,
    subjectTypes,
    requests: () => requests,
    async test() {
      request(reading)
      return [{ name: 'key', state: 'ok', found: 'needs none', fix: null }]
    },
    read: (part, cursors) =>
      readInOrder(
        () => access[part],
        (row) => row.subject.id,
        cursors,
        reading,
      ),
    async readSubjects(subjects) {
      request(reading)
      return subjectTypes.flatMap((type) => {
        const ids = new Set(subjects.filter((subject) => subject.type === type).map(({ id }) => id))
        return access[partOf[type]].filter(({ subject }) => ids.has(subject.id))
      })
    },
    async changedSince(part, since) {
      request(reading)
      const changed = access[part].filter(({ updatedAt }) => updatedAt !== null && updatedAt >= since)
      return pagesOf(
        changed.map(({ subject }) => subject),
        pageSize,
      )
    },
    async sample(type, count) {
      request(reading)
      const recent = access[partOf[type]].toSorted((a, b) => age(b) - age(a)).slice(0, count)
      return sampleFields(recent)
    },
  }
}

function age({ updatedAt }: SubjectReading): number {
  return updatedAt?.getTime() ?? 0
}

async function* pagesOf<Row>(rows: readonly Row[], size: number): AsyncGenerator<readonly Row[]> {
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size)
}
