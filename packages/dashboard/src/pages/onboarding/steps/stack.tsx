import { type ReactNode, useState } from 'react'
import { useMay } from '../../../session/may.ts'
import { Button } from '../../../ui/button.tsx'
import { cx } from '../../../ui/cx.ts'
import { type Onboarding, type StepProps, useAnswers, useNextStep } from '../use-onboarding.ts'

type Answers = Onboarding['answers']
type Question = 'framework' | 'billing' | 'access' | 'audience'

const questions: readonly {
  readonly name: Question
  readonly text: string
  readonly choices: readonly (readonly [value: string, label: string, hint?: string])[]
}[] = [
  {
    name: 'framework',
    text: 'What is your app built with?',
    choices: [
      ['next', 'Next.js'],
      ['remix', 'Remix'],
      ['express', 'Express'],
      ['fastify', 'Fastify'],
      ['hono', 'Hono'],
      ['rails', 'Rails'],
      ['django', 'Django'],
      ['laravel', 'Laravel'],
      ['other', 'Something else'],
    ],
  },
  {
    name: 'billing',
    text: 'Who sells your plans?',
    choices: [
      ['stripe', 'Stripe', 'Subscriptions in your own Stripe account'],
      ['clerk-billing', 'Clerk Billing', 'Plans sold through Clerk'],
    ],
  },
  {
    name: 'access',
    text: 'Where does your app keep who has paid access?',
    choices: [
      ['postgres', 'Postgres / Supabase', 'Columns of a table'],
      ['clerk', 'Clerk', 'Metadata of users or organizations'],
      ['both', 'Both', 'A table, and its mirror in Clerk'],
      ['push', 'The app pushes it', 'For apps that give no credentials'],
    ],
  },
  {
    name: 'audience',
    text: 'Whom does access belong to?',
    choices: [
      ['users', 'Users'],
      ['organizations', 'Organizations', 'B2B'],
      ['both', 'Both'],
    ],
  },
]

/** What the app is built with. Each choice is kept as it is made. */
export function Stack(props: StepProps) {
  const { projectId, state } = props
  const answers = useAnswers(projectId)
  const may = useMay('PUT /api/v1/projects/{projectId}/onboarding/answers')
  const goOn = useNextStep(props)
  // What was chosen stands at once, while it is being kept.
  const [given, setGiven] = useState<Partial<Answers>>({})
  return (
    <>
      {questions.map(({ name, text, choices }) => (
        <fieldset key={name} disabled={!may.may}>
          <legend className="mb-2 font-medium">{text}</legend>
          <div className="flex flex-wrap gap-2">
            {choices.map(([value, label, hint]) => (
              <Choice
                key={value}
                name={name}
                hint={hint}
                isChosen={(given[name] ?? state.answers[name]) === value}
                onChoose={() => {
                  const choice = { [name]: value } as Partial<Answers>
                  setGiven({ ...given, ...choice })
                  answers.keep(choice)
                }}
              >
                {label}
              </Choice>
            ))}
          </div>
        </fieldset>
      ))}
      <div>
        <Button kind="primary" onClick={goOn} isBusy={answers.isSaving}>
          Go on
        </Button>
      </div>
    </>
  )
}

function Choice({
  name,
  hint,
  isChosen,
  onChoose,
  children,
}: {
  readonly name: string
  readonly hint: string | undefined
  readonly isChosen: boolean
  readonly onChoose: () => void
  readonly children: ReactNode
}) {
  return (
    <label
      className={cx(
        'flex cursor-pointer items-start gap-2 rounded-lg border px-3 py-2 text-sm hover:bg-hover has-focus-visible:outline-2 has-focus-visible:outline-accent',
        isChosen ? 'border-accent bg-chosen' : 'border-line bg-surface',
      )}
    >
      <input
        type="radio"
        name={name}
        checked={isChosen}
        onChange={onChoose}
        className="mt-0.5 size-4 accent-accent-solid"
      />
      <span>
        <span className="block font-medium">{children}</span>
        {hint ? <span className="block text-muted text-xs">{hint}</span> : null}
      </span>
    </label>
  )
}
