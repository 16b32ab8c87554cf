import type {
  AccessPart,
  AccessSource,
  Catalogue,
  ClerkFieldSample,
  Clock,
  Cursor,
  Page,
  PostgresMapping,
  SubjectId,
  SubjectReading,
  SubjectType,
  Timer,
} from '@trueup/core'
import type { PostgresConnection } from './connection/index.ts'
import { readSubjects } from './read/read-subjects.ts'
import { readChanged, readWhole } from './read/read-whole.ts'
import { sampleRows } from './read/sample-rows.ts'
import { TableReader } from './read/table-reader.ts'
import { assertReadingRole } from './role/assert-reading-role.ts'
import { shapeOf } from './schema/shape.ts'
import { testPostgres } from './test-source.ts'

export interface PostgresSourceOptions {
  readonly connection: PostgresConnection
  readonly clock: Clock
  readonly timer: Timer
  /** The name of the source: what readings, evidence and repairs call it. */
  readonly name: string
  /** Where each type of subject keeps what it is granted; a type without a mapping is not read. */
  readonly mappings: Readonly<Partial<Record<SubjectType, PostgresMapping>>>
  readonly catalogue: Catalogue
  /** Reads with a role that can write, too, which is refused otherwise. */
  readonly allowWriteRole: boolean
  /** The shapes that the mapped tables had at the last check; a part whose shape differs is not read. Default: any. */
  readonly knownShapes?: Readonly<Partial<Record<AccessPart, string>>>
  /** Rows of a page. Default 5,000. */
  readonly pageRows?: number
}

/** What a mapped part is now, to be kept until the next check. */
export interface PartShape {
  /** Equal for as long as the mapped tables and columns are what they were. */
  readonly shape: string
  /** As the database's planner thinks; `null` where it was never counted. */
  readonly estimatedRows: number | null
}

/** The app's own database as the side that grants. */
export interface PostgresSource extends AccessSource {
  /**
   * Reads the subjects whose mapped moment of change is at `since` or after it; as {@link AccessSource.read} otherwise.
   * Rows that were deleted are not among them, nor changes in tables of entitlements or members.
   *
   * @throws SourceError `mapping-unfit` where no moment of change is mapped
   */
  readChanged(part: AccessPart, since: Date, cursors: readonly Cursor[]): AsyncIterable<Page<SubjectReading>>
  /** What the tables of a part are now. @throws SourceError when they cannot be read whole. */
  shape(part: AccessPart): Promise<PartShape>
}

/**
 * Tables of the app's own database as the side that grants. It only reads: pages of mapped columns in the order of the
 * key, each in a short read-only transaction that also proves that the page can be trusted.
 *
 * @example
 * const source = createPostgresSource({ connection, clock, timer, name: 'postgres', mappings, catalogue, allowWriteRole: false })
 * for await (const page of source.read('users', [])) store(page)
 */
export function createPostgresSource(options: PostgresSourceOptions): PostgresSource {
  const { name, mappings, connection } = options
  let requests = 0
  const sent = () => {
    requests++
  }
  const subjectTypes = (['user', 'organization'] as const).filter((type) => mappings[type])
  const readerOf = (type: SubjectType): TableReader => {
    const mapping = mappings[type]
    if (!mapping) throw new Error(`Subjects of the type ${type} are read only where they are mapped.`)
    return new TableReader({
      ...options,
      type,
      mapping,
      source: name,
      pageRows: options.pageRows ?? 5000,
      sent,
    })
  }
  let role: Promise<void> | null = null
  /** Once for each source, since what a role may do does not change from page to page. */
  const roleChecked = (reader: TableReader): Promise<void> => {
    role ??= reader.inSnapshot((snapshot) => assertReadingRole(snapshot, options))
    role.catch(() => {
      role = null
    })
    return role
  }
  const known = (part: AccessPart) => options.knownShapes?.[part] ?? null
  return {
    name,
    subjectTypes,
    requests: () => requests,
    test: () => testPostgres(connection, options, sent),
    async *read(part, cursors) {
      if (cursors[0]?.done) return
      const reader = readerOf(typeOf[part])
      await roleChecked(reader)
      yield* readWhole(reader, cursors, known(part))
    },
    async *readChanged(part, since, cursors) {
      if (cursors[0]?.done) return
      const reader = readerOf(typeOf[part])
      await roleChecked(reader)
      yield* readChanged(reader, since, cursors, known(part))
    },
    async readSubjects(subjects: readonly SubjectId[]) {
      const found: SubjectReading[] = []
      for (const type of subjectTypes) {
        const ids = subjects.filter((subject) => subject.type === type).map(({ id }) => id)
        if (ids.length === 0) continue
        const reader = readerOf(type)
        await roleChecked(reader)
        found.push(...(await readSubjects(reader, ids, known(partOf[type]))))
      }
      return found
    },
    async changedSince(part, since) {
      const mapping = mappings[typeOf[part]]
      if (!mapping || mapping.updatedAt === null) return null
      return subjectsOf(this.readChanged(part, since, []))
    },
    async sample(type, count): Promise<readonly ClerkFieldSample[]> {
      return mappings[type] ? await sampleRows(readerOf(type), count) : []
    },
    async shape(part): Promise<PartShape> {
      const [own, ...others] = await readerOf(typeOf[part]).look(null)
      if (!own) throw new Error('A mapping names a table.')
      return { shape: shapeOf([own, ...others]), estimatedRows: own.estimatedRows }
    },
  }
}

async function* subjectsOf(pages: AsyncIterable<Page<SubjectReading>>): AsyncGenerator<readonly SubjectId[]> {
  for await (const { rows } of pages) yield rows.map(({ subject }) => subject)
}

const typeOf = { users: 'user', organizations: 'organization' } as const
const partOf = { user: 'users', organization: 'organizations' } as const
