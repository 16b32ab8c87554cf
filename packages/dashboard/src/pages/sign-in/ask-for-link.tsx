import { type FormEvent, type ReactNode, useState } from 'react'
import { type ApiProblem, asProblem } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { BackToSignIn } from './back-to-sign-in.tsx'
import { FormProblem, FormTitle } from './form.tsx'

/** Asks for an address that a link is mailed to, and says the same whether or not somebody here has it. */
export function AskForLink({
  title,
  description,
  sent,
  ask,
}: {
  readonly title: string
  readonly description: ReactNode
  /** What is said once it was asked for. */
  readonly sent: ReactNode
  readonly ask: (email: string) => Promise<unknown>
}) {
  const [email, setEmail] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [isSent, setSent] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      await ask(email)
      setSent(true)
    } catch (error) {
      setProblem(asProblem(error))
    }
    setBusy(false)
  }
  if (isSent) {
    return (
      <>
        <FormTitle title="Look into your mail">{sent}</FormTitle>
        <BackToSignIn />
      </>
    )
  }
  return (
    <>
      <FormTitle title={title}>{description}</FormTitle>
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
}
