import { type FormEvent, useState } from 'react'
import { useAct } from '../../api/query.ts'
import { useMe } from '../../session/me.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Field, SecretInput } from '../../ui/field.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'

export function Password() {
  const me = useMe()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const change = useAct('PUT /api/v1/me/password', { refresh: ['GET /api/v1/me'] })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(
      { body: { current, next } },
      {
        onSuccess() {
          setCurrent('')
          setNext('')
          toast.done('Your password was changed.', 'Every other session of yours was ended.')
        },
      },
    )
  }
  return (
    <Card title="Password" description="Every other session of yours ends when it changes.">
      <form onSubmit={submit} className="flex flex-col gap-4">
        {change.error ? <ErrorState error={change.error} /> : null}
        <input type="hidden" name="username" autoComplete="username" value={me.email} />
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Password now">
            <SecretInput
              required
              autoComplete="current-password"
              value={current}
              onChange={(event) => setCurrent(event.target.value)}
            />
          </Field>
          <Field label="New password" hint="12 characters at least.">
            <SecretInput
              required
              minLength={12}
              maxLength={256}
              autoComplete="new-password"
              value={next}
              onChange={(event) => setNext(event.target.value)}
            />
          </Field>
        </div>
        <div>
          <Button type="submit" isBusy={change.isPending}>
            Change the password
          </Button>
        </div>
      </form>
    </Card>
  )
}
