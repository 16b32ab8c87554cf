import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'
import { call } from '../../api/call.ts'
import { type ApiProblem, asProblem } from '../../api/problem.ts'
import { queryOf } from '../../api/query.ts'
import { useGoTo } from '../../shell/use-go-to.ts'
import { Button, buttonLook } from '../../ui/button.tsx'
import { Checkbox, Field, Input, SecretInput } from '../../ui/field.tsx'
import { FormProblem, FormTitle } from './form.tsx'
import { safeTarget } from './safe-target.ts'

/** Signing in: a password or the identity provider, then the second factor where one is on. */
export function SignIn() {
  const { to, error } = useSearch({ from: '/outside/sign-in' })
  const options = useQuery(queryOf('GET /api/v1/sign-in-options'))
  const [isCodeNext, setCodeNext] = useState(false)
  const client = useQueryClient()
  const goTo = useGoTo()
  const done = () => {
    client.clear()
    goTo(safeTarget(to))
  }
  // Nobody is here yet: the first thing to do is another.
  const isFirst = options.data?.firstSignUp === true
  useEffect(() => {
    if (isFirst) goTo('/sign-up')
  }, [isFirst, goTo])
  if (isCodeNext) return <GiveCode onDone={done} onBack={() => setCodeNext(false)} />
  return (
    <>
      <FormTitle title="Sign in" />
      {error ? <ProviderError error={error} /> : null}
      <GivePassword onNext={(next) => (next === 'code' ? setCodeNext(true) : done())} />
      {options.data?.provider ? <WithProvider name={options.data.provider.name} /> : null}
      <p className="mt-5 flex flex-wrap justify-between gap-x-4 gap-y-1 text-sm">
        <Link to="/reset-password" className="rounded-sm text-accent hover:underline">
          Forgot your password?
        </Link>
        {options.data?.signUp === 'open' ? (
          <Link to="/sign-up" className="rounded-sm text-accent hover:underline">
            Make an account
          </Link>
        ) : null}
      </p>
    </>
  )
}

function GivePassword({ onNext }: { readonly onNext: (next: 'done' | 'code') => void }) {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [remember, setRemember] = useState(true)
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      const { next } = await call('POST /api/v1/session', { body: { email, password, remember } })
      onNext(next)
    } catch (error) {
      setProblem(asProblem(error))
      setBusy(false)
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <FormProblem problem={problem} fields={['email', 'password']} />
      <Field label="E-mail address" error={problem?.about('email')}>
        <Input
          type="email"
          required
          autoFocus
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </Field>
      <Field label="Password" error={problem?.about('password')}>
        <SecretInput
          required
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
      <Checkbox
        label="Keep me signed in"
        checked={remember}
        onChange={(event) => setRemember(event.target.checked)}
      />
      <Button kind="primary" size="large" type="submit" isBusy={isBusy}>
        Sign in
      </Button>
    </form>
  )
}

function GiveCode({ onDone, onBack }: { readonly onDone: () => void; readonly onBack: () => void }) {
  const [code, setCode] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      await call('POST /api/v1/session/code', { body: { code: code.trim() } })
      onDone()
    } catch (error) {
      setProblem(asProblem(error))
      setBusy(false)
    }
  }
  return (
    <>
      <FormTitle title="Second factor">
        Six digits of your authenticator app, or one of your backup codes.
      </FormTitle>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <FormProblem problem={problem} fields={['code']} />
        <Field label="Code" error={problem?.about('code')}>
          <Input
            required
            autoFocus
            autoComplete="one-time-code"
            className="font-mono tracking-widest"
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        </Field>
        <Button kind="primary" size="large" type="submit" isBusy={isBusy}>
          Go on
        </Button>
        <Button kind="quiet" onClick={onBack}>
          Back to the password
        </Button>
      </form>
    </>
  )
}

function WithProvider({ name }: { readonly name: string }) {
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const begin = async () => {
    setBusy(true)
    try {
      const { url } = await call('POST /api/v1/session/provider')
      location.assign(url)
    } catch (error) {
      setProblem(asProblem(error))
      setBusy(false)
    }
  }
  return (
    <div className="mt-4 flex flex-col gap-4 border-line border-t pt-4">
      <FormProblem problem={problem} fields={[]} />
      <Button className={buttonLook({ size: 'large' })} isBusy={isBusy} onClick={() => void begin()}>
        Sign in with {name}
      </Button>
    </div>
  )
}

/** The identity provider sent the browser back without a session. */
function ProviderError({ error }: { readonly error: string }) {
  const isUnknown = /signup|not_found|unable_to_create/.test(error)
  return (
    <p role="alert" className="mb-4 rounded-lg bg-danger-soft px-3 py-2 text-sm">
      {isUnknown
        ? 'Nobody with this address belongs to this service. Ask an admin of your workspace for an invite.'
        : 'The identity provider did not sign you in. Try again, or use your password.'}
    </p>
  )
}
