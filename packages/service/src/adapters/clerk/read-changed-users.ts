import type { ClerkConnection } from './client.ts'
import { UnreadableAnswer } from './errors.ts'
import { rawPage } from './raw-page.ts'

const pageSize = 500
/** Between two pages, users who change move to the front and push the rest back: each page reads a few again. */
const overlap = 20

/**
 * The ids of users who changed at a moment or after it, the last first. Clerk filters by no time of change, but orders by
 * it, so the reading ends with the first user who did not.
 */
export async function* readChangedUsers(
  connection: ClerkConnection,
  since: Date,
): AsyncGenerator<readonly string[]> {
  for (let offset = 0; ; offset += pageSize - overlap) {
    const { rows } = await connection.request('users', 2, async (clerk) =>
      rawPage(await clerk.users.getUserList({ limit: pageSize, offset, orderBy: '-updated_at' })),
    )
    const changed = rows.filter(({ raw }) => updatedAt(raw) >= since.getTime())
    if (changed.length > 0) yield changed.map(({ id }) => id)
    if (changed.length < rows.length || rows.length < pageSize) return
  }
}

function updatedAt(raw: unknown): number {
  if (typeof raw === 'object' && raw !== null && 'updated_at' in raw && typeof raw.updated_at === 'number') {
    return raw.updated_at
  }
  throw new UnreadableAnswer('a user without a time of change')
}
