import { ShieldCheck, ShieldOff } from 'lucide-react'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { AnswerOf } from '../../api/operation.ts'
import type { ApiProblem } from '../../api/problem.ts'
import { useAct } from '../../api/query.ts'
import { useMe } from '../../session/me.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { saveFile } from '../../ui/csv.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Input, SecretInput } from '../../ui/field.tsx'
import { QrCode } from '../../ui/qr-code.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'

type Offer = AnswerOf<'POST /api/v1/me/second-factor'>

/** The second factor: on, off, and the codes for when the phone is lost. */
export function SecondFactor() {
  const { hasTwoFactor } = useMe()
  const [open, setOpen] = useState<'on' | 'off' | 'codes' | null>(null)
  const close = () => setOpen(null)
  return (
    <Card
      title={
        <span className="flex items-center gap-2">
          Second factor
          {hasTwoFactor ? (
            <Badge tone="success">
              <ShieldCheck aria-hidden /> On
            </Badge>
          ) : (
            <Badge>
              <ShieldOff aria-hidden /> Off
            </Badge>
          )}
        </span>
      }
      description="A code of an authenticator app is asked for after the password."
    >
      <div className="flex flex-wrap gap-2">
        {hasTwoFactor ? (
          <>
            <Button onClick={() => setOpen('codes')}>New backup codes</Button>
            <Button onClick={() => setOpen('off')}>Turn off</Button>
          </>
        ) : (
          <Button kind="primary" onClick={() => setOpen('on')}>
            Set up
          </Button>
        )}
      </div>
      {open === 'on' ? <TurnOn onClose={close} /> : null}
      {open === 'off' ? <TurnOff onClose={close} /> : null}
      {open === 'codes' ? <NewCodes onClose={close} /> : null}
    </Card>
  )
}

function TurnOn({ onClose }: { readonly onClose: () => void }) {
  const [offer, setOffer] = useState<Offer | null>(null)
  const begin = useAct('POST /api/v1/me/second-factor')
  if (offer) return <ConfirmOffer offer={offer} onClose={onClose} />
  return (
    <AskForPassword
      title="Set up a second factor"
      description="First your password, so that nobody else sets it up for you."
      button="Go on"
      isBusy={begin.isPending}
      problem={begin.error}
      onClose={onClose}
      onPassword={(password) => begin.mutate({ body: { password } }, { onSuccess: setOffer })}
    />
  )
}

function ConfirmOffer({ offer, onClose }: { readonly offer: Offer; readonly onClose: () => void }) {
  const [code, setCode] = useState('')
  const confirm = useAct('POST /api/v1/me/second-factor/confirm', { refresh: ['GET /api/v1/me'] })
  const secret = new URL(offer.uri).searchParams.get('secret') ?? ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    confirm.mutate(
      { body: { code: code.replaceAll(/\s/g, '') } },
      {
        onSuccess() {
          toast.done('The second factor is on.')
          onClose()
        },
      },
    )
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Set up a second factor"
      description="Take the picture with your authenticator app, keep the backup codes, then give a code of the app."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="second-factor" isBusy={confirm.isPending}>
            Turn on
          </Button>
        </>
      }
    >
      <form id="second-factor" onSubmit={submit} className="flex flex-col gap-5">
        <div className="flex flex-col gap-4 sm:flex-row">
          <QrCode text={offer.uri} label="Picture for the authenticator app" />
          <div className="min-w-0 flex-1 text-sm">
            <p className="text-muted">Without a camera, type this into the app:</p>
            <p className="mt-1 mb-2 break-all font-mono">{secret}</p>
            <CopyButton text={secret} label="Copy the secret" />
          </div>
        </div>
        <BackupCodes codes={offer.backupCodes} />
        {confirm.error ? <ErrorState error={confirm.error} /> : null}
        <Field label="Code of the app" hint="Six digits.">
          <Input
            required
            inputMode="numeric"
            autoComplete="one-time-code"
            className="max-w-40 font-mono tracking-widest"
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        </Field>
      </form>
    </Dialog>
  )
}

function TurnOff({ onClose }: { readonly onClose: () => void }) {
  const remove = useAct('POST /api/v1/me/second-factor/remove', { refresh: ['GET /api/v1/me'] })
  return (
    <AskForPassword
      title="Turn the second factor off"
      description="From then on the password alone signs you in."
      button="Turn off"
      isDanger
      isBusy={remove.isPending}
      problem={remove.error}
      onClose={onClose}
      onPassword={(password) =>
        remove.mutate(
          { body: { password } },
          {
            onSuccess() {
              toast.done('The second factor is off.')
              onClose()
            },
          },
        )
      }
    />
  )
}

function NewCodes({ onClose }: { readonly onClose: () => void }) {
  const make = useAct('POST /api/v1/me/second-factor/backup-codes')
  if (make.data) {
    return (
      <Dialog
        isOpen
        size="small"
        onClose={onClose}
        title="Your new backup codes"
        description="The old ones open nothing any more."
        actions={
          <Button kind="primary" onClick={onClose}>
            I keep them
          </Button>
        }
      >
        <BackupCodes codes={make.data.backupCodes} />
      </Dialog>
    )
  }
  return (
    <AskForPassword
      title="New backup codes"
      description="The codes that you have now end."
      button="Make them"
      isBusy={make.isPending}
      problem={make.error}
      onClose={onClose}
      onPassword={(password) => make.mutate({ body: { password } })}
    />
  )
}

function BackupCodes({ codes }: { readonly codes: readonly string[] }) {
  const text = codes.join('\n')
  return (
    <section>
      <h3 className="mb-1 font-medium text-sm">Backup codes</h3>
      <p className="mb-2 text-muted text-sm">
        Each opens once, when the phone is lost. They are shown this once.
      </p>
      <ul className="grid grid-cols-2 gap-x-4 gap-y-1 rounded-md bg-sunken p-3 font-mono text-sm">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="mt-2 flex gap-2">
        <CopyButton text={text} label="Copy the codes" />
        <Button size="small" onClick={() => saveFile('trueup-backup-codes.txt', `${text}\n`, 'text/plain')}>
          Save as a file
        </Button>
      </div>
    </section>
  )
}

function AskForPassword({
  title,
  description,
  button,
  isDanger = false,
  isBusy,
  problem,
  onClose,
  onPassword,
}: {
  readonly title: string
  readonly description: ReactNode
  readonly button: string
  readonly isDanger?: boolean
  readonly isBusy: boolean
  readonly problem: ApiProblem | null
  readonly onClose: () => void
  readonly onPassword: (password: string) => void
}) {
  const me = useMe()
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onPassword(password)
  }
  return (
    <Dialog
      isOpen
      size="small"
      onClose={onClose}
      title={title}
      description={description}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind={isDanger ? 'danger' : 'primary'}
            type="submit"
            form="ask-for-password"
            isBusy={isBusy}
          >
            {button}
          </Button>
        </>
      }
    >
      <form id="ask-for-password" onSubmit={submit} className="flex flex-col gap-4">
        {problem ? <ErrorState error={problem} /> : null}
        <input type="hidden" name="username" autoComplete="username" value={me.email} />
        <Field label="Password">
          <SecretInput
            required
            autoFocus
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
      </form>
    </Dialog>
  )
}
