import { X } from 'lucide-react'
import {
  createContext,
  type ReactNode,
  use,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { Button } from './button.tsx'
import { cx } from './cx.ts'

const Layer = createContext<HTMLElement | null>(null)

/** Where a menu or a hint has to be drawn so that it lies above what it belongs to. `null`: the page itself. */
export function useLayer(): HTMLElement | null {
  return use(Layer)
}

let opened: readonly HTMLElement[] = []
const listeners = new Set<() => void>()

function setOpened(next: typeof opened): void {
  opened = next
  for (const listener of listeners) listener()
}

/** The dialog that lies over all others: nothing outside it can be pressed or heard. `null`: none is open. */
export function useTopDialog(): HTMLElement | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => opened.at(-1) ?? null,
  )
}

/**
 * A dialog over the page: the browser keeps the focus in it, and gives it back where it was. Escape closes it.
 *
 * @example
 * <Dialog isOpen={isOpen} onClose={close} title="Approve 3 repairs" actions={<Button kind="primary">Approve</Button>}>…</Dialog>
 */
export function Dialog({
  isOpen,
  onClose,
  title,
  description,
  actions,
  size = 'normal',
  children,
}: {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly title: ReactNode
  readonly description?: ReactNode
  /** Buttons at the foot. */
  readonly actions?: ReactNode
  readonly size?: 'small' | 'normal' | 'large'
  readonly children?: ReactNode
}) {
  const id = useId()
  return (
    <BareDialog
      isOpen={isOpen}
      onClose={onClose}
      labelledBy={`${id}-title`}
      describedBy={description ? `${id}-description` : undefined}
      className={cx(
        size === 'small' && 'max-w-sm',
        size === 'normal' && 'max-w-lg',
        size === 'large' && 'max-w-3xl',
      )}
    >
      <header className="flex items-start gap-3 px-5 pt-4 pb-3">
        <div className="min-w-0 flex-1">
          <h2 id={`${id}-title`} className="font-semibold text-lg">
            {title}
          </h2>
          {description ? (
            <p id={`${id}-description`} className="mt-1 text-muted text-sm">
              {description}
            </p>
          ) : null}
        </div>
        <Button kind="quiet" size="small" label="Close" icon={<X aria-hidden />} onClick={onClose} />
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-5">{children}</div>
      {actions ? (
        <footer className="flex flex-wrap justify-end gap-2 border-line border-t bg-sunken px-5 py-3">
          {actions}
        </footer>
      ) : null}
    </BareDialog>
  )
}

interface BareDialogProps {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly label?: string
  readonly labelledBy?: string
  readonly describedBy?: string | undefined
  readonly className?: string
  readonly children: ReactNode
}

/** The dialog without its head and foot. */
export function BareDialog({ isOpen, ...rest }: BareDialogProps) {
  return isOpen ? <OpenDialog {...rest} /> : null
}

function OpenDialog({
  onClose,
  label,
  labelledBy,
  describedBy,
  className,
  children,
}: Omit<BareDialogProps, 'isOpen'>) {
  const place = useRef<HTMLDialogElement>(null)
  const [layer, setLayer] = useState<HTMLElement | null>(null)
  // Closed before it leaves the page: afterwards it could not give the keyboard back to where it was.
  useLayoutEffect(() => {
    const dialog = place.current
    if (!dialog) return
    setLayer(dialog)
    dialog.showModal()
    setOpened([...opened, dialog])
    return () => {
      setOpened(opened.filter((other) => other !== dialog))
      dialog.close()
    }
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the dialog; the keyboard has Escape
    <dialog
      ref={place}
      aria-label={label}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      className={cx(
        'max-h-[min(44rem,calc(100dvh-2rem))] w-[calc(100vw-2rem)] flex-col overflow-hidden whitespace-normal rounded-xl border border-line bg-raised p-0 text-left text-text shadow-raised backdrop:bg-black/40 open:flex',
        className,
      )}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose()
      }}
    >
      <Layer value={layer}>{children}</Layer>
    </dialog>
  )
}
