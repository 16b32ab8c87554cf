import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { ArrowLeft, RefreshCw } from 'lucide-react'
import { ApiProblem } from '../../api/problem.ts'
import { queryOf, useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { useProjectId } from '../../session/project.ts'
import { Page } from '../../shell/page.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button, buttonLook } from '../../ui/button.tsx'
import { Card, Facts } from '../../ui/card.tsx'
import { Moment } from '../../ui/moment.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'
import { Untrusted, visible } from '../../ui/untrusted.tsx'
import { useCustomerName } from '../customer/use-customer-name.ts'
import { afterIncidentAct, IncidentActs } from './acts.tsx'
import { CauseCard } from './cause-card.tsx'
import { EvidenceList } from './evidence.tsx'
import { GuidedClerk } from './guided-clerk.tsx'
import { HistoryCard } from './history.tsx'
import { MoneyCard } from './money-card.tsx'
import { RepairCard, useTarget } from './repair-card.tsx'
import { AccessSides, IncidentSides } from './sides.tsx'
import {
  componentWord,
  type Incident,
  kindWords,
  severityTones,
  severityWords,
  stateTones,
  stateWords,
} from './words.ts'

const checkOne = 'POST /api/v1/projects/{projectId}/customers/{customerId}/check'
const checkAll = 'POST /api/v1/projects/{projectId}/checks'

export function IncidentPage() {
  const projectId = useProjectId()
  const { incidentId = '' } = useParams({ strict: false })
  const query = useQuery(
    queryOf('GET /api/v1/projects/{projectId}/incidents/{incidentId}', { path: { projectId, incidentId } }),
  )
  if (query.data) {
    const { incident, repairs, plan } = query.data
    return <IncidentView incident={incident} repairs={repairs} plan={plan} />
  }
  if (query.error instanceof ApiProblem && query.error.status === 404) {
    return (
      <Page title="Incident">
        <Card>
          <EmptyState
            title="There is no such incident"
            action={
              <Link
                to="/projects/$projectId/incidents"
                params={{ projectId }}
                className={buttonLook({ kind: 'primary' })}
              >
                To the incidents
              </Link>
            }
          >
            The link may be old, or it is of another project.
          </EmptyState>
        </Card>
      </Page>
    )
  }
  return (
    <Page title="Incident">
      {query.error ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} isRetrying={query.isFetching} />
      ) : (
        <div role="status" aria-label="Loading" className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
          <div className="flex flex-col gap-4">
            <Skeleton className="h-56 rounded-lg" />
            <Skeleton className="h-64 rounded-lg" />
          </div>
          <div className="flex flex-col gap-4">
            <Skeleton className="h-36 rounded-lg" />
            <Skeleton className="h-64 rounded-lg" />
          </div>
        </div>
      )}
    </Page>
  )
}

function IncidentView({
  incident,
  repairs,
  plan,
}: {
  readonly incident: Incident
  readonly repairs: Parameters<typeof RepairCard>[0]['repairs']
  readonly plan: Parameters<typeof RepairCard>[0]['plan']
}) {
  const projectId = useProjectId()
  const { kind, severity, state, sentence, component, access, hurts, evidence, subject, customerId } =
    incident
  const again = useCheckAgain(incident)
  const about = subject?.id ?? customerId
  const who = subject ? `${subject.type}:${subject.id}` : customerId
  const isOver = state === 'resolved' || state === 'ignored'
  const target = useTarget(plan.changes.map(({ source }) => source))
  const isGuided = plan.guided !== null && !isOver && repairs.length === 0
  return (
    <Page
      title={about ? `${kindWords[kind]}: ${visible(about)}` : kindWords[kind]}
      heading={
        <span className="flex flex-col gap-1.5">
          <span className="flex flex-wrap items-center gap-2 font-normal text-base tracking-normal">
            <Link
              to="/projects/$projectId/incidents"
              params={{ projectId }}
              aria-label="Back to the incidents"
              className="rounded-sm text-muted hover:text-text"
            >
              <ArrowLeft className="size-4" aria-hidden />
            </Link>
            <span className="text-muted text-sm">{kindWords[kind]}</span>
            <Badge tone={severityTones[severity]}>{severityWords[severity]}</Badge>
            <Badge tone={stateTones[state]}>{stateWords[state]}</Badge>
          </span>
          <Untrusted text={sentence} isWhole maxLength={1_000} className="max-w-4xl" />
        </span>
      }
      {...(who ? { description: <Whose customerKey={who} /> } : {})}
      actions={
        <>
          <Button
            icon={<RefreshCw aria-hidden />}
            isBusy={again.isPending}
            unless={again.reason}
            onClick={again.check}
          >
            Check again
          </Button>
          <IncidentActs incident={incident} />
        </>
      }
    >
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_20rem] xl:grid-cols-[minmax(0,1fr)_23rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <Card
            title="Promised and granted"
            description="Granted has to lie between what is owed and what is allowed."
            isFlush
          >
            {access ? (
              <AccessSides sides={access} drifts={isOver ? [] : [{ component, hurts }]} />
            ) : (
              <IncidentSides incident={incident} />
            )}
          </Card>
          {isGuided && plan.guided ? (
            <GuidedClerk
              guided={plan.guided}
              onCheck={again.check}
              isChecking={again.isPending}
              unless={again.reason}
            />
          ) : null}
          {isGuided && target !== 'there' ? null : (
            <RepairCard incident={incident} repairs={repairs} plan={plan} />
          )}
          <Card title="Evidence" description="What was read, where, and when.">
            <EvidenceList evidence={evidence} />
          </Card>
          <HistoryCard incident={incident} repairs={repairs} />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <MoneyCard incident={incident} />
          <CauseCard incident={incident} />
          <AboutCard incident={incident} />
        </div>
      </div>
    </Page>
  )
}

/** What people call whom it is about. It has its line before it is read. */
function Whose({ customerKey }: { readonly customerKey: string }) {
  const projectId = useProjectId()
  const name = useCustomerName(customerKey)
  if (name === null) return <span className="block min-h-5">No name is known.</span>
  return (
    <span className="block min-h-5">
      {name === undefined ? null : (
        <Link
          to="/projects/$projectId/customers/$customerId"
          params={{ projectId, customerId: customerKey }}
          className="rounded-sm font-medium text-text underline decoration-line underline-offset-2 hover:decoration-accent"
        >
          <Untrusted text={name} maxLength={120} />
        </Link>
      )}
    </span>
  )
}

function AboutCard({ incident }: { readonly incident: Incident }) {
  const projectId = useProjectId()
  const { id, subject, customerId, component, openedAt, lastSeenAt, resolvedAt, ignoredUntil, openings } =
    incident
  const { touched, touchedCount } = incident
  const toCustomer = (key: string, text: string) => (
    <Link
      to="/projects/$projectId/customers/$customerId"
      params={{ projectId, customerId: key }}
      className="rounded-sm text-accent underline decoration-accent/40 underline-offset-2 hover:decoration-accent"
    >
      <Untrusted text={text} isMono />
    </Link>
  )
  return (
    <Card title="About">
      <Facts
        facts={[
          ...(subject
            ? ([
                [
                  subject.type === 'user' ? 'User' : 'Organization',
                  toCustomer(`${subject.type}:${subject.id}`, subject.id),
                ],
              ] as const)
            : []),
          ...(customerId ? ([['Customer', toCustomer(customerId, customerId)]] as const) : []),
          ['Component', componentWord(component)],
          ['Opened', <Moment key="opened" at={openedAt} />],
          ['Seen', <Moment key="seen" at={lastSeenAt} />],
          ...(resolvedAt ? ([['Resolved', <Moment key="resolved" at={resolvedAt} />]] as const) : []),
          ...(ignoredUntil
            ? ([['Ignored until', <Moment key="until" at={ignoredUntil} isFull />]] as const)
            : []),
          ...(openings > 1 ? ([['Came back', `${openings - 1} times`]] as const) : []),
          ['Incident', <Untrusted key="id" text={id} isMono />],
        ]}
      />
      {touchedCount > 0 ? (
        <details className="mt-3 text-sm">
          <summary className="w-fit rounded-sm font-medium">
            Touches {touchedCount.toLocaleString('en-GB')}
          </summary>
          <ul className="mt-2 max-h-64 space-y-1 overflow-y-auto">
            {touched.map((key) => (
              <li key={key} className="min-w-0">
                {toCustomer(key, key)}
              </li>
            ))}
          </ul>
          {touchedCount > touched.length ? (
            <p className="mt-1 text-muted">
              and {(touchedCount - touched.length).toLocaleString('en-GB')} more
            </p>
          ) : null}
        </details>
      ) : null}
    </Card>
  )
}

/** Looks at what an incident is about once more: at its customer, or, where it is about none, at everything. */
function useCheckAgain({ subject, customerId, state }: Incident) {
  const projectId = useProjectId()
  const about = subject ? `${subject.type}:${subject.id}` : customerId
  const mayOne = useMay(checkOne)
  const mayAll = useMay(checkAll)
  const one = useAct(checkOne, afterIncidentAct)
  const all = useAct(checkAll, { refresh: ['GET /api/v1/projects/{projectId}/checks'] })
  const check = () => {
    if (about === null) {
      all.mutate(
        { path: { projectId }, body: { kind: 'full' } },
        {
          onSuccess: () =>
            toast.done('A check of everything has begun.', 'The overview shows how far it is.'),
          onError: toast.failed,
        },
      )
      return
    }
    one.mutate(
      { path: { projectId, customerId: about }, body: {} },
      {
        onSuccess: ({ single }) => {
          const drifts = single?.state.pairs.some(({ verdict }) => verdict === 'drifts')
          const unsure = single?.state.pairs.some(({ verdict }) => verdict === 'cannot-tell')
          if (drifts) toast.done('It still drifts.', 'Both sides were read a moment ago.')
          else if (unsure) toast.done('It cannot be told.', 'Both sides were read a moment ago.')
          else
            toast.done(
              'Both sides agree.',
              state === 'resolved' ? null : 'What is put right resolves itself.',
            )
        },
        onError: toast.failed,
      },
    )
  }
  const { reason } = about === null ? mayAll : mayOne
  return { check, reason, isPending: one.isPending || all.isPending }
}
