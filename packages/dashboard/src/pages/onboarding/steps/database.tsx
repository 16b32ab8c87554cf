import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { call } from '../../../api/call.ts'
import { queryOf, useAct } from '../../../api/query.ts'
import { useMay } from '../../../session/may.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { CodeBlock } from '../../../ui/copy.tsx'
import { Checkbox, Field, Input, SecretInput, Textarea } from '../../../ui/field.tsx'
import { ErrorState, Loaded } from '../../../ui/states.tsx'
import { Tabs } from '../../../ui/tabs.tsx'
import { toast } from '../../../ui/toast.tsx'
import { ConnectKey } from '../connect-key.tsx'
import { ConnectedCard, type Source } from '../connected-card.tsx'
import { refreshed, type StepProps, useNextStep } from '../use-onboarding.ts'
import { Webhook } from './stripe.tsx'

const connect = 'POST /api/v1/projects/{projectId}/sources'

/** Where access is kept: a database, Clerk, or both. */
export function Database(props: StepProps) {
  const { projectId, state } = props
  const sources = useQuery(queryOf('GET /api/v1/projects/{projectId}/sources', { path: { projectId } }))
  const [chosen, setTab] = useState<'postgres' | 'clerk' | null>(null)
  const tab = chosen ?? (state.answers.access === 'clerk' ? 'clerk' : 'postgres')
  const goOn = useNextStep(props)
  return (
    <Loaded query={sources}>
      {({ items }) => {
        const postgres = items.filter(({ kind }) => kind === 'postgres')
        const clerk = items.find(({ kind }) => kind === 'clerk')
        const isConnected = postgres.length > 0 || clerk !== undefined
        return (
          <>
            <div>
              <h2 className="mb-1 font-medium">Access-state source</h2>
              <p className="mb-3 text-muted text-sm">
                Both may be connected: then each account is held against both, and against each other.
              </p>
              <Tabs
                label="Access-state source"
                value={tab}
                onChange={setTab}
                tabs={[
                  {
                    name: 'postgres',
                    label: <TabLabel isDone={postgres.length > 0}>Postgres / Supabase</TabLabel>,
                    content: <Postgres projectId={projectId} sources={postgres} />,
                  },
                  {
                    name: 'clerk',
                    label: <TabLabel isDone={clerk !== undefined}>Clerk</TabLabel>,
                    content: <Clerk {...props} source={clerk} />,
                  },
                ]}
              />
            </div>
            <div>
              <Button
                kind="primary"
                onClick={goOn}
                unless={
                  isConnected || state.answers.access === 'push'
                    ? null
                    : 'Connect Clerk or your database first.'
                }
              >
                Go on
              </Button>
            </div>
          </>
        )
      }}
    </Loaded>
  )
}

function TabLabel({ isDone, children }: { readonly isDone: boolean; readonly children: string }) {
  return (
    <span className="flex items-center gap-1.5">
      {children} {isDone ? <Badge tone="success">connected</Badge> : null}
    </span>
  )
}

function Postgres({
  projectId,
  sources,
}: {
  readonly projectId: string
  readonly sources: readonly Source[]
}) {
  const [url, setUrl] = useState('')
  const [authority, setAuthority] = useState('')
  const [mayWrite, setMayWrite] = useState(false)
  const act = useAct(connect, { refresh: [...refreshed] })
  const may = useMay(connect)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const ca = authority.trim() || null
    act.mutate(
      {
        path: { projectId },
        body: {
          kind: 'postgres',
          source: sources[0]?.name ?? 'postgres',
          url: url.trim(),
          ca,
          allowWriteRole: mayWrite,
          acceptOtherAccount: false,
        },
      },
      {
        onSuccess({ label }) {
          setUrl('')
          toast.done(`Database connected — ${label}`)
        },
      },
    )
  }
  return (
    <div className="flex flex-col gap-4">
      {sources.map((source) => (
        <ConnectedCard key={source.name} projectId={projectId} source={source} title="Database connected" />
      ))}
      <ReadRole projectId={projectId} />
      <Card
        title={sources.length > 0 ? 'Connect with another role' : 'Connect the database'}
        description="With the role that can only read. The connection is encrypted, and its string is kept sealed."
      >
        <form onSubmit={submit} className="flex flex-col gap-3">
          <Field label="Connection string" error={act.error?.about('url') ?? null}>
            <SecretInput
              value={url}
              required
              autoComplete="off"
              placeholder="postgres://trueup_reader:…@db.example.com:5432/app"
              onChange={({ target }) => setUrl(target.value)}
            />
          </Field>
          <details className="text-sm">
            <summary className="cursor-pointer text-muted">Advanced</summary>
            <div className="mt-3 flex flex-col gap-3">
              <Field
                label="Certificate of the authority"
                hint="PEM text, where the server has one of its own. Supabase's is known."
              >
                <Textarea
                  value={authority}
                  spellCheck={false}
                  placeholder="-----BEGIN CERTIFICATE-----"
                  className="font-mono text-xs"
                  onChange={({ target }) => setAuthority(target.value)}
                />
              </Field>
              <Checkbox
                label="Take a role that can write"
                hint="Reading needs none. Better make the role above."
                checked={mayWrite}
                onChange={({ target }) => setMayWrite(target.checked)}
              />
            </div>
          </details>
          {act.error ? <ErrorState error={act.error} /> : null}
          <div>
            <Button kind="primary" type="submit" isBusy={act.isPending} unless={may.reason}>
              {act.isPending ? 'Testing & connecting…' : 'Test & connect'}
            </Button>
          </div>
        </form>
      </Card>
    </div>
  )
}

/** The SQL for a role that reads the columns it needs and nothing else. */
function ReadRole({ projectId }: { readonly projectId: string }) {
  const [database, setDatabase] = useState('postgres')
  const [table, setTable] = useState('public.users')
  const [columns, setColumns] = useState('id, stripe_customer_id, plan')
  const [hasRowSecurity, setRowSecurity] = useState(false)
  const [made, setMade] = useState<{ readonly sql: string; readonly connectionString: string } | null>(null)
  const [error, setError] = useState<unknown>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      setError(null)
      setMade(
        await call('POST /api/v1/projects/{projectId}/setup/read-role-sql', {
          path: { projectId },
          body: {
            database: database.trim(),
            role: 'trueup_reader',
            tables: [
              {
                table: table.trim(),
                columns: columns.split(/[\s,]+/).filter(Boolean),
                rowSecurity: hasRowSecurity,
              },
            ],
          },
        }),
      )
    } catch (thrown) {
      setError(thrown)
    }
  }
  return (
    <Card
      title="A role that can only read"
      description="Run the SQL as the owner of the database. It names the columns that the role sees; others it does not."
    >
      <form onSubmit={(event) => void submit(event)} className="grid gap-3 sm:grid-cols-3">
        <Field label="Database">
          <Input required value={database} onChange={({ target }) => setDatabase(target.value)} />
        </Field>
        <Field label="Table">
          <Input required value={table} onChange={({ target }) => setTable(target.value)} />
        </Field>
        <Field label="Columns">
          <Input required value={columns} onChange={({ target }) => setColumns(target.value)} />
        </Field>
        <Checkbox
          className="sm:col-span-2"
          label="Row-level security is on"
          hint="As on Supabase: the role is then given a policy to see every row."
          checked={hasRowSecurity}
          onChange={({ target }) => setRowSecurity(target.checked)}
        />
        <div className="flex items-end sm:justify-end">
          <Button type="submit">Write the SQL</Button>
        </div>
      </form>
      {error ? <ErrorState error={error} className="mt-3" /> : null}
      {made ? (
        <div className="mt-4 flex flex-col gap-3">
          <CodeBlock code={made.sql} label="SQL" />
          <p className="text-muted text-sm">
            Then connect with this, and the address of your server in the place of HOST. The password is shown
            this once.
          </p>
          <CodeBlock code={made.connectionString} label="connection string" />
        </div>
      ) : null}
    </Card>
  )
}

function Clerk({ projectId, state, source }: StepProps & { readonly source: Source | undefined }) {
  const webhook = state.webhooks.find(({ provider }) => provider === 'clerk')
  return (
    <div className="flex flex-col gap-4">
      {source ? <ConnectedCard projectId={projectId} source={source} title="Clerk connected" /> : null}
      <ConnectKey
        projectId={projectId}
        kind="clerk"
        label="Clerk Backend API secret key"
        placeholder="sk_test_…"
        description="Clerk's keys cannot be limited to reading: make one for Trueup alone, so that it can be taken back by itself. Trueup reads with it, and writes only where you connect repairs."
        isAnew={source !== undefined}
      />
      {source && webhook ? <Webhook projectId={projectId} webhook={webhook} /> : null}
    </div>
  )
}
