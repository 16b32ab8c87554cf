import { useQuery } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import type { ItemOf } from '../../api/operation.ts'
import { queryOf } from '../../api/query.ts'
import { useProjectId } from '../../session/project.ts'
import { Moment } from '../../ui/moment.tsx'
import { EmptyState, Loaded } from '../../ui/states.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'

const list = 'GET /api/v1/projects/{projectId}/secret-uses'
type Use = ItemOf<typeof list>

/** When which secret was taken out, and for what. */
export function SecretUses() {
  const projectId = useProjectId()
  const uses = useQuery(queryOf(list, { path: { projectId }, query: { limit: 1_000 } }))
  return (
    <div className="flex flex-col gap-3">
      <p className="text-muted text-sm">
        A line an hour, of the last 90 days; also of credentials that are gone.
      </p>
      <Loaded query={uses}>
        {({ items }) => (
          <Table
            label="Secret uses"
            rows={items}
            columns={columns}
            rowKey={({ id, usedFor, hour }) => `${id} ${usedFor} ${hour}`}
            exportName="secret-uses"
            empty={
              <EmptyState icon={<KeyRound aria-hidden />} title="No secret has been used yet">
                Each check and each repair leaves a line here.
              </EmptyState>
            }
          />
        )}
      </Loaded>
    </div>
  )
}

const columns: readonly Column<Use>[] = [
  {
    id: 'name',
    heading: 'Credential',
    value: ({ name }) => name,
    cell: ({ name }) => <Untrusted text={name} className="font-medium" />,
  },
  {
    id: 'used-for',
    heading: 'Used for',
    value: ({ usedFor }) => usedFor,
    cell: ({ usedFor }) => <Untrusted text={usedFor} />,
  },
  {
    id: 'field',
    heading: 'Kind',
    from: 'md',
    value: ({ field }) => field,
    cell: ({ field }) => <Untrusted text={field} isMono className="text-muted" />,
  },
  {
    id: 'uses',
    heading: 'Times',
    width: '5.5rem',
    isNumber: true,
    value: ({ uses }) => uses,
    cell: ({ uses }) => uses.toLocaleString('en-GB'),
  },
  {
    id: 'hour',
    heading: 'Hour',
    width: '11rem',
    from: 'lg',
    value: ({ hour }) => hour,
    cell: ({ hour }) => (
      <span className="tabular text-muted">
        {new Date(hour).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })}
      </span>
    ),
  },
  {
    id: 'last',
    heading: 'Last',
    width: '6rem',
    from: 'sm',
    value: ({ lastAt }) => lastAt,
    cell: ({ lastAt }) => <Moment at={lastAt} className="text-muted" />,
  },
]
