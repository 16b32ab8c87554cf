import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { CircleCheck, Download } from 'lucide-react'
import { useCallback, useMemo, useState } from 'react'
import { addressOf } from '../../api/call.ts'
import { pagesOf, queryOf } from '../../api/query.ts'
import { useProjectId } from '../../session/project.ts'
import { Page } from '../../shell/page.tsx'
import { useGoTo } from '../../shell/use-go-to.ts'
import { Badge, StatusDot } from '../../ui/badge.tsx'
import { Button, buttonLook } from '../../ui/button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Money } from '../../ui/money.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { type Column, Table, TwoLines } from '../../ui/table.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { BulkBar } from './bulk-bar.tsx'
import { IncidentFilters } from './filters.tsx'
import { SavedViews } from './saved-views.tsx'
import {
  firstSearch,
  type IncidentSearch,
  queryOfSearch,
  readSearch,
  type Sort,
  writeSearch,
} from './search.ts'
import { useMembers } from './who.tsx'
import {
  causeWords,
  type Incident,
  kindWords,
  severityTones,
  severityWords,
  stateTones,
  stateWords,
} from './words.ts'

const none: ReadonlySet<string> = new Set()

/** The search that stands in the address, and how another is put there. */
export function useIncidentSearch(): readonly [IncidentSearch, (search: IncidentSearch) => void] {
  const projectId = useProjectId()
  const given: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const navigate = useNavigate()
  const search = useMemo(() => readSearch(given), [given])
  return [
    search,
    (next) =>
      void navigate({
        to: '/projects/$projectId/incidents',
        params: { projectId },
        search: writeSearch(next),
        replace: true,
        resetScroll: false,
      }),
  ]
}

export function IncidentList() {
  const projectId = useProjectId()
  const [search, setSearch] = useIncidentSearch()
  const [selected, setSelected] = useState(none)
  const query = queryOfSearch(search)
  const path = { projectId }
  const incidents = useInfiniteQuery({
    ...pagesOf('GET /api/v1/projects/{projectId}/incidents', { path, query }),
    placeholderData: (before) => before,
  })
  const { sort: _, reversed: __, ...counted } = query
  const counts = useQuery({
    ...queryOf('GET /api/v1/projects/{projectId}/incidents/counts', { path, query: counted }),
    placeholderData: (before) => before,
  })
  const goTo = useGoTo()
  const columns = useColumns()
  const narrow = useCallback((incident: Incident) => <NarrowRow incident={incident} />, [])
  const find = (next: IncidentSearch) => {
    setSelected(none)
    setSearch(next)
  }
  return (
    <Page
      title="Incidents"
      description="What differs from what was promised, the worst first."
      actions={
        <>
          <SavedViews search={search} onSearch={find} />
          <ExportMenu projectId={projectId} query={query} />
        </>
      }
    >
      {selected.size > 0 ? (
        <BulkBar
          search={search}
          selected={selected}
          total={counts.data?.total}
          onDone={() => setSelected(none)}
        />
      ) : null}
      {incidents.error && !incidents.data ? (
        <ErrorState
          error={incidents.error}
          onRetry={() => void incidents.refetch()}
          isRetrying={incidents.isFetching}
        />
      ) : (
        <Table<Incident>
          label="Incidents"
          rows={incidents.data}
          pages={incidents}
          columns={columns}
          narrow={narrow}
          rowKey={({ id }) => id}
          selected={selected}
          onSelect={setSelected}
          onOpen={({ id }) => goTo(`/projects/${projectId}/incidents/${encodeURIComponent(id)}`)}
          sort={{ id: search.sort, isDescending: !search.isReversed }}
          onSort={(sort) =>
            setSearch({
              ...search,
              sort: (sort?.id ?? 'severity') as Sort,
              isReversed: sort ? !sort.isDescending : false,
            })
          }
          toolbar={
            <>
              <IncidentFilters search={search} onSearch={find} />
              <output className="tabular ml-auto text-muted text-sm">
                {counts.data ? `${counts.data.total.toLocaleString('en-GB')} found` : ' '}
              </output>
            </>
          }
          empty={<Nothing search={search} onSearch={find} />}
        />
      )}
    </Page>
  )
}

function Nothing({
  search,
  onSearch,
}: {
  readonly search: IncidentSearch
  readonly onSearch: (search: IncidentSearch) => void
}) {
  const projectId = useProjectId()
  const isFirst = Object.keys(writeSearch({ ...search, sort: 'severity', isReversed: false })).length === 0
  const { data: checks } = useQuery({
    ...queryOf('GET /api/v1/projects/{projectId}/checks', { path: { projectId }, query: { limit: 1 } }),
    enabled: isFirst,
  })
  if (!isFirst) {
    return (
      <EmptyState
        title="No incident is like this"
        action={
          <Button
            onClick={() => onSearch({ ...firstSearch, sort: search.sort, isReversed: search.isReversed })}
          >
            Take the filters away
          </Button>
        }
      >
        Fewer filters find more; those that are resolved or ignored are found under State.
      </EmptyState>
    )
  }
  if (checks?.items.length === 0) {
    return (
      <EmptyState
        title="Nothing was checked yet"
        action={
          <Link
            to="/projects/$projectId/onboarding"
            params={{ projectId }}
            className={buttonLook({ kind: 'primary' })}
          >
            Set the project up
          </Link>
        }
      >
        Incidents are filed by checks. Connect billing and the app, and the first check shows what differs.
      </EmptyState>
    )
  }
  return (
    <EmptyState icon={<CircleCheck aria-hidden />} title="Nothing is open">
      Everybody whom the last check could tell has what was promised.
    </EmptyState>
  )
}

function ExportMenu({
  projectId,
  query,
}: {
  readonly projectId: string
  readonly query: ReturnType<typeof queryOfSearch>
}) {
  const save = (format: 'csv' | 'jsonl') => {
    const link = document.createElement('a')
    link.href = addressOf('GET /api/v1/projects/{projectId}/incidents/export', {
      path: { projectId },
      query: { ...query, format },
    })
    link.download = ''
    link.click()
  }
  return (
    <Menu trigger={<Button icon={<Download aria-hidden />}>Export</Button>}>
      <MenuItem onSelect={() => save('csv')}>CSV, for spreadsheets</MenuItem>
      <MenuItem onSelect={() => save('jsonl')}>JSON lines, for programs</MenuItem>
    </Menu>
  )
}

function NarrowRow({ incident }: { readonly incident: Incident }) {
  const { severity, state, sentence, moneyAtRisk } = incident
  return (
    <TwoLines
      first={
        <>
          <Dot severity={severity} />
          <KindLink incident={incident} />
          {state === 'open' ? null : <Badge tone={stateTones[state]}>{stateWords[state]}</Badge>}
        </>
      }
      end={moneyAtRisk ? <Money {...moneyAtRisk} /> : null}
      second={<Untrusted text={sentence} />}
    />
  )
}

function Dot({ severity }: { readonly severity: Incident['severity'] }) {
  return (
    <>
      <StatusDot tone={severityTones[severity]} />
      <span className="sr-only">{severityWords[severity]}</span>
    </>
  )
}

function KindLink({ incident: { id, kind } }: { readonly incident: Incident }) {
  const projectId = useProjectId()
  return (
    <Link
      to="/projects/$projectId/incidents/$incidentId"
      params={{ projectId, incidentId: id }}
      className="truncate rounded-sm font-medium outline-offset-[-2px] hover:underline"
    >
      {kindWords[kind]}
    </Link>
  )
}

function useColumns(): readonly Column<Incident>[] {
  const projectId = useProjectId()
  const members = useMembers()
  return useMemo(
    () => [
      {
        id: 'severity',
        heading: 'Severity',
        width: '6.5rem',
        from: 'lg',
        value: ({ severity }) => severity,
        cell: ({ severity }) => (
          <span className="flex items-center gap-2">
            <StatusDot tone={severityTones[severity]} />
            {severityWords[severity]}
          </span>
        ),
      },
      {
        id: 'sentence',
        heading: 'What is wrong',
        cell: ({ id, kind, severity, sentence }) => (
          <span className="flex min-w-0 items-center gap-2">
            <span className="flex @4xl:hidden">
              <Dot severity={severity} />
            </span>
            <Link
              to="/projects/$projectId/incidents/$incidentId"
              params={{ projectId, incidentId: id }}
              className="flex min-w-0 flex-1 gap-2 rounded-sm outline-offset-[-2px] hover:underline"
            >
              <span className="max-w-full shrink-0 truncate font-medium">{kindWords[kind]}</span>
              <Untrusted text={sentence} className="min-w-0 text-muted" />
            </Link>
          </span>
        ),
      },
      {
        id: 'cause',
        heading: 'Cause',
        width: '11rem',
        from: 'xl',
        cell: ({ cause }) =>
          cause ? (
            <span className="text-muted">{causeWords[cause.kind]}</span>
          ) : (
            <span className="text-faint">Being worked out</span>
          ),
      },
      {
        id: 'money',
        heading: 'A month',
        width: '6.5rem',
        isNumber: true,
        from: 'sm',
        value: ({ moneyAtRisk }) => moneyAtRisk?.amount ?? null,
        cell: ({ moneyAtRisk }) =>
          moneyAtRisk ? <Money {...moneyAtRisk} /> : <span className="text-faint">–</span>,
      },
      {
        id: 'state',
        heading: 'State',
        width: '8.25rem',
        from: 'lg',
        cell: ({ state }) => <Badge tone={stateTones[state]}>{stateWords[state]}</Badge>,
      },
      {
        id: 'assignee',
        heading: 'Assignee',
        width: '6.5rem',
        from: 'lg',
        cell: ({ assignee }) => {
          if (assignee === null) return <span className="text-faint">–</span>
          const member = members.find(({ personId }) => personId === assignee)
          return <Untrusted text={member?.name ?? 'Somebody who left'} maxLength={40} />
        },
      },
      {
        id: 'opened',
        heading: 'Opened',
        width: '5.5rem',
        from: 'lg',
        isNumber: true,
        value: ({ openedAt }) => openedAt,
        cell: ({ openedAt }) => <Moment at={openedAt} className="text-muted" />,
      },
    ],
    [projectId, members],
  )
}
