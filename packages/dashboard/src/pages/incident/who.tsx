import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { queryOf } from '../../api/query.ts'
import { useProject, useProjectId } from '../../session/project.ts'
import { Untrusted } from '../../ui/untrusted.tsx'

/** The people of the workspace of the project that is open. Empty while they are read. */
export function useMembers() {
  return useMembersQuery().data?.items ?? []
}

/** Whether it is known who belongs to the workspace, or not to be known. */
export function useAreMembersRead(): boolean {
  return !useMembersQuery().isLoading
}

function useMembersQuery() {
  const workspaceId = useProject()?.workspaceId ?? ''
  return useQuery({
    ...queryOf('GET /api/v1/workspaces/{workspaceId}/members', { path: { workspaceId } }),
    staleTime: 60_000,
    enabled: workspaceId !== '',
  })
}

const linkLook =
  'rounded-sm text-accent underline decoration-accent/40 underline-offset-2 hover:decoration-accent'

/** Whoever did something, as the ledger names them: a person, a key, a check or a repair. */
export function Who({ by }: { readonly by: string }) {
  const projectId = useProjectId()
  const members = useMembers()
  const areRead = useAreMembersRead()
  const [kind = '', id = ''] = split(by)
  const person = members.find(({ personId }) => personId === id || personId === by)
  if (person) return <Untrusted text={person.name} maxLength={60} />
  const name = <Untrusted text={id} isMono maxLength={40} className={linkLook} />
  if (kind === 'check') {
    return (
      <>
        Check{' '}
        <Link
          to="/projects/$projectId/checks/$checkId"
          params={{ projectId, checkId: id }}
          className={linkLook}
        >
          {name}
        </Link>
      </>
    )
  }
  if (kind === 'repair') {
    return (
      <>
        Repair{' '}
        <Link
          to="/projects/$projectId/repairs/$repairId"
          params={{ projectId, repairId: id }}
          className={linkLook}
        >
          {name}
        </Link>
      </>
    )
  }
  if (kind === 'person')
    return areRead ? <span>Somebody who left</span> : <span className="inline-block w-24" />
  return <Untrusted text={by} maxLength={60} isMono={by.includes(':')} />
}

function split(by: string): readonly string[] {
  const at = by.indexOf(':')
  return at < 0 ? [] : [by.slice(0, at), by.slice(at + 1)]
}
