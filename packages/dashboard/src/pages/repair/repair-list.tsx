import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Download, Wrench } from 'lucide-react'
import { useState } from 'react'
import { addressOf } from '../../api/call.ts'
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
import { Untrusted } from '../../ui/untrusted.tsx'
import { Brakes, useBrakeReason } from '../incident/brakes.tsx'
import { type Repair, type RepairState, repairStateWords } from '../incident/repair-words.ts'
import { kindWords } from '../incident/words.ts'
import { BrakeActs } from './brake-acts.tsx'

const base = '/api/v1/projects/{projectId}/repairs'
const refresh = [`GET ${base}`, 'GET /api/v1/projects/{projectId}/incidents']
const none: ReadonlySet<string> = new Set()

const columns: readonly Column<Repair>[] = [
  {
    id: 'state',
    heading: 'State',
    width: '9rem',
    cell: ({ state }) => <StateBadge state={state} />,
    value: ({ state }) => state,
  },
  {
    id: 'summary',
    heading: 'What it changes',
    cell: ({ summary }) => <Untrusted text={summary} maxLength={300} />,
    value: ({ summary }) => summary,
  },
  {
    id: 'kind',
    heading: 'Incident',
    width: '12rem',
    from: 'lg',
    cell: ({ kind }) => kindWords[kind],
    value: ({ kind }) => kindWords[kind],
  },
  {
    id: 'direction',
    heading: 'Direction',
    width: '7rem',
    from: 'md',
    cell: (repair) => <Direction {...repair} />,
    value: ({ takesAway }) => (takesAway ? 'takes away' : 'gives'),
  },
  {
    id: 'source',
    heading: 'Where',
    width: '9rem',
    from: 'lg',
    cell: ({ source }) => <Untrusted text={source} />,
    value: ({ source }) => source,
  },
  {
    id: 'proposedAt',
    heading: 'Proposed',
    width: '7rem',
    from: 'sm',
    cell: ({ proposedAt }) => <Moment at={proposedAt} />,
    value: ({ proposedAt }) => proposedAt,
  },
]

function narrow({ kind, state, summary, takesAway }: Repair) {
  return (
    <TwoLines
      first={<span className="truncate font-medium">{kindWords[kind]}</span>}
      end={<StateBadge state={state} />}
      second={
        <>
          {takesAway ? <span className="text-warning">Takes away: </span> : null}
          <Untrusted text={summary} maxLength={300} className="inline" />
        </>
      }
    />
  )
}

function StateBadge({ state }: Pick<Repair, 'state'>) {
  const { tone, name } = repairStateWords[state]
  return <Badge tone={tone}>{name}</Badge>
}

function Direction({ takesAway }: Pick<Repair, 'takesAway'>) {
  return takesAway ? <Badge tone="warning">takes away</Badge> : <Badge>gives</Badge>
}

/** Every repair, and what holds them back. */
export function RepairList() {
  const projectId = useProjectId()
  const path = { projectId }
  const [state, setState] = useStateFilter()
  const query = state === null ? {} : { state: [state] }
  const repairs = useInfiniteQuery(pagesOf(`GET ${base}`, { path, query }))
  const goTo = useGoTo()
  const [selected, setSelected] = useState(none)
  return (
    <Page
      title="Repairs"
      description="What would end an incident. Nothing is written before a person has approved exactly that change."
      actions={
        <>
          <BrakeActs projectId={projectId} />
          <a
            href={addressOf(`GET ${base}/export`, { path, query: { ...query, format: 'csv' } })}
            download
            className={buttonLook()}
          >
            <Download aria-hidden /> Export
          </a>
          <Propose projectId={projectId} />
        </>
      }
    >
      <Brakes isEndedHere />
      {selected.size > 0 ? (
        <Batch projectId={projectId} selected={selected} onDone={() => setSelected(none)} />
      ) : null}
      {repairs.error && !repairs.data ? (
        <ErrorState
          error={repairs.error}
          onRetry={() => void repairs.refetch()}
          isRetrying={repairs.isFetching}
        />
      ) : (
        <Table<Repair>
          label="Repairs"
          rows={repairs.data}
          pages={repairs}
          columns={columns}
          narrow={narrow}
          rowKey={({ id }) => id}
          selected={selected}
          onSelect={setSelected}
          onOpen={({ id }) => goTo(`/projects/${projectId}/repairs/${encodeURIComponent(id)}`)}
          toolbar={
            <Select
              aria-label="State"
              className="w-44"
              value={state ?? ''}
              onChange={({ target }) => {
                setSelected(none)
                setState(target.value === '' ? null : (target.value as RepairState))
              }}
            >
              <option value="">Every state</option>
              {Object.entries(repairStateWords).map(([value, { name }]) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
            </Select>
          }
          empty={
            <EmptyState
              icon={<Wrench aria-hidden />}
              title={state === null ? 'Nothing was proposed yet' : 'No repair is in this state'}
            >
              Repairs are proposed for incidents of the last check that have one safe answer.
            </EmptyState>
          }
        />
      )}
    </Page>
  )
}

function useStateFilter(): readonly [RepairState | null, (state: RepairState | null) => void] {
  const projectId = useProjectId()
  const given: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const navigate = useNavigate()
  const state = typeof given.state === 'string' && given.state in repairStateWords ? given.state : null
  return [
    state as RepairState | null,
    (next) =>
      void navigate({
        to: '/projects/$projectId/repairs',
        params: { projectId },
        search: next === null ? {} : { state: next },
        replace: true,
      }),
  ]
}

function Propose({ projectId }: { readonly projectId: string }) {
  const act = useAct(`POST ${base}/propose`, { refresh })
  const may = useMay(`POST ${base}/propose`)
  const brake = useBrakeReason()
  return (
    <Button
      kind="primary"
      icon={<Wrench aria-hidden />}
      isBusy={act.isPending}
      unless={may.reason ?? brake}
      onClick={() =>
        act.mutate(
          { path: { projectId } },
          {
            onSuccess: ({ proposed, changedSince }) =>
              toast.done(
                proposed.length === 1
                  ? '1 repair was proposed.'
                  : `${proposed.length} repairs were proposed.`,
                changedSince > 0 ? `${changedSince} records were changed since the check.` : null,
              ),
            onError: toast.failed,
          },
        )
      }
    >
      Propose repairs
    </Button>
  )
}

/** Several repairs approved as one, which are applied in waves. */
function Batch({
  projectId,
  selected,
  onDone,
}: {
  readonly projectId: string
  readonly selected: ReadonlySet<string>
  readonly onDone: () => void
}) {
  const act = useAct(`POST ${base}/approve`, { refresh })
  const may = useMay(`POST ${base}/approve`)
  const brake = useBrakeReason()
  const count = selected.size
  return (
    <div className="mb-3 flex flex-wrap items-center gap-3 rounded-lg border border-accent/40 bg-chosen px-4 py-2 text-sm">
      <span className="tabular">{count} selected</span>
      <Button
        kind="primary"
        size="small"
        isBusy={act.isPending}
        unless={may.reason ?? brake ?? (count < 2 ? 'Open the one repair to approve it.' : null)}
        onClick={() =>
          act.mutate(
            { path: { projectId }, body: { ids: [...selected], count } },
            {
              onSuccess({ items }) {
                toast.done(
                  `${items.length} repairs are approved as one batch.`,
                  items.some(({ approvals, approvalsNeeded }) => approvals.length < approvalsNeeded)
                    ? 'A second person has to approve as well.'
                    : null,
                )
                onDone()
              },
              onError: toast.failed,
            },
          )
        }
      >
        Approve {count} as one batch
      </Button>
      <Button size="small" kind="quiet" onClick={onDone}>
        Clear
      </Button>
    </div>
  )
}
