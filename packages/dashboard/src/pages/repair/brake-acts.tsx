import { useQuery } from '@tanstack/react-query'
import { OctagonPause, Play } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { queryOf, useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Textarea } from '../../ui/field.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'

const base = '/api/v1/projects/{projectId}/repairs'
const refresh = [`GET ${base}`, 'GET /api/v1/projects/{projectId}/incidents']
const switchKey = `POST ${base}/switch` as const
const releaseKey = `POST ${base}/release` as const

/** The switch for an emergency, and the end of being held: each with a reason that stands in the ledger. */
export function BrakeActs({ projectId }: { readonly projectId: string }) {
  const path = { projectId }
  const brakes = useQuery(queryOf(`GET ${base}/brakes`, { path }))
  const turn = useAct(switchKey, { refresh })
  const release = useAct(releaseKey, { refresh })
  const maySwitch = useMay(switchKey)
  const mayRelease = useMay(releaseKey)
  const [asked, setAsked] = useState<'switch' | 'release' | null>(null)
  const isOff = brakes.data?.switchedOff.some(({ scope }) => scope === 'project') === true
  const isHeld = (brakes.data?.heldBy.length ?? 0) > 0
  const close = () => {
    setAsked(null)
    turn.reset()
    release.reset()
  }
  const done = (text: string) => () => {
    toast.done(text)
    close()
  }
  return (
    <>
      {isHeld ? (
        <Button icon={<Play aria-hidden />} unless={mayRelease.reason} onClick={() => setAsked('release')}>
          Release
        </Button>
      ) : null}
      <Button
        icon={isOff ? <Play aria-hidden /> : <OctagonPause aria-hidden />}
        unless={maySwitch.reason ?? (brakes.data ? null : 'How the switch stands is being read.')}
        onClick={() => setAsked('switch')}
      >
        {isOff ? 'Switch on' : 'Switch off'}
      </Button>
      {asked === 'switch' ? (
        <ReasonDialog
          title={isOff ? 'Switch repairs on again?' : 'Switch repairs off?'}
          description={
            isOff
              ? 'What is approved can be applied from then on.'
              : 'Nothing is written from this moment on, whatever is approved. What is being written ends.'
          }
          button={isOff ? 'Switch on' : 'Switch off'}
          isDanger={!isOff}
          isBusy={turn.isPending}
          error={turn.error}
          onClose={close}
          onReason={(reason) =>
            turn.mutate(
              { path, body: { to: isOff ? 'on' : 'off', reason } },
              { onSuccess: done(isOff ? 'Repairs are on again.' : 'Repairs are switched off.') },
            )
          }
        />
      ) : null}
      {asked === 'release' ? (
        <ReasonDialog
          title="Are these drifts real?"
          description="Many at once often mean a wrong mapping or a broken read, not many mistakes. Release repairs only when you have looked at some."
          button="Release"
          isBusy={release.isPending}
          error={release.error}
          onClose={close}
          onReason={(reason) =>
            release.mutate({ path, body: { reason } }, { onSuccess: done('Repairs are no longer held.') })
          }
        />
      ) : null}
    </>
  )
}

function ReasonDialog({
  title,
  description,
  button,
  isDanger = false,
  isBusy,
  error,
  onClose,
  onReason,
}: {
  readonly title: string
  readonly description: string
  readonly button: string
  readonly isDanger?: boolean
  readonly isBusy: boolean
  readonly error: Error | null
  readonly onClose: () => void
  readonly onReason: (reason: string) => void
}) {
  const id = useId()
  const [reason, setReason] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (reason.trim() !== '') onReason(reason.trim())
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={title}
      description={description}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind={isDanger ? 'danger' : 'primary'} type="submit" form={id} isBusy={isBusy}>
            {button}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit}>
        <Field label="Reason" hint="It stands in the ledger, with your name.">
          <Textarea
            autoFocus
            required
            maxLength={4_000}
            value={reason}
            onChange={({ target }) => setReason(target.value)}
          />
        </Field>
        {error ? <ErrorState error={error} className="mt-3" /> : null}
      </form>
    </Dialog>
  )
}
