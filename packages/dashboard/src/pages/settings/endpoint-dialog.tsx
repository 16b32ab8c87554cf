import { type FormEvent, useId, useState } from 'react'
import { useAct } from '../../api/query.ts'
import { useProjectId } from '../../session/project.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'
import { ChoiceField } from './choice-field.tsx'
import type { Endpoint } from './outgoing-webhooks.tsx'

const base = '/api/v1/projects/{projectId}/outgoing-webhooks'
const refresh = [`GET ${base}`]

type Type = Endpoint['messageTypes'][number]
const types: readonly (readonly [Type, string])[] = (
  [
    'incident.opened',
    'incident.resolved',
    'incident.reopened',
    'incident.acknowledged',
    'incident.ignored',
    'repair.proposed',
    'repair.approved',
    'repair.applied',
    'repair.verified',
    'repair.failed',
    'repair.undone',
    'check.finished',
  ] as const
).map((type) => [type, type])

/** Adds an endpoint, or changes one. */
export function EndpointDialog({
  endpoint,
  onSecret,
  onClose,
}: {
  /** `null`: a new one. */
  readonly endpoint: Endpoint | null
  /** Told the secret of a new one. */
  readonly onSecret: (secret: string) => void
  readonly onClose: () => void
}) {
  const id = useId()
  const projectId = useProjectId()
  const [url, setUrl] = useState(endpoint?.url ?? '')
  const [description, setDescription] = useState(endpoint?.description ?? '')
  const [messageTypes, setTypes] = useState<readonly Type[]>(
    endpoint?.messageTypes ?? ['incident.opened', 'incident.resolved'],
  )
  const add = useAct(`POST ${base}`, { refresh })
  const change = useAct(`PATCH ${base}/{endpointId}`, { refresh })
  const error = add.error ?? change.error
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const body = { url: url.trim(), description, messageTypes }
    if (endpoint) {
      change.mutate(
        { path: { projectId, endpointId: endpoint.id }, body },
        {
          onSuccess: () => {
            toast.done('The endpoint was changed.')
            onClose()
          },
        },
      )
    } else {
      add.mutate(
        { path: { projectId }, body },
        {
          onSuccess: ({ secret }) => {
            onClose()
            onSecret(secret)
          },
        },
      )
    }
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={endpoint ? 'Change the endpoint' : 'Add an endpoint'}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            form={id}
            isBusy={add.isPending || change.isPending}
            unless={messageTypes.length === 0 && 'Choose what it is told of.'}
          >
            {endpoint ? 'Save' : 'Add'}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="flex flex-col gap-4">
        {error ? <ErrorState error={error} /> : null}
        <Field label="Address" error={error?.about('url')}>
          <Input
            type="url"
            required
            autoFocus
            autoComplete="off"
            placeholder="https://app.example.com/hooks/trueup"
            value={url}
            onChange={({ target }) => setUrl(target.value)}
          />
        </Field>
        <Field label="Description" error={error?.about('description')}>
          <Input
            maxLength={200}
            autoComplete="off"
            value={description}
            onChange={({ target }) => setDescription(target.value)}
          />
        </Field>
        <ChoiceField label="Told of" choices={types} value={messageTypes} onChange={setTypes} />
      </form>
    </Dialog>
  )
}
