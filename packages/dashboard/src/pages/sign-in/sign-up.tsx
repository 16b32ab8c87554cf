import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { call } from '../../api/call.ts'
import { type ApiProblem, asProblem } from '../../api/problem.ts'
import { queryOf } from '../../api/query.ts'
import { useGoTo } from '../../shell/use-go-to.ts'
import { Button } from '../../ui/button.tsx'
import { Field, Input, SecretInput } from '../../ui/field.tsx'
import { Loaded, Skeleton } from '../../ui/states.tsx'
import { AskForLink } from './ask-for-link.tsx'
import { BackToSignIn } from './back-to-sign-in.tsx'
import { FormProblem, FormTitle } from './form.tsx'
import { useOneTimeToken } from './one-time-token.ts'

/** Making an account: the first person, whoever has a mailed link, or asking for one. */
export function SignUp() {
  const token = useOneTimeToken()
  const options = useQuery(queryOf('GET /api/v1/sign-in-options'))
  return (
    <Loaded query={options} skeleton={<Skeleton className="h-72" />}>
      {({ firstSignUp, signUp, canMail }) => {
        if (firstSignUp) return <MakeAccount isFirst token={null} />
        if (token) return <MakeAccount isFirst={false} token={token} />
        if (signUp === 'open' && canMail)
          return (
            <AskForLink
              title="Make an account"
              description="A link is mailed to you, so that the address is shown to be yours."
              sent="A link to make your account is on its way to that address, unless it has an account already."
              ask={(email) => call('POST /api/v1/sign-up/link', { body: { email } })}
            />
          )
        return (
          <>
            <FormTitle title="Sign up">
              {signUp === 'closed'
                ? 'No new accounts are made here.'
                : 'Accounts are made here by invite. Ask an admin of your workspace for one; it comes as a link.'}
            </FormTitle>
            <BackToSignIn />
          </>
        )
      }}
    </Loaded>
  )
}

function MakeAccount({ isFirst, token }: { readonly isFirst: boolean; readonly token: string | null }) {
  const client = useQueryClient()
  const goTo = useGoTo()
  const [said, setSaid] = useState({ email: '', name: '', password: '', workspaceName: '' })
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const set = (field: keyof typeof said) => (event: { readonly target: { readonly value: string } }) =>
    setSaid({ ...said, [field]: event.target.value })
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      const { email, ...rest } = said
      const { next } = await call('POST /api/v1/sign-up', {
        body: token === null ? { email, ...rest } : { token, ...rest },
      })
      client.clear()
      goTo(next === 'done' ? '/' : '/sign-in')
    } catch (error) {
      setProblem(asProblem(error))
      setBusy(false)
    }
  }
  return (
    <>
      <FormTitle title={isFirst ? 'Create the owner' : 'Make your account'}>
        {isFirst
          ? 'Nobody is here yet. The first account owns the workspace and invites the others.'
          : 'With a workspace of your own.'}
      </FormTitle>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <FormProblem problem={problem} fields={['email', 'name', 'password', 'workspaceName']} />
        <Field label="Your name" error={problem?.about('name')}>
          <Input required autoFocus autoComplete="name" value={said.name} onChange={set('name')} />
        </Field>
        {token === null ? (
          <Field label="E-mail address" error={problem?.about('email')}>
            <Input type="email" required autoComplete="username" value={said.email} onChange={set('email')} />
          </Field>
        ) : null}
        <Field label="Password" hint="12 characters at least." error={problem?.about('password')}>
          <SecretInput
            required
            minLength={12}
            maxLength={256}
            autoComplete="new-password"
            value={said.password}
            onChange={set('password')}
          />
        </Field>
        <Field label="Workspace" hint="Your company or team." error={problem?.about('workspaceName')}>
          <Input
            required
            autoComplete="organization"
            value={said.workspaceName}
            onChange={set('workspaceName')}
          />
        </Field>
        <Button kind="primary" size="large" type="submit" isBusy={isBusy}>
          {isFirst ? 'Create the owner' : 'Make the account'}
        </Button>
      </form>
      {isFirst ? null : <BackToSignIn />}
    </>
  )
}
