import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { queryOf, useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { Moment } from '../../ui/moment.tsx'
import { SureDialog } from '../../ui/sure-dialog.tsx'
import { toast } from '../../ui/toast.tsx'
import { useWorkspace } from './workspace.ts'

const one = '/api/v1/workspaces/{workspaceId}'
const refresh = ['GET /api/v1/me', 'GET /api/v1/workspaces', 'GET /api/v1/projects']

/** The workspace itself: its name, and its end. */
export function WorkspaceCard() {
  const { workspaceId, name: called } = useWorkspace()
  const path = { workspaceId }
  const [name, setName] = useState(called)
  const [isDeleting, setDeleting] = useState(false)
  const workspaces = useQuery(queryOf('GET /api/v1/workspaces'))
  const deletion = workspaces.data?.items.find((one) => one.workspaceId === workspaceId)?.deletion ?? null
  const rename = useAct(`PATCH ${one}`, { refresh })
  const remove = useAct(`DELETE ${one}`, { refresh })
  const restore = useAct(`POST ${one}/restore`, { refresh })
  const mayRename = useMay(`PATCH ${one}`, workspaceId)
  const mayDelete = useMay(`DELETE ${one}`, workspaceId)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    rename.mutate({ path, body: { name } }, { onSuccess: () => toast.done('The workspace was renamed.') })
  }
  return (
    <Card title="Workspace" description="Its name, and its end.">
      <form onSubmit={submit} className="flex flex-wrap items-end gap-2">
        <Field
          label="Name of the workspace"
          error={rename.error && (rename.error.about('name') ?? rename.error.message)}
          className="min-w-0 flex-1 basis-56"
        >
          <Input
            required
            autoComplete="off"
            value={name}
            disabled={!mayRename.may}
            onChange={({ target }) => setName(target.value)}
          />
        </Field>
        <Button
          type="submit"
          className="h-9"
          isBusy={rename.isPending}
          unless={mayRename.reason ?? (name.trim() === called ? 'It is called so already.' : null)}
        >
          Rename
        </Button>
      </form>
      <div className="mt-5 flex flex-wrap items-center gap-x-4 gap-y-2 border-line border-t pt-4 text-sm">
        <p className="min-w-0 flex-1 basis-60 text-muted">
          {deletion ? (
            <>
              Everything of it is erased <Moment at={deletion.dueAt} />, but its record and the numbered
              entries of the ledgers.
            </>
          ) : (
            'Deleted with all its projects, which can be taken back for seven days.'
          )}
        </p>
        {deletion ? (
          <Button
            isBusy={restore.isPending}
            unless={mayDelete.reason}
            onClick={() =>
              restore.mutate(
                { path },
                { onSuccess: () => toast.done('The workspace stays.'), onError: toast.failed },
              )
            }
          >
            Take the deletion back
          </Button>
        ) : (
          <Button unless={mayDelete.reason} onClick={() => setDeleting(true)}>
            Delete the workspace
          </Button>
        )}
      </div>
      {isDeleting ? (
        <SureDialog
          title="Delete the workspace?"
          description="Its projects do nothing any more at once. For seven days the owner can take it back."
          button="Delete"
          typed={called}
          isBusy={remove.isPending}
          error={remove.error}
          onClose={() => setDeleting(false)}
          onSure={() =>
            remove.mutate({ path, body: { name: called } }, { onSuccess: () => setDeleting(false) })
          }
        />
      ) : null}
    </Card>
  )
}
