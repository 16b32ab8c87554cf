import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { call } from '../../api/call.ts'
import { type ApiProblem, asProblem } from '../../api/problem.ts'
import { queryOf } from '../../api/query.ts'
import { Button, buttonLook } from '../../ui/button.tsx'
import { Field, Input, SecretInput } from '../../ui/field.tsx'
import { Loaded, Skeleton } from '../../ui/states.tsx'
import { FormProblem, FormTitle } from './form.tsx'
import { useOneTimeToken } from './one-time-token.ts'
import { BackToSignIn } from './sign-up.tsx'

/** A new password: asking for the link, and setting it with the link. */
export function ResetPassword() {
  const token = useOneTimeToken()
  return token ? <SetPassword token={token} /> : <AskForReset />
}

function AskForReset() {
  const options = useQuery(queryOf('GET /api/v1/sign-in-options'))
  const [email, setEmail] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [isSent, setSent] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      await call('POST /api/v1/password-reset', { body: { email } })
      setSent(true)
    } catch (error) {
      setProblem(asProblem(error))
    }
    setBusy(false)
  }
  return (
    <Loaded query={options} skeleton={<Skeleton className="h-48" />}>
      {({ canMail }) => {
        if (!canMail) {
          return (
            <>
              <FormTitle title="A new password">
                This service sends no mail. An admin of your workspace makes you a link under Members, or
                whoever runs the service does with{' '}
                <code className="font-mono text-xs">trueup people reset-link</code>.
              </FormTitle>
              <BackToSignIn />
            </>
          )
        }
        if (isSent) {
          return (
            <>
              <FormTitle title="Look into your mail">
                If somebody here has that address, a link to a new password is on its way to it.
              </FormTitle>
              <BackToSignIn />
            </>
          )
        }
        return (
          <>
            <FormTitle title="A new password">A link to set it is mailed to you.</FormTitle>
            <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
              <FormProblem problem={problem} fields={['email']} />
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
              <Button kind="primary" size="large" type="submit" isBusy={isBusy}>
                Mail me the link
              </Button>
            </form>
            <BackToSignIn />
          </>
        )
      }}
    </Loaded>
  )
}

function SetPassword({ token }: { readonly token: string }) {
  const [password, setPassword] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [isDone, setDone] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      await call('POST /api/v1/password-reset/finish', { body: { token, password } })
      setDone(true)
    } catch (error) {
      setProblem(asProblem(error))
    }
    setBusy(false)
  }
  if (isDone) {
    return (
      <>
        <FormTitle title="Your password is set">Every session of yours was ended.</FormTitle>
        <Link to="/sign-in" className={buttonLook({ kind: 'primary', size: 'large', className: 'w-full' })}>
          Sign in
        </Link>
      </>
    )
  }
  return (
    <>
      <FormTitle title="A new password">Every session of yours ends when it is set.</FormTitle>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <FormProblem problem={problem} fields={['password']} />
        <Field label="New password" hint="12 characters at least." error={problem?.about('password')}>
          <SecretInput
            required
            autoFocus
            minLength={12}
            maxLength={256}
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
        <Button kind="primary" size="large" type="submit" isBusy={isBusy}>
          Set the password
        </Button>
      </form>
      <BackToSignIn />
    </>
  )
}
