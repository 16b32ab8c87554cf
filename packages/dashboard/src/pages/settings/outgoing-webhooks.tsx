import { useQuery } from '@tanstack/react-query'
import { MoreHorizontal, Webhook } from 'lucide-react'
import { type FormEvent, useId, useMemo, useState } from 'react'
import type { Shape } from '../../api/operation.ts'
import { queryOf, useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { useProjectId } from '../../session/project.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { Moment } from '../../ui/moment.tsx'
import { ShownOnce } from '../../ui/shown-once.tsx'
import { EmptyState, ErrorState, Loaded, SkeletonRows } from '../../ui/states.tsx'
import { SureDialog } from '../../ui/sure-dialog.tsx'
import { toast } from '../../ui/toast.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { Deliveries } from './deliveries.tsx'
import { EndpointDialog } from './endpoint-dialog.tsx'

export type Endpoint = Shape<'OutgoingWebhook'>

const base = '/api/v1/projects/{projectId}/outgoing-webhooks'
const refresh = [`GET ${base}`]

/** Endpoints of the app that are told of what happens, and what was sent to them. */
export function OutgoingWebhooks() {
  const projectId = useProjectId()
  const endpoints = useQuery(queryOf(`GET ${base}`, { path: { projectId } }))
  const [isAdding, setAdding] = useState(false)
  const [secret, setSecret] = useState<string | null>(null)
  const may = useMay(`POST ${base}`)
  const items = endpoints.data?.items
  const names = useMemo(() => new Map(items?.map(({ id, url }) => [id, url])), [items])
  return (
    <div className="flex flex-col gap-5">
      <Card
        title="Endpoints"
        description="Told of incidents, repairs and checks, signed as Standard Webhooks has it."
        isFlush
        actions={
          <Button kind="primary" unless={may.reason} onClick={() => setAdding(true)}>
            Add an endpoint
          </Button>
        }
      >
        <Loaded query={endpoints} skeleton={<SkeletonRows rows={2} />}>
          {({ items: found }) =>
            found.length === 0 ? (
              <EmptyState icon={<Webhook aria-hidden />} title="No endpoint yet">
                Add one where your own systems should know of what Trueup finds and mends.
              </EmptyState>
            ) : (
              <ul className="divide-y divide-line border-line border-t">
                {found.map((endpoint) => (
                  <One key={endpoint.id} endpoint={endpoint} onSecret={setSecret} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </Card>
      <Deliveries kind="webhook" targets={names} />
      {isAdding ? (
        <EndpointDialog endpoint={null} onSecret={setSecret} onClose={() => setAdding(false)} />
      ) : null}
      {secret === null ? null : (
        <ShownOnce
          title="The signing secret"
          label="the secret"
          text={secret}
          onClose={() => setSecret(null)}
        >
          Check the signature of each message with it.
        </ShownOnce>
      )}
    </div>
  )
}

function One({
  endpoint,
  onSecret,
}: {
  readonly endpoint: Endpoint
  readonly onSecret: (secret: string) => void
}) {
  const { id: endpointId, url, description, enabled, secretHint, messageTypes } = endpoint
  const path = { projectId: useProjectId(), endpointId }
  const [open, setOpen] = useState<'change' | 'roll' | 'remove' | null>(null)
  const change = useAct(`PATCH ${base}/{endpointId}`, { refresh })
  const remove = useAct(`DELETE ${base}/{endpointId}`, {
    refresh: [...refresh, 'GET /api/v1/projects/{projectId}/outgoing-deliveries'],
  })
  const mayChange = useMay(`PATCH ${base}/{endpointId}`)
  const mayRoll = useMay(`POST ${base}/{endpointId}/roll-secret`)
  const mayRemove = useMay(`DELETE ${base}/{endpointId}`)
  const close = () => setOpen(null)
  return (
    <li className="flex items-start gap-3 px-4 py-2.5 text-sm">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          <Untrusted text={url} isMono maxLength={300} />
          {enabled ? null : <Badge tone="warning">Off</Badge>}
          {endpoint.failingSince ? (
            <Badge tone="danger">
              Failing since <Moment at={endpoint.failingSince} />
            </Badge>
          ) : null}
        </p>
        {description ? (
          <p>
            <Untrusted text={description} isWhole />
          </p>
        ) : null}
        <p className="break-words text-muted">
          Told of {messageTypes.join(', ')} · secret <Untrusted text={secretHint} isMono />
          {endpoint.previousSecretUntil ? (
            <>
              {' '}
              · the one before ends <Moment at={endpoint.previousSecretUntil} />
            </>
          ) : null}
        </p>
        {endpoint.disabledBecause ? (
          <p className="text-danger">
            Switched off by itself: <Untrusted text={endpoint.disabledBecause} isWhole />
          </p>
        ) : null}
      </div>
      <Menu
        trigger={
          <Button
            size="small"
            kind="quiet"
            label={`What can be done with ${url.slice(0, 100)}`}
            icon={<MoreHorizontal aria-hidden />}
          />
        }
      >
        <MenuItem unless={mayChange.reason} onSelect={() => setOpen('change')}>
          Change
        </MenuItem>
        <MenuItem unless={mayRoll.reason} onSelect={() => setOpen('roll')}>
          Make a new secret
        </MenuItem>
        <MenuItem
          unless={mayChange.reason}
          onSelect={() =>
            change.mutate(
              { path, body: { enabled: !enabled } },
              {
                onSuccess: () => toast.done(enabled ? 'The endpoint is off.' : 'The endpoint is on.'),
                onError: toast.failed,
              },
            )
          }
        >
          {enabled ? 'Switch off' : 'Switch on'}
        </MenuItem>
        <MenuItem isDanger unless={mayRemove.reason} onSelect={() => setOpen('remove')}>
          Remove
        </MenuItem>
      </Menu>
      {open === 'change' ? <EndpointDialog endpoint={endpoint} onSecret={onSecret} onClose={close} /> : null}
      {open === 'roll' ? <RollDialog endpointId={endpointId} onSecret={onSecret} onClose={close} /> : null}
      {open === 'remove' ? (
        <SureDialog
          title="Remove this endpoint?"
          description="What is on its way to it is dropped."
          button="Remove"
          isBusy={remove.isPending}
          error={remove.error}
          onClose={close}
          onSure={() =>
            remove.mutate(
              { path },
              {
                onSuccess: () => {
                  toast.done('The endpoint was removed.')
                  close()
                },
              },
            )
          }
        >
          <Untrusted text={url} isWhole />
        </SureDialog>
      ) : null}
    </li>
  )
}

function RollDialog({
  endpointId,
  onSecret,
  onClose,
}: {
  readonly endpointId: string
  readonly onSecret: (secret: string) => void
  readonly onClose: () => void
}) {
  const id = useId()
  const projectId = useProjectId()
  const [hours, setHours] = useState('24')
  const roll = useAct(`POST ${base}/{endpointId}/roll-secret`, { refresh })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    roll.mutate(
      { path: { projectId, endpointId }, body: { overlapHours: Number(hours) } },
      {
        onSuccess: ({ secret }) => {
          onClose()
          onSecret(secret)
        },
      },
    )
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="small"
      title="Make a new secret"
      description="The one before signs beside it for a while, so that no message is missed."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={id} isBusy={roll.isPending}>
            Make it
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="flex flex-col gap-4">
        {roll.error ? <ErrorState error={roll.error} /> : null}
        <Field label="Hours that both sign" error={roll.error?.about('overlapHours')}>
          <Input
            type="number"
            required
            min={0}
            autoFocus
            value={hours}
            onChange={({ target }) => setHours(target.value)}
          />
        </Field>
      </form>
    </Dialog>
  )
}
