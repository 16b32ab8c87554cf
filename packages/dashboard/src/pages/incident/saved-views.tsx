import { useQuery } from '@tanstack/react-query'
import { Bookmark, Check, Pencil, Plus, Trash2 } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import type { ItemOf } from '../../api/operation.ts'
import { queryOf, useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { useProjectId } from '../../session/project.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { Menu, MenuItem, MenuLabel, MenuLine } from '../../ui/menu.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { type IncidentSearch, searchOfView, viewOfSearch, writeSearch } from './search.ts'

const route = '/api/v1/projects/{projectId}/views'
type View = ItemOf<`GET ${typeof route}`>

/** Searches that a person keeps for themselves, by a name. */
export function SavedViews({
  search,
  onSearch,
}: {
  readonly search: IncidentSearch
  readonly onSearch: (search: IncidentSearch) => void
}) {
  const projectId = useProjectId()
  const { data } = useQuery(queryOf(`GET ${route}`, { path: { projectId } }))
  const [open, setOpen] = useState<'new' | 'manage' | null>(null)
  const maySave = useMay(`POST ${route}`)
  const address = JSON.stringify(writeSearch(search))
  const views = data?.items ?? []
  return (
    <>
      <Menu trigger={<Button icon={<Bookmark aria-hidden />}>Views</Button>}>
        <MenuLabel>{views.length > 0 ? 'Your views' : 'You keep no view yet'}</MenuLabel>
        {views.map(({ id, name, query }) => {
          const found = searchOfView(query)
          const isShown = JSON.stringify(writeSearch(found)) === address
          return (
            <MenuItem
              key={id}
              icon={isShown ? <Check aria-label="Shown" /> : <span className="size-4" />}
              onSelect={() => onSearch(found)}
            >
              <Untrusted text={name} maxLength={60} />
            </MenuItem>
          )
        })}
        <MenuLine />
        <MenuItem icon={<Plus aria-hidden />} unless={maySave.reason} onSelect={() => setOpen('new')}>
          Keep this view
        </MenuItem>
        {views.length > 0 ? (
          <MenuItem icon={<Pencil aria-hidden />} onSelect={() => setOpen('manage')}>
            Rename or delete
          </MenuItem>
        ) : null}
      </Menu>
      {open === 'new' ? <NewView search={search} onClose={() => setOpen(null)} /> : null}
      {open === 'manage' ? <ManageViews views={views} onClose={() => setOpen(null)} /> : null}
    </>
  )
}

function NewView({ search, onClose }: { readonly search: IncidentSearch; readonly onClose: () => void }) {
  const id = useId()
  const projectId = useProjectId()
  const [name, setName] = useState('')
  const save = useAct(`POST ${route}`, { refresh: [`GET ${route}`] })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate(
      { path: { projectId }, body: { name, query: viewOfSearch(search) } },
      {
        onSuccess: () => {
          toast.done('The view is kept.')
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
      title="Keep this view"
      description="Filters and order, under a name. Nobody else sees it."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={id} isBusy={save.isPending}>
            Keep
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit}>
        <Field label="Name" error={save.error?.about('name') ?? save.error?.message}>
          <Input
            autoFocus
            required
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
      </form>
    </Dialog>
  )
}

function ManageViews({ views, onClose }: { readonly views: readonly View[]; readonly onClose: () => void }) {
  return (
    <Dialog isOpen onClose={onClose} title="Your views" actions={<Button onClick={onClose}>Done</Button>}>
      <ul className="flex flex-col gap-3">
        {views.map((view) => (
          <ViewRow key={view.id} view={view} />
        ))}
      </ul>
      {views.length === 0 ? <p className="text-muted text-sm">You keep no view.</p> : null}
    </Dialog>
  )
}

function ViewRow({ view: { id, name } }: { readonly view: View }) {
  const projectId = useProjectId()
  const [text, setText] = useState(name)
  const rename = useAct(`PATCH ${route}/{viewId}`, { refresh: [`GET ${route}`] })
  const remove = useAct(`DELETE ${route}/{viewId}`, { refresh: [`GET ${route}`] })
  const path = { projectId, viewId: id }
  return (
    <li>
      <form
        className="flex items-center gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          rename.mutate(
            { path, body: { name: text } },
            { onSuccess: () => toast.done('The view has another name.') },
          )
        }}
      >
        <Input
          aria-label={`Name of the view ${name}`}
          required
          maxLength={200}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button
          type="submit"
          isBusy={rename.isPending}
          unless={text === name ? 'The name is the same.' : null}
        >
          Rename
        </Button>
        <Button
          kind="quiet"
          label={`Delete the view ${name}`}
          icon={<Trash2 aria-hidden />}
          isBusy={remove.isPending}
          onClick={() => remove.mutate({ path }, { onError: toast.failed })}
        />
      </form>
      {rename.error ? <ErrorState error={rename.error} className="mt-2" /> : null}
    </li>
  )
}
