import type { Cursor, Page } from '@trueup/core'
import { UnreadableAnswer } from '../clerk/errors.ts'
import { type RawObject, type RawPage, rawPage } from './raw-page.ts'
import { isFreeBesideDefault, listPlans } from './read-plans.ts'
import type { ClerkBillingConnection } from './request.ts'
import { billingSourceError } from './request.ts'

const pageSize = 500

/** Where the reading stands: at an offset, after the item that was read last. */
interface Place {
  readonly offset: number
  readonly last: Pick<RawObject, 'id' | 'createdAt'> | null
  /** Whether items of free plans are listed too. */
  readonly free: boolean
}

/**
 * Reads all subscription items of users and organizations, newest first, by offset, which is all that Clerk offers. An
 * item that comes meanwhile moves the rest down, and what is read twice is the same row. One that goes, as its user was
 * deleted, moves the rest up: so each page begins with the last item of the one before, and where it begins with an
 * older one, the reading steps back until it does not. The list ends with a page that brings nothing new.
 */
export async function* readItems(
  connection: ClerkBillingConnection,
  cursors: readonly Cursor[],
): AsyncGenerator<Page<RawObject>> {
  const [cursor] = cursors
  if (cursor?.done) return
  const stop = new AbortController()
  let place = cursor ? parsePlace(cursor.position) : await begin(connection)
  let from = firstOffset(place)
  let next = listFrom(connection, from, place.free, stop.signal)
  try {
    for (;;) {
      const { rows } = await next
      if (!follows(rows, place) && from > 0) {
        from = Math.max(0, from - pageSize)
        next = listFrom(connection, from, place.free, stop.signal)
        continue
      }
      const seen = rows.findIndex(({ id }) => id === place.last?.id)
      const fresh = rows.slice(seen + 1)
      const last = rows.at(-1) ?? place.last
      const done = fresh.length === 0
      place = { ...place, offset: from + rows.length, last }
      from = firstOffset(place)
      yield { rows: fresh, cursors: [cursorAt(place, done)] }
      if (done) return
      next = listFrom(connection, from, place.free, stop.signal)
    }
  } finally {
    stop.abort(new Error('The reading was broken off.'))
  }
}

async function begin(connection: ClerkBillingConnection): Promise<Place> {
  const plans = await listPlans(connection)
  return { offset: 0, last: null, free: plans.some(isFreeBesideDefault) }
}

function firstOffset({ offset, last }: Place): number {
  return last === null ? offset : Math.max(0, offset - 1)
}

/** Whether nothing can lie between what was read and this page: it begins where the last one ended, or before. */
function follows(rows: readonly RawObject[], { last }: Place): boolean {
  if (last === null || rows.some(({ id }) => id === last.id)) return true
  const created = rows[0]?.createdAt ?? null
  return created !== null && last.createdAt !== null && created > last.createdAt
}

/** A page on its way; a failure is met when its turn comes, and until then it must not count as unhandled. */
function listFrom(
  connection: ClerkBillingConnection,
  offset: number,
  free: boolean,
  signal: AbortSignal,
): Promise<RawPage> {
  const page = fetchPage(connection, offset, free, signal)
  page.catch(() => {})
  return page
}

async function fetchPage(
  connection: ClerkBillingConnection,
  offset: number,
  free: boolean,
  signal: AbortSignal,
): Promise<RawPage> {
  const query = { limit: pageSize, offset, include_free: free }
  const answer = await connection.get('subscription items', '/billing/subscription_items', query, signal)
  try {
    const page = rawPage(answer)
    if (page.rows.length === 0 && page.total > offset) {
      throw new UnreadableAnswer(`the page is empty, though ${page.total} subscription items are counted`)
    }
    return page
  } catch (error) {
    throw billingSourceError(error, 'subscription items')
  }
}

function cursorAt({ offset, last, free }: Place, done: boolean): Cursor {
  const position = { offset, last: last && { id: last.id, createdAt: last.createdAt }, free }
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
    'last' in place &&
    'free' in place
  ) {
    return { offset: place.offset, last: parseLast(place.last), free: place.free === true }
  }
  throw new TypeError(`A cursor's position needs to be a place; found ${text}.`)
}

function parseLast(last: unknown): Place['last'] {
  if (typeof last !== 'object' || last === null || !('id' in last) || typeof last.id !== 'string') return null
  const createdAt = 'createdAt' in last && typeof last.createdAt === 'number' ? last.createdAt : null
  return { id: last.id, createdAt }
}
