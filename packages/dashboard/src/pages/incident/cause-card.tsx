import { Link } from '@tanstack/react-router'
import { RefreshCw } from 'lucide-react'
import { useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { useProjectId } from '../../session/project.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Moment } from '../../ui/moment.tsx'
import { toast } from '../../ui/toast.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { causeWords, confidenceTones, type Incident } from './words.ts'

const route = 'POST /api/v1/projects/{projectId}/incidents/{incidentId}/cause'

/** What probably broke, how sure that is, and by what it was told. */
export function CauseCard({ incident: { id, cause } }: { readonly incident: Incident }) {
  const projectId = useProjectId()
  const may = useMay(route)
  const find = useAct(route, {
    refresh: [
      'GET /api/v1/projects/{projectId}/incidents',
      'GET /api/v1/projects/{projectId}/causes',
      'GET /api/v1/projects/{projectId}/ledger',
    ],
  })
  return (
    <Card
      title="Cause"
      actions={
        <Button
          size="small"
          kind="quiet"
          label="Work the cause out again"
          icon={<RefreshCw aria-hidden />}
          isBusy={find.isPending}
          unless={may.reason}
          onClick={() =>
            find.mutate(
              { path: { projectId, incidentId: id } },
              { onSuccess: () => toast.done('The cause was worked out again.'), onError: toast.failed },
            )
          }
        />
      }
    >
      {cause ? (
        <div className="flex flex-col gap-3 text-sm">
          <p className="flex flex-wrap items-center gap-2">
            <span className="font-medium text-base">{causeWords[cause.kind]}</span>
            {cause.confidence ? (
              <Badge tone={confidenceTones[cause.confidence]}>{cause.confidence}</Badge>
            ) : null}
          </p>
          <p className="text-muted">
            <Untrusted text={cause.sentence} isWhole maxLength={500} />
          </p>
          <p>
            <span className="font-medium">What to do: </span>
            <Untrusted text={cause.fix} isWhole maxLength={500} />
          </p>
          {cause.evidence.length > 0 ? (
            <ol className="flex flex-col gap-1.5 border-line border-l pl-3">
              {cause.evidence.map(({ fact, at, text, object }) => (
                <li key={`${fact} ${at} ${object}`}>
                  <Untrusted text={text} isWhole maxLength={400} />{' '}
                  <span className="text-muted text-xs">
                    {object ? (
                      <>
                        <Untrusted text={object} isMono maxLength={60} />{' '}
                      </>
                    ) : null}
                    {at ? <Moment at={at} /> : null}
                  </span>
                </li>
              ))}
            </ol>
          ) : null}
          {cause.others.length > 0 ? (
            <p className="text-muted">
              Less well fits:{' '}
              {cause.others.map(({ id: other, kind, confidence }, place) => (
                <span key={other}>
                  {place > 0 ? ', ' : ''}
                  {causeWords[kind]} ({confidence})
                </span>
              ))}
            </p>
          ) : null}
          <Link
            to="/projects/$projectId/incidents"
            params={{ projectId }}
            search={{ cause: cause.id }}
            className="w-fit rounded-sm text-accent underline decoration-accent/40 underline-offset-2 hover:decoration-accent"
          >
            All incidents of this cause
          </Link>
        </div>
      ) : (
        <p className="text-muted text-sm">It is being worked out, which takes a moment after a check.</p>
      )}
    </Card>
  )
}
