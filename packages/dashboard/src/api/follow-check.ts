import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { addressOf } from './call.ts'
import type { AnswerOf } from './operation.ts'
import { queryOf } from './query.ts'

const oneCheck = 'GET /api/v1/projects/{projectId}/checks/{checkId}'

/** A check as the API shows it. */
export type Check = AnswerOf<typeof oneCheck>

/**
 * Follows a check while it runs: what the service tells is put where `useQuery(queryOf(oneCheck, ...))` reads it, and
 * lists of checks, incidents and customers are read again at its end.
 *
 * @param checkId `null`: there is none to follow
 */
export function useFollowedCheck(projectId: string, checkId: string | null): void {
  const client = useQueryClient()
  useEffect(() => {
    if (checkId === null) return
    const path = { projectId, checkId }
    const source = new EventSource(
      addressOf('GET /api/v1/projects/{projectId}/checks/{checkId}/progress', { path }),
    )
    source.addEventListener('check', ({ data }: MessageEvent<string>) => {
      client.setQueryData(queryOf(oneCheck, { path }).queryKey, JSON.parse(data) as Check)
    })
    source.addEventListener('end', () => {
      source.close()
      void client.invalidateQueries({
        predicate: ({ queryKey: [key] }) =>
          typeof key === 'string' && key.startsWith('GET /api/v1/projects/{projectId}'),
      })
    })
    return () => source.close()
  }, [client, projectId, checkId])
}
