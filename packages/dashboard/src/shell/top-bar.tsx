import { useQueryClient } from '@tanstack/react-query'
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { LogOut, Menu as MenuIcon, Monitor, Moon, Search, Sun, UserRound } from 'lucide-react'
import { call } from '../api/call.ts'
import { useMe } from '../session/me.ts'
import { useProject } from '../session/project.ts'
import { type Theme, themes, useTheme } from '../session/theme.ts'
import { Button } from '../ui/button.tsx'
import { Menu, MenuItem, MenuLabel, MenuLine } from '../ui/menu.tsx'
import { toast } from '../ui/toast.tsx'
import { Untrusted } from '../ui/untrusted.tsx'
import { useLastCrumb } from './page.tsx'
import { projectPages } from './page-list.ts'
import { useGoTo } from './use-go-to.ts'

/** The bar over a page: where one is, and who. */
export function TopBar({
  onRail,
  onCommands,
}: {
  readonly onRail: () => void
  readonly onCommands: () => void
}) {
  return (
    <div className="sticky top-0 z-30 flex h-12 items-center gap-2 border-line border-b bg-page/95 px-4 backdrop-blur sm:px-6">
      <Button
        kind="quiet"
        label="Pages"
        icon={<MenuIcon aria-hidden />}
        className="-ml-2 md:hidden"
        onClick={onRail}
      />
      <Breadcrumb />
      <Button
        kind="quiet"
        label="Search"
        icon={<Search aria-hidden />}
        className="md:hidden"
        onClick={onCommands}
      />
      <PersonMenu />
    </div>
  )
}

function Breadcrumb() {
  const project = useProject()
  const crumb = useLastCrumb()
  const { pathname } = useLocation()
  const [, , , area, below] = pathname.split('/')
  const page = project ? projectPages.find(({ to }) => to.endsWith(`/${area}`)) : undefined
  return (
    <nav aria-label="Breadcrumb" className="min-w-0 flex-1 text-sm">
      <ol className="flex min-w-0 items-center gap-1.5 text-muted">
        {project ? (
          <li className="hidden min-w-0 max-w-48 shrink-0 items-center gap-1.5 sm:flex">
            <Link
              to="/projects/$projectId/overview"
              params={{ projectId: project.id }}
              className="truncate rounded-sm hover:text-text"
            >
              <Untrusted text={project.name} />
            </Link>
            <span aria-hidden>/</span>
          </li>
        ) : null}
        {project && page && below ? (
          <li className="flex shrink-0 items-center gap-1.5">
            <Link to={page.to} params={{ projectId: project.id }} className="rounded-sm hover:text-text">
              {page.name}
            </Link>
            <span aria-hidden>/</span>
          </li>
        ) : null}
        <li aria-current="page" className="min-w-0 truncate font-medium text-text">
          <Untrusted text={crumb} maxLength={80} />
        </li>
      </ol>
    </nav>
  )
}

const themeIcons: Readonly<Record<Theme, typeof Sun>> = { system: Monitor, light: Sun, dark: Moon }
const themeNames: Readonly<Record<Theme, string>> = { system: 'As the system', light: 'Light', dark: 'Dark' }

function PersonMenu() {
  const me = useMe()
  const navigate = useNavigate()
  const goTo = useGoTo()
  const client = useQueryClient()
  const [theme, setTheme] = useTheme()
  const signOut = async () => {
    try {
      await call('DELETE /api/v1/session')
      client.clear()
      await navigate({ to: '/sign-in' })
    } catch (error) {
      toast.failed(error)
    }
  }
  return (
    <Menu
      trigger={
        <button
          type="button"
          className="flex size-8 shrink-0 items-center justify-center rounded-full bg-chosen font-semibold text-accent text-xs"
        >
          <span className="sr-only">You: {me.name}</span>
          <span aria-hidden>{initials(me.name)}</span>
        </button>
      }
    >
      <MenuLabel>
        <Untrusted text={me.email} />
      </MenuLabel>
      <MenuItem icon={<UserRound aria-hidden />} onSelect={() => goTo('/settings')}>
        Your account
      </MenuItem>
      <MenuLine />
      {themes.map((one) => {
        const Icon = themeIcons[one]
        return (
          <MenuItem
            key={one}
            icon={<Icon aria-hidden />}
            {...(one === theme ? { keys: '✓' } : {})}
            onSelect={() => setTheme(one)}
          >
            {themeNames[one]}
          </MenuItem>
        )
      })}
      <MenuLine />
      <MenuItem icon={<LogOut aria-hidden />} onSelect={() => void signOut()}>
        Sign out
      </MenuItem>
    </Menu>
  )
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/u)
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => (word ? ([...word][0] ?? '') : ''))
    .join('')
    .toUpperCase()
}
