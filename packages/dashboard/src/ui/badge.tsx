import { cva } from 'class-variance-authority'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'

export type Tone = 'neutral' | 'accent' | 'success' | 'warning' | 'danger' | 'info'

const look = cva(
  'inline-flex h-5 max-w-full items-center gap-1 whitespace-nowrap rounded-sm px-1.5 font-medium text-xs [&_svg]:size-3',
  {
    variants: {
      tone: {
        neutral: 'bg-hover text-muted',
        accent: 'bg-chosen text-accent',
        success: 'bg-success-soft text-success',
        warning: 'bg-warning-soft text-warning',
        danger: 'bg-danger-soft text-danger',
        info: 'bg-info-soft text-info',
      },
    },
  },
)

/** A short word about a thing, such as its state. It never tells by colour alone. */
export function Badge({
  tone = 'neutral',
  className,
  children,
}: {
  readonly tone?: Tone
  readonly className?: string
  readonly children: ReactNode
}) {
  return <span className={cx(look({ tone }), className)}>{children}</span>
}

const dots: Readonly<Record<Tone, string>> = {
  neutral: 'bg-faint',
  accent: 'bg-accent-solid',
  success: 'bg-success',
  warning: 'bg-warning',
  danger: 'bg-danger',
  info: 'bg-info',
}

/** A point of colour before the words that say the same. */
export function StatusDot({ tone, isLive = false }: { readonly tone: Tone; readonly isLive?: boolean }) {
  return (
    <span
      aria-hidden
      className={cx('inline-block size-2 shrink-0 rounded-full', dots[tone], isLive && 'animate-pulse')}
    />
  )
}
