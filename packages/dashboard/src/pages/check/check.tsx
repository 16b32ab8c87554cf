import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { type Check, useFollowedCheck } from '../../api/follow-check.ts'
import { queryOf } from '../../api/query.ts'
import { useProjectId } from '../../session/project.ts'
import { Page } from '../../shell/page.tsx'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { buttonLook } from '../../ui/button.tsx'
import { Card, Facts } from '../../ui/card.tsx'
import { Moment } from '../../ui/moment.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { ErrorState, Skeleton } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { phaseWords, shareOf } from '../overview/check-words.ts'
import { kindWords, standingOf, tookText } from './check-standing.ts'

/** One check: live while it runs, then what it came to, what it spent, and what it could not read. */
export function CheckPage() {
  const projectId = useProjectId()
  const { checkId = '' } = useParams({ strict: false })
  const check = useQuery(
    queryOf('GET /api/v1/projects/{projectId}/checks/{checkId}', { path: { projectId, checkId } }),
  )
  useFollowedCheck(projectId, check.data?.finishedAt === null ? checkId : null)
  if (check.error) {
    return (
      <Page title="Check">
        <ErrorState error={check.error} onRetry={() => void check.refetch()} isRetrying={check.isFetching} />
      </Page>
    )
  }
  if (!check.data) {
    return (
      <Page title="Check" description={<Untrusted text={checkId} isMono />}>
        <div key="pending" role="status" aria-label="Loading">
          <Skeleton className="h-72" />
        </div>
      </Page>
    )
  }
  const { kind, phase, finishedAt, counts, dryRun } = check.data
  const { tone, words } = standingOf(check.data)
  return (
    <Page
      title={`Check ${checkId}`}
      crumb={checkId}
      heading={
        <span className="flex flex-wrap items-center gap-2">
          {kindWords[kind]} check <Badge tone={tone}>{words}</Badge>
        </span>
      }
      description={<Untrusted text={checkId} isMono />}
      actions={
        finishedAt === null || dryRun ? null : (
          <Link to="/projects/$projectId/incidents" params={{ projectId }} className={buttonLook()}>
            To the incidents
          </Link>
        )
      }
    >
      <div className="flex flex-col gap-4">
        {finishedAt === null ? (
          <Card>
            <ProgressBar
              share={shareOf(phase)}
              label={`The check is ${phaseWords[phase]}`}
              detail={counts ? `${counts.customers.toLocaleString('en-GB')} customers` : undefined}
            />
          </Card>
        ) : null}
        {counts ? <Counts counts={counts} /> : null}
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2">
          <Card title="What was read" description="What was skipped or could not be read, and why.">
            <Parts parts={check.data.parts} />
          </Card>
          <Card title="When and what for">
            <Facts
              facts={[
                ['Begun', <Moment key="begun" at={check.data.startedAt} isFull />],
                ['Ended', <Moment key="ended" at={finishedAt} isFull />],
                ['Took', tookText(check.data)],
                ['As of', <Moment key="of" at={check.data.asOf} isFull />],
                ['Files incidents', dryRun ? 'no: a dry run' : 'yes'],
                ...Object.entries(check.data.requests).map(
                  ([vendor, requests]) =>
                    [`Requests to ${vendor}`, requests.toLocaleString('en-GB')] as const,
                ),
              ]}
            />
          </Card>
        </div>
      </div>
    </Page>
  )
}

function Counts({ counts }: { readonly counts: NonNullable<Check['counts']> }) {
  const figures = [
    ['Agree', counts.agrees],
    ['Drift', counts.drifts],
    ['Cannot tell', counts.cannotTell],
    ['Settling', counts.settling],
    ['Customers', counts.customers],
    ['Accounts', counts.subjects],
  ] as const
  return (
    <dl className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-6">
      {figures.map(([name, value]) => (
        <div key={name} className="rounded-lg border border-line bg-surface px-4 py-3 shadow-card">
          <dt className="text-muted text-xs">{name}</dt>
          <dd className="tabular font-semibold text-xl">{value.toLocaleString('en-GB')}</dd>
        </div>
      ))}
    </dl>
  )
}

const partLooks: Readonly<
  Record<Check['parts'][string]['state'], { readonly tone: Tone; readonly word: string }>
> = {
  reading: { tone: 'info', word: 'being read' },
  complete: { tone: 'success', word: 'read' },
  'left-out': { tone: 'neutral', word: 'left out' },
  failed: { tone: 'danger', word: 'not read' },
}

function Parts({ parts }: { readonly parts: Check['parts'] }) {
  const names = Object.keys(parts).toSorted()
  if (names.length === 0)
    return <p className="text-muted text-sm">A check of this kind reads whom it is about, and no lists.</p>
  return (
    <ul className="flex flex-col gap-2 text-sm">
      {names.map((name) => {
        const part = parts[name]
        if (!part) return null
        const { tone, word } = partLooks[part.state]
        return (
          <li key={name} className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
            <span className="min-w-48 font-mono text-xs">{name}</span>
            <Badge tone={tone}>{word}</Badge>
            {part.message ? (
              <span className="w-full text-muted">
                <Untrusted text={part.message} isWhole maxLength={600} />
                {part.code ? <span className="font-mono text-xs"> [{part.code}]</span> : null}
              </span>
            ) : null}
          </li>
        )
      })}
    </ul>
  )
}
