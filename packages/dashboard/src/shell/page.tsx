import { type ReactNode, useEffect, useSyncExternalStore } from 'react'
import { cx } from '../ui/cx.ts'

let title = ''
const listeners = new Set<() => void>()

/** The title of the page that is shown, as the breadcrumb ends with it. */
export function usePageTitle(): string {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => title,
  )
}

/**
 * A page: its title, which the tab and the breadcrumb show too, what one can do on it, and its content.
 *
 * @example
 * <Page title="Incidents" description="What differs from what was promised." actions={<Button>Export</Button>}>…</Page>
 */
export function Page({
  title: text,
  heading,
  description,
  actions,
  width = 'wide',
  children,
}: {
  /** Plain text. */
  readonly title: string
  /** In the place of the title at the head of the page, where it is more than text. */
  readonly heading?: ReactNode
  readonly description?: ReactNode
  readonly actions?: ReactNode
  readonly width?: 'wide' | 'narrow'
  readonly children: ReactNode
}) {
  useEffect(() => {
    title = text
    document.title = `${text.slice(0, 100)} · Trueup`
    for (const listener of listeners) listener()
  }, [text])
  return (
    <div className={cx('mx-auto w-full px-4 py-5 sm:px-6', width === 'wide' ? 'max-w-[90rem]' : 'max-w-3xl')}>
      <header className="mb-5 flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-60">
          <h1 className="break-words font-semibold text-xl tracking-tight">{heading ?? text}</h1>
          {description ? <div className="mt-1 max-w-3xl text-muted text-sm">{description}</div> : null}
        </div>
        {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
      </header>
      {children}
    </div>
  )
}
