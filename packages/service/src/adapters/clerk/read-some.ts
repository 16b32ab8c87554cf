import type { SubjectType } from '@trueup/core'
import type { ClerkConnection } from './client.ts'
import { type RawPage, type RawSubject, rawPage } from './raw-page.ts'

/** Clerk takes at most this many ids in one filter. */
const idsPerRequest = 100
/** The most that one request gives. */
const mostRecent = 500

/**
 * The raw objects of these subjects; one that Clerk does not have is absent. Who is absent is asked for once more,
 * since much is concluded from it.
 */
export async function readSome(
  connection: ClerkConnection,
  type: SubjectType,
  ids: readonly string[],
): Promise<readonly unknown[]> {
  const found = new Map<string, unknown>()
  for (let start = 0; start < ids.length; start += idsPerRequest) {
    const asked = [...new Set(ids.slice(start, start + idsPerRequest))]
    keep(found, await readByIds(connection, type, asked))
    const absent = asked.filter((id) => !found.has(id))
    if (absent.length > 0) keep(found, await readByIds(connection, type, absent))
  }
  return [...found.values()]
}

/** The raw objects of the most recent subjects. */
export async function readRecent(
  connection: ClerkConnection,
  type: SubjectType,
  count: number,
): Promise<readonly unknown[]> {
  const params = { limit: Math.min(count, mostRecent), orderBy: '-created_at' as const }
  const page: RawPage =
    type === 'user'
      ? await connection.request('users', 2, async (clerk) => rawPage(await clerk.users.getUserList(params)))
      : await connection.request('organizations', 1, async (clerk) =>
          rawPage(await clerk.organizations.getOrganizationList(params)),
        )
  return page.rows.map(({ raw }) => raw)
}

async function readByIds(
  connection: ClerkConnection,
  type: SubjectType,
  ids: readonly string[],
): Promise<readonly RawSubject[]> {
  const page: RawPage =
    type === 'user'
      ? await connection.request('users', 2, async (clerk) =>
          rawPage(await clerk.users.getUserList({ userId: [...ids], limit: ids.length })),
        )
      : await connection.request('organizations', 1, async (clerk) =>
          rawPage(
            await clerk.organizations.getOrganizationList({
              organizationId: [...ids],
              limit: ids.length,
              includeMembersCount: true,
            }),
          ),
        )
  return page.rows
}

function keep(found: Map<string, unknown>, rows: readonly RawSubject[]): void {
  for (const { id, raw } of rows) found.set(id, raw)
}
