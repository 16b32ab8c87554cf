import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChevronsUpDown, Keyboard, KeyRound, Plus, ScrollText, Search, Users } from 'lucide-react'
import type { ReactNode } from 'react'
import { queryOf } from '../api/query.ts'
import { mayUse } from '../session/may.ts'
import { useMe } from '../session/me.ts'
import { useProject, useProjects } from '../session/project.ts'
import { StatusDot } from '../ui/badge.tsx'
import { cx } from '../ui/cx.ts'
import { Keys, Menu, MenuItem, MenuLabel, MenuLine } from '../ui/menu.tsx'
import { Untrusted } from '../ui/untrusted.tsx'
import { projectPages } from './page-list.ts'
import { useGoTo } from './use-go-to.ts'

const linkLook =
  'flex h-8 items-center gap-2.5 rounded-md px-2 text-muted text-sm hover:bg-hover hover:text-text data-[status=active]:bg-chosen data-[status=active]:font-medium data-[status=active]:text-text [&_svg]:size-4 [&_svg]:shrink-0'

/** The pages on the left: which project, its pages, and its workspace. */
export function Rail({
  onChosen = () => {},
  onCommands,
  onShortcuts,
}: {
  readonly onChosen?: () => void
  readonly onCommands: () => void
  readonly onShortcuts: () => void
}) {
  const project = useProject()
  return (
    <div className="flex h-full flex-col gap-3 overflow-y-auto p-3">
      <ProjectSwitch onChosen={onChosen} />
      <button
        type="button"
        onClick={onCommands}
        className="flex h-8 items-center gap-2 rounded-md border border-line bg-surface px-2 text-muted text-sm hover:text-text"
      >
        <Search className="size-4" aria-hidden />
        <span className="flex-1 text-left">Search</span>
        <Keys keys="Ctrl K" />
      </button>
      {project ? (
        <nav aria-label="Project" className="flex flex-col gap-0.5">
          {projectPages.map(({ name, to, icon: Icon }) => (
            <Link key={to} to={to} params={{ projectId: project.id }} className={linkLook} onClick={onChosen}>
              <Icon aria-hidden />
              <span className="flex-1">{name}</span>
              {name === 'Incidents' ? <OpenIncidents projectId={project.id} /> : null}
            </Link>
          ))}
        </nav>
      ) : null}
      <WorkspaceLinks onChosen={onChosen} />
      <div className="mt-auto">
        <button type="button" className={cx(linkLook, 'w-full')} onClick={onShortcuts}>
          <Keyboard aria-hidden />
          <span className="flex-1 text-left">Shortcuts</span>
          <Keys keys="?" />
        </button>
      </div>
    </div>
  )
}

function ProjectSwitch({ onChosen }: { readonly onChosen: () => void }) {
  const project = useProject()
  const projects = useProjects()
  const me = useMe()
  const goTo = useGoTo()
  const go = (address: string) => {
    onChosen()
    goTo(address)
  }
  const maker = me.workspaces.find(
    ({ role }) => mayUse('POST /api/v1/workspaces/{workspaceId}/projects', role).may,
  )
  return (
    <Menu
      align="start"
      className="w-56"
      trigger={
        <button
          type="button"
          className="flex h-9 items-center gap-2 rounded-md px-2 text-left hover:bg-hover"
        >
          <Mark />
          <span className="sr-only">Project:</span>
          <span className="min-w-0 flex-1 truncate font-semibold text-sm">
            {project ? <Untrusted text={project.name} /> : 'Trueup'}
          </span>
          <ChevronsUpDown className="size-4 shrink-0 text-faint" aria-hidden />
        </button>
      }
    >
      {me.workspaces.map((workspace) => (
        <div key={workspace.workspaceId}>
          <MenuLabel>
            <Untrusted text={workspace.name} />
          </MenuLabel>
          {projects
            .filter(({ workspaceId }) => workspaceId === workspace.workspaceId)
            .map(({ id, name, state }) => (
              <MenuItem
                key={id}
                icon={<StatusDot tone={state === 'live' ? 'success' : 'neutral'} />}
                onSelect={() => go(`/projects/${id}/overview`)}
              >
                <Untrusted text={name} />
              </MenuItem>
            ))}
        </div>
      ))}
      <MenuLine />
      <MenuItem
        icon={<Plus aria-hidden />}
        unless={maker ? null : 'Needs the role admin in a workspace.'}
        onSelect={() => go('/first-run')}
      >
        New project
      </MenuItem>
    </Menu>
  )
}

function OpenIncidents({ projectId }: { readonly projectId: string }) {
  const { data } = useQuery({
    ...queryOf('GET /api/v1/projects/{projectId}/incidents/counts', { path: { projectId } }),
    refetchInterval: 30_000,
  })
  const open = data?.byState.open ?? 0
  if (open === 0) return null
  return (
    <span className="tabular rounded-sm bg-danger-soft px-1.5 text-danger text-xs">
      {open > 999 ? '999+' : open}
      <span className="sr-only"> open</span>
    </span>
  )
}

function WorkspaceLinks({ onChosen }: { readonly onChosen: () => void }) {
  const me = useMe()
  const project = useProject()
  const workspace =
    me.workspaces.find(({ workspaceId }) => workspaceId === project?.workspaceId) ?? me.workspaces[0]
  if (!workspace) return null
  const links: readonly (readonly [string, string, ReactNode, boolean])[] = [
    ['Members', '/workspaces/$workspaceId/members', <Users key="i" aria-hidden />, true],
    [
      'API keys',
      '/workspaces/$workspaceId/keys',
      <KeyRound key="i" aria-hidden />,
      mayUse('GET /api/v1/workspaces/{workspaceId}/api-keys', workspace.role).may,
    ],
    [
      'Record',
      '/workspaces/$workspaceId/record',
      <ScrollText key="i" aria-hidden />,
      mayUse('GET /api/v1/workspaces/{workspaceId}/record', workspace.role).may,
    ],
  ]
  return (
    <nav aria-label="Workspace" className="flex flex-col gap-0.5">
      <p className="truncate px-2 pb-1 text-faint text-xs">
        <Untrusted text={workspace.name} />
      </p>
      {links
        .filter(([, , , isThere]) => isThere)
        .map(([name, to, icon]) => (
          <Link
            key={to}
            to={to}
            params={{ workspaceId: workspace.workspaceId }}
            className={linkLook}
            onClick={onChosen}
          >
            {icon}
            {name}
          </Link>
        ))}
    </nav>
  )
}

export function Mark() {
  return (
    <svg viewBox="0 0 32 32" className="size-5 shrink-0" aria-hidden="true">
      <rect width="32" height="32" rx="7" className="fill-accent-solid" />
      <path d="M8 12.5h16M8 19.5h16" className="stroke-on-accent" strokeWidth="3" strokeLinecap="round" />
      <path d="M19.5 7.5l-7 17" stroke="#c7d2fe" strokeWidth="2.5" strokeLinecap="round" />
    </svg>
  )
}
