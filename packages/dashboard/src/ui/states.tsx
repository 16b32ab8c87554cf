import { CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { asProblem } from '../api/problem.ts'
import { Button } from './button.tsx'
import { cx } from './cx.ts'

/** There is nothing here, why, and what to do about it. */
export function EmptyState({
  icon,
  title,
  children,
  action,
  className,
}: {
  readonly icon?: ReactNode
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
  readonly className?: string
}) {
  return (
    <div className={cx('flex flex-col items-center gap-2 px-6 py-12 text-center', className)}>
      {icon ? <div className="text-faint [&_svg]:size-6">{icon}</div> : null}
      <p className="font-medium text-text">{title}</p>
      {children ? <div className="max-w-md text-muted text-sm">{children}</div> : null}
      {action ? <div className="mt-2">{action}</div> : null}
    </div>
  )
}

/** What could not be read or done: what was found, what to do, and a way to try again. */
export function ErrorState({
  error,
  onRetry,
  isRetrying = false,
  className,
}: {
  readonly error: unknown
  readonly onRetry?: () => void
  readonly isRetrying?: boolean
  readonly className?: string
}) {
  const problem = asProblem(error)
  return (
    <div
      role="alert"
      className={cx(
        'flex gap-3 rounded-lg border border-danger/40 bg-danger-soft px-4 py-3 text-sm',
        className,
      )}
    >
      <CircleAlert className="mt-0.5 size-4 shrink-0 text-danger" aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="break-words font-medium text-text">{problem.message}</p>
        <p className="mt-0.5 break-words text-text">{problem.fix}</p>
        {problem.problems.length > 0 ? (
          <ul className="mt-2 list-disc space-y-1 pl-4 text-text">
            {problem.problems.map(({ at, message }) => (
              <li key={`${at} ${message}`} className="break-words">
                {at ? <code className="font-mono text-xs">{at}</code> : null} {message}
              </li>
            ))}
          </ul>
        ) : null}
        {problem.requestId ? <p className="mt-1 font-mono text-muted text-xs">{problem.requestId}</p> : null}
      </div>
      {onRetry ? (
        <Button size="small" onClick={onRetry} isBusy={isRetrying}>
          Try again
        </Button>
      ) : null}
    </div>
  )
}

/** The place of something that is still being read, as large as it will be. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <span aria-hidden className={cx('block h-4 animate-pulse rounded-sm bg-hover', className)} />
}

/** The place of a list that is still being read. */
export function SkeletonRows({ rows = 8 }: { readonly rows?: number }) {
  return (
    <div role="status" aria-label="Loading" className="divide-y divide-line">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <div key={row} className="flex h-10 items-center gap-4 px-4">
          <Skeleton className="w-1/4" />
          <Skeleton className="w-2/5" />
          <Skeleton className="ml-auto w-16" />
        </div>
      ))}
    </div>
  )
}

/**
 * A read in its three states.
 *
 * @example
 * <Loaded query={project} skeleton={<Skeleton className="h-20" />}>{({ name }) => <Untrusted text={name} />}</Loaded>
 */
export function Loaded<Data>({
  query,
  skeleton = <SkeletonRows />,
  children,
}: {
  readonly query: {
    readonly data: Data | undefined
    readonly error: unknown
    readonly isFetching: boolean
    readonly refetch: () => unknown
  }
  readonly skeleton?: ReactNode
  readonly children: (data: Data) => ReactNode
}) {
  if (query.data !== undefined) return children(query.data)
  if (query.error) {
    return (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} isRetrying={query.isFetching} />
    )
  }
  return skeleton
}
