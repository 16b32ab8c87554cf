import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { queryOf, useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Input, Select } from '../../ui/field.tsx'
import { Moment } from '../../ui/moment.tsx'
import { ShownOnce } from '../../ui/shown-once.tsx'
import { ErrorState, Loaded, SkeletonRows } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { type GivenRole, givenRoles, roleWords, useWorkspace } from './workspace.ts'

const list = 'GET /api/v1/workspaces/{workspaceId}/invites'
const make = 'POST /api/v1/workspaces/{workspaceId}/invites'
const take = 'DELETE /api/v1/workspaces/{workspaceId}/invites/{inviteId}'

/** The invites that wait to be taken up. */
export function Invites() {
  const { workspaceId } = useWorkspace()
  const invites = useQuery(queryOf(list, { path: { workspaceId } }))
  const revoke = useAct(take, { refresh: [list] })
  const mayRevoke = useMay(take, workspaceId)
  return (
    <Card title="Invites" description="Each link is good for seven days, once." isFlush>
      <Loaded query={invites} skeleton={<SkeletonRows rows={1} />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="px-4 pb-4 text-muted text-sm">No invite waits to be taken up.</p>
          ) : (
            <ul className="divide-y divide-line border-line border-t">
              {items.map(({ inviteId, email, role, expiresAt }) => (
                <li
                  key={inviteId}
                  className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 text-sm"
                >
                  <Untrusted text={email} className="min-w-0 font-medium" />
                  <Badge>{roleWords[role]}</Badge>
                  <span className="ml-auto text-muted">
                    Ends <Moment at={expiresAt} />
                  </span>
                  <Button
                    size="small"
                    aria-label={`Revoke the invite for ${email}`}
                    unless={mayRevoke.reason}
                    isBusy={revoke.isPending}
                    onClick={() =>
                      revoke.mutate(
                        { path: { workspaceId, inviteId } },
                        { onSuccess: () => toast.done('The invite was revoked.'), onError: toast.failed },
                      )
                    }
                  >
                    Revoke
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  )
}

/** Asks whom to invite, and shows the link where it cannot be mailed. */
export function InviteDialog({ onClose }: { readonly onClose: () => void }) {
  const id = useId()
  const { workspaceId } = useWorkspace()
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<GivenRole>('member')
  const act = useAct(make, { refresh: [list] })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    act.mutate(
      { path: { workspaceId }, body: { email: email.trim(), role } },
      {
        onSuccess: ({ link }) => {
          if (link !== null) return
          toast.done('The invite was mailed.')
          onClose()
        },
      },
    )
  }
  if (act.data?.link) {
    return (
      <ShownOnce title="The invite" label="the link" text={act.data.link} onClose={onClose}>
        Give it to <Untrusted text={act.data.invite.email} />. It is good for seven days, once.
      </ShownOnce>
    )
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Invite somebody"
      description="An invite that the address has here already is revoked."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={id} isBusy={act.isPending}>
            Invite
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="flex flex-col gap-4">
        {act.error ? <ErrorState error={act.error} /> : null}
        <Field label="E-mail address" error={act.error?.about('email')}>
          <Input
            type="email"
            required
            autoFocus
            autoComplete="off"
            value={email}
            onChange={({ target }) => setEmail(target.value)}
          />
        </Field>
        <Field label="Role" hint={givenRoles.find(([given]) => given === role)?.[1]}>
          <Select value={role} onChange={({ target }) => setRole(target.value as GivenRole)}>
            {givenRoles.map(([given]) => (
              <option key={given} value={given}>
                {roleWords[given]}
              </option>
            ))}
          </Select>
        </Field>
      </form>
    </Dialog>
  )
}
