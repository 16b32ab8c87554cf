import { useQuery } from '@tanstack/react-query'
import { queryOf } from '../../api/query.ts'
import { useProjectId } from '../../session/project.ts'

/**
 * What people call a customer: their name, or else their e-mail address, as the list of customers knows them.
 *
 * @param key an account as `user:user_1`, or a customer as `cus_1`; `null`: nobody
 * @param others further keys of the same customer
 * @returns `undefined` while it is being read; `null` where nobody knows it
 */
export function useCustomerName(
  key: string | null,
  others: readonly string[] = [],
): string | null | undefined {
  const projectId = useProjectId()
  const bare = key?.replace(/^(?:user|organization|customer):/, '') ?? ''
  const { data, isLoading } = useQuery({
    ...queryOf('GET /api/v1/projects/{projectId}/customers', {
      path: { projectId },
      query: { q: bare.slice(0, 200), limit: 5 },
    }),
    enabled: key !== null,
  })
  if (isLoading) return undefined
  const keys = new Set([key, ...others])
  const line =
    data?.items.find((one) => keys.has(one.key)) ??
    data?.items.find(({ customers }) => customers.some(({ id }) => id === bare))
  return line?.name ?? line?.customers[0]?.name ?? line?.emails[0] ?? line?.customers[0]?.email ?? null
}
