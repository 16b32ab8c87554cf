import { type FormEvent, type ReactNode, useState } from 'react'
import { useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Checkbox, Field, SecretInput } from '../../ui/field.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'
import { refreshed } from './use-onboarding.ts'

const connect = 'POST /api/v1/projects/{projectId}/sources'

/** Connects a vendor by its key, or by another one than before. */
export function ConnectKey({
  projectId,
  kind,
  label,
  placeholder,
  description,
  actions = null,
  isAnew,
}: {
  readonly projectId: string
  readonly kind: 'stripe' | 'clerk'
  readonly label: string
  readonly placeholder: string
  readonly description: string
  readonly actions?: ReactNode
  /** There is a key already. */
  readonly isAnew: boolean
}) {
  const [key, setKey] = useState('')
  const [isOtherMeant, setOtherMeant] = useState(false)
  const act = useAct(connect, { refresh: [...refreshed] })
  const may = useMay(connect)
  const vendor = kind === 'stripe' ? 'Stripe' : 'Clerk'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    act.mutate(
      { path: { projectId }, body: { kind, key: key.trim(), acceptOtherAccount: isOtherMeant } },
      {
        onSuccess(source) {
          setKey('')
          setOtherMeant(false)
          toast.done(`${vendor} connected — ${source.label}`)
        },
      },
    )
  }
  return (
    <Card
      title={isAnew ? 'Connect with another key' : `Connect ${vendor}`}
      description={description}
      actions={actions}
    >
      <form onSubmit={submit} className="flex flex-col gap-3">
        <Field label={label} error={act.error?.about('key') ?? null}>
          <SecretInput
            value={key}
            required
            autoComplete="off"
            placeholder={placeholder}
            onChange={({ target }) => setKey(target.value)}
          />
        </Field>
        {act.error?.code === 'source-other-account' || isOtherMeant ? (
          <Checkbox
            label="I mean this other account"
            checked={isOtherMeant}
            onChange={({ target }) => setOtherMeant(target.checked)}
          />
        ) : null}
        {act.error ? <ErrorState error={act.error} /> : null}
        <div>
          <Button
            kind={isAnew ? 'plain' : 'primary'}
            type="submit"
            isBusy={act.isPending}
            unless={may.reason}
          >
            {act.isPending ? 'Testing & connecting…' : 'Test & connect'}
          </Button>
        </div>
      </form>
    </Card>
  )
}
