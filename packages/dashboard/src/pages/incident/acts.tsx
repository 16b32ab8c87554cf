import { UserRound } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { useMe } from '../../session/me.ts'
import { useProjectId } from '../../session/project.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Textarea } from '../../ui/field.tsx'
import { Menu, MenuItem, MenuLine } from '../../ui/menu.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { beginOf, UntilField } from './bulk-bar.tsx'
import { useMembers } from './who.tsx'
import type { Incident } from './words.ts'

const base = '/api/v1/projects/{projectId}/incidents/{incidentId}'
/** What is shown differently after an act on an incident. */
export const afterIncidentAct = {
  refresh: [
    'GET /api/v1/projects/{projectId}/incidents',
    'GET /api/v1/projects/{projectId}/ledger',
    'GET /api/v1/projects/{projectId}/customers',
  ],
}

/** What a person can do with an incident. */
export function IncidentActs({ incident }: { readonly incident: Incident }) {
  const [open, setOpen] = useState<'acknowledge' | 'ignore' | 'reopen' | null>(null)
  const mayAcknowledge = useMay(`POST ${base}/acknowledge`)
  const mayIgnore = useMay(`POST ${base}/ignore`)
  const mayReopen = useMay(`POST ${base}/reopen`)
  const { state } = incident
  const isOver = state === 'resolved' || state === 'ignored'
  const close = () => setOpen(null)
  return (
    <>
      <AssignMenu incident={incident} />
      {state === 'open' ? (
        <Button unless={mayAcknowledge.reason} onClick={() => setOpen('acknowledge')}>
          Acknowledge
        </Button>
      ) : null}
      {isOver ? (
        <Button unless={mayReopen.reason} onClick={() => setOpen('reopen')}>
          Reopen
        </Button>
      ) : (
        <Button unless={mayIgnore.reason} onClick={() => setOpen('ignore')}>
          Ignore
        </Button>
      )}
      {open === 'acknowledge' ? (
        <NoteDialog
          incident={incident}
          act="acknowledge"
          title="Acknowledge"
          description="Somebody is at work on it. It stays until a check no longer finds the drift."
          done="It is acknowledged."
          onClose={close}
        />
      ) : null}
      {open === 'reopen' ? (
        <NoteDialog
          incident={incident}
          act="reopen"
          title="Reopen"
          description="It counts again, and is told to those who are told of incidents."
          done="It is open again."
          onClose={close}
        />
      ) : null}
      {open === 'ignore' ? <IgnoreDialog incident={incident} onClose={close} /> : null}
    </>
  )
}

function NoteDialog({
  incident: { id: incidentId },
  act,
  title,
  description,
  done,
  onClose,
}: {
  readonly incident: Incident
  readonly act: 'acknowledge' | 'reopen'
  readonly title: string
  readonly description: string
  readonly done: string
  readonly onClose: () => void
}) {
  const id = useId()
  const projectId = useProjectId()
  const [note, setNote] = useState('')
  const send = useAct(`POST ${base}/${act}`, afterIncidentAct)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    send.mutate(
      { path: { projectId, incidentId }, body: { note: note.trim() || null } },
      {
        onSuccess: () => {
          toast.done(done)
          onClose()
        },
      },
    )
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={title}
      description={description}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={id} isBusy={send.isPending}>
            {title}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="flex flex-col gap-4">
        {send.error ? <ErrorState error={send.error} /> : null}
        <Field label="Note" hint="May be left out. It stands in the history.">
          <Textarea
            autoFocus
            rows={3}
            maxLength={4_000}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </Field>
      </form>
    </Dialog>
  )
}

function IgnoreDialog({
  incident: { id: incidentId },
  onClose,
}: {
  readonly incident: Incident
  readonly onClose: () => void
}) {
  const id = useId()
  const projectId = useProjectId()
  const [reason, setReason] = useState('')
  const [until, setUntil] = useState('')
  const send = useAct(`POST ${base}/ignore`, afterIncidentAct)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    send.mutate(
      { path: { projectId, incidentId }, body: { reason, until: beginOf(until) } },
      {
        onSuccess: () => {
          toast.done('It is ignored.')
          onClose()
        },
      },
    )
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Ignore"
      description="The drift is meant to be. It no longer counts, and nobody is told of it."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={id} isBusy={send.isPending}>
            Ignore
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="flex flex-col gap-4">
        {send.error ? <ErrorState error={send.error} /> : null}
        <Field
          label="Reason"
          hint="It stands in the ledger, with your name."
          error={send.error?.about('reason')}
        >
          <Textarea
            autoFocus
            required
            rows={3}
            maxLength={4_000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
        <UntilField value={until} onChange={setUntil} />
      </form>
    </Dialog>
  )
}

function AssignMenu({ incident: { id: incidentId, assignee } }: { readonly incident: Incident }) {
  const projectId = useProjectId()
  const me = useMe()
  const members = useMembers()
  const may = useMay(`POST ${base}/assign`)
  const send = useAct(`POST ${base}/assign`, afterIncidentAct)
  const assign = (to: string | null, done: string) =>
    send.mutate(
      { path: { projectId, incidentId }, body: { assignee: to, note: null } },
      { onSuccess: () => toast.done(done), onError: toast.failed },
    )
  const assigned = members.find(({ personId }) => personId === assignee)
  const others = members.filter(({ personId }) => personId !== me.personId)
  return (
    <Menu
      trigger={
        <Button icon={<UserRound aria-hidden />} isBusy={send.isPending}>
          {assigned ? <Untrusted text={assigned.name} maxLength={24} /> : 'Assign'}
        </Button>
      }
    >
      <MenuItem
        unless={may.reason ?? (assignee === me.personId && 'It is yours already.')}
        onSelect={() => assign(me.personId, 'It is yours.')}
      >
        To me
      </MenuItem>
      {others.length > 0 ? <MenuLine /> : null}
      {others.map(({ personId, name, email }) => (
        <MenuItem key={personId} unless={may.reason} onSelect={() => assign(personId, 'It is assigned.')}>
          <Untrusted text={name || email} maxLength={60} />
        </MenuItem>
      ))}
      {assignee ? (
        <>
          <MenuLine />
          <MenuItem unless={may.reason} onSelect={() => assign(null, 'It is nobody’s now.')}>
            To nobody
          </MenuItem>
        </>
      ) : null}
    </Menu>
  )
}
