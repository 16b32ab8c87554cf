import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Plug } from 'lucide-react'
import type { ItemOf, Shape } from '../../api/operation.ts'
import { queryOf } from '../../api/query.ts'
import { useProjectId } from '../../session/project.ts'
import { StatusDot, type Tone } from '../../ui/badge.tsx'
import { buttonLook } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Moment } from '../../ui/moment.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'

type Source = ItemOf<'GET /api/v1/projects/{projectId}/sources'>
type Endpoint = Shape<'WebhookEndpoint'>

const kinds: Readonly<Record<Source['kind'], string>> = {
  stripe: 'Stripe',
  clerk: 'Clerk',
  postgres: 'Postgres',
  'clerk-repairs': 'Repairs in Clerk',
  'postgres-repairs': 'Repairs in Postgres',
  callback: 'Repairs by the app',
}

const providers: Readonly<Record<Endpoint['provider'], string>> = { stripe: 'Stripe', clerk: 'Clerk' }

const alarms: Readonly<Record<Endpoint['alarms'][number], string>> = {
  'no-secret': 'No signing secret is entered, so nothing can be taken.',
  'never-received': 'Nothing was ever received. Send a test event.',
  silent: 'Silent: events were expected and none came. Look whether the endpoint is disabled.',
  losing: 'Events are being lost: the provider has some that nobody brought.',
  refusing: 'Requests are refused. The signing secret may be another one.',
  'not-compared': 'What came was not compared to the provider’s list for too long.',
  'clock-differs': 'The clock of this machine differs from the provider’s.',
}

/** Whether each source can be read, and whether webhooks come. What is silent is never shown as well. */
export function Sources() {
  const projectId = useProjectId()
  const path = { projectId }
  const sources = useQuery(queryOf('GET /api/v1/projects/{projectId}/sources', { path }))
  const webhooks = useQuery(queryOf('GET /api/v1/projects/{projectId}/webhooks', { path }))
  const error = sources.error ?? webhooks.error
  return (
    <Card
      title="Sources"
      actions={
        <Link
          to="/projects/$projectId/settings"
          params={{ projectId }}
          className={buttonLook({ size: 'small' })}
        >
          Settings
        </Link>
      }
      isFlush
    >
      {error ? (
        <ErrorState error={error} className="mx-4 mb-4" />
      ) : sources.data === undefined || webhooks.data === undefined ? (
        <SkeletonRows rows={4} />
      ) : sources.data.items.length === 0 ? (
        <EmptyState
          icon={<Plug aria-hidden />}
          title="Nothing is connected"
          action={
            <Link
              to="/projects/$projectId/onboarding"
              params={{ projectId }}
              className={buttonLook({ kind: 'primary' })}
            >
              Connect
            </Link>
          }
        />
      ) : (
        <ul className="divide-y divide-line border-line border-t">
          {sources.data.items.map((source) => (
            <SourceRow key={source.name} source={source} />
          ))}
          {webhooks.data.endpoints.map((endpoint) => (
            <EndpointRow key={endpoint.provider} endpoint={endpoint} />
          ))}
        </ul>
      )}
    </Card>
  )
}

function SourceRow({
  source: { kind, label, failure, findings, testedAt, lastUsedAt },
}: {
  readonly source: Source
}) {
  const warning = findings.find(({ state }) => state !== 'ok')
  const tone: Tone = failure ? 'danger' : warning ? 'warning' : 'success'
  return (
    <Row
      tone={tone}
      state={failure ? 'Cannot be read' : warning ? 'Connected, with a warning' : 'Connected'}
      name={kinds[kind]}
    >
      <Untrusted text={label} isMono maxLength={100} className="text-xs" />
      {failure ? (
        <span className="block text-danger">
          <Untrusted text={`${failure.message} ${failure.fix}`} isWhole maxLength={500} />
        </span>
      ) : warning ? (
        <span className="block">
          <Untrusted text={[warning.found, warning.fix].filter(Boolean).join(' ')} isWhole maxLength={400} />
        </span>
      ) : null}
      <span className="block">
        Tested <Moment at={testedAt} />
        {lastUsedAt ? (
          <>
            , read <Moment at={lastUsedAt} />
          </>
        ) : null}
      </span>
    </Row>
  )
}

function EndpointRow({
  endpoint: { provider, alarms: found, lastReceivedAt },
}: {
  readonly endpoint: Endpoint
}) {
  const tone: Tone = found.length > 0 ? 'danger' : lastReceivedAt ? 'success' : 'neutral'
  const state = found.length > 0 ? 'Alarm' : lastReceivedAt ? 'Receiving' : 'Nothing received yet'
  return (
    <Row tone={tone} state={state} name={`Webhooks of ${providers[provider]}`}>
      {found.map((alarm) => (
        <span key={alarm} className="block text-danger">
          {alarms[alarm]}
        </span>
      ))}
      <span className="block">
        Last received: {lastReceivedAt ? <Moment at={lastReceivedAt} /> : 'never'}
      </span>
    </Row>
  )
}

function Row({
  tone,
  state,
  name,
  children,
}: {
  readonly tone: Tone
  readonly state: string
  readonly name: string
  readonly children: React.ReactNode
}) {
  return (
    <li className="flex gap-3 px-4 py-2.5 text-sm">
      <span className="mt-1.5">
        <StatusDot tone={tone} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap gap-x-2">
          <span className="font-medium">{name}</span>
          <span className="text-muted">{state}</span>
        </p>
        <div className="min-w-0 text-muted">{children}</div>
      </div>
    </li>
  )
}
