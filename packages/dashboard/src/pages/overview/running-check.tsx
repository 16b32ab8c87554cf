import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type Check, useFollowedCheck } from '../../api/follow-check.ts'
import { queryOf } from '../../api/query.ts'
import { useProjectId } from '../../session/project.ts'
import { Card } from '../../ui/card.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { phaseWords, shareOf } from './check-words.ts'

/** A check while it runs, as the service tells of it. */
export function RunningCheck({ check }: { readonly check: Check }) {
  const projectId = useProjectId()
  useFollowedCheck(projectId, check.id)
  const { data = check } = useQuery({
    ...queryOf('GET /api/v1/projects/{projectId}/checks/{checkId}', {
      path: { projectId, checkId: check.id },
    }),
    // The service tells by itself.
    enabled: false,
  })
  const requests = Object.values(data.requests).reduce((sum, count) => sum + count, 0)
  const parts = Object.entries(data.parts)
  return (
    <Card>
      <ProgressBar
        label={`A check is under way: ${phaseWords[data.phase]}`}
        share={shareOf(data.phase)}
        detail={`${requests.toLocaleString('en-GB')} requests`}
      />
      <p className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-muted text-sm">
        {parts.map(([name, { state }]) => (
          <span key={name}>
            <Untrusted text={name} maxLength={60} />: {state === 'left-out' ? 'left out' : state}
          </span>
        ))}
        <Link
          to="/projects/$projectId/checks/$checkId"
          params={{ projectId, checkId: check.id }}
          className="ml-auto rounded-sm text-accent underline decoration-accent/40 underline-offset-2 hover:decoration-accent"
        >
          Follow it
        </Link>
      </p>
    </Card>
  )
}
