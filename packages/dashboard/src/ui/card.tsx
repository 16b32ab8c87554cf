import type { ReactNode } from 'react'
import { cx } from './cx.ts'

/** A part of a page with a heading of its own. */
export function Card({
  title,
  description,
  actions,
  className,
  children,
  isFlush = false,
}: {
  readonly title?: ReactNode
  readonly description?: ReactNode
  readonly actions?: ReactNode
  readonly className?: string
  readonly children?: ReactNode
  /** The content reaches the edges, as a table does. */
  readonly isFlush?: boolean
}) {
  return (
    <section
      className={cx(
        'min-w-0 overflow-hidden rounded-lg border border-line bg-surface shadow-card',
        className,
      )}
    >
      {title || actions ? (
        <header className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
          <div className="min-w-0 flex-1 basis-48">
            <h2 className="font-semibold text-base">{title}</h2>
            {description ? <p className="mt-0.5 text-muted text-sm">{description}</p> : null}
          </div>
          {actions}
        </header>
      ) : null}
      {children === undefined || children === null ? null : (
        <div className={cx(!isFlush && 'px-4 pb-4', !isFlush && !title && !actions && 'pt-4')}>
          {children}
        </div>
      )}
    </section>
  )
}

/** Names and values, one under the other. */
export function Facts({
  facts,
}: {
  readonly facts: readonly (readonly [name: ReactNode, value: ReactNode])[]
}) {
  return (
    <dl className="grid grid-cols-[minmax(6rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-2 text-sm">
      {facts.map(([name, value], place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: facts keep their places
        <div key={place} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="min-w-0 break-words [&_time]:whitespace-normal">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
