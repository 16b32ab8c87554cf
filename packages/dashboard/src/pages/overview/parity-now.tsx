import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { queryOf } from '../../api/query.ts'
import { useProjectId } from '../../session/project.ts'
import { Badge } from '../../ui/badge.tsx'
import { cx } from '../../ui/cx.ts'
import { Moment } from '../../ui/moment.tsx'
import { type Amount, Money } from '../../ui/money.tsx'
import { ErrorState, Skeleton } from '../../ui/states.tsx'
import { percentText } from './percent.ts'

/** An older one says too little about now. */
const tooOldMs = 26 * 3_600_000

/** How it stands now: the share in agreement, and money at risk in both directions. */
export function ParityNow() {
  const projectId = useProjectId()
  const path = { projectId }
  const parity = useQuery(queryOf('GET /api/v1/projects/{projectId}/parity', { path, query: { days: 30 } }))
  const money = useQuery(queryOf('GET /api/v1/projects/{projectId}/money', { path, query: { days: 30 } }))
  const error = parity.error ?? money.error
  if (error) {
    const retry = () => {
      void parity.refetch()
      void money.refetch()
    }
    return <ErrorState error={error} onRetry={retry} isRetrying={parity.isFetching || money.isFetching} />
  }
  const now = parity.data?.now
  const before = parity.data?.days.find((day) => day.parity !== null)?.parity
  const change = now && before && before.checkId !== now.checkId ? now.share - before.share : null
  const atRisk = money.data?.total.atRisk
  const isOld = now ? Date.now() - Date.parse(now.finishedAt) > tooOldMs : false
  return (
    <>
      {isOld && now ? (
        <p
          role="alert"
          className="flex items-start gap-3 rounded-lg border border-danger/40 bg-danger-soft px-4 py-3 text-sm"
        >
          <TriangleAlert className="mt-0.5 size-4 shrink-0 text-danger" aria-hidden />
          <span>
            <span className="font-medium">The last whole check is too old: </span>
            it ended <Moment at={now.finishedAt} />, so what stands below may no longer be true. Run a check,
            and look at the schedule in the settings.
          </span>
        </p>
      ) : null}
      <div className="grid gap-px overflow-hidden rounded-lg border border-line bg-line shadow-card sm:grid-cols-2 xl:grid-cols-4">
        <Tile label="In agreement">
          {parity.data === undefined ? (
            <TileSkeleton />
          ) : now ? (
            <>
              <Figure tone={now.drifts > 0 ? undefined : 'success'}>
                {percentText(now.share)}
                {change === null || Math.abs(change) < 0.0005 ? null : (
                  <Badge
                    tone={change > 0 ? 'success' : 'danger'}
                    className="ml-2 align-middle tracking-normal"
                  >
                    {change > 0 ? '+' : '−'}
                    {(Math.abs(change) * 100).toFixed(1)} points<span className="sr-only"> in 30 days</span>
                  </Badge>
                )}
              </Figure>
              <Small>
                {now.agrees.toLocaleString('en-GB')} of {now.pairs.toLocaleString('en-GB')} have what was
                promised
              </Small>
            </>
          ) : (
            <>
              <Figure>–</Figure>
              <Small>No check has read everything yet.</Small>
            </>
          )}
        </Tile>
        <Tile label="Paid for, and not granted">
          {atRisk ? (
            <Sums amounts={atRisk.customer} projectId={projectId} hurts="customer" />
          ) : (
            <TileSkeleton />
          )}
        </Tile>
        <Tile label="Granted, and not paid for">
          {atRisk ? (
            <Sums amounts={atRisk.business} projectId={projectId} hurts="business" />
          ) : (
            <TileSkeleton />
          )}
        </Tile>
        <Tile label="In the last 30 days">
          {money.data ? (
            <dl className="grid grid-cols-[1fr_auto] gap-x-3 gap-y-0.5 text-sm">
              <Line name="Lost" amounts={money.data.total.lost} />
              <Line name="Owed to customers" amounts={money.data.total.owed} />
              <Line name="Recovered, a month" amounts={money.data.total.recovered} />
            </dl>
          ) : (
            <TileSkeleton />
          )}
        </Tile>
      </div>
      {/* It has its place before it is read, so that nothing moves. */}
      <p className="min-h-10 text-muted text-sm sm:min-h-5">
        {now ? (
          <>
            {now.cannotTell > 0 ? `${now.cannotTell.toLocaleString('en-GB')} cannot be told. ` : ''}
            {now.settling > 0 ? `${now.settling.toLocaleString('en-GB')} are settling. ` : ''}
            All of it as the check that ended <Moment at={now.finishedAt} /> read it.
          </>
        ) : null}
      </p>
    </>
  )
}

function Tile({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <section aria-label={label} className="min-h-28 min-w-0 bg-surface px-4 py-3.5">
      <h2 className="mb-1.5 text-muted text-sm">{label}</h2>
      {children}
    </section>
  )
}

function TileSkeleton() {
  return (
    <div role="status" aria-label="Loading">
      <Skeleton className="h-8 w-28" />
      <Skeleton className="mt-1.5 w-40" />
    </div>
  )
}

function Figure({ tone, children }: { readonly tone?: 'success' | undefined; readonly children: ReactNode }) {
  return (
    <p className={cx('tabular font-semibold text-2xl tracking-tight', tone === 'success' && 'text-success')}>
      {children}
    </p>
  )
}

function Small({ children }: { readonly children: ReactNode }) {
  return <p className="mt-0.5 text-muted text-sm">{children}</p>
}

function Sums({
  amounts,
  projectId,
  hurts,
}: {
  readonly amounts: readonly Amount[]
  readonly projectId: string
  readonly hurts: 'customer' | 'business'
}) {
  const [first, ...others] = amounts.toSorted((one, other) => other.amount - one.amount)
  return (
    <>
      <Figure tone={first ? undefined : 'success'}>{first ? <Money {...first} /> : 'Nothing'}</Figure>
      <Small>
        {others.length > 0 ? (
          <span className="mr-1.5 inline-flex flex-wrap gap-x-1.5">
            {others.map((amount) => (
              <span key={amount.currency}>
                + <Money {...amount} />
              </span>
            ))}
          </span>
        ) : null}
        <Link
          to="/projects/$projectId/incidents"
          params={{ projectId }}
          search={{ hurts, sort: 'money' }}
          className="rounded-sm underline-offset-2 hover:underline"
        >
          {first ? 'a month at risk' : 'at risk'}
        </Link>
      </Small>
    </>
  )
}

function Line({ name, amounts }: { readonly name: string; readonly amounts: readonly Amount[] }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="tabular text-right">
        {amounts.length === 0 ? (
          <span className="text-faint">–</span>
        ) : (
          amounts.map((amount) => <Money key={amount.currency} {...amount} className="block" />)
        )}
      </dd>
    </>
  )
}
