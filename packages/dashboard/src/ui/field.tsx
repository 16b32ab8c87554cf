import { Eye, EyeOff } from 'lucide-react'
import { type ComponentProps, createContext, type ReactNode, use, useId, useState } from 'react'
import { cx } from './cx.ts'

interface FieldContext {
  readonly id: string
  readonly describedBy: string | undefined
  readonly isWrong: boolean
}

const Context = createContext<FieldContext | null>(null)

const controlLook =
  'w-full min-w-0 rounded-md border border-control/60 bg-surface px-2.5 text-base text-text shadow-card transition-colors hover:border-control focus:border-accent focus:outline-2 focus:outline-offset-0 focus:outline-accent/40 disabled:opacity-60 aria-invalid:border-danger'

/**
 * A labelled place for a control, with a hint and what is wrong with what stands there.
 *
 * @example
 * <Field label="Name" error={problem?.about('name')}><Input value={name} onChange={...} /></Field>
 */
export function Field({
  label,
  hint,
  error,
  className,
  children,
}: {
  readonly label: ReactNode
  readonly hint?: ReactNode
  readonly error?: string | null | undefined
  readonly className?: string
  readonly children: ReactNode
}) {
  const id = useId()
  const describedBy = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ')
  return (
    <div className={cx('flex flex-col gap-1.5', className)}>
      <label htmlFor={id} className="font-medium text-sm text-text">
        {label}
      </label>
      <Context value={{ id, describedBy: describedBy || undefined, isWrong: Boolean(error) }}>
        {children}
      </Context>
      {hint ? (
        <p id={`${id}-hint`} className="text-muted text-sm">
          {hint}
        </p>
      ) : null}
      {error ? (
        <p id={`${id}-error`} role="alert" className="text-danger text-sm">
          {error}
        </p>
      ) : null}
    </div>
  )
}

function useControl() {
  const field = use(Context)
  return field
    ? { id: field.id, 'aria-describedby': field.describedBy, 'aria-invalid': field.isWrong || undefined }
    : {}
}

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input {...useControl()} {...rest} className={cx(controlLook, 'h-9', className)} />
}

export function Textarea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea {...useControl()} rows={4} {...rest} className={cx(controlLook, 'py-1.5', className)} />
}

/** The list is the browser's own, which every keyboard, reader and phone knows. */
export function Select({ className, children, ...rest }: ComponentProps<'select'>) {
  return (
    <select {...useControl()} {...rest} className={cx(controlLook, 'h-9 text-ellipsis pr-8', className)}>
      {children}
    </select>
  )
}

/** A secret that is typed, and can be looked at while it is. */
export function SecretInput({ className, ...rest }: Omit<ComponentProps<'input'>, 'type'>) {
  const [isShown, setShown] = useState(false)
  const Icon = isShown ? EyeOff : Eye
  return (
    <div className="relative">
      <Input
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        {...rest}
        type={isShown ? 'text' : 'password'}
        className={cx('pr-9', className)}
      />
      <button
        type="button"
        className="absolute inset-y-0 right-0 flex w-9 items-center justify-center rounded-md text-muted hover:text-text"
        aria-label={isShown ? 'Hide' : 'Show'}
        aria-pressed={isShown}
        onClick={() => setShown(!isShown)}
      >
        <Icon className="size-4" aria-hidden />
      </button>
    </div>
  )
}

export function Checkbox({
  label,
  hint,
  className,
  ...rest
}: Omit<ComponentProps<'input'>, 'type'> & { readonly label: ReactNode; readonly hint?: ReactNode }) {
  const id = useId()
  return (
    <div className={cx('flex gap-2', className)}>
      <input
        {...rest}
        id={id}
        type="checkbox"
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="mt-0.5 size-4 shrink-0 accent-accent-solid"
      />
      <div>
        <label htmlFor={id} className="text-base text-text">
          {label}
        </label>
        {hint ? (
          <p id={`${id}-hint`} className="text-muted text-sm">
            {hint}
          </p>
        ) : null}
      </div>
    </div>
  )
}
