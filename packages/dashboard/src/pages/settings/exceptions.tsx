import { useInfiniteQuery } from '@tanstack/react-query'
import { MoreHorizontal, ShieldCheck } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import type { ItemOf } from '../../api/operation.ts'
import { pagesOf, useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { useProjectId } from '../../session/project.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Input, Select } from '../../ui/field.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { Moment } from '../../ui/moment.tsx'
import { EmptyState, ErrorState, Loaded } from '../../ui/states.tsx'
import { SureDialog } from '../../ui/sure-dialog.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { toast } from '../../ui/toast.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { Who } from '../incident/who.tsx'
import { AddException } from './add-exception.tsx'
import { endOf, refreshedByException } from './exception-end.ts'

const base = '/api/v1/projects/{projectId}/exceptions'
type Exception = ItemOf<`GET ${typeof base}`>

/** Subjects that may have more than they pay for, each with a reason, an owner and an end. */
export function Exceptions() {
  const projectId = useProjectId()
  const [state, setState] = useState<'running' | 'over' | ''>('running')
  const [isAdding, setAdding] = useState(false)
  const exceptions = useInfiniteQuery(
    pagesOf(`GET ${base}`, { path: { projectId }, query: state === '' ? {} : { state } }),
  )
  const may = useMay(`POST ${base}`)
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <p className="min-w-0 flex-1 basis-60 text-muted text-sm">
          Comped accounts, staff and partners: what they have beyond what billing allows is no drift until the
          exception ends.
        </p>
        <Button kind="primary" unless={may.reason} onClick={() => setAdding(true)}>
          Add an exception
        </Button>
      </div>
      <Loaded query={exceptions}>
        {(rows) => (
          <Table
            label="Exceptions"
            rows={rows}
            pages={exceptions}
            columns={columns}
            rowKey={({ id }) => id}
            exportName="exceptions"
            toolbar={
              <Select
                aria-label="State"
                className="h-8 max-w-40"
                value={state}
                onChange={({ target }) => setState(target.value as typeof state)}
              >
                <option value="running">Running</option>
                <option value="over">Over</option>
                <option value="">All</option>
              </Select>
            }
            empty={
              <EmptyState icon={<ShieldCheck aria-hidden />} title="No exceptions here">
                Everybody is held to what they pay for.
              </EmptyState>
            }
          />
        )}
      </Loaded>
      {isAdding ? <AddException onClose={() => setAdding(false)} /> : null}
    </div>
  )
}

const columns: readonly Column<Exception>[] = [
  {
    id: 'subject',
    heading: 'Subject',
    value: ({ subject }) => subject?.id ?? '',
    cell: ({ subject }) => <Untrusted text={subject?.id ?? ''} isMono className="font-medium" />,
  },
  {
    id: 'allowed',
    heading: 'May have',
    from: 'sm',
    value: ({ allowed }) => allowedText(allowed),
    cell: ({ allowed }) => <Untrusted text={allowedText(allowed)} />,
  },
  {
    id: 'reason',
    heading: 'Reason',
    from: 'md',
    value: ({ reason }) => reason,
    cell: ({ reason }) => <Untrusted text={reason} className="text-muted" />,
  },
  {
    id: 'owner',
    heading: 'Answers for it',
    width: '9rem',
    from: 'lg',
    value: ({ owner }) => owner,
    cell: ({ owner }) => <Who by={owner} />,
  },
  {
    id: 'until',
    heading: 'Until',
    width: '6.5rem',
    value: ({ until, endedAt }) => endedAt ?? until,
    cell: ({ until, endedAt }) => <Moment at={endedAt ?? until} className="text-muted" />,
  },
  {
    id: 'state',
    heading: 'State',
    width: '6.5rem',
    from: 'md',
    value: ({ running }) => (running ? 'running' : 'over'),
    cell: ({ running }) => (
      <Badge tone={running ? 'success' : 'neutral'}>{running ? 'Running' : 'Over'}</Badge>
    ),
  },
  { id: 'acts', heading: 'Acts', width: '4rem', cell: (exception) => <Acts exception={exception} /> },
]

function allowedText({ plan, paid, trialEndsAt, entitlements, seats }: Exception['allowed']): string {
  return [
    ...(plan === undefined ? [] : [`plan ${plan}`]),
    ...(paid === undefined ? [] : [paid ? 'paid access' : 'no paid access']),
    ...(trialEndsAt ? [`trial until ${trialEndsAt.slice(0, 10)}`] : []),
    ...(entitlements === undefined
      ? []
      : [entitlements === 'every' ? 'every feature' : entitlements.join(', ')]),
    ...(seats === undefined || seats === null ? [] : [`${seats} seats`]),
  ].join(' · ')
}

function Acts({
  exception: { id: exceptionId, subject, until, endedAt },
}: {
  readonly exception: Exception
}) {
  const path = { projectId: useProjectId(), exceptionId }
  const [open, setOpen] = useState<'extend' | 'end' | null>(null)
  const end = useAct(`POST ${base}/{exceptionId}/end`, { refresh: refreshedByException })
  const mayExtend = useMay(`POST ${base}/{exceptionId}/extend`)
  const mayEnd = useMay(`POST ${base}/{exceptionId}/end`)
  const isEnded = endedAt !== null && 'It was ended.'
  const close = () => setOpen(null)
  return (
    <>
      <Menu
        trigger={
          <Button
            size="small"
            kind="quiet"
            label={`What can be done with the exception of ${subject?.id.slice(0, 80) ?? ''}`}
            icon={<MoreHorizontal aria-hidden />}
          />
        }
      >
        <MenuItem unless={mayExtend.reason ?? isEnded} onSelect={() => setOpen('extend')}>
          Extend
        </MenuItem>
        <MenuItem isDanger unless={mayEnd.reason ?? isEnded} onSelect={() => setOpen('end')}>
          End now
        </MenuItem>
      </Menu>
      {open === 'extend' ? <ExtendDialog exceptionId={exceptionId} until={until} onClose={close} /> : null}
      {open === 'end' ? (
        <SureDialog
          title="End this exception now?"
          description="The next check sees what it covered, and files what drifts."
          button="End it"
          isBusy={end.isPending}
          error={end.error}
          onClose={close}
          onSure={() =>
            end.mutate(
              { path },
              {
                onSuccess: () => {
                  toast.done('The exception has ended.')
                  close()
                },
              },
            )
          }
        >
          <Untrusted text={subject?.id ?? ''} isMono isWhole />
        </SureDialog>
      ) : null}
    </>
  )
}

function ExtendDialog({
  exceptionId,
  until: kept,
  onClose,
}: {
  readonly exceptionId: string
  readonly until: string
  readonly onClose: () => void
}) {
  const id = useId()
  const projectId = useProjectId()
  const [until, setUntil] = useState(kept.slice(0, 10))
  const extend = useAct(`POST ${base}/{exceptionId}/extend`, { refresh: refreshedByException })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    extend.mutate(
      { path: { projectId, exceptionId }, body: { until: endOf(until) } },
      {
        onSuccess: () => {
          toast.done('The exception runs longer.')
          onClose()
        },
      },
    )
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="small"
      title="Extend the exception"
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={id} isBusy={extend.isPending}>
            Extend
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="flex flex-col gap-4">
        {extend.error ? <ErrorState error={extend.error} /> : null}
        <Field
          label="Until"
          hint="The end of that day, as your clock has it."
          error={extend.error?.about('until')}
        >
          <Input
            type="date"
            required
            autoFocus
            min={kept.slice(0, 10)}
            value={until}
            onChange={({ target }) => setUntil(target.value)}
          />
        </Field>
      </form>
    </Dialog>
  )
}
