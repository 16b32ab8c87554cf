import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { ArrowLeft, Download, RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { addressOf } from '../../api/call.ts'
import type { Shape } from '../../api/operation.ts'
import { ApiProblem } from '../../api/problem.ts'
import { queryOf, useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { useProjectId } from '../../session/project.ts'
import { Page } from '../../shell/page.tsx'
import { Badge, StatusDot } from '../../ui/badge.tsx'
import { Button, buttonLook } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Money } from '../../ui/money.tsx'
import { EmptyState, ErrorState, Skeleton, SkeletonRows } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'
import { Untrusted, visible } from '../../ui/untrusted.tsx'
import { severityTones, severityWords, stateTones, stateWords } from '../incident/words.ts'
import { LedgerSteps } from './ledger-steps.tsx'
import { PairCard } from './pair-card.tsx'
import { TimelineCard } from './timeline-card.tsx'
import { useCustomerName } from './use-customer-name.ts'
import type { Pair } from './verdict.ts'

const base = '/api/v1/projects/{projectId}/customers/{customerId}'

/** One customer: what they are owed, may have and have; what became of it; what is wrong. */
export function CustomerPage() {
  const projectId = useProjectId()
  const { customerId = '' } = useParams({ strict: false })
  const path = { projectId, customerId }
  const state = useQuery(queryOf(`GET ${base}/state`, { path }))
  const [fresh, setFresh] = useState<{ readonly of: string; readonly state: Shape<'CustomerState'> } | null>(
    null,
  )
  // What was read a moment ago is newer than what the last full check read.
  const shown = fresh?.of === customerId ? fresh.state : state.data
  const name = useCustomerName(
    customerId,
    shown?.pairs.map(({ key }) => key),
  )
  const may = useMay(`POST ${base}/check`)
  const check = useAct(`POST ${base}/check`, {
    refresh: [
      `GET ${base}/timeline`,
      `GET ${base}/history`,
      'GET /api/v1/projects/{projectId}/incidents',
      'GET /api/v1/projects/{projectId}/ledger',
    ],
  })
  const run = () =>
    check.mutate(
      { path, body: {} },
      {
        onSuccess: ({ single }) => {
          if (!single) return
          setFresh({ of: customerId, state: single.state })
          const { opened, resolved, withheld } = single
          toast.done(
            'Both sides were read now.',
            [
              opened.length > 0 ? `${opened.length} opened.` : '',
              resolved.length > 0 ? `${resolved.length} resolved.` : '',
              withheld.length > 0
                ? `${withheld.length} not opened, since the mapping is likelier to be wrong.`
                : '',
            ]
              .filter(Boolean)
              .join(' ') || null,
          )
        },
        onError: toast.failed,
      },
    )
  if (state.error instanceof ApiProblem && state.error.status === 404 && !shown) {
    return (
      <Page
        title="Customer"
        actions={
          <Button icon={<RefreshCw aria-hidden />} isBusy={check.isPending} unless={may.reason} onClick={run}>
            Run check
          </Button>
        }
      >
        <Card>
          <EmptyState
            title="The last full check did not read this customer"
            action={
              <Link
                to="/projects/$projectId/customers"
                params={{ projectId }}
                className={buttonLook({ kind: 'primary' })}
              >
                To the customers
              </Link>
            }
          >
            They may be new, or gone: “Run check” reads them now.
          </EmptyState>
        </Card>
      </Page>
    )
  }
  const person = personOf(customerId, shown?.pairs)
  return (
    <Page
      title={visible(name ?? customerId).slice(0, 200)}
      heading={
        <span className="flex flex-col gap-1.5">
          <span className="flex items-center gap-2 font-normal text-muted text-sm tracking-normal">
            <Link
              to="/projects/$projectId/customers"
              params={{ projectId }}
              aria-label="Back to the customers"
              className="rounded-sm hover:text-text"
            >
              <ArrowLeft className="size-4" aria-hidden />
            </Link>
            Customer
          </span>
          <Untrusted text={name ?? customerId} isWhole maxLength={200} />
        </span>
      }
      description={<Ids customerId={customerId} pairs={shown?.pairs} />}
      actions={
        <>
          {person ? (
            <a
              href={addressOf('GET /api/v1/projects/{projectId}/ledger/export', {
                path: { projectId },
                query: { format: 'ndjson', person },
              })}
              download
              className={buttonLook()}
              title="The entries of the ledger about this customer, each with its proof. `trueup ledger verify` checks the file offline."
            >
              <Download aria-hidden /> Proof
            </a>
          ) : null}
          <Button
            kind="primary"
            icon={<RefreshCw aria-hidden />}
            isBusy={check.isPending}
            unless={may.reason}
            onClick={run}
          >
            Run check
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {state.error && !shown ? (
          <ErrorState
            error={state.error}
            onRetry={() => void state.refetch()}
            isRetrying={state.isFetching}
          />
        ) : shown && shown.pairs.length === 0 ? (
          <Card>
            <EmptyState title="Nobody by this name is there any more">
              Neither billing nor the app had them when they were last read. What became of them is below.
            </EmptyState>
          </Card>
        ) : shown ? (
          shown.pairs.map((pair) => <PairCard key={pair.key} pair={pair} as={shown.as} />)
        ) : (
          <div role="status" aria-label="Loading">
            <Skeleton className="h-64 rounded-lg" />
          </div>
        )}
        {/* Read at once, and shown when it is known how much room stands above. */}
        <div className={shown || state.error ? 'contents' : 'hidden'}>
          <TimelineCard customerId={customerId} />
          <div className="grid gap-4 lg:grid-cols-2">
            <Card title="Incidents" isFlush>
              {shown ? <Incidents incidents={shown.incidents} /> : <SkeletonRows rows={4} />}
            </Card>
            <LedgerSteps customerId={customerId} person={person} />
          </div>
        </div>
      </div>
    </Page>
  )
}

/** A subject or customer as the ledger names it. */
function personOf(key: string, pairs: readonly Pair[] | undefined): string | null {
  if (/^(?:user|organization|customer):./s.test(key)) return key
  const subject = pairs?.[0]?.subject
  if (key.startsWith('cus_')) return `customer:${key}`
  return subject ? `${subject.type}:${subject.id}` : null
}

function Ids({
  customerId,
  pairs,
}: {
  readonly customerId: string
  readonly pairs: readonly Pair[] | undefined
}) {
  const bare = customerId.replace(/^(?:user|organization|customer):/, '')
  const all = (pairs ?? []).flatMap(({ subject, customerIds }) => [
    ...(subject ? [subject.id] : []),
    ...customerIds,
  ])
  // The one by which they were asked for stays first, so that it stays where it is.
  const ids = [...new Set([bare, ...all])]
  return (
    <span className="flex min-h-10 flex-wrap content-start gap-x-3 sm:min-h-5">
      {ids.map((id) => (
        <Untrusted key={id} text={id} isMono />
      ))}
    </span>
  )
}

function Incidents({ incidents }: { readonly incidents: readonly Shape<'Incident'>[] }) {
  const projectId = useProjectId()
  if (incidents.length === 0) {
    return (
      <EmptyState title="No open incident">Nothing is wrong with them that a check could tell.</EmptyState>
    )
  }
  return (
    <ul className="max-h-96 divide-y divide-line overflow-y-auto border-line border-t">
      {incidents.map(({ id, severity, state, sentence, moneyAtRisk, openedAt }) => (
        <li key={id}>
          <Link
            to="/projects/$projectId/incidents/$incidentId"
            params={{ projectId, incidentId: id }}
            className="block px-4 py-2.5 text-sm outline-offset-[-2px] hover:bg-hover"
          >
            <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <StatusDot tone={severityTones[severity]} />
              <span className="text-muted">{severityWords[severity]}</span>
              <Badge tone={stateTones[state]}>{stateWords[state]}</Badge>
              <span className="ml-auto flex gap-2 text-muted">
                {moneyAtRisk ? <Money {...moneyAtRisk} /> : null}
                <Moment at={openedAt} />
              </span>
            </span>
            <span className="mt-0.5 block">
              <Untrusted text={sentence} isWhole maxLength={400} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
