import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Download, Users } from 'lucide-react'
import { useMemo } from 'react'
import { addressOf } from '../../api/call.ts'
import type { ItemOf } from '../../api/operation.ts'
import { pagesOf } from '../../api/query.ts'
import { useProjectId } from '../../session/project.ts'
import { Page } from '../../shell/page.tsx'
import { useGoTo } from '../../shell/use-go-to.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, buttonLook } from '../../ui/button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { type Column, Table, TwoLines } from '../../ui/table.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { SearchField } from '../incident/filters.tsx'
import { verdictTones, verdictWords } from './verdict.ts'

const route = '/api/v1/projects/{projectId}/customers'
type Line = ItemOf<`GET ${typeof route}`>

/** Everybody who pays or has access, as the last full check read them. */
export function CustomerList() {
  const projectId = useProjectId()
  const navigate = useNavigate()
  const goTo = useGoTo()
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const text = typeof search.q === 'string' || typeof search.q === 'number' ? String(search.q) : ''
  const q = text.trim()
  const customers = useInfiniteQuery({
    ...pagesOf(`GET ${route}`, { path: { projectId }, query: q ? { q } : {} }),
    placeholderData: (before) => before,
  })
  const columns = useColumns()
  const find = (next: string) =>
    void navigate({
      to: '/projects/$projectId/customers',
      params: { projectId },
      search: next ? { q: next } : {},
      replace: true,
      resetScroll: false,
    })
  const save = (format: 'csv' | 'jsonl') => {
    const link = document.createElement('a')
    link.href = addressOf(`GET ${route}/export`, {
      path: { projectId },
      query: { ...(q ? { q } : {}), format },
    })
    link.download = ''
    link.click()
  }
  return (
    <Page
      title="Customers"
      description="Everybody who pays or has access, as the last full check read them."
      actions={
        <Menu trigger={<Button icon={<Download aria-hidden />}>Export</Button>}>
          <MenuItem onSelect={() => save('csv')}>CSV, for spreadsheets</MenuItem>
          <MenuItem onSelect={() => save('jsonl')}>JSON lines, for programs</MenuItem>
        </Menu>
      }
    >
      {customers.error && !customers.data ? (
        <ErrorState
          error={customers.error}
          onRetry={() => void customers.refetch()}
          isRetrying={customers.isFetching}
        />
      ) : (
        <Table<Line>
          label="Customers"
          rows={customers.data}
          pages={customers}
          columns={columns}
          narrow={narrow}
          rowKey={({ key }) => key}
          onOpen={({ key }) => goTo(`/projects/${projectId}/customers/${encodeURIComponent(key)}`)}
          toolbar={
            <SearchField
              text={text}
              onText={find}
              label="Search customers"
              placeholder="Name, e-mail or id"
            />
          }
          empty={
            q ? (
              <EmptyState
                title="Nobody is like this"
                action={<Button onClick={() => find('')}>Show everybody</Button>}
              >
                Part of a name, an e-mail address or an id is searched for.
              </EmptyState>
            ) : (
              <EmptyState
                icon={<Users aria-hidden />}
                title="Nobody was read yet"
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
                The first full check reads everybody, from billing and from the app.
              </EmptyState>
            )
          }
        />
      )}
    </Page>
  )
}

function narrow(line: Line) {
  const { emails, customers, subject } = line
  const email = emails[0] ?? customers[0]?.email
  return (
    <TwoLines
      first={<NameLink line={line} />}
      end={<VerdictBadge line={line} />}
      second={<Untrusted text={email ?? subject?.id ?? customers[0]?.id ?? '–'} isMono={!email} />}
    />
  )
}

/** By name, or else by what is known of them; an id last. */
function NameLink({ line: { key, name, emails, customers, subject } }: { readonly line: Line }) {
  const projectId = useProjectId()
  const known = name ?? customers[0]?.name ?? emails[0] ?? customers[0]?.email
  return (
    <Link
      to="/projects/$projectId/customers/$customerId"
      params={{ projectId, customerId: key }}
      className="block min-w-0 truncate rounded-sm font-medium outline-offset-[-2px] hover:underline"
    >
      <Untrusted text={known ?? subject?.id ?? customers[0]?.id ?? key} isMono={!known} />
    </Link>
  )
}

function VerdictBadge({ line: { verdict, settling } }: { readonly line: Line }) {
  return (
    <Badge tone={settling ? 'info' : verdictTones[verdict]}>
      {settling ? 'Settling' : verdictWords[verdict]}
    </Badge>
  )
}

function useColumns(): readonly Column<Line>[] {
  return useMemo(
    () => [
      {
        id: 'name',
        heading: 'Customer',
        cell: (line) => <NameLink line={line} />,
      },
      {
        id: 'email',
        heading: 'E-mail',
        from: 'md',
        cell: ({ emails, customers }) => {
          const email = emails[0] ?? customers[0]?.email
          return email ? <Untrusted text={email} className="text-muted" /> : <None />
        },
      },
      {
        id: 'subject',
        heading: 'In the app',
        width: '15rem',
        from: 'lg',
        cell: ({ subject }) =>
          subject ? (
            <span className="text-muted">
              <Untrusted text={subject.id} isMono />
            </span>
          ) : (
            <None />
          ),
      },
      {
        id: 'customers',
        heading: 'In billing',
        width: '13rem',
        from: 'xl',
        cell: ({ customers: [first, ...others] }) =>
          first ? (
            <span className="text-muted">
              <Untrusted text={first.id} isMono className="max-w-40" />
              {others.length > 0 ? ` +${others.length}` : ''}
            </span>
          ) : (
            <None />
          ),
      },
      {
        id: 'verdict',
        heading: 'Verdict',
        width: '7.5rem',
        cell: (line) => <VerdictBadge line={line} />,
      },
      {
        id: 'incidents',
        heading: 'Open',
        width: '4.5rem',
        isNumber: true,
        from: 'sm',
        cell: ({ openIncidents }) => (openIncidents > 0 ? openIncidents : <None />),
      },
    ],
    [],
  )
}

function None() {
  return <span className="text-faint">–</span>
}
