import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ItemOf } from '../../api/operation.ts'
import { pagesOf, queryOf, useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { useProjectId } from '../../session/project.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Textarea } from '../../ui/field.tsx'
import { Moment } from '../../ui/moment.tsx'
import { EmptyState, ErrorState, Loaded, Skeleton } from '../../ui/states.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { toast } from '../../ui/toast.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { Diff } from '../incident/diff.tsx'
import { Who } from '../incident/who.tsx'
import { refreshedByConfig } from './try-and-save.tsx'

const list = 'GET /api/v1/projects/{projectId}/config/versions'
const revertTo = 'POST /api/v1/projects/{projectId}/config/versions/{version}/revert'
type Version = ItemOf<typeof list>

/** Every version that ever held, what it changed, and a way back to it. */
export function Versions({ current }: { readonly current: number }) {
  const projectId = useProjectId()
  const versions = useInfiniteQuery(pagesOf(list, { path: { projectId } }))
  const [open, setOpen] = useState<Version | null>(null)
  return (
    <>
      <Loaded query={versions}>
        {(rows) => (
          <Table
            label="Versions"
            rows={rows}
            pages={versions}
            columns={columnsOf(current, setOpen)}
            rowKey={({ version }) => String(version)}
            onOpen={setOpen}
            exportName="versions"
            empty={<EmptyState title="No version yet" />}
          />
        )}
      </Loaded>
      {open ? <OneVersion one={open} current={current} onClose={() => setOpen(null)} /> : null}
    </>
  )
}

function columnsOf(current: number, onOpen: (version: Version) => void): readonly Column<Version>[] {
  return [
    {
      id: 'version',
      heading: 'Version',
      width: '7.5rem',
      value: ({ version }) => version,
      cell: (one) => (
        <span className="flex items-center gap-2">
          <button
            type="button"
            className="tabular rounded-sm font-medium hover:underline"
            aria-label={`What version ${one.version} changed`}
            onClick={() => onOpen(one)}
          >
            {one.version}
          </button>
          {one.version === current ? <Badge tone="success">in force</Badge> : null}
        </span>
      ),
    },
    {
      id: 'note',
      heading: 'Note',
      value: ({ note }) => note,
      cell: ({ note, revertsTo }) =>
        note || revertsTo === null ? (
          <Untrusted text={note ?? '–'} />
        ) : (
          <span className="text-muted">Brings version {revertsTo} back</span>
        ),
    },
    {
      id: 'author',
      heading: 'By',
      width: '9rem',
      from: 'lg',
      value: ({ author }) => author,
      cell: ({ author }) => <Who by={author} />,
    },
    {
      id: 'fingerprint',
      heading: 'Fingerprint',
      width: '9rem',
      from: 'lg',
      value: ({ fingerprint }) => fingerprint,
      cell: ({ fingerprint }) => <Untrusted text={fingerprint.slice(0, 12)} isMono className="text-muted" />,
    },
    {
      id: 'made',
      heading: 'Made',
      width: '5.5rem',
      value: ({ madeAt }) => madeAt,
      cell: ({ madeAt }) => <Moment at={madeAt} className="text-muted" />,
    },
  ]
}

function OneVersion({
  one: { version, note },
  current,
  onClose,
}: {
  readonly one: Version
  readonly current: number
  readonly onClose: () => void
}) {
  const projectId = useProjectId()
  const [isReverting, setReverting] = useState(false)
  const [why, setWhy] = useState('')
  // Before it is brought back: what that would change. Else what it changed when it was made.
  const [from, to] = isReverting ? [current, version] : [version - 1, version]
  const diff = useQuery(
    queryOf('GET /api/v1/projects/{projectId}/config/diff', { path: { projectId }, query: { from, to } }),
  )
  const revert = useAct(revertTo, { refresh: refreshedByConfig })
  const may = useMay(revertTo)
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="large"
      title={isReverting ? `Bring version ${version} back` : `What version ${version} changed`}
      description={
        isReverting ? 'As a new version. This is what would change from what holds now.' : (note ?? undefined)
      }
      actions={
        <>
          <Button onClick={onClose}>{isReverting ? 'Cancel' : 'Close'}</Button>
          <Button
            kind={isReverting ? 'primary' : 'plain'}
            isBusy={revert.isPending}
            unless={may.reason ?? (version === current ? 'It is in force.' : null)}
            onClick={() => {
              if (!isReverting) return setReverting(true)
              revert.mutate(
                {
                  path: { projectId, version },
                  body: { expectedVersion: current, note: why.trim() || null },
                },
                {
                  onSuccess: ({ version: made }) => {
                    toast.done(`Version ${made} holds, which says what version ${version} said.`)
                    onClose()
                  },
                },
              )
            }}
          >
            {isReverting ? 'Bring it back' : 'Bring this version back'}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {revert.error ? <ErrorState error={revert.error} /> : null}
        <Loaded query={diff} skeleton={<Skeleton className="h-40" />}>
          {({ items }) =>
            items.length === 0 ? (
              <p className="text-muted text-sm">Nothing differs.</p>
            ) : (
              <Diff changes={items.map(({ path, before, after }) => ({ field: path, before, after }))} />
            )
          }
        </Loaded>
        {isReverting ? (
          <Field label="Note" hint="Why, for those who look at it later. May be left out.">
            <Textarea
              rows={2}
              maxLength={2_000}
              value={why}
              onChange={({ target }) => setWhy(target.value)}
            />
          </Field>
        ) : null}
      </div>
    </Dialog>
  )
}
