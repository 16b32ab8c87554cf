import { useQuery } from '@tanstack/react-query'
import { MoreHorizontal, UserPlus } from 'lucide-react'
import { useState } from 'react'
import type { ItemOf } from '../../api/operation.ts'
import { queryOf, useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { useMe } from '../../session/me.ts'
import { Page } from '../../shell/page.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Menu, MenuItem, MenuLabel, MenuLine } from '../../ui/menu.tsx'
import { Moment } from '../../ui/moment.tsx'
import { ShownOnce } from '../../ui/shown-once.tsx'
import { EmptyState, Loaded } from '../../ui/states.tsx'
import { SureDialog } from '../../ui/sure-dialog.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { toast } from '../../ui/toast.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { InviteDialog, Invites } from './invites.tsx'
import { givenRoles, roleWords, useWorkspace } from './workspace.ts'
import { WorkspaceCard } from './workspace-card.tsx'

type Member = ItemOf<'GET /api/v1/workspaces/{workspaceId}/members'>

const list = 'GET /api/v1/workspaces/{workspaceId}/members'
const one = '/api/v1/workspaces/{workspaceId}/members/{personId}'
const refresh = [list]

/** The people of a workspace, what each may do, and those who are invited. */
export function Members() {
  const { workspaceId, name } = useWorkspace()
  const members = useQuery(queryOf(list, { path: { workspaceId } }))
  const [isInviting, setInviting] = useState(false)
  const mayInvite = useMay('POST /api/v1/workspaces/{workspaceId}/invites', workspaceId)
  return (
    <Page
      title="Members"
      description={
        <>
          Who belongs to <Untrusted text={name} maxLength={80} />, and what they may do.
        </>
      }
      actions={
        <Button
          kind="primary"
          icon={<UserPlus aria-hidden />}
          unless={mayInvite.reason}
          onClick={() => setInviting(true)}
        >
          Invite
        </Button>
      }
    >
      <div className="flex flex-col gap-5">
        <Loaded query={members}>
          {({ items }) => (
            <Table
              label="Members"
              rows={items}
              columns={columns}
              rowKey={({ personId }) => personId}
              exportName="members"
              empty={<EmptyState title="Nobody belongs to this workspace" />}
            />
          )}
        </Loaded>
        <div className={members.isPending ? 'hidden' : 'contents'}>
          {mayInvite.may ? <Invites /> : null}
          <WorkspaceCard />
        </div>
      </div>
      {isInviting ? <InviteDialog onClose={() => setInviting(false)} /> : null}
    </Page>
  )
}

const columns: readonly Column<Member>[] = [
  {
    id: 'name',
    heading: 'Name',
    value: ({ name }) => name,
    cell: ({ personId, name }) => (
      <span className="flex items-center gap-2">
        <Untrusted text={name} className="min-w-0 font-medium" />
        <You personId={personId} />
      </span>
    ),
  },
  {
    id: 'email',
    heading: 'E-mail address',
    from: 'sm',
    value: ({ email }) => email,
    cell: ({ email }) => <Untrusted text={email} className="text-muted" />,
  },
  {
    id: 'role',
    heading: 'Role',
    width: '6rem',
    value: ({ role }) => roleWords[role],
    cell: ({ role }) => <Badge tone={role === 'owner' ? 'accent' : 'neutral'}>{roleWords[role]}</Badge>,
  },
  {
    id: 'second-factor',
    heading: 'Second factor',
    width: '7.5rem',
    from: 'md',
    value: ({ hasTwoFactor }) => (hasTwoFactor ? 'on' : 'off'),
    cell: ({ hasTwoFactor }) => (
      <Badge tone={hasTwoFactor ? 'success' : 'neutral'}>{hasTwoFactor ? 'On' : 'Off'}</Badge>
    ),
  },
  {
    id: 'joined',
    heading: 'Joined',
    width: '6.5rem',
    from: 'lg',
    value: ({ joinedAt }) => joinedAt,
    cell: ({ joinedAt }) => <Moment at={joinedAt} className="text-muted" />,
  },
  { id: 'acts', heading: 'Acts', width: '4rem', cell: (member) => <Acts member={member} /> },
]

function You({ personId }: { readonly personId: string }) {
  return useMe().personId === personId ? <Badge>You</Badge> : null
}

function Acts({ member }: { readonly member: Member }) {
  const { personId, role, name, email } = member
  const { workspaceId } = useWorkspace()
  const me = useMe()
  const path = { workspaceId, personId }
  const [asked, setAsked] = useState<'remove' | 'hand-over' | 'leave' | null>(null)
  const change = useAct(`PATCH ${one}`, { refresh })
  const makeLink = useAct(`POST ${one}/reset-link`)
  const remove = useAct(`DELETE ${one}`, { refresh })
  const handOver = useAct('POST /api/v1/workspaces/{workspaceId}/hand-over', {
    refresh: [list, 'GET /api/v1/me'],
  })
  const leave = useAct('POST /api/v1/workspaces/{workspaceId}/leave')
  const mayChange = useMay(`PATCH ${one}`, workspaceId)
  const mayLink = useMay(`POST ${one}/reset-link`, workspaceId)
  const mayRemove = useMay(`DELETE ${one}`, workspaceId)
  const mayHandOver = useMay('POST /api/v1/workspaces/{workspaceId}/hand-over', workspaceId)
  const isMe = personId === me.personId
  const ofOwner = role === 'owner' && 'The owner stays until the workspace is handed over.'
  const close = () => setAsked(null)
  return (
    <>
      <Menu
        trigger={
          <Button
            size="small"
            kind="quiet"
            label={`What can be done with ${(name || email).slice(0, 80)}`}
            icon={<MoreHorizontal aria-hidden />}
          />
        }
      >
        {isMe ? (
          <MenuItem isDanger unless={ofOwner} onSelect={() => setAsked('leave')}>
            Leave the workspace
          </MenuItem>
        ) : (
          <>
            <MenuLabel>Role</MenuLabel>
            {givenRoles.map(([given]) => (
              <MenuItem
                key={given}
                unless={mayChange.reason ?? (given === role && 'It is their role already.')}
                onSelect={() =>
                  change.mutate(
                    { path, body: { role: given } },
                    { onSuccess: () => toast.done('The role was changed.'), onError: toast.failed },
                  )
                }
              >
                {roleWords[given]}
              </MenuItem>
            ))}
            <MenuLine />
            <MenuItem
              unless={mayHandOver.reason ?? (role !== 'admin' && 'Make them an admin first.')}
              onSelect={() => setAsked('hand-over')}
            >
              Hand the workspace over
            </MenuItem>
            <MenuItem
              unless={mayLink.reason ?? ofOwner}
              onSelect={() =>
                makeLink.mutate(
                  { path },
                  {
                    onSuccess: ({ link }) => {
                      if (link === null) toast.done('The link was mailed to them.')
                    },
                    onError: toast.failed,
                  },
                )
              }
            >
              Link to a new password
            </MenuItem>
            <MenuItem isDanger unless={mayRemove.reason ?? ofOwner} onSelect={() => setAsked('remove')}>
              Remove
            </MenuItem>
          </>
        )}
      </Menu>
      {makeLink.data?.link ? (
        <ShownOnce
          title="Link to a new password"
          label="the link"
          text={makeLink.data.link}
          onClose={makeLink.reset}
        >
          Give it to <Untrusted text={email} />, and to nobody else: whoever opens it sets the password.
        </ShownOnce>
      ) : null}
      {asked === 'remove' ? (
        <SureDialog
          title="Remove this member?"
          description="Their next request finds nothing of the workspace. Keys that they made stay: look through them."
          button="Remove"
          isBusy={remove.isPending}
          error={remove.error}
          onClose={close}
          onSure={() =>
            remove.mutate(
              { path },
              {
                onSuccess: () => {
                  toast.done('They were removed.')
                  close()
                },
              },
            )
          }
        >
          <Untrusted text={`${name} (${email})`} isWhole />
        </SureDialog>
      ) : null}
      {asked === 'hand-over' ? (
        <SureDialog
          title="Hand the workspace over?"
          description="They become its owner, and you an admin of it. Only they can give it back."
          button="Hand over"
          isBusy={handOver.isPending}
          error={handOver.error}
          onClose={close}
          onSure={() =>
            handOver.mutate(
              { path: { workspaceId }, body: { personId } },
              {
                onSuccess: () => {
                  toast.done('The workspace was handed over.')
                  close()
                },
              },
            )
          }
        >
          <Untrusted text={`${name} (${email})`} isWhole />
        </SureDialog>
      ) : null}
      {asked === 'leave' ? (
        <SureDialog
          title="Leave the workspace?"
          description="You reach nothing of it any more. Somebody who stays has to invite you anew."
          button="Leave"
          isBusy={leave.isPending}
          error={leave.error}
          onClose={close}
          // What was read of it is out of date all over the page, and is dropped with it.
          onSure={() => leave.mutate({ path: { workspaceId } }, { onSuccess: () => location.assign('/') })}
        />
      ) : null}
    </>
  )
}
