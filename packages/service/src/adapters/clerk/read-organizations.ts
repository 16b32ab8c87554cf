import type { Cursor, Page } from '@trueup/core'
import type { ClerkConnection } from './client.ts'
import { UnreadableAnswer } from './errors.ts'
import { type RawPage, type RawSubject, rawPage } from './raw-page.ts'

const pageSize = 500

/** Where the reading stands: at an offset, after the organization that was read last. */
interface Place {
  readonly offset: number
  readonly last: Pick<RawSubject, 'id' | 'createdAt'> | null
}

/**
 * Reads all organizations, oldest first, by offset, which is all that Clerk offers. A deletion between two pages moves
 * the rest up, so each page begins with the last organization of the one before; where it begins with a later one, the
 * reading steps back until it does not. What is read twice is the same row. The list ends with a page that brings
 * nothing new.
 */
export async function* readOrganizations<Row>(
  connection: ClerkConnection,
  cursors: readonly Cursor[],
  readingOf: (raw: unknown) => Row,
): AsyncGenerator<Page<Row>> {
  const [cursor] = cursors
  if (cursor?.done) return
  const stop = new AbortController()
  let place: Place = cursor ? parsePlace(cursor.position) : { offset: 0, last: null }
  let from = firstOffset(place)
  let next = listFrom(connection, from, stop.signal)
  try {
    for (;;) {
      const { rows } = await next
      if (!follows(rows, place) && from > 0) {
        from = Math.max(0, from - pageSize)
        next = listFrom(connection, from, stop.signal)
        continue
      }
      const fresh = rows[0]?.id === place.last?.id ? rows.slice(1) : rows
      const last = rows.at(-1)
      const done = fresh.length === 0
      place = { offset: from + rows.length, last: last ?? place.last }
      from = firstOffset(place)
      yield { rows: fresh.map(({ raw }) => readingOf(raw)), cursors: [cursorAt(place, done)] }
      if (done) return
      next = listFrom(connection, from, stop.signal)
    }
  } finally {
    stop.abort(new Error('The reading was broken off.'))
  }
}

function firstOffset({ offset, last }: Place): number {
  return last === null ? offset : Math.max(0, offset - 1)
}

/** Whether nothing can lie between what was read and this page. Of those made in the same moment the order is not known. */
function follows(rows: readonly RawSubject[], { last }: Place): boolean {
  const [first] = rows
  if (last === null) return true
  return first !== undefined && (first.id === last.id || first.createdAt < last.createdAt)
}

/** A page on its way; a failure is met when its turn comes, and until then it must not count as unhandled. */
function listFrom(connection: ClerkConnection, offset: number, signal: AbortSignal): Promise<RawPage> {
  const page = connection.request(
    'organizations',
    1,
    async (clerk) => {
      const list = await clerk.organizations.getOrganizationList({
        limit: pageSize,
        offset,
        orderBy: '+created_at',
        includeMembersCount: true,
      })
      const { rows, total } = rawPage(list)
      if (rows.length > 0 && total < offset + rows.length) {
        throw new UnreadableAnswer(`${total} organizations are counted, and a page holds one beyond them`)
      }
      return { rows, total }
    },
    signal,
  )
  page.catch(() => {})
  return page
}

function cursorAt({ offset, last }: Place, done: boolean): Cursor {
  const position = { offset, last: last && { id: last.id, createdAt: last.createdAt } }
  return { id: '0', position: JSON.stringify(position), done }
}

/** A position is what this file wrote before. */
function parsePlace(text: string): Place {
  const place: unknown = JSON.parse(text)
  if (
    typeof place === 'object' &&
    place !== null &&
    'offset' in place &&
    typeof place.offset === 'number' &&
    'last' in place
  ) {
    return { offset: place.offset, last: parseLast(place.last) }
  }
  throw new TypeError(`A cursor's position needs to be a place; found ${text}.`)
}

function parseLast(last: unknown): Place['last'] {
  if (typeof last !== 'object' || last === null) return null
  if (
    'id' in last &&
    typeof last.id === 'string' &&
    'createdAt' in last &&
    typeof last.createdAt === 'number'
  ) {
    return { id: last.id, createdAt: last.createdAt }
  }
  return null
}
