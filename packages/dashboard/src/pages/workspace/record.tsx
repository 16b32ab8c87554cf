import { useInfiniteQuery } from '@tanstack/react-query'
import { ScrollText } from 'lucide-react'
import type { ItemOf } from '../../api/operation.ts'
import { pagesOf } from '../../api/query.ts'
import { Page } from '../../shell/page.tsx'
import { Moment } from '../../ui/moment.tsx'
import { EmptyState, Loaded } from '../../ui/states.tsx'
import { type Column, Table, TwoLines } from '../../ui/table.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { Person } from './person.tsx'
import { useWorkspace } from './workspace.ts'

type Entry = ItemOf<'GET /api/v1/workspaces/{workspaceId}/record'>

const actWords: Readonly<Record<Entry['act'], string>> = {
  'workspace-created': 'The workspace was made',
  'workspace-renamed': 'The workspace was renamed',
  'member-invited': 'Somebody was invited',
  'invite-revoked': 'An invite was revoked',
  'member-joined': 'Somebody joined',
  'member-role-changed': 'A role was changed',
  'member-removed': 'A member was removed',
  'member-left': 'A member left',
  'workspace-handed-over': 'The workspace was handed over',
  'workspace-deletion-asked': 'The workspace was to be deleted',
  'workspace-deletion-taken-back': 'The deletion was taken back',
  'reset-link-made': 'A link to a new password was made',
  'second-factor-removed': 'A second factor was taken away',
  'key-created': 'A key was made',
  'key-revoked': 'A key was revoked',
}

/** What was done in the workspace that concerns no one project. */
export function WorkspaceRecord() {
  const { workspaceId } = useWorkspace()
  const record = useInfiniteQuery(
    pagesOf('GET /api/v1/workspaces/{workspaceId}/record', { path: { workspaceId } }),
  )
  return (
    <Page
      title="Record"
      description="Members, invites and keys of the whole workspace. What concerns a project stands in its ledger."
    >
      <Loaded query={record}>
        {(rows) => (
          <Table
            label="Record"
            rows={rows}
            pages={record}
            columns={columns}
            narrow={narrow}
            rowKey={({ number }) => String(number)}
            exportName="record"
            empty={<EmptyState icon={<ScrollText aria-hidden />} title="Nothing has been done yet" />}
          />
        )}
      </Loaded>
    </Page>
  )
}

const columns: readonly Column<Entry>[] = [
  {
    id: 'number',
    heading: 'Number',
    width: '5.5rem',
    isNumber: true,
    from: 'md',
    value: ({ number }) => number,
    cell: ({ number }) => number,
  },
  {
    id: 'act',
    heading: 'What was done',
    value: ({ act }) => act,
    cell: ({ act }) => <span className="font-medium">{actWords[act]}</span>,
  },
  {
    id: 'facts',
    heading: 'About',
    from: 'md',
    value: ({ facts }) => JSON.stringify(facts),
    cell: ({ facts }) => <Untrusted text={factsText(facts)} isMono className="text-muted" />,
  },
  {
    id: 'by',
    heading: 'By',
    width: '10rem',
    from: 'sm',
    value: ({ by }) => by,
    cell: ({ by }) => <Person by={by} />,
  },
  {
    id: 'at',
    heading: 'When',
    width: '6.5rem',
    value: ({ at }) => at,
    cell: ({ at }) => <Moment at={at} className="text-muted" />,
  },
]

function narrow({ act, facts, at }: Entry) {
  return (
    <TwoLines
      first={<span className="truncate font-medium">{actWords[act]}</span>}
      end={<Moment at={at} className="text-muted" />}
      second={<Untrusted text={factsText(facts)} isMono />}
    />
  )
}

function factsText(facts: Entry['facts']): string {
  const text = Object.entries(facts)
    .map(([name, value]) => `${name}=${value ?? '–'}`)
    .join(' ')
  return text === '' ? '–' : text
}
