import type { SharedFrame } from '../frame.ts'

/** How many subjects of Clerk are listed at once; fewer are the last. */
export const subjectsPage = 100

/** Ids of the users or organizations of Clerk, oldest first, so that those who join meanwhile come at the end and shift nothing. */
export async function listSubjects(
  { clerk, subjectType }: SharedFrame,
  offset: number,
): Promise<readonly string[]> {
  const ask = { limit: subjectsPage, offset, orderBy: '+created_at' as const }
  const { data } = await clerk.call(
    async ({ organizations, users }): Promise<{ readonly data: readonly { readonly id: string }[] }> =>
      subjectType === 'organization' ? organizations.getOrganizationList(ask) : users.getUserList(ask),
  )
  return data.map(({ id }) => id)
}
