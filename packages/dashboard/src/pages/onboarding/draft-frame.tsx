import { useQuery } from '@tanstack/react-query'
import { RotateCcw } from 'lucide-react'
import type { ReactNode } from 'react'
import { queryOf } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { ErrorState, Skeleton } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'
import { blankDraft, type DraftConfig } from './draft.ts'
import { type StepProps, useDraft, useNextStep } from './use-onboarding.ts'

/** A step that fills in the configuration: what it shows of it, and the buttons that keep it. */
export function DraftFrame({
  step,
  isPending = false,
  children,
}: {
  readonly step: StepProps
  /** What stands in it is still being read. */
  readonly isPending?: boolean
  readonly children: (config: DraftConfig, change: (config: DraftConfig) => void) => ReactNode
}) {
  const draft = useDraft(step)
  const goOn = useNextStep(step)
  const may = useMay('PUT /api/v1/projects/{projectId}/config')
  const { config, save, propose } = draft
  if (draft.error && !config) {
    return (
      <>
        <ErrorState error={draft.error} onRetry={() => propose.mutate()} isRetrying={propose.isPending} />
        {draft.error.code === 'nothing-to-propose' ? <ByHand step={step} onStart={draft.change} /> : null}
      </>
    )
  }
  if (!config) {
    return (
      <div role="status" aria-label="Loading" className="flex flex-col gap-3">
        <p className="text-muted text-sm">Looking at what is connected…</p>
        <Skeleton className="h-48" />
      </div>
    )
  }
  return (
    <>
      {draft.notes.length > 0 ? (
        <ul className="list-disc rounded-lg border border-line bg-info-soft py-3 pr-4 pl-8 text-sm">
          {draft.notes.map((note) => (
            <li key={note} className="break-words">
              {note}
            </li>
          ))}
        </ul>
      ) : null}
      {children(config, draft.change)}
      {save.error ? <ErrorState error={save.error} /> : null}
      {/* Under what is still being read it would be moved. */}
      <div className={cx('flex flex-wrap items-center gap-2', isPending && 'invisible')}>
        <Button
          kind="primary"
          isBusy={save.isPending}
          unless={may.reason}
          onClick={() =>
            save.mutate(config, {
              onSuccess() {
                toast.done('Saved.')
                goOn()
              },
            })
          }
        >
          Save and go on
        </Button>
        <Button
          kind="quiet"
          icon={<RotateCcw aria-hidden />}
          isBusy={propose.isPending}
          unless={may.reason}
          onClick={() => propose.mutate(undefined, { onError: toast.failed })}
        >
          Suggest again
        </Button>
        {draft.isChanged ? <span className="text-muted text-sm">Not saved yet</span> : null}
      </div>
    </>
  )
}

/** Where nothing could be suggested, one begins with nothing. */
function ByHand({
  step: { projectId, state },
  onStart,
}: {
  readonly step: StepProps
  readonly onStart: (config: DraftConfig) => void
}) {
  const sources = useQuery(queryOf('GET /api/v1/projects/{projectId}/sources', { path: { projectId } }))
  const places = (['postgres', 'clerk'] as const).filter((place) =>
    sources.data?.items.some(({ kind }) => kind === place),
  )
  return (
    <div>
      <Button
        isBusy={sources.isPending}
        unless={places.length > 0 ? null : 'Connect Clerk or your database first.'}
        onClick={() => onStart(blankDraft(state.answers.billing ?? 'stripe', places))}
      >
        Map it by hand
      </Button>
    </div>
  )
}
