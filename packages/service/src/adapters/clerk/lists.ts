import type { Cursor, Page } from '@trueup/core'
import type { ClerkConnection } from './client.ts'
import { UnreadableAnswer } from './errors.ts'

const pageSize = 500

/** One object of a list, as Clerk sends it. */
export interface RawSubject {
  readonly id: string
  readonly raw: unknown
}

/** A page of raw objects with the number of all there are. */
interface RawPage {
  readonly rows: readonly RawSubject[]
  readonly total: number
}

/**
 * Reads all users, newest first, each page on from the last user of the one before. Users who come while it reads
 * stand before its beginning, and one who is deleted shifts nothing.
 */
export async function* readUsers(
  connection: ClerkConnection,
  cursors: readonly Cursor[],
): AsyncGenerator<Page<unknown>> {
  const [cursor] = cursors
  if (cursor?.done) return
  let after: string | null = cursor ? cursor.position : null
  let ahead: Promise<RawPage> | null = null
  for (;;) {
    const page: RawPage = await (ahead ?? listUsers(connection, after))
    const last = page.rows.at(-1)
    const done = page.rows.length < pageSize || !last
    after = last?.id ?? after
    ahead = done ? null : listUsers(connection, after)
    // A failure is met when its turn comes; until then it must not count as unhandled.
    ahead?.catch(() => {})
    yield { rows: page.rows.map(({ raw }) => raw), cursors: [{ id: '0', position: after ?? '', done }] }
    if (done) return
  }
}

/**
 * Reads all organizations, oldest first, by offset, which is all that Clerk offers. A deletion between two pages moves
 * the rest up, so each page begins with the last organization of the one before; where it does not, the reading steps
 * back by a page and goes on from there. What is read twice is the same row.
 */
export async function* readOrganizations(
  connection: ClerkConnection,
  cursors: readonly Cursor[],
): AsyncGenerator<Page<unknown>> {
  const [cursor] = cursors
  if (cursor?.done) return
  let place = cursor ? parsePlace(cursor.position) : { offset: 0, last: null }
  for (;;) {
    const overlap = place.last === null ? 0 : 1
    const page = await listOrganizations(connection, place.offset - overlap)
    if (place.last !== null && page.rows[0]?.id !== place.last) {
      const back: number = Math.max(0, place.offset - pageSize)
      place = { offset: back, last: null }
      continue
    }
    const fresh = page.rows.slice(overlap)
    place = { offset: place.offset + fresh.length, last: page.rows.at(-1)?.id ?? place.last }
    const done = page.rows.length < pageSize
    yield { rows: fresh.map(({ raw }) => raw), cursors: [{ id: '0', position: JSON.stringify(place), done }] }
    if (done) return
  }
}

async function listUsers(connection: ClerkConnection, after: string | null): Promise<RawPage> {
  return connection.request('users', 2, async (clerk) => {
    // `startingAfter` is in Clerk's API and not in the client's types, which send it all the same.
    const params = {
      limit: pageSize,
      orderBy: '-created_at' as const,
      ...(after ? { startingAfter: after } : {}),
    }
    return rawPage(await clerk.users.getUserList(params))
  })
}

async function listOrganizations(connection: ClerkConnection, offset: number): Promise<RawPage> {
  return connection.request('organizations', 1, async (clerk) =>
    rawPage(
      await clerk.organizations.getOrganizationList({
        limit: pageSize,
        offset,
        orderBy: '+created_at',
        includeMembersCount: true,
      }),
    ),
  )
}

/** Takes the raw objects from a list of the client; anything else is no answer of Clerk's. */
export function rawPage(answer: unknown): RawPage {
  if (!isPage(answer)) throw new UnreadableAnswer('a list was needed')
  return {
    rows: answer.data.map((object) => {
      if (!hasRaw(object)) throw new UnreadableAnswer('the list holds something without an id')
      return { id: object.id, raw: object.raw }
    }),
    total: answer.totalCount,
  }
}

function isPage(
  answer: unknown,
): answer is { readonly data: readonly unknown[]; readonly totalCount: number } {
  return typeof answer === 'object' && answer !== null && 'data' in answer && Array.isArray(answer.data)
}

function hasRaw(object: unknown): object is { readonly id: string; readonly raw: unknown } {
  return (
    typeof object === 'object' &&
    object !== null &&
    'id' in object &&
    typeof object.id === 'string' &&
    'raw' in object &&
    object.raw !== null
  )
}

function parsePlace(position: string): { readonly offset: number; readonly last: string | null } {
  const place: unknown = JSON.parse(position)
  if (typeof place === 'object' && place !== null && 'offset' in place && typeof place.offset === 'number') {
    return {
      offset: place.offset,
      last: 'last' in place && typeof place.last === 'string' ? place.last : null,
    }
  }
  throw new TypeError(`A cursor's position needs to be an offset; found ${position}.`)
}
