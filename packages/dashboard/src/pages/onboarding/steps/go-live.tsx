import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { PartyPopper, Send } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { AnswerOf } from '../../../api/operation.ts'
import { ApiProblem } from '../../../api/problem.ts'
import { queryOf, useAct } from '../../../api/query.ts'
import { useMay } from '../../../session/may.ts'
import { useProject } from '../../../session/project.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button, buttonLook } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { CopyButton } from '../../../ui/copy.tsx'
import { Checkbox, Field, SecretInput, Select } from '../../../ui/field.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { ErrorState, Loaded, Skeleton } from '../../../ui/states.tsx'
import { toast } from '../../../ui/toast.tsx'
import { refreshed, type StepProps } from '../use-onboarding.ts'

const change = 'PATCH /api/v1/projects/{projectId}'

/** Webhooks, a schedule, alerts, and the switch. */
export function GoLive({ projectId, state }: StepProps) {
  const project = useProject()
  const act = useAct(change, { refresh: [...refreshed, 'GET /api/v1/projects'] })
  const may = useMay(change)
  const isLive = project?.state === 'live'
  const go = (to: 'live' | 'paused') =>
    act.mutate(
      { path: { projectId }, body: { state: to } },
      {
        onSuccess: () => toast.done(to === 'live' ? 'The project is live.' : 'The project is paused.'),
        onError: toast.failed,
      },
    )
  return (
    <>
      {state.webhooks.map((webhook) => (
        <WebhookCheck key={webhook.provider} projectId={projectId} webhook={webhook} />
      ))}
      <Schedule projectId={projectId} />
      <Alerts projectId={projectId} />
      <Card
        title={isLive ? 'The project is live' : 'Go live'}
        description={
          isLive
            ? 'It is checked by the clock and after each webhook; what drifts is filed.'
            : 'From then on it is checked by the clock and after each webhook, and what drifts is filed.'
        }
      >
        <div className="flex flex-wrap gap-2">
          {isLive ? (
            <>
              <Link
                to="/projects/$projectId/overview"
                params={{ projectId }}
                className={buttonLook({ kind: 'primary' })}
              >
                <PartyPopper aria-hidden /> Go to the overview
              </Link>
              <Button isBusy={act.isPending} unless={may.reason} onClick={() => go('paused')}>
                Pause
              </Button>
            </>
          ) : (
            <Button
              kind="primary"
              size="large"
              isBusy={act.isPending}
              unless={
                may.reason ??
                (state.configVersion === null ? 'There is no configuration in force yet.' : null)
              }
              onClick={() => go('live')}
            >
              Go live
            </Button>
          )}
        </div>
      </Card>
    </>
  )
}

const sendTest = 'POST /api/v1/projects/{projectId}/webhooks/{provider}/test'

function WebhookCheck({
  projectId,
  webhook: { provider, url, hasSecret, lastEventAt, lastTestAt },
}: {
  readonly projectId: string
  readonly webhook: StepProps['state']['webhooks'][number]
}) {
  const act = useAct(sendTest, { refresh: [...refreshed] })
  const may = useMay(sendTest)
  const vendor = provider === 'stripe' ? 'Stripe' : 'Clerk'
  return (
    <Card
      title={
        <span className="flex flex-wrap items-center gap-2">
          Webhooks of {vendor}
          {lastEventAt ? (
            <Badge tone="success">events arrive</Badge>
          ) : (
            <Badge>{hasSecret ? 'waiting for the first event' : 'no signing secret'}</Badge>
          )}
        </span>
      }
      description="A test event, signed by Trueup itself, is sent to the address that the provider sends to. What the provider really sends shows with its first event."
    >
      <div className="flex items-center gap-2">
        <code className="min-w-0 flex-1 break-all rounded-md border border-line bg-sunken px-3 py-1.5 font-mono text-xs">
          {url}
        </code>
        <CopyButton text={url} label="Copy the address" size="normal" />
      </div>
      <div className="mt-3 flex flex-wrap items-center gap-3 text-sm">
        <Button
          icon={<Send aria-hidden />}
          isBusy={act.isPending}
          unless={
            may.reason ?? (hasSecret ? null : 'Keep the signing secret first: at the step of the provider.')
          }
          onClick={() => act.mutate({ path: { projectId, provider } }, { onError: toast.failed })}
        >
          Send a test event
        </Button>
        <span className="text-muted">
          {lastEventAt ? (
            <>
              Last event <Moment at={lastEventAt} />
            </>
          ) : lastTestAt ? (
            <>
              Last test <Moment at={lastTestAt} />
            </>
          ) : (
            'Nothing came yet.'
          )}
        </span>
      </div>
      {act.data ? <TestResult result={act.data} /> : null}
    </Card>
  )
}

function TestResult({ result }: { readonly result: AnswerOf<typeof sendTest> }) {
  const hasArrived = result.arrivedAt !== null
  return (
    <p role="status" className="mt-3 flex flex-wrap items-center gap-2 text-sm">
      <Badge tone={hasArrived ? 'success' : 'danger'}>{hasArrived ? 'arrived' : 'did not arrive'}</Badge>
      <span className="min-w-0">
        {result.message} {result.fix}
      </span>
    </p>
  )
}

const schedules = 'GET /api/v1/projects/{projectId}/schedules'
const taskNames = {
  'full-check': ['Full check', 'Reads everything'],
  'recent-check': ['Recent check', 'Reads what changed lately'],
  digest: ['Weekly digest', 'To the channels that want it'],
} as const

function Schedule({ projectId }: { readonly projectId: string }) {
  const path = { projectId }
  const query = useQuery(queryOf(schedules, { path }))
  const act = useAct('PATCH /api/v1/projects/{projectId}/schedules', { refresh: [schedules, ...refreshed] })
  const may = useMay('PATCH /api/v1/projects/{projectId}/schedules')
  return (
    <Card title="Schedule" description={query.data ? `Times of ${query.data.timeZone}` : 'By the clock'}>
      <Loaded query={query} skeleton={<Skeleton className="h-24" />}>
        {({ schedules: list }) => (
          <ul className="flex flex-col gap-3">
            {list.map(({ task, cron, enabled, dueAt }) => (
              <li key={task} className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1 text-sm">
                <Checkbox
                  label={taskNames[task][0]}
                  hint={taskNames[task][1]}
                  checked={enabled}
                  disabled={!may.may || act.isPending}
                  onChange={({ target }) =>
                    act.mutate(
                      { path, body: { tasks: { [task]: { enabled: target.checked } } } },
                      { onError: toast.failed },
                    )
                  }
                />
                <span className="text-muted">
                  <code className="font-mono text-xs">{cron}</code>
                  {enabled ? (
                    <>
                      {' '}
                      · next <Moment at={dueAt} />
                    </>
                  ) : null}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Card>
  )
}

const channels = 'GET /api/v1/projects/{projectId}/alerts/channels'
const rules = 'GET /api/v1/projects/{projectId}/alerts/rules'

/** The quickest way to be told: one channel, and a rule that sends it what matters. */
function Alerts({ projectId }: { readonly projectId: string }) {
  const path = { projectId }
  const query = useQuery(queryOf(channels, { path }))
  const [kind, setKind] = useState<'slack' | 'discord' | 'teams'>('slack')
  const [url, setUrl] = useState('')
  const [severity, setSeverity] = useState<'low' | 'medium' | 'high' | 'critical'>('medium')
  const addChannel = useAct('POST /api/v1/projects/{projectId}/alerts/channels', {
    refresh: [channels, ...refreshed],
  })
  const addRule = useAct('POST /api/v1/projects/{projectId}/alerts/rules', { refresh: [rules, ...refreshed] })
  const tryChannel = useAct('POST /api/v1/projects/{projectId}/alerts/channels/{channelId}/test')
  const may = useMay('POST /api/v1/projects/{projectId}/alerts/channels')
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      const channel = await addChannel.mutateAsync({
        path,
        body: { name: kindNames[kind], config: { kind, url: url.trim() } },
      })
      await addRule.mutateAsync({
        path,
        body: { name: `From ${severity} on`, channels: [channel.id], minSeverity: severity },
      })
      setUrl('')
      toast.done('You will be told. Send a test to see it.')
    } catch {
      // Both acts show what went wrong.
    }
  }
  return (
    <Card
      title="Alerts"
      description="Who is told of incidents. E-mail, PagerDuty and finer rules are in Settings."
    >
      <Loaded query={query} skeleton={<Skeleton className="h-16" />}>
        {({ items }) => (
          <ul className="mb-3 flex flex-col gap-2">
            {items.map((channel) => (
              <li key={channel.id} className="flex flex-wrap items-center gap-2 text-sm">
                <Badge tone="success">{channel.kind}</Badge>
                <span className="min-w-0 flex-1">{channel.name}</span>
                <Button
                  size="small"
                  isBusy={tryChannel.isPending}
                  unless={may.reason}
                  onClick={() =>
                    tryChannel.mutate(
                      { path: { projectId, channelId: channel.id } },
                      {
                        onSuccess: ({ sent }) =>
                          sent
                            ? toast.done('The test message was taken.')
                            : toast.failed(
                                new ApiProblem(
                                  {
                                    detail: 'The test message was not taken.',
                                    fix: 'Look at its log in Settings.',
                                  },
                                  0,
                                ),
                              ),
                        onError: toast.failed,
                      },
                    )
                  }
                >
                  Send a test
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      <form onSubmit={(event) => void submit(event)} className="flex flex-wrap items-end gap-2">
        <Field label="Where">
          <Select value={kind} onChange={({ target }) => setKind(target.value as typeof kind)}>
            {Object.entries(kindNames).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        </Field>
        <Field label="Address of its incoming webhook" className="min-w-56 flex-1">
          <SecretInput
            value={url}
            required
            autoComplete="off"
            placeholder="https://hooks.slack.com/services/…"
            onChange={({ target }) => setUrl(target.value)}
          />
        </Field>
        <Field label="From severity">
          <Select value={severity} onChange={({ target }) => setSeverity(target.value as typeof severity)}>
            {['low', 'medium', 'high', 'critical'].map((word) => (
              <option key={word}>{word}</option>
            ))}
          </Select>
        </Field>
        <Button
          type="submit"
          className="h-9"
          isBusy={addChannel.isPending || addRule.isPending}
          unless={may.reason}
        >
          Add
        </Button>
      </form>
      {(addChannel.error ?? addRule.error) ? (
        <ErrorState error={addChannel.error ?? addRule.error} className="mt-3" />
      ) : null}
    </Card>
  )
}

const kindNames = { slack: 'Slack', discord: 'Discord', teams: 'Teams' } as const
