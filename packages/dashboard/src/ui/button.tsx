import { cva, type VariantProps } from 'class-variance-authority'
import { LoaderCircle } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx.ts'

const look = cva(
  'inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors aria-disabled:cursor-not-allowed aria-disabled:opacity-60 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      kind: {
        primary: 'bg-accent-solid text-on-accent shadow-card hover:bg-accent-solid-hover',
        plain: 'border border-line bg-surface text-text shadow-card hover:bg-hover',
        quiet: 'text-muted hover:bg-hover hover:text-text',
        danger: 'bg-danger-solid text-on-accent shadow-card hover:brightness-110',
      },
      size: { small: 'h-7 px-2 text-sm', normal: 'h-8 px-3 text-sm', large: 'h-10 px-4 text-base' },
      isIcon: { true: 'px-0', false: '' },
    },
    compoundVariants: [
      { isIcon: true, size: 'small', class: 'w-7' },
      { isIcon: true, size: 'normal', class: 'w-8' },
      { isIcon: true, size: 'large', class: 'w-10' },
    ],
    defaultVariants: { kind: 'plain', size: 'normal', isIcon: false },
  },
)

/** Class names of a button, for links that look like one. */
export function buttonLook(
  options: VariantProps<typeof look> & { readonly className?: string } = {},
): string {
  const { className, ...variants } = options
  return cx(look(variants), className)
}

export interface ButtonProps
  extends Omit<ComponentProps<'button'>, 'disabled'>,
    Omit<VariantProps<typeof look>, 'isIcon'> {
  readonly icon?: ReactNode
  /** The act is under way: the button shows it and takes no second press. */
  readonly isBusy?: boolean
  /** Why it cannot be pressed. It stays in the order of the keyboard, so that whoever reaches it is told. */
  readonly unless?: string | null | false | undefined
  /** Only an icon: what it does, in words. */
  readonly label?: string
}

/**
 * A button. Where it cannot be pressed it says why.
 *
 * @example
 * <Button kind="primary" isBusy={approve.isPending} unless={mayApprove.reason} onClick={...}>Approve</Button>
 */
export function Button({
  kind,
  size,
  icon,
  isBusy = false,
  unless,
  label,
  className,
  children,
  onClick,
  type = 'button',
  title,
  ...rest
}: ButtonProps) {
  const isOff = isBusy || Boolean(unless)
  const isIcon = children === undefined
  return (
    <button
      {...rest}
      type={type}
      className={cx(look({ kind, size, isIcon }), className)}
      aria-label={label ?? rest['aria-label']}
      aria-disabled={isOff || undefined}
      aria-busy={isBusy || undefined}
      title={unless || title || (isIcon ? label : undefined)}
      onClick={(event) => {
        if (isOff) event.preventDefault()
        else onClick?.(event)
      }}
    >
      {isBusy ? <LoaderCircle className="animate-spin" aria-hidden /> : icon}
      {children}
    </button>
  )
}
