import type { ReactNode } from 'react'

/** How far a long act has come. `share` from 0 to 1; `null`: nobody can tell yet. */
export function ProgressBar({
  share,
  label,
  detail,
}: {
  readonly share: number | null
  readonly label: string
  readonly detail?: ReactNode
}) {
  const percent = share === null ? null : Math.round(Math.min(1, Math.max(0, share)) * 100)
  return (
    <div>
      <div className="mb-1.5 flex justify-between gap-3 text-sm">
        <span>{label}</span>
        <span className="tabular text-muted">{detail ?? (percent === null ? '' : `${percent}%`)}</span>
      </div>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent ?? undefined}
        className="h-1.5 overflow-hidden rounded-full bg-hover"
      >
        <div
          className={
            percent === null
              ? 'h-full w-1/3 animate-pulse rounded-full bg-accent-solid'
              : 'h-full rounded-full bg-accent-solid transition-[width]'
          }
          style={percent === null ? undefined : { width: `${percent}%` }}
        />
      </div>
    </div>
  )
}
