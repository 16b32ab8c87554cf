import { type ReactNode, useEffect, useSyncExternalStore } from 'react'
import { cx } from '../ui/cx.ts'

let crumb = ''
const listeners = new Set<() => void>()

/** How the breadcrumb ends. */
export function useLastCrumb(): string {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => crumb,
  )
}

/**
 * A page: its title, which the tab of the browser shows too, what one can do on it, and its content.
 *
 * @example
 * <Page title="Incidents" description="What differs from what was promised." actions={<Button>Export</Button>}>…</Page>
 */
export function Page({
  title,
  crumb: lastCrumb = title,
  heading,
  description,
  actions,
  width = 'wide',
  children,
}: {
  /** Plain text. */
  readonly title: string
  /** How the breadcrumb ends, where what stands before it says a part of the title already. */
  readonly crumb?: string
  /** In the place of the title at the head of the page, where it is more than text. */
  readonly heading?: ReactNode
  readonly description?: ReactNode
  readonly actions?: ReactNode
  readonly width?: 'wide' | 'narrow'
  readonly children: ReactNode
}) {
  useEffect(() => {
    crumb = lastCrumb
    document.title = `${title.slice(0, 100)} · Trueup`
    for (const listener of listeners) listener()
  }, [title, lastCrumb])
  return (
    <div className={cx('mx-auto w-full px-4 py-5 sm:px-6', width === 'wide' ? 'max-w-[90rem]' : 'max-w-3xl')}>
      <header className="mb-5 flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-60">
          <h1 className="break-words font-semibold text-xl tracking-tight">{heading ?? title}</h1>
          {description ? <div className="mt-1 max-w-3xl text-muted text-sm">{description}</div> : null}
        </div>
        {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
      </header>
      {children}
    </div>
  )
}
