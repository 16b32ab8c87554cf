import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { DoorOpen, FlaskConical, FolderPlus } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { ApiProblem } from '../../api/problem.ts'
import { queryOf, refreshRoutes, useAct } from '../../api/query.ts'
import { mayUse } from '../../session/may.ts'
import { useMe } from '../../session/me.ts'
import { Page } from '../../shell/page.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Field, Input, Select } from '../../ui/field.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'

const makeProject = 'POST /api/v1/workspaces/{workspaceId}/projects'
const startDemo = 'POST /api/v1/workspaces/{workspaceId}/demo'

/** Where a workspace begins: a project of its own, or the demo. Also where further projects are made. */
export function FirstRun() {
  const { workspaces } = useMe()
  return workspaces.length === 0 ? <NoWorkspace /> : <Begin />
}

const makeWorkspace = 'POST /api/v1/workspaces'

/** For whoever left their last workspace, or was taken out of it. */
function NoWorkspace() {
  const { data: options } = useQuery(queryOf('GET /api/v1/sign-in-options'))
  return (
    <Page title="Begin" heading="You belong to no workspace" width="narrow">
      <div className="flex flex-col gap-4">
        <EmptyState title="Nothing is in your reach here" icon={<DoorOpen aria-hidden />}>
          Somebody who belongs to a workspace can invite you to it anew.
        </EmptyState>
        {options?.signUp === 'open' ? <OwnWorkspace /> : null}
      </div>
    </Page>
  )
}

/** Where anybody may sign up, anybody may make a workspace. */
function OwnWorkspace() {
  const make = useAct(makeWorkspace, { refresh: ['GET /api/v1/me', 'GET /api/v1/workspaces'] })
  const submit = (name: string) => {
    make.mutate({ body: { name } }, { onSuccess: () => toast.done('The workspace was made. It is yours.') })
  }
  return (
    <Card
      title="A workspace of your own"
      description="Your company or team. You own it, and invite the others."
    >
      <NameForm label="Name of the workspace" act="Create workspace" making={make} onSubmit={submit} />
    </Card>
  )
}

function Begin() {
  const { workspaces } = useMe()
  const [workspaceId, setWorkspaceId] = useState(workspaces[0]?.workspaceId ?? '')
  const role = workspaces.find((one) => one.workspaceId === workspaceId)?.role ?? null
  const may = mayUse(makeProject, role).reason
  return (
    <Page
      title="Begin"
      heading="What do you want to look at?"
      description="A project is one app: what its billing promised beside what it granted."
      width="narrow"
    >
      <div className="flex flex-col gap-4">
        {workspaces.length > 1 ? (
          <Field label="Workspace">
            <Select value={workspaceId} onChange={({ target }) => setWorkspaceId(target.value)}>
              {workspaces.map((one) => (
                <option key={one.workspaceId} value={one.workspaceId}>
                  {one.name}
                </option>
              ))}
            </Select>
          </Field>
        ) : null}
        <NewProject workspaceId={workspaceId} unless={may} />
        <Demo workspaceId={workspaceId} unless={may} />
      </div>
    </Page>
  )
}

function NewProject({
  workspaceId,
  unless,
}: {
  readonly workspaceId: string
  readonly unless: string | null
}) {
  const open = useOpenProject()
  const make = useAct(makeProject)
  const submit = (name: string) => {
    const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
    make.mutate(
      { path: { workspaceId }, body: { name, timeZone } },
      { onSuccess: ({ id }) => void open(id, 'onboarding') },
    )
  }
  return (
    <Card
      title={
        <span className="flex items-center gap-2">
          <FolderPlus className="size-4 text-accent" aria-hidden /> A project for your app
        </span>
      }
      description="Eight steps, about ten minutes. Nothing is filed before you have seen what would be."
    >
      <NameForm
        label="Name of the project"
        act="Create project"
        placeholder="My app"
        making={make}
        unless={unless}
        onSubmit={submit}
      />
    </Card>
  )
}

/** What is made of a name alone. */
function NameForm({
  label,
  act,
  placeholder,
  making,
  unless = null,
  onSubmit,
}: {
  readonly label: string
  readonly act: string
  readonly placeholder?: string
  readonly making: { readonly error: ApiProblem | null; readonly isPending: boolean }
  readonly unless?: string | null
  readonly onSubmit: (name: string) => void
}) {
  const [name, setName] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit(name)
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-end gap-2">
        <Field label={label} className="min-w-48 flex-1" error={making.error?.about('name') ?? null}>
          <Input
            value={name}
            required
            maxLength={80}
            placeholder={placeholder}
            onChange={({ target }) => setName(target.value)}
          />
        </Field>
        <Button kind="primary" className="h-9" type="submit" isBusy={making.isPending} unless={unless}>
          {act}
        </Button>
      </div>
      {making.error ? <ErrorState error={making.error} /> : null}
    </form>
  )
}

function Demo({ workspaceId, unless }: { readonly workspaceId: string; readonly unless: string | null }) {
  const demo = useQuery({
    ...queryOf('GET /api/v1/workspaces/{workspaceId}/demo', { path: { workspaceId } }),
    enabled: workspaceId !== '',
    refetchInterval: ({ state }) => (state.data?.state === 'preparing' ? 1_000 : false),
  })
  const open = useOpenProject()
  const refresh = ['GET /api/v1/workspaces/{workspaceId}/demo', 'GET /api/v1/projects']
  const start = useAct(startDemo, { refresh })
  const reset = useAct('POST /api/v1/workspaces/{workspaceId}/demo/reset', { refresh })
  const project = demo.data?.project ?? null
  const path = { workspaceId }
  if (demo.data && !demo.data.allowed) return null
  return (
    <Card
      title={
        <span className="flex items-center gap-2">
          <FlaskConical className="size-4 text-accent" aria-hidden /> The demo
        </span>
      }
      description="A made-up shop with a Stripe and a Clerk of its own, in which a good many things went wrong. No keys, nothing leaves this service."
    >
      <div className="flex flex-wrap gap-2">
        <Button
          size="large"
          isBusy={start.isPending || demo.data?.state === 'preparing'}
          unless={project ? null : unless}
          onClick={() =>
            project
              ? void open(project.id, 'overview')
              : start.mutate(
                  { path },
                  {
                    onSuccess: (made) => {
                      if (made.project) void open(made.project.id, 'overview')
                    },
                    onError: toast.failed,
                  },
                )
          }
        >
          {project ? 'Go to the demo' : 'Explore the demo'}
        </Button>
        {project ? (
          <Button
            size="large"
            kind="quiet"
            isBusy={reset.isPending}
            unless={unless}
            onClick={() =>
              reset.mutate(
                { path },
                { onSuccess: () => toast.done('The demo begins anew.'), onError: toast.failed },
              )
            }
          >
            Reset the demo
          </Button>
        ) : null}
      </div>
      {demo.data?.failure ? <p className="mt-3 text-danger text-sm">{demo.data.failure}</p> : null}
      {demo.error ? <ErrorState error={demo.error} onRetry={() => void demo.refetch()} /> : null}
    </Card>
  )
}

function useOpenProject() {
  const client = useQueryClient()
  const navigate = useNavigate()
  return async (projectId: string, page: 'overview' | 'onboarding') => {
    await refreshRoutes(client, ['GET /api/v1/projects'])
    await navigate({ to: `/projects/$projectId/${page}`, params: { projectId } })
  }
}
