import { FlaskConical } from 'lucide-react'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import type { Shape } from '../../api/operation.ts'
import { useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { useProjectId } from '../../session/project.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Textarea } from '../../ui/field.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'
import { useWhatIf } from './use-what-if.ts'
import { WhatIfAnswer } from './what-if-answer.tsx'

const put = 'PUT /api/v1/projects/{projectId}/config'

/** What is read anew when another version holds. */
export const refreshedByConfig = [
  'GET /api/v1/projects/{projectId}/config',
  'GET /api/v1/projects/{projectId}/onboarding',
  'GET /api/v1/projects/{projectId}/setup',
]

/** Asks what a document would open and close, and saves it. */
export function TryAndSave({
  inForce,
  document,
  unless,
  actions,
}: {
  readonly inForce: Shape<'ConfigVersion'>
  readonly document: unknown
  /** Why it can neither be tried nor saved. */
  readonly unless: string | null | false
  readonly actions?: ReactNode
}) {
  const projectId = useProjectId()
  const whatIf = useWhatIf(projectId)
  const [isSaving, setSaving] = useState(false)
  const mayAsk = useMay('POST /api/v1/projects/{projectId}/config/what-if')
  const maySave = useMay(put)
  const { answer, progress } = whatIf
  const isOutOfDate = answer !== null && JSON.stringify(whatIf.document) !== JSON.stringify(document)
  return (
    <Card
      title="What if"
      description="The last full check is judged once more. Nobody else is asked, and nothing is filed."
      actions={
        <div className="flex flex-wrap gap-2">
          {actions}
          <Button
            icon={<FlaskConical aria-hidden />}
            isBusy={whatIf.isAsking}
            unless={mayAsk.reason ?? unless}
            onClick={() => whatIf.ask(document)}
          >
            What if
          </Button>
          <Button kind="primary" unless={maySave.reason ?? unless} onClick={() => setSaving(true)}>
            Save
          </Button>
        </div>
      }
    >
      <div className="flex flex-col gap-4">
        {whatIf.error ? <ErrorState error={whatIf.error} onRetry={() => whatIf.ask(document)} /> : null}
        {whatIf.isAsking ? (
          <ProgressBar
            label="Judging everybody once more"
            share={progress && progress.of > 0 ? progress.pairs / progress.of : null}
            detail={
              progress
                ? `${progress.pairs.toLocaleString('en-GB')} of ${progress.of.toLocaleString('en-GB')}`
                : ''
            }
          />
        ) : null}
        {isOutOfDate && !whatIf.isAsking ? (
          <p role="status" className="rounded-md bg-warning-soft px-3 py-2 text-sm">
            It was changed since: this is the answer to what stood there before. Ask again.
          </p>
        ) : null}
        {answer ? (
          <WhatIfAnswer projectId={projectId} asked={whatIf} answer={answer} />
        ) : whatIf.isAsking || whatIf.error ? null : (
          <EmptyState icon={<FlaskConical aria-hidden />} title="Look before you save">
            Change something, then see which incidents it would open and close, and with how much money.
          </EmptyState>
        )}
      </div>
      {isSaving ? (
        <SaveDialog
          inForce={inForce}
          document={document}
          isTried={answer !== null && !isOutOfDate}
          onClose={() => setSaving(false)}
        />
      ) : null}
    </Card>
  )
}

function SaveDialog({
  inForce: { version },
  document,
  isTried,
  onClose,
}: {
  readonly inForce: Shape<'ConfigVersion'>
  readonly document: unknown
  readonly isTried: boolean
  readonly onClose: () => void
}) {
  const id = useId()
  const projectId = useProjectId()
  const [note, setNote] = useState('')
  const act = useAct(put, { refresh: refreshedByConfig })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    act.mutate(
      { path: { projectId }, body: { document, expectedVersion: version, note: note.trim() || null } },
      {
        onSuccess: ({ version: made }) => {
          if (made === version) toast.done('It says the same as before: no version was made.')
          else toast.done(`Version ${made} holds.`, 'The next check judges by it.')
          onClose()
        },
      },
    )
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Save as a new version"
      description="It holds from the next check on. Approvals of repairs that were given under another meaning are void."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={id} isBusy={act.isPending}>
            Save
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="flex flex-col gap-4">
        {act.error ? <ErrorState error={act.error} /> : null}
        {isTried ? null : (
          <p className="rounded-md bg-warning-soft px-3 py-2 text-sm">
            You have not looked at what it would open and close.
          </p>
        )}
        <Field label="Note" hint="Why, for those who look at it later. May be left out.">
          <Textarea
            autoFocus
            rows={3}
            maxLength={2_000}
            value={note}
            onChange={({ target }) => setNote(target.value)}
          />
        </Field>
      </form>
    </Dialog>
  )
}
