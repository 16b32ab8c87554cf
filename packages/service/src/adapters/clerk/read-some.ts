import type { SubjectType } from '@trueup/core'
import type { ClerkConnection } from './client.ts'
import { rawPage } from './lists.ts'

/** Clerk takes at most this many ids in one filter. */
const idsPerRequest = 100

/** The raw objects of these subjects; one that Clerk does not have is absent. */
export async function readSome(
  connection: ClerkConnection,
  type: SubjectType,
  ids: readonly string[],
): Promise<readonly unknown[]> {
  const raws: unknown[] = []
  for (let start = 0; start < ids.length; start += idsPerRequest) {
    const some = ids.slice(start, start + idsPerRequest)
    const page =
      type === 'user'
        ? await connection.request('users', 2, async (clerk) =>
            rawPage(await clerk.users.getUserList({ userId: some, limit: some.length })),
          )
        : await connection.request('organizations', 1, async (clerk) =>
            rawPage(
              await clerk.organizations.getOrganizationList({
                organizationId: some,
                limit: some.length,
                includeMembersCount: true,
              }),
            ),
          )
    raws.push(...page.rows.map(({ raw }) => raw))
  }
  return raws
}

/** The raw objects of the most recent subjects. */
export async function readRecent(
  connection: ClerkConnection,
  type: SubjectType,
  count: number,
): Promise<readonly unknown[]> {
  const page =
    type === 'user'
      ? await connection.request('users', 2, async (clerk) =>
          rawPage(await clerk.users.getUserList({ limit: count, orderBy: '-created_at' })),
        )
      : await connection.request('organizations', 1, async (clerk) =>
          rawPage(await clerk.organizations.getOrganizationList({ limit: count, orderBy: '-created_at' })),
        )
  return page.rows.map(({ raw }) => raw)
}
