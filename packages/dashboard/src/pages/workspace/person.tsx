import { useQuery } from '@tanstack/react-query'
import { queryOf } from '../../api/query.ts'
import { Untrusted } from '../../ui/untrusted.tsx'
import { useWorkspace } from './workspace.ts'

const members = 'GET /api/v1/workspaces/{workspaceId}/members'

/** Who did something in the workspace, as its record names them. */
export function Person({ by }: { readonly by: string }) {
  const { workspaceId } = useWorkspace()
  const { data } = useQuery({ ...queryOf(members, { path: { workspaceId } }), staleTime: 60_000 })
  const id = by.replace(/^person:/, '')
  const person = data?.items.find(({ personId }) => personId === id)
  if (person) return <Untrusted text={person.name || person.email} maxLength={60} />
  if (by === 'command-line') return <>The command line</>
  return data ? <span className="text-muted">Somebody who left</span> : null
}
