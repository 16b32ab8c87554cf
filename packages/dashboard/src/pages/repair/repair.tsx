import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { queryOf } from '../../api/query.ts'
import { useProjectId } from '../../session/project.ts'
import { Page } from '../../shell/page.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Card, Facts } from '../../ui/card.tsx'
import { Moment } from '../../ui/moment.tsx'
import { ErrorState, Skeleton } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { Brakes } from '../incident/brakes.tsx'
import { RepairPart } from '../incident/repair-card.tsx'
import { type Repair, repairStateWords } from '../incident/repair-words.ts'
import { Who } from '../incident/who.tsx'
import { kindWords } from '../incident/words.ts'

/** One repair: what it changes, what became of it, and every act on it. */
export function RepairPage() {
  const projectId = useProjectId()
  const { repairId = '' } = useParams({ strict: false })
  const repair = useQuery(
    queryOf('GET /api/v1/projects/{projectId}/repairs/{repairId}', { path: { projectId, repairId } }),
  )
  if (repair.error) {
    return (
      <Page title="Repair">
        <ErrorState
          error={repair.error}
          onRetry={() => void repair.refetch()}
          isRetrying={repair.isFetching}
        />
      </Page>
    )
  }
  if (!repair.data) {
    return (
      <Page title="Repair">
        <div role="status" aria-label="Loading" className="grid gap-4 lg:grid-cols-2">
          <Skeleton className="h-72" />
          <Skeleton className="h-72" />
        </div>
      </Page>
    )
  }
  const { state, kind, incidentId, subject, customerId, paying, checkId, summary, takesAway } = repair.data
  return (
    <Page
      title={`Repair ${repairId}`}
      heading={
        <span className="flex flex-col gap-1.5">
          <span className="flex flex-wrap items-center gap-2 font-normal text-base tracking-normal">
            <Link
              to="/projects/$projectId/repairs"
              params={{ projectId }}
              aria-label="Back to the repairs"
              className="rounded-sm text-muted hover:text-text"
            >
              <ArrowLeft className="size-4" aria-hidden />
            </Link>
            <span className="text-muted text-sm">Repair</span>
            <Badge tone={repairStateWords[state].tone}>{repairStateWords[state].name}</Badge>
            {takesAway ? <Badge tone="warning">takes away</Badge> : <Badge>gives</Badge>}
          </span>
          <Untrusted text={summary} isWhole maxLength={1_000} className="max-w-4xl" />
        </span>
      }
      crumb={repairId}
    >
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Card title="The change">
          <Brakes />
          <RepairPart repair={repair.data} isSummarized={false} />
        </Card>
        <div className="flex min-w-0 flex-col gap-4">
          <Card title="What it is for">
            <Facts
              facts={[
                [
                  'Incident',
                  <Link
                    key="incident"
                    to="/projects/$projectId/incidents/$incidentId"
                    params={{ projectId, incidentId }}
                    className="rounded-sm text-accent hover:underline"
                  >
                    {kindWords[kind]}
                  </Link>,
                ],
                ['Account', <Untrusted key="subject" text={`${subject.type} ${subject.id}`} isMono />],
                ...(customerId
                  ? ([
                      [
                        'Customer',
                        <Link
                          key="customer"
                          to="/projects/$projectId/customers/$customerId"
                          params={{ projectId, customerId }}
                          className="rounded-sm text-accent hover:underline"
                        >
                          <Untrusted text={customerId} isMono />
                        </Link>,
                      ],
                    ] as const)
                  : []),
                ['Pays', paying ? 'yes' : 'no'],
                [
                  'Found by',
                  <Link
                    key="check"
                    to="/projects/$projectId/checks/$checkId"
                    params={{ projectId, checkId }}
                    className="rounded-sm font-mono text-accent text-xs hover:underline"
                  >
                    {checkId}
                  </Link>,
                ],
              ]}
            />
          </Card>
          <History repair={repair.data} />
        </div>
      </div>
    </Page>
  )
}

function History({ repair: { history, answers } }: { readonly repair: Repair }) {
  const lines = [
    ...history.map(({ act, at, by, note }) => ({ at, what: act.replaceAll('-', ' '), by, note })),
    ...answers.map(({ at, kind, code, message }) => ({
      at,
      what: `The target answered: ${kind}${code ? ` (${code})` : ''}`,
      by: null,
      note: message,
    })),
  ].toSorted((a, b) => a.at.localeCompare(b.at))
  return (
    <Card title="History">
      <ol className="flex flex-col gap-3 border-line border-l pl-4 text-sm">
        {lines.map(({ at, what, by, note }) => (
          <li key={`${at} ${what}`}>
            <span className="inline-block font-medium first-letter:uppercase">{what}</span>{' '}
            <span className="text-muted">
              <Moment at={at} />
              {by ? (
                <>
                  {' '}
                  by <Who by={by} />
                </>
              ) : null}
            </span>
            {note ? (
              <p className="text-muted">
                <Untrusted text={note} isWhole maxLength={1_000} />
              </p>
            ) : null}
          </li>
        ))}
      </ol>
    </Card>
  )
}
