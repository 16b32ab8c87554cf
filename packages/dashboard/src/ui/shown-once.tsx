import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { CopyButton } from './copy.tsx'
import { Dialog } from './dialog.tsx'

/**
 * A secret or a link that is shown this once: it is kept nowhere from which it could be read again.
 *
 * @example
 * <ShownOnce title="Your new key" label="the key" text={key} onClose={close}>It opens …</ShownOnce>
 */
export function ShownOnce({
  title,
  label,
  text,
  onClose,
  children,
}: {
  readonly title: string
  /** What it is, as in `Copy the key`. */
  readonly label: string
  readonly text: string
  readonly onClose: () => void
  /** What it is for. */
  readonly children?: ReactNode
}) {
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={title}
      description="It is shown this once. Keep it before you close this."
      actions={
        <Button kind="primary" onClick={onClose}>
          I kept it
        </Button>
      }
    >
      <div className="flex flex-col gap-3 text-sm">
        <p className="break-all rounded-md border border-line bg-sunken p-3 font-mono">{text}</p>
        <div>
          <CopyButton text={text} label={`Copy ${label}`} size="normal" />
        </div>
        {children ? <div className="text-muted">{children}</div> : null}
      </div>
    </Dialog>
  )
}
