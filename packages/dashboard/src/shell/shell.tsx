import { Outlet, useLocation, useMatches, useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { ConfirmDialog } from '../session/confirm-dialog.tsx'
import { useProject } from '../session/project.ts'
import { BareDialog } from '../ui/dialog.tsx'
import { CommandMenu } from './command-menu.tsx'
import { projectPages } from './page-list.ts'
import { Rail } from './rail.tsx'
import { ShortcutSheet } from './shortcut-sheet.tsx'
import { useShortcuts } from './shortcuts.ts'
import { TopBar } from './top-bar.tsx'

/** What stands around every page behind the sign-in. */
export function Shell() {
  const navigate = useNavigate()
  const project = useProject()
  const [open, setOpen] = useState<'commands' | 'shortcuts' | 'rail' | null>(null)
  const close = () => setOpen(null)
  const shortcuts = useMemo(() => {
    const goTo = projectPages.map(
      ({ key, to }) =>
        [`g ${key}`, () => void navigate({ to, params: { projectId: project?.id ?? '' } })] as const,
    )
    return {
      ...(project ? Object.fromEntries(goTo) : {}),
      '?': () => setOpen('shortcuts'),
      '/': () => setOpen('commands'),
    }
  }, [navigate, project])
  useShortcuts(shortcuts)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      setOpen((before) => (before === 'commands' ? null : 'commands'))
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
  const main = useFocusOnNewPage()
  return (
    <div className="flex min-h-dvh">
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-accent-solid px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the page
      </a>
      <aside className="sticky top-0 hidden h-dvh w-56 shrink-0 border-line border-r bg-sunken md:block">
        <Rail onCommands={() => setOpen('commands')} onShortcuts={() => setOpen('shortcuts')} />
      </aside>
      <div className="flex min-w-0 flex-1 flex-col">
        <TopBar onRail={() => setOpen('rail')} onCommands={() => setOpen('commands')} />
        <main id="main" ref={main} tabIndex={-1} className="min-w-0 flex-1 outline-none">
          <Outlet />
        </main>
      </div>
      <BareDialog
        isOpen={open === 'rail'}
        onClose={close}
        label="Pages"
        className="m-0 h-dvh max-h-none w-64 max-w-[85vw] rounded-none border-y-0 border-l-0 bg-sunken"
      >
        <Rail
          onChosen={close}
          onCommands={() => setOpen('commands')}
          onShortcuts={() => setOpen('shortcuts')}
        />
      </BareDialog>
      <CommandMenu isOpen={open === 'commands'} onClose={close} onShortcuts={() => setOpen('shortcuts')} />
      <ShortcutSheet isOpen={open === 'shortcuts'} onClose={close} />
      <ConfirmDialog />
    </div>
  )
}

/** Takes the keyboard along to a page that was gone to; whoever reads by ear hears where they are. */
function useFocusOnNewPage() {
  const place = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  const last = useMatches().at(-1)?.status
  const before = useRef(pathname)
  useEffect(() => {
    if (before.current === pathname || last !== 'success') return
    before.current = pathname
    if (!place.current?.contains(document.activeElement)) place.current?.focus({ preventScroll: true })
  }, [pathname, last])
  return place
}
