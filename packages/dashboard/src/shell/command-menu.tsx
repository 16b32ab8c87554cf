import { useQuery } from '@tanstack/react-query'
import { Building2, Folder, Keyboard, Monitor, Moon, Plus, Search, Sun, UserRound } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useDeferredValue, useEffect, useId, useState } from 'react'
import { queryOf } from '../api/query.ts'
import { useMe } from '../session/me.ts'
import { useProject, useProjects } from '../session/project.ts'
import { useTheme } from '../session/theme.ts'
import { cx } from '../ui/cx.ts'
import { BareDialog } from '../ui/dialog.tsx'
import { Keys } from '../ui/menu.tsx'
import { Untrusted } from '../ui/untrusted.tsx'
import { projectPages } from './page-list.ts'
import { useGoTo } from './use-go-to.ts'

interface Command {
  readonly id: string
  readonly group: 'Customers' | 'Pages' | 'Projects' | 'Workspace' | 'Actions'
  readonly name: string
  readonly detail?: string
  readonly icon: ReactNode
  readonly keys?: string
  readonly run: () => void
}

/** Everything that can be gone to or done from anywhere, found by typing. */
export function CommandMenu({
  isOpen,
  onClose,
  onShortcuts,
}: {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onShortcuts: () => void
}) {
  return (
    <BareDialog
      isOpen={isOpen}
      onClose={onClose}
      label="Commands"
      className="mt-[min(12vh,6rem)] mb-auto max-w-xl"
    >
      <Commands onClose={onClose} onShortcuts={onShortcuts} />
    </BareDialog>
  )
}

function Commands({
  onClose,
  onShortcuts,
}: {
  readonly onClose: () => void
  readonly onShortcuts: () => void
}) {
  const id = useId()
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState(0)
  const commands = [...useFixedCommands(onShortcuts), ...useCustomers(text)].filter(
    (command) => command.group === 'Customers' || fits(command, text),
  )
  const at = Math.min(chosen, commands.length - 1)
  const run = (command: Command | undefined) => {
    if (!command) return
    onClose()
    command.run()
  }
  const onKey = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 }
    const step = steps[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setChosen((at + step + commands.length) % Math.max(1, commands.length))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      run(commands[at])
    }
  }
  const current = commands[at]?.id
  useEffect(() => {
    if (current) document.getElementById(`${id}-${current}`)?.scrollIntoView({ block: 'nearest' })
  }, [id, current])
  return (
    <>
      <div className="flex items-center gap-3 border-line border-b px-4">
        <Search className="size-4 shrink-0 text-faint" aria-hidden />
        <input
          // biome-ignore lint/a11y/noAutofocus: the menu was opened to type into it
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={current ? `${id}-${current}` : undefined}
          aria-label="Search pages, projects, customers and actions"
          placeholder="Search pages, projects, customers, actions"
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            setChosen(0)
          }}
          onKeyDown={onKey}
          className="h-12 min-w-0 flex-1 bg-transparent text-base outline-none"
        />
        <Keys keys="Esc" />
      </div>
      <div id={`${id}-list`} role="listbox" aria-label="Commands" className="h-80 overflow-y-auto p-1.5">
        {commands.length === 0 ? (
          <p className="px-3 py-8 text-center text-muted text-sm">Nothing is called like this.</p>
        ) : null}
        {commands.map((command, place) => (
          <div key={command.id}>
            {command.group === commands[place - 1]?.group ? null : (
              <p className="px-2.5 pt-2 pb-1 text-faint text-xs" aria-hidden>
                {command.group}
              </p>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys are taken by the field above */}
            {/* biome-ignore lint/a11y/useFocusableInteractive: the field above keeps the focus */}
            <div
              id={`${id}-${command.id}`}
              role="option"
              aria-selected={place === at}
              className={cx(
                'flex cursor-pointer items-center gap-2.5 rounded-md px-2.5 py-2 text-sm [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-faint',
                place === at && 'bg-chosen',
              )}
              onPointerMove={() => setChosen(place)}
              onClick={() => run(command)}
            >
              {command.icon}
              <span className="min-w-0 flex-1 truncate">
                <Untrusted text={command.name} maxLength={80} />
                {command.detail ? (
                  <span className="ml-2 text-faint">
                    <Untrusted text={command.detail} maxLength={60} />
                  </span>
                ) : null}
              </span>
              {command.keys ? <Keys keys={command.keys} /> : null}
            </div>
          </div>
        ))}
      </div>
    </>
  )
}

function useFixedCommands(onShortcuts: () => void): readonly Command[] {
  const me = useMe()
  const project = useProject()
  const projects = useProjects()
  const goTo = useGoTo()
  const [, setTheme] = useTheme()
  const pages = project
    ? projectPages.map(
        ({ name, to, key, icon: Icon }): Command => ({
          id: `page-${key}`,
          group: 'Pages',
          name,
          icon: <Icon aria-hidden />,
          keys: `g ${key}`,
          run: () => goTo(to.replace('$projectId', project.id)),
        }),
      )
    : []
  return [
    ...pages,
    ...projects.map(
      ({ id, name }): Command => ({
        id: `project-${id}`,
        group: 'Projects',
        name,
        icon: <Folder aria-hidden />,
        run: () => goTo(`/projects/${id}/overview`),
      }),
    ),
    ...me.workspaces.map(
      ({ workspaceId, name }): Command => ({
        id: `workspace-${workspaceId}`,
        group: 'Workspace',
        name: `Members of ${name}`,
        icon: <Building2 aria-hidden />,
        run: () => goTo(`/workspaces/${workspaceId}/members`),
      }),
    ),
    {
      id: 'account',
      group: 'Actions',
      name: 'Your account',
      icon: <UserRound aria-hidden />,
      run: () => goTo('/settings'),
    },
    {
      id: 'new',
      group: 'Actions',
      name: 'New project',
      icon: <Plus aria-hidden />,
      run: () => goTo('/first-run'),
    },
    {
      id: 'light',
      group: 'Actions',
      name: 'Theme: light',
      icon: <Sun aria-hidden />,
      run: () => setTheme('light'),
    },
    {
      id: 'dark',
      group: 'Actions',
      name: 'Theme: dark',
      icon: <Moon aria-hidden />,
      run: () => setTheme('dark'),
    },
    {
      id: 'system',
      group: 'Actions',
      name: 'Theme: as the system',
      icon: <Monitor aria-hidden />,
      run: () => setTheme('system'),
    },
    {
      id: 'shortcuts',
      group: 'Actions',
      name: 'Shortcuts of the keyboard',
      icon: <Keyboard aria-hidden />,
      keys: '?',
      run: onShortcuts,
    },
  ]
}

/** Customers whose name, address or id is like the text. */
function useCustomers(text: string): readonly Command[] {
  const project = useProject()
  const goTo = useGoTo()
  const asked = useDeferredValue(text.trim())
  const projectId = project?.id ?? ''
  const { data } = useQuery({
    ...queryOf('GET /api/v1/projects/{projectId}/customers', {
      path: { projectId },
      query: { q: asked, limit: 6 },
    }),
    enabled: projectId !== '' && asked.length >= 2,
    placeholderData: (before) => before,
  })
  if (asked.length < 2 || !data) return []
  return data.items.map((customer) => ({
    id: `customer-${customer.key}`,
    group: 'Customers',
    name: customer.name ?? customer.emails[0] ?? customer.key,
    detail: customer.key,
    icon: <UserRound aria-hidden />,
    run: () => goTo(`/projects/${projectId}/customers/${encodeURIComponent(customer.key)}`),
  }))
}

function fits({ name, group }: Command, text: string): boolean {
  const all = `${name} ${group}`.toLowerCase()
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word))
}
