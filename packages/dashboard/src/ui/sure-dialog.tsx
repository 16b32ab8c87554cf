import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Field, Input } from './field.tsx'
import { ErrorState } from './states.tsx'
import { visible } from './untrusted.tsx'

/**
 * Asks once more before something is taken away. With `typed` its name has to be typed first.
 *
 * @example
 * <SureDialog title="Revoke this key?" button="Revoke" isBusy={revoke.isPending} error={revoke.error} onSure={…} onClose={close} />
 */
export function SureDialog({
  title,
  description,
  button,
  typed,
  isBusy,
  error,
  onSure,
  onClose,
  children,
}: {
  readonly title: string
  readonly description?: ReactNode
  /** What is done, in a word. */
  readonly button: string
  readonly typed?: string
  readonly isBusy: boolean
  readonly error: unknown
  readonly onSure: () => void
  readonly onClose: () => void
  readonly children?: ReactNode
}) {
  const id = useId()
  const [given, setGiven] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSure()
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="small"
      title={title}
      description={description}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="danger"
            type="submit"
            form={id}
            isBusy={isBusy}
            unless={typed !== undefined && given !== typed && 'Type the name first.'}
          >
            {button}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="flex flex-col gap-3 text-sm">
        {error ? <ErrorState error={error} /> : null}
        {children}
        {typed === undefined ? null : (
          <Field
            label="Type its name"
            hint={
              <>
                It is called <bdi className="break-words font-medium text-text">{visible(typed)}</bdi>.
              </>
            }
          >
            <Input
              autoFocus
              autoComplete="off"
              value={given}
              onChange={({ target }) => setGiven(target.value)}
            />
          </Field>
        )}
      </form>
    </Dialog>
  )
}
