import type { Cursor, Page } from '@trueup/core'
import type { FetchedPage, Range } from '../pace/read-ranges.ts'
import { readRanges } from '../pace/read-ranges.ts'
import type { ClerkConnection } from './client.ts'
import { clerkSourceError, isRefusedRequest, UnreadableAnswer } from './errors.ts'
import { type RawPage, rawPage } from './raw-page.ts'

const pageSize = 500

/** Few, since each page is two requests and a big one; users may have been brought along from older systems. */
const ranges = { sideBySide: 4, oldest: Date.UTC(2011, 0, 1) }

/**
 * Reads all users, newest first, in ranges of their creation side by side, each page on from the last user of the one
 * before. Users who come while it reads stand before its beginning, and one who is deleted shifts nothing.
 *
 * @param readingOf What is kept of a user, as soon as he has come in: pages that wait for their turn hold no more of him.
 */
export function readUsers<Row>(
  connection: ClerkConnection,
  cursors: readonly Cursor[],
  readingOf: (raw: unknown) => Row,
): AsyncIterable<Page<Row>> {
  return readRanges((range, signal) => fetchUsers(connection, range, readingOf, signal), cursors, ranges)
}

async function fetchUsers<Row>(
  connection: ClerkConnection,
  range: Range,
  readingOf: (raw: unknown) => Row,
  signal: AbortSignal,
): Promise<FetchedPage<Row>> {
  const { rows, total } = await sendRange(connection, range, signal)
  const last = rows.at(-1)
  // The count says how many a range holds, so the first page knows whether it is the last. Any other is the last only
  // when nothing comes after it.
  const isFirst = range.after === null
  return {
    rows: rows.map(({ raw }) => readingOf(raw)),
    hasMore: isFirst ? rows.length < total : rows.length === pageSize,
    full: !isFirst,
    last: last ? { id: last.id, created: last.createdAt } : null,
    firstCreated: rows[0]?.createdAt ?? null,
  }
}

/** A user who was deleted since he ended a page can no longer be read on from; his time can. */
async function sendRange(connection: ClerkConnection, range: Range, signal: AbortSignal): Promise<RawPage> {
  try {
    return await sendUsers(connection, range, signal)
  } catch (error) {
    if (range.after === null || range.at === null || !isRefusedRequest(error)) {
      throw clerkSourceError(error, 'users')
    }
  }
  try {
    return await sendUsers(connection, { ...range, after: null, to: range.at + 1 }, signal)
  } catch (error) {
    throw clerkSourceError(error, 'users')
  }
}

function sendUsers(connection: ClerkConnection, range: Range, signal: AbortSignal): Promise<RawPage> {
  return connection.attempt(
    2,
    async (clerk) => {
      // These are in Clerk's API and not in the client's types, which send them all the same.
      const params = {
        limit: pageSize,
        orderBy: '-created_at' as const,
        ...(range.after === null ? {} : { startingAfter: range.after }),
        // Both bounds are taken one millisecond too wide, should Clerk take them either way: it costs a row read twice.
        ...(range.from === null ? {} : { createdAtAfter: range.from - 1 }),
        ...(range.to === null ? {} : { createdAtBefore: range.to }),
      }
      const page = rawPage(await clerk.users.getUserList(params))
      if (range.after === null && page.rows.length === 0 && page.total > 0) {
        throw new UnreadableAnswer(`the page is empty, though ${page.total} users are counted`)
      }
      return page
    },
    signal,
  )
}
