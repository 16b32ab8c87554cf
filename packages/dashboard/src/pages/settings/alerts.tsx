import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { queryOf } from '../../api/query.ts'
import { useProjectId } from '../../session/project.ts'
import { Loaded, SkeletonRows } from '../../ui/states.tsx'
import { AlertChannels } from './alert-channels.tsx'
import { AlertRules } from './alert-rules.tsx'
import { Deliveries } from './deliveries.tsx'

/** Who is told of incidents, of which, and what was told. */
export function Alerts() {
  const projectId = useProjectId()
  const channels = useQuery(
    queryOf('GET /api/v1/projects/{projectId}/alerts/channels', { path: { projectId } }),
  )
  const items = channels.data?.items
  const names = useMemo(() => new Map(items?.map(({ id, name }) => [id, name])), [items])
  return (
    <Loaded query={channels} skeleton={<SkeletonRows rows={6} />}>
      {({ items: found }) => (
        <div className="flex flex-col gap-5">
          <AlertChannels channels={found} />
          <AlertRules channels={found} />
          <Deliveries kind="alert" targets={names} />
        </div>
      )}
    </Loaded>
  )
}
