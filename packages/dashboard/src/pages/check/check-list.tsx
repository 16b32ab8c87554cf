import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Download, ListChecks, Play } from 'lucide-react'
import { addressOf } from '../../api/call.ts'
import type { Check } from '../../api/follow-check.ts'
import { useFollowedCheck } from '../../api/follow-check.ts'
import { pagesOf, useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { useProjectId } from '../../session/project.ts'
import { Page } from '../../shell/page.tsx'
import { useGoTo } from '../../shell/use-go-to.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, buttonLook } from '../../ui/button.tsx'
import { Select } from '../../ui/field.tsx'
import { Moment } from '../../ui/moment.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { type Column, Table, TwoLines } from '../../ui/table.tsx'
import { toast } from '../../ui/toast.tsx'
import { kindWords, standingOf, tookText } from './check-standing.ts'

const base = '/api/v1/projects/{projectId}/checks'

const columns: readonly Column<Check>[] = [
  {
    id: 'kind',
    heading: 'Check',
    width: '8rem',
    cell: ({ kind }) => kindWords[kind],
    value: ({ kind }) => kind,
  },
  {
    id: 'state',
    heading: 'State',
    width: '11rem',
    cell: (check) => <Standing check={check} />,
    value: (check) => standingOf(check).words,
  },
  {
    id: 'startedAt',
    heading: 'Begun',
    width: '8rem',
    cell: ({ startedAt }) => <Moment at={startedAt} />,
    value: ({ startedAt }) => startedAt,
  },
  { id: 'took', heading: 'Took', width: '6rem', from: 'sm', isNumber: true, cell: tookText, value: tookText },
  count('agrees', 'Agree'),
  count('drifts', 'Drift'),
  count('cannotTell', 'Cannot tell'),
  {
    id: 'requests',
    heading: 'Requests',
    from: 'lg',
    isNumber: true,
    cell: ({ requests }) => requestsOf(requests).toLocaleString('en-GB'),
    value: ({ requests }) => requestsOf(requests),
  },
]

function narrow(check: Check) {
  const { kind, startedAt, counts } = check
  return (
    <TwoLines
      first={
        <>
          <span className="font-medium">{kindWords[kind]}</span>
          <Standing check={check} />
        </>
      }
      end={<Moment at={startedAt} className="text-muted" />}
      second={
        counts
          ? `${counts.agrees.toLocaleString('en-GB')} agree, ${counts.drifts.toLocaleString('en-GB')} drift, ${counts.cannotTell.toLocaleString('en-GB')} cannot be told`
          : 'At work'
      }
    />
  )
}

function Standing({ check }: { readonly check: Check }) {
  const { tone, words } = standingOf(check)
  return <Badge tone={tone}>{words}</Badge>
}

function count(name: 'agrees' | 'drifts' | 'cannotTell', heading: string): Column<Check> {
  return {
    id: name,
    heading,
    from: name === 'drifts' ? 'sm' : 'md',
    isNumber: true,
    cell: ({ counts }) => counts?.[name].toLocaleString('en-GB') ?? '–',
    value: ({ counts }) => counts?.[name] ?? null,
  }
}

function requestsOf(requests: Check['requests']): number {
  return Object.values(requests).reduce((sum, one) => sum + one, 0)
}

/** The checks, the newest first. One that is under way is live. */
export function CheckList() {
  const projectId = useProjectId()
  const path = { projectId }
  const given: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const navigate = useNavigate()
  const kind = (['full', 'recent', 'single'] as const).find((one) => one === given.kind)
  const query = kind ? { kind } : {}
  const checks = useInfiniteQuery(pagesOf(`GET ${base}`, { path, query }))
  const running = checks.data?.find(({ finishedAt }) => finishedAt === null)
  useFollowedCheck(projectId, running?.id ?? null)
  const goTo = useGoTo()
  const begin = useAct(`POST ${base}`, { refresh: [`GET ${base}`] })
  const may = useMay(`POST ${base}`)
  return (
    <Page
      title="Checks"
      description="What was read, what it came to, and what it cost in requests."
      actions={
        <>
          <a
            href={addressOf(`GET ${base}/export`, { path, query: { ...query, format: 'csv' } })}
            download
            className={buttonLook()}
          >
            <Download aria-hidden /> Export
          </a>
          <Button
            kind="primary"
            icon={<Play aria-hidden />}
            isBusy={begin.isPending}
            unless={may.reason ?? (running ? 'One is under way.' : null)}
            onClick={() =>
              begin.mutate(
                { path, body: { kind: 'full', dryRun: false, acceptChanges: false } },
                {
                  onSuccess: ({ check }) =>
                    check
                      ? goTo(`/projects/${projectId}/checks/${check.id}`)
                      : toast.done('The check is on its way.'),
                  onError: toast.failed,
                },
              )
            }
          >
            Run check
          </Button>
        </>
      }
    >
      {checks.error && !checks.data ? (
        <ErrorState
          error={checks.error}
          onRetry={() => void checks.refetch()}
          isRetrying={checks.isFetching}
        />
      ) : (
        <Table<Check>
          label="Checks"
          rows={checks.data}
          pages={checks}
          columns={columns}
          narrow={narrow}
          rowKey={({ id }) => id}
          onOpen={({ id }) => goTo(`/projects/${projectId}/checks/${id}`)}
          toolbar={
            <Select
              aria-label="Kind of check"
              className="w-40"
              value={kind ?? ''}
              onChange={({ target }) =>
                void navigate({
                  to: '/projects/$projectId/checks',
                  params: { projectId },
                  search: target.value === '' ? {} : { kind: target.value },
                  replace: true,
                })
              }
            >
              <option value="">Every kind</option>
              {Object.entries(kindWords).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          }
          empty={
            <EmptyState icon={<ListChecks aria-hidden />} title="Nothing was checked yet">
              A check reads both sides and compares them. It never writes to either.
            </EmptyState>
          }
        />
      )}
    </Page>
  )
}
