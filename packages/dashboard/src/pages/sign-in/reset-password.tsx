import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { call } from '../../api/call.ts'
import { type ApiProblem, asProblem } from '../../api/problem.ts'
import { queryOf } from '../../api/query.ts'
import { Button, buttonLook } from '../../ui/button.tsx'
import { Field, SecretInput } from '../../ui/field.tsx'
import { Loaded, Skeleton } from '../../ui/states.tsx'
import { AskForLink } from './ask-for-link.tsx'
import { BackToSignIn } from './back-to-sign-in.tsx'
import { FormProblem, FormTitle } from './form.tsx'
import { useOneTimeToken } from './one-time-token.ts'

/** A new password: asking for the link, and setting it with the link. */
export function ResetPassword() {
  const token = useOneTimeToken()
  return token ? <SetPassword token={token} /> : <AskForReset />
}

function AskForReset() {
  const options = useQuery(queryOf('GET /api/v1/sign-in-options'))
  return (
    <Loaded query={options} skeleton={<Skeleton className="h-48" />}>
      {({ canMail }) =>
        canMail ? (
          <AskForLink
            title="A new password"
            description="A link to set it is mailed to you."
            sent="If somebody here has that address, a link to a new password is on its way to it."
            ask={(email) => call('POST /api/v1/password-reset', { body: { email } })}
          />
        ) : (
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
