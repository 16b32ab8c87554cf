import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { OctagonPause } from 'lucide-react'
import { queryOf } from '../../api/query.ts'
import { useProjectId } from '../../session/project.ts'
import { Moment } from '../../ui/moment.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { Who } from './who.tsx'

const route = 'GET /api/v1/projects/{projectId}/repairs/brakes'

/** What holds repairs of the project back, and where that is ended. Nothing where nothing does. */
export function Brakes({ isEndedHere = false }: { readonly isEndedHere?: boolean }) {
  const projectId = useProjectId()
  const { data } = useQuery(queryOf(route, { path: { projectId } }))
  if (!data || data.switchedOff.length + data.heldBy.length === 0) return null
  return (
    <section
      aria-label="What holds repairs back"
      className="mb-4 flex gap-3 rounded-md border border-warning/40 bg-warning-soft px-3 py-2.5 text-sm"
    >
      <OctagonPause className="mt-0.5 size-4 shrink-0 text-warning" aria-hidden />
      <div className="min-w-0 flex-1 space-y-1">
        {data.switchedOff.map(({ scope, by, at, reason }) => (
          <p key={scope} className="break-words">
            <span className="font-medium">
              Repairs are switched off {scope === 'project' ? 'in this project' : 'everywhere'}:
            </span>{' '}
            <Untrusted text={reason} isWhole /> (<Who by={by} />, <Moment at={at} />)
          </p>
        ))}
        {data.heldBy.map(({ id, sentence }) => (
          <p key={id} className="break-words">
            <span className="font-medium">Repairs are held:</span> <Untrusted text={sentence} isWhole />{' '}
            <Link
              to="/projects/$projectId/incidents/$incidentId"
              params={{ projectId, incidentId: id }}
              className="rounded-sm underline"
            >
              The incident
            </Link>
          </p>
        ))}
        {isEndedHere ? null : (
          <p>
            <Link to="/projects/$projectId/repairs" params={{ projectId }} className="rounded-sm underline">
              To the repairs
            </Link>
            , where this is ended.
          </p>
        )}
      </div>
    </section>
  )
}

/** Why nothing can be applied now; `null`: nothing holds it back. */
export function useBrakeReason(): string | null {
  const projectId = useProjectId()
  const { data } = useQuery(queryOf(route, { path: { projectId } }))
  if (!data) return null
  if (data.switchedOff.length > 0) return 'Repairs are switched off.'
  return data.heldBy.length > 0 ? 'Repairs are held, since many drift at once.' : null
}
