import { useQuery } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import type { ItemOf } from '../../api/operation.ts'
import { queryOf, useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { useProjects } from '../../session/project.ts'
import { Page } from '../../shell/page.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Moment } from '../../ui/moment.tsx'
import { EmptyState, Loaded } from '../../ui/states.tsx'
import { SureDialog } from '../../ui/sure-dialog.tsx'
import { type Column, Table, TwoLines } from '../../ui/table.tsx'
import { toast } from '../../ui/toast.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { MakeKey } from './make-key.tsx'
import { Person } from './person.tsx'
import { useWorkspace } from './workspace.ts'

type Key = ItemOf<'GET /api/v1/workspaces/{workspaceId}/api-keys'>

const list = 'GET /api/v1/workspaces/{workspaceId}/api-keys'
const make = 'POST /api/v1/workspaces/{workspaceId}/api-keys'
const take = 'DELETE /api/v1/workspaces/{workspaceId}/api-keys/{keyId}'

/** The keys of a workspace for machines. */
export function Keys() {
  const { workspaceId } = useWorkspace()
  const keys = useQuery(queryOf(list, { path: { workspaceId } }))
  const mayMake = useMay(make, workspaceId)
  const [isMaking, setMaking] = useState(false)
  const button = (
    <Button
      kind="primary"
      icon={<KeyRound aria-hidden />}
      unless={mayMake.reason}
      onClick={() => setMaking(true)}
    >
      Make a key
    </Button>
  )
  return (
    <Page
      title="API keys"
      description="For pipelines, agents and scripts. A key is shown once and kept as a hash."
      actions={button}
    >
      <Loaded query={keys}>
        {({ items }) => (
          <Table
            label="API keys"
            rows={items}
            columns={columns}
            narrow={narrow}
            rowKey={({ keyId }) => keyId}
            exportName="api-keys"
            empty={
              <EmptyState icon={<KeyRound aria-hidden />} title="No keys yet">
                A key lets a pipeline or an agent read this workspace, or have things repaired.
              </EmptyState>
            }
          />
        )}
      </Loaded>
      {isMaking ? <MakeKey onClose={() => setMaking(false)} /> : null}
    </Page>
  )
}

function narrow(key: Key) {
  const { name, label, lastUsedAt } = key
  return (
    <span className="flex items-center gap-3">
      <span className="min-w-0 flex-1">
        <TwoLines
          first={
            <>
              <Untrusted text={name} className="font-medium" />
              <State state={stateOf(key)} />
            </>
          }
          second={
            <>
              <Untrusted text={label} isMono />,{' '}
              {lastUsedAt === null ? (
                'never used'
              ) : (
                <>
                  last used <Moment at={lastUsedAt} />
                </>
              )}
            </>
          }
        />
      </span>
      <Revoke apiKey={key} />
    </span>
  )
}

const columns: readonly Column<Key>[] = [
  {
    id: 'name',
    heading: 'Name',
    value: ({ name }) => name,
    cell: ({ name }) => <Untrusted text={name} className="font-medium" />,
  },
  {
    id: 'key',
    heading: 'Key',
    width: '6rem',
    from: 'sm',
    value: ({ label }) => label,
    cell: ({ label }) => <Untrusted text={label} isMono />,
  },
  {
    id: 'scope',
    heading: 'May',
    width: '8rem',
    from: 'md',
    value: ({ scope }) => scope,
    cell: ({ scope }) => (
      <Badge tone={scope === 'read' ? 'neutral' : 'warning'}>
        {scope === 'read' ? 'Read' : 'Read and repair'}
      </Badge>
    ),
  },
  {
    id: 'project',
    heading: 'Project',
    width: '8rem',
    from: 'lg',
    value: ({ projectId }) => projectId,
    cell: ({ projectId }) => <OfProject projectId={projectId} />,
  },
  {
    id: 'by',
    heading: 'Made by',
    width: '7.5rem',
    from: 'xl',
    cell: ({ createdBy }) => <Person by={createdBy} />,
  },
  {
    id: 'used',
    heading: 'Last used',
    width: '5.5rem',
    from: 'md',
    value: ({ lastUsedAt }) => lastUsedAt,
    cell: ({ lastUsedAt }) => <Moment at={lastUsedAt} className="text-muted" />,
  },
  {
    id: 'ends',
    heading: 'Ends',
    width: '5.5rem',
    from: 'lg',
    value: ({ expiresAt }) => expiresAt,
    cell: ({ expiresAt }) => <Moment at={expiresAt} className="text-muted" />,
  },
  {
    id: 'addresses',
    heading: 'Only from',
    width: '6.5rem',
    from: 'xl',
    value: ({ allowedAddresses }) => allowedAddresses?.join(' ') ?? null,
    cell: ({ allowedAddresses }) => (
      <Untrusted text={allowedAddresses?.join(' ') ?? 'anywhere'} className="text-muted" />
    ),
  },
  {
    id: 'state',
    heading: 'State',
    width: '5.5rem',
    value: (key) => stateOf(key),
    cell: (key) => <State state={stateOf(key)} />,
  },
  { id: 'acts', heading: 'Acts', width: '6rem', cell: (key) => <Revoke apiKey={key} /> },
]

function OfProject({ projectId }: { readonly projectId: string | null }) {
  const project = useProjects().find(({ id }) => id === projectId)
  if (projectId === null) return <span className="text-muted">Every project</span>
  return <Untrusted text={project?.name ?? projectId} />
}

function stateOf({ revokedAt, expiresAt }: Key): 'revoked' | 'ended' | 'active' {
  if (revokedAt !== null) return 'revoked'
  return expiresAt !== null && new Date(expiresAt) <= new Date() ? 'ended' : 'active'
}

function State({ state }: { readonly state: ReturnType<typeof stateOf> }) {
  const words = { active: 'Active', ended: 'Ended', revoked: 'Revoked' }
  return <Badge tone={state === 'active' ? 'success' : 'neutral'}>{words[state]}</Badge>
}

function Revoke({ apiKey: { keyId, name, label, revokedAt } }: { readonly apiKey: Key }) {
  const { workspaceId } = useWorkspace()
  const [isAsked, setAsked] = useState(false)
  const revoke = useAct(take, { refresh: [list] })
  const may = useMay(take, workspaceId)
  if (revokedAt !== null) return <Moment at={revokedAt} className="text-muted" />
  return (
    <>
      <Button
        size="small"
        aria-label={`Revoke the key ${name.slice(0, 80)}`}
        unless={may.reason}
        onClick={() => setAsked(true)}
      >
        Revoke
      </Button>
      {isAsked ? (
        <SureDialog
          title="Revoke this key?"
          description="Whatever uses it is refused from its next request on. It cannot be taken back."
          button="Revoke"
          isBusy={revoke.isPending}
          error={revoke.error}
          onClose={() => setAsked(false)}
          onSure={() =>
            revoke.mutate(
              { path: { workspaceId, keyId } },
              {
                onSuccess: () => {
                  toast.done('The key was revoked.')
                  setAsked(false)
                },
              },
            )
          }
        >
          <Untrusted text={`${name} (${label})`} isWhole />
        </SureDialog>
      ) : null}
    </>
  )
}
