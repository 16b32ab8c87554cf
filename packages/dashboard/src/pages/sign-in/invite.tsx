import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { call } from '../../api/call.ts'
import { type ApiProblem, asProblem } from '../../api/problem.ts'
import { queryOf } from '../../api/query.ts'
import { meQuery } from '../../session/me.ts'
import { useGoTo } from '../../shell/use-go-to.ts'
import { Button, buttonLook } from '../../ui/button.tsx'
import { Field, Input, SecretInput } from '../../ui/field.tsx'
import { ErrorState, Loaded, Skeleton } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { BackToSignIn } from './back-to-sign-in.tsx'
import { FormProblem, FormTitle } from './form.tsx'
import { useOneTimeToken } from './one-time-token.ts'

/** Taking up an invite: as somebody new, or as who one is. */
export function Invite() {
  const token = useOneTimeToken() ?? sessionStorage.getItem(keptToken)
  if (token) return <OpenInvite token={token} />
  return (
    <>
      <FormTitle title="Invite">
        An invite comes as a link with a long code at its end. Open it as it was sent to you.
      </FormTitle>
      <BackToSignIn />
    </>
  )
}

/** Whoever has to sign in first comes back to the same invite. */
const keptToken = 'trueup.invite'

function OpenInvite({ token }: { readonly token: string }) {
  const invite = useQuery({ ...queryOf('POST /api/v1/invites/open', { body: { token } }), staleTime: 60_000 })
  const me = useQuery({ ...meQuery, retry: false })
  if (invite.error) {
    return (
      <>
        <FormTitle title="Invite" />
        <ErrorState error={invite.error} onRetry={() => void invite.refetch()} />
        <BackToSignIn />
      </>
    )
  }
  return (
    <Loaded query={invite} skeleton={<Skeleton className="h-64" />}>
      {({ workspaceName, email, role, isKnown }) => (
        <>
          <FormTitle title="You are invited">
            To <Untrusted text={workspaceName} className="font-medium text-text" /> as{' '}
            <span className="font-medium text-text">{role}</span>, with the address{' '}
            <Untrusted text={email} className="font-medium text-text" />.
          </FormTitle>
          {me.data?.kind === 'person' ? (
            <Join token={token} as={me.data.email} email={email} />
          ) : isKnown ? (
            <SignInFirst token={token} />
          ) : (
            <AcceptAsNew token={token} />
          )}
        </>
      )}
    </Loaded>
  )
}

function Join({ token, as, email }: { readonly token: string; readonly as: string; readonly email: string }) {
  const client = useQueryClient()
  const goTo = useGoTo()
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const join = async () => {
    setBusy(true)
    try {
      await call('POST /api/v1/invites/join', { body: { token } })
      sessionStorage.removeItem(keptToken)
      client.clear()
      goTo('/')
    } catch (error) {
      setProblem(asProblem(error))
      setBusy(false)
    }
  }
  const signOut = async () => {
    sessionStorage.setItem(keptToken, token)
    await call('DELETE /api/v1/session').catch(() => {})
    client.clear()
    location.reload()
  }
  const isOther = as.toLowerCase() !== email.toLowerCase()
  return (
    <div className="flex flex-col gap-4">
      {problem ? <ErrorState error={problem} /> : null}
      <p className="text-sm">
        You are signed in as <Untrusted text={as} className="font-medium" />
        {isOther ? ', which is not the address that was invited.' : '.'}
      </p>
      <Button
        kind="primary"
        size="large"
        isBusy={isBusy}
        unless={isOther ? 'Sign out first: the invite is for another address.' : null}
        onClick={() => void join()}
      >
        Join
      </Button>
      <Button kind="quiet" onClick={() => void signOut()}>
        Sign out
      </Button>
    </div>
  )
}

function SignInFirst({ token }: { readonly token: string }) {
  return (
    <div className="flex flex-col gap-4">
      <p className="text-sm">
        There is an account with this address. Sign in with it, and the invite opens again.
      </p>
      <Link
        to="/sign-in"
        search={{ to: '/invite' }}
        className={buttonLook({ kind: 'primary', size: 'large' })}
        onClick={() => sessionStorage.setItem(keptToken, token)}
      >
        Sign in
      </Link>
    </div>
  )
}

function AcceptAsNew({ token }: { readonly token: string }) {
  const client = useQueryClient()
  const goTo = useGoTo()
  const options = useQuery(queryOf('GET /api/v1/sign-in-options'))
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const accept = async (secret: string | null) => {
    setBusy(true)
    try {
      const { next } = await call('POST /api/v1/invites/accept', { body: { token, name, password: secret } })
      sessionStorage.removeItem(keptToken)
      client.clear()
      if (next === 'provider') location.assign((await call('POST /api/v1/session/provider')).url)
      else goTo(next === 'done' ? '/' : '/sign-in')
    } catch (error) {
      setProblem(asProblem(error))
      setBusy(false)
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void accept(password)
  }
  const provider = options.data?.provider
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <FormProblem problem={problem} fields={['name', 'password']} />
      <Field label="Your name" error={problem?.about('name')}>
        <Input
          required
          autoFocus
          autoComplete="name"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <Field label="Password" hint="12 characters at least." error={problem?.about('password')}>
        <SecretInput
          required
          minLength={12}
          maxLength={256}
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
      <Button kind="primary" size="large" type="submit" isBusy={isBusy}>
        Accept the invite
      </Button>
      {provider ? (
        <Button
          size="large"
          isBusy={isBusy}
          unless={name.trim() === '' ? 'Give your name first.' : null}
          onClick={() => void accept(null)}
        >
          Accept, and sign in with {provider.name}
        </Button>
      ) : null}
    </form>
  )
}
