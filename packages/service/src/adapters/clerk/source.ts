import type {
  AccessSource,
  Catalogue,
  ClerkMapping,
  SubjectId,
  SubjectReading,
  SubjectType,
} from '@trueup/core'
import { readClerkOrganization, readClerkUser, sampleMetadata } from '@trueup/core'
import type { ClerkConnection, ClerkConnectionOptions } from './client.ts'
import { connectClerk } from './client.ts'
import { acceptClerkKey } from './key.ts'
import { readChangedUsers } from './read-changed-users.ts'
import { readOrganizations } from './read-organizations.ts'
import { readRecent, readSome } from './read-some.ts'
import { readUsers } from './read-users.ts'
import { testClerk } from './test-connection.ts'

export interface ClerkSourceOptions extends ClerkConnectionOptions {
  /** Where each type of subject keeps what it is granted; a type without a mapping is not read. */
  readonly mappings: Readonly<Partial<Record<SubjectType, ClerkMapping>>>
  readonly catalogue: Catalogue
}

const name = 'clerk'

/**
 * Clerk as the side that grants. It reads through the official client and has no method that writes.
 *
 * @throws SourceError `key-malformed` for what cannot be a secret key.
 *
 * @example
 * const clerk = createClerkSource({ key, apiUrl: 'https://api.clerk.com', mappings, catalogue, ...ports })
 * for await (const page of clerk.read('users', [])) store(page)
 */
export function createClerkSource(options: ClerkSourceOptions): AccessSource {
  acceptClerkKey(options.key)
  const connection = connectClerk(options)
  const subjectTypes = (['user', 'organization'] as const).filter((type) => options.mappings[type])
  const read = readerOf(connection, options)
  return {
    name,
    subjectTypes,
    requests: () => connection.pacer.sent,
    test: () => testClerk(connection, options.key, subjectTypes),
    read: (part, cursors) =>
      part === 'users'
        ? readUsers(connection, cursors, (raw) => read('user', raw))
        : readOrganizations(connection, cursors, (raw) => read('organization', raw)),
    divisible: ['users'],
    async readSubjects(subjects: readonly SubjectId[]) {
      const found: SubjectReading[] = []
      for (const type of subjectTypes) {
        const ids = subjects.filter((subject) => subject.type === type).map(({ id }) => id)
        if (ids.length > 0)
          found.push(...(await readSome(connection, type, ids)).map((raw) => read(type, raw)))
      }
      return found
    },
    // Clerk lists organizations in no order of change.
    changedSince: async (part, since) => (part === 'users' ? changedUsers(connection, since) : null),
    sample: async (type, count) => sampleMetadata(await readRecent(connection, type, count)),
  }
}

function readerOf(connection: ClerkConnection, options: ClerkSourceOptions) {
  return (type: SubjectType, raw: unknown): SubjectReading => {
    const mapping = options.mappings[type]
    if (!mapping) throw new Error(`Subjects of the type ${type} are read only where they are mapped.`)
    const context = { catalogue: options.catalogue, source: name, readAt: connection.clock.now() }
    return type === 'user'
      ? readClerkUser(raw, mapping, context)
      : readClerkOrganization(raw, mapping, context)
  }
}

async function* changedUsers(connection: ClerkConnection, since: Date): AsyncGenerator<readonly SubjectId[]> {
  for await (const ids of readChangedUsers(connection, since)) yield ids.map((id) => ({ type: 'user', id }))
}
