import { CircleAlert, CircleCheck, X } from 'lucide-react'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { createPortal } from 'react-dom'
import { asProblem } from '../api/problem.ts'
import { cx } from './cx.ts'
import { useTopDialog } from './dialog.tsx'

interface Told {
  readonly id: number
  readonly kind: 'done' | 'failed'
  readonly title: string
  readonly detail: string | null
}

let told: readonly Told[] = []
let last = 0
const listeners = new Set<() => void>()

function set(next: readonly Told[]): void {
  told = next
  for (const listener of listeners) listener()
}

function tell(kind: Told['kind'], title: string, detail: string | null): void {
  last += 1
  set([...told.slice(-2), { id: last, kind, title, detail }])
}

/**
 * A word about what was just done, or could not be. What went wrong stays until it is closed.
 *
 * @example
 * approve.mutate(input, { onSuccess: () => toast.done('Approved.'), onError: toast.failed })
 */
export const toast = {
  done: (title: string, detail: string | null = null) => tell('done', title, detail),
  failed: (error: unknown) => {
    const { message, fix } = asProblem(error)
    tell('failed', message, fix)
  },
}

/** The place of toasts, once in the page. While a dialog is open it is a part of it: all else would be dead. */
export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => told,
  )
  const dialog = useTopDialog()
  const place = useRef<HTMLElement>(null)
  const isShown = shown.length > 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: in another dialog it is another element
  useEffect(() => {
    const element = place.current
    // A dialog that is closed takes it along, and it comes again in what lies under the dialog.
    if (!element?.isConnected) return
    if (isShown) element.showPopover()
    else element.hidePopover()
  }, [isShown, dialog])
  return createPortal(
    <section
      ref={place}
      popover="manual"
      aria-label="Messages"
      className="fixed inset-auto right-0 bottom-0 m-0 w-full max-w-sm flex-col gap-2 border-0 bg-transparent p-4 text-text open:flex"
    >
      <div aria-live="polite" className="flex flex-col gap-2">
        {shown.map((one) => (
          <Toast key={one.id} one={one} />
        ))}
      </div>
    </section>,
    dialog ?? document.body,
  )
}

function Toast({ one: { id, kind, title, detail } }: { readonly one: Told }) {
  const close = () => set(told.filter((other) => other.id !== id))
  useEffect(() => {
    if (kind === 'failed') return
    const timer = setTimeout(() => set(told.filter((other) => other.id !== id)), 6_000)
    return () => clearTimeout(timer)
  }, [id, kind])
  const Icon = kind === 'done' ? CircleCheck : CircleAlert
  return (
    <div className="flex items-start gap-2.5 rounded-lg border border-line bg-raised px-3 py-2.5 text-sm shadow-raised">
      <Icon
        className={cx('mt-0.5 size-4 shrink-0', kind === 'done' ? 'text-success' : 'text-danger')}
        aria-hidden
      />
      <div className="min-w-0 flex-1">
        <p className="break-words font-medium">{title}</p>
        {detail ? <p className="mt-0.5 break-words text-muted">{detail}</p> : null}
      </div>
      <button
        type="button"
        aria-label="Close"
        className="rounded-sm p-0.5 text-muted hover:text-text"
        onClick={close}
      >
        <X className="size-4" aria-hidden />
      </button>
    </div>
  )
}
