import {
  infiniteQueryOptions,
  QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { useState } from 'react'
import { send } from './call.ts'
import type { AnswerOf, InputArgument, InputOf, ItemOf, PagedKey } from './operation.ts'
import type { RouteKey } from './policy.ts'
import { ApiProblem } from './problem.ts'

/** What has been read, and how long it counts as fresh. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // What is wrong with a request stays wrong.
        retry: (count, error) =>
          count < 2 && error instanceof ApiProblem && (error.status === 0 || error.status >= 500),
      },
    },
  })
}

/**
 * A read of the API for `useQuery`, `useSuspenseQuery` and loaders.
 *
 * @example
 * const project = useQuery(queryOf('GET /api/v1/projects/{projectId}', { path: { projectId } }))
 */
export function queryOf<Key extends RouteKey>(key: Key, ...[input]: InputArgument<Key>) {
  return queryOptions<AnswerOf<Key>, ApiProblem>({
    queryKey: [key, input ?? {}],
    queryFn: ({ signal }) => send<AnswerOf<Key>>(key, input ?? {}, signal),
  })
}

interface Page<Item> {
  readonly items: readonly Item[]
  readonly next: string | null
}

/**
 * A list of the API for `useInfiniteQuery`, page by page; `data` is the items of all pages that were read.
 *
 * @example
 * const checks = useInfiniteQuery(pagesOf('GET /api/v1/projects/{projectId}/checks', { path: { projectId } }))
 * checks.data?.map(({ id }) => id)
 */
export function pagesOf<Key extends PagedKey>(key: Key, ...[input]: InputArgument<Key>) {
  const given = (input ?? {}) as { readonly query?: Record<string, unknown> }
  return infiniteQueryOptions<
    Page<ItemOf<Key>>,
    ApiProblem,
    readonly ItemOf<Key>[],
    readonly unknown[],
    string | null
  >({
    queryKey: [key, given, 'pages'],
    queryFn: ({ signal, pageParam }) =>
      send(key, { ...given, query: { limit: 100, ...given.query, after: pageParam ?? undefined } }, signal),
    initialPageParam: null,
    getNextPageParam: ({ next }) => next,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  })
}

/**
 * An act: a call that changes something. When it is done, every read of the routes in `refresh` is read again; a route
 * is named by how it begins, such as `GET /api/v1/projects/{projectId}/incidents`. It is pending until they were.
 *
 * @param options.inTurn Acts of one name are sent one after the other, for what the last one of several decides.
 *
 * @example
 * const rename = useAct('PATCH /api/v1/me', { refresh: ['GET /api/v1/me'] })
 * rename.mutate({ body: { name } }, { onSuccess: () => toast.done('Your name was changed.') })
 */
export function useAct<Key extends RouteKey>(
  key: Key,
  { refresh = [], inTurn }: { readonly refresh?: readonly string[]; readonly inTurn?: string } = {},
) {
  const client = useQueryClient()
  const [isRefreshing, setRefreshing] = useState(false)
  const act = useMutation<AnswerOf<Key>, ApiProblem, InputOf<Key>>({
    mutationFn: (input) => send<AnswerOf<Key>>(key, input),
    ...(inTurn === undefined ? {} : { scope: { id: inTurn } }),
    // Not waited for: whoever asked is told first, since what is read anew may take the asking part away.
    onSuccess() {
      setRefreshing(true)
      void refreshRoutes(client, refresh).finally(() => setRefreshing(false))
    },
  })
  return { ...act, isPending: act.isPending || isRefreshing }
}

/** Has everything read again that was read from these routes. */
export async function refreshRoutes(client: QueryClient, routes: readonly string[]): Promise<void> {
  await client.invalidateQueries({
    predicate: ({ queryKey: [key] }) =>
      typeof key === 'string' && routes.some((route) => key.startsWith(route)),
  })
}
