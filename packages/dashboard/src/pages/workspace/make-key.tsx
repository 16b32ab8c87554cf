import { type FormEvent, useId, useState } from 'react'
import { useAct } from '../../api/query.ts'
import { useProjects } from '../../session/project.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Input, Select, Textarea } from '../../ui/field.tsx'
import { ShownOnce } from '../../ui/shown-once.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { visible } from '../../ui/untrusted.tsx'
import { useWorkspace } from './workspace.ts'

const list = 'GET /api/v1/workspaces/{workspaceId}/api-keys'
const make = 'POST /api/v1/workspaces/{workspaceId}/api-keys'

/** Asks what a key is for, and shows it once. */
export function MakeKey({ onClose }: { readonly onClose: () => void }) {
  const id = useId()
  const { workspaceId } = useWorkspace()
  const projects = useProjects().filter((project) => project.workspaceId === workspaceId)
  const [name, setName] = useState('')
  const [projectId, setProjectId] = useState('')
  const [scope, setScope] = useState<'read' | 'read+repair'>('read')
  const [ends, setEnds] = useState('')
  const [addresses, setAddresses] = useState('')
  const act = useAct(make, { refresh: [list] })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const allowedAddresses = addresses.split(/[\s,]+/).filter(Boolean)
    act.mutate({
      path: { workspaceId },
      body: {
        name,
        scope,
        projectId: projectId || null,
        expiresAt: ends === '' ? null : new Date(`${ends}T00:00:00`).toISOString(),
        allowedAddresses: allowedAddresses.length > 0 ? allowedAddresses : null,
      },
    })
  }
  if (act.data) {
    return (
      <ShownOnce title="Your new key" label="the key" text={act.data.key} onClose={onClose}>
        Send it as <code className="font-mono text-xs">Authorization: Bearer</code>, or give it to the command
        line as <code className="font-mono text-xs">TRUEUP_API_KEY</code>.
      </ShownOnce>
    )
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Make a key"
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={id} isBusy={act.isPending}>
            Make the key
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="flex flex-col gap-4">
        {act.error ? <ErrorState error={act.error} /> : null}
        <Field label="Name" hint="What it is for." error={act.error?.about('name')}>
          <Input
            required
            autoFocus
            autoComplete="off"
            maxLength={80}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        </Field>
        <Field label="Project">
          <Select value={projectId} onChange={({ target }) => setProjectId(target.value)}>
            <option value="">Every project of the workspace</option>
            {projects.map((project) => (
              <option key={project.id} value={project.id}>
                {visible(project.name).slice(0, 120)}
              </option>
            ))}
          </Select>
        </Field>
        <Field
          label="May"
          hint={
            scope === 'read'
              ? 'Reads everything but secrets, and has things checked.'
              : 'Deals with incidents, and approves and applies repairs as well.'
          }
        >
          <Select value={scope} onChange={({ target }) => setScope(target.value as typeof scope)}>
            <option value="read">Read</option>
            <option value="read+repair">Read and repair</option>
          </Select>
        </Field>
        <Field
          label="Ends"
          hint="Left empty it does not end by itself."
          error={act.error?.about('expiresAt')}
        >
          <Input type="date" value={ends} onChange={({ target }) => setEnds(target.value)} />
        </Field>
        <Field
          label="Only from these addresses"
          hint="One a line, such as 203.0.113.0/24. Left empty it is good from anywhere."
          error={act.error?.about('allowedAddresses')}
        >
          <Textarea
            rows={2}
            spellCheck={false}
            className="font-mono text-sm"
            value={addresses}
            onChange={({ target }) => setAddresses(target.value)}
          />
        </Field>
      </form>
    </Dialog>
  )
}
