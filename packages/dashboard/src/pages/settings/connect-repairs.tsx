import { type FormEvent, useState } from 'react'
import { useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { Button } from '../../ui/button.tsx'
import { Field, Input, SecretInput, Select } from '../../ui/field.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'
import type { Source } from '../onboarding/connected-card.tsx'
import { refreshed } from '../onboarding/use-onboarding.ts'

const connect = 'POST /api/v1/projects/{projectId}/sources'

const kinds = {
  'clerk-repairs': [
    'Clerk',
    'A Backend API secret key. Only the mapped fields of one user are written at a time.',
  ],
  'postgres-repairs': [
    'Postgres',
    'A role that may call the repair functions and nothing else: trueup repair sql writes the SQL for it.',
  ],
  callback: ['Your app', 'A signed request for each repair, which your app carries out and answers.'],
} as const
type Kind = keyof typeof kinds

/** Connects what approved repairs are written with. */
export function ConnectRepairs({
  projectId,
  sources,
}: {
  readonly projectId: string
  readonly sources: readonly Source[]
}) {
  const databases = sources.filter(({ kind }) => kind === 'postgres').map(({ name }) => name)
  const [kind, setKind] = useState<Kind>('clerk-repairs')
  const [secret, setSecret] = useState('')
  const [url, setUrl] = useState('')
  const [source, setSource] = useState(databases[0] ?? '')
  const act = useAct(connect, { refresh: [...refreshed] })
  const may = useMay(connect)
  const needed =
    kind === 'clerk-repairs' && !sources.some((one) => one.kind === 'clerk')
      ? 'Connect Clerk for checks first.'
      : kind === 'postgres-repairs' && databases.length === 0
        ? 'Connect a database for checks first.'
        : null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const body =
      kind === 'clerk-repairs'
        ? { kind, key: secret.trim() }
        : kind === 'postgres-repairs'
          ? { kind, source, url: secret.trim() }
          : { kind, url: url.trim(), secret: secret.trim() }
    act.mutate(
      { path: { projectId }, body },
      {
        onSuccess: () => {
          setSecret('')
          toast.done('Connected. Repairs are written once they are approved.')
        },
      },
    )
  }
  return (
    <form onSubmit={submit} className="mt-4 flex flex-col gap-4 border-line border-t pt-4">
      {act.error ? <ErrorState error={act.error} /> : null}
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Write in" hint={kinds[kind][1]}>
          <Select value={kind} onChange={({ target }) => setKind(target.value as Kind)}>
            {Object.entries(kinds).map(([value, [label]]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        </Field>
        {kind === 'postgres-repairs' ? (
          <Field label="Database">
            <Select value={source} onChange={({ target }) => setSource(target.value)}>
              {databases.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          </Field>
        ) : null}
        {kind === 'callback' ? (
          <Field label="Address" error={act.error?.about('url')}>
            <Input
              type="url"
              required
              autoComplete="off"
              placeholder="https://app.example.com/trueup/repair"
              value={url}
              onChange={({ target }) => setUrl(target.value)}
            />
          </Field>
        ) : null}
        <Field
          label={
            kind === 'clerk-repairs'
              ? 'Clerk key for repairs'
              : kind === 'postgres-repairs'
                ? 'Connection string for repairs'
                : 'Secret that signs'
          }
          error={act.error?.about('key') ?? act.error?.about('secret')}
        >
          <SecretInput
            required
            autoComplete="off"
            placeholder={
              kind === 'clerk-repairs'
                ? 'sk_test_…'
                : kind === 'postgres-repairs'
                  ? 'postgres://trueup_repair:…'
                  : 'whsec_…'
            }
            value={secret}
            onChange={({ target }) => setSecret(target.value)}
          />
        </Field>
      </div>
      <div>
        <Button type="submit" isBusy={act.isPending} unless={may.reason ?? needed}>
          {act.isPending ? 'Testing & connecting…' : 'Test & connect'}
        </Button>
      </div>
    </form>
  )
}
