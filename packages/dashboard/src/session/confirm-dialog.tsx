import { type FormEvent, useState, useSyncExternalStore } from 'react'
import { call } from '../api/call.ts'
import { type ApiProblem, asProblem } from '../api/problem.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Input, SecretInput } from '../ui/field.tsx'
import { ErrorState } from '../ui/states.tsx'
import { useMe } from './me.ts'

let waiting: readonly ((confirmed: boolean) => void)[] = []
const listeners = new Set<() => void>()

function set(next: typeof waiting): void {
  waiting = next
  for (const listener of listeners) listener()
}

/** Opens the dialog, and says whether the person showed who they are. Calls that wait at once share one dialog. */
export function askToConfirm(): Promise<boolean> {
  return new Promise((resolve) => set([...waiting, resolve]))
}

function settle(confirmed: boolean): void {
  const answered = waiting
  set([])
  for (const resolve of answered) resolve(confirmed)
}

/** The dialog for what needs that one showed a short time ago who one is. Once in the page. */
export function ConfirmDialog() {
  const isOpen = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => waiting.length > 0,
  )
  return isOpen ? <Confirm /> : null
}

function Confirm() {
  const me = useMe()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      await call('POST /api/v1/session/confirm', {
        body: me.hasTwoFactor ? { password, code } : { password },
      })
      settle(true)
    } catch (error) {
      setProblem(asProblem(error))
      setBusy(false)
    }
  }
  return (
    <Dialog
      isOpen
      size="small"
      title="Confirm that it is you"
      description="This touches secrets or what can write, so it asks once more. For the next ten minutes it will not ask again."
      onClose={() => settle(false)}
      actions={
        <>
          <Button onClick={() => settle(false)}>Cancel</Button>
          <Button kind="primary" type="submit" form="confirm-identity" isBusy={isBusy}>
            Confirm
          </Button>
        </>
      }
    >
      <form id="confirm-identity" onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        {problem ? <ErrorState error={problem} /> : null}
        <input type="hidden" name="username" autoComplete="username" value={me.email} />
        <Field label="Password">
          <SecretInput
            autoFocus
            required
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
        {me.hasTwoFactor ? (
          <Field label="Code" hint="Six digits of your authenticator app, or a backup code.">
            <Input
              required
              inputMode="numeric"
              autoComplete="one-time-code"
              value={code}
              onChange={(event) => setCode(event.target.value)}
            />
          </Field>
        ) : null}
      </form>
    </Dialog>
  )
}
