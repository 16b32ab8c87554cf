import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Download, GitCompareArrows, Webhook } from 'lucide-react'
import { addressOf } from '../../api/call.ts'
import type { AnswerOf, ItemOf } from '../../api/operation.ts'
import { pagesOf, queryOf, useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { useProjectId } from '../../session/project.ts'
import { Page } from '../../shell/page.tsx'
import { useGoTo } from '../../shell/use-go-to.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, buttonLook } from '../../ui/button.tsx'
import { Card, Facts } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { Input, Select } from '../../ui/field.tsx'
import { Moment } from '../../ui/moment.tsx'
import { EmptyState, ErrorState, Loaded, Skeleton } from '../../ui/states.tsx'
import { type Column, Table, TwoLines } from '../../ui/table.tsx'
import { toast } from '../../ui/toast.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { DueChecks } from './due-checks.tsx'
import { alarmWords, vendorNames, verdictWords } from './words.ts'

const base = '/api/v1/projects/{projectId}'
const list = `GET ${base}/events`
type Event = ItemOf<typeof list>
type Endpoint = AnswerOf<`GET ${typeof base}/webhooks`>['endpoints'][number]

const columns: readonly Column<Event>[] = [
  {
    id: 'type',
    heading: 'Event',
    cell: ({ type }) => <Untrusted text={type} isMono />,
    value: ({ type }) => type,
  },
  {
    id: 'provider',
    heading: 'From',
    width: '5.5rem',
    from: 'md',
    cell: ({ provider }) => vendorNames[provider],
    value: ({ provider }) => provider,
  },
  {
    id: 'verdict',
    heading: 'Verdict',
    width: '9rem',
    cell: (event) => <Verdict event={event} />,
    value: ({ verdict }) => verdict,
  },
  {
    id: 'deliveries',
    heading: 'Came',
    width: '6rem',
    from: 'sm',
    isNumber: true,
    cell: (event) => <Came event={event} />,
    value: ({ deliveries }) => deliveries,
  },
  {
    id: 'checkedAt',
    heading: 'Checked',
    width: '8rem',
    from: 'lg',
    cell: ({ checkedAt }) => <Moment at={checkedAt} />,
    value: ({ checkedAt }) => checkedAt,
  },
  {
    id: 'receivedAt',
    heading: 'Stored',
    width: '7rem',
    cell: ({ receivedAt }) => <Moment at={receivedAt} />,
    value: ({ receivedAt }) => receivedAt,
  },
]

function narrow(event: Event) {
  return (
    <TwoLines
      first={
        <>
          <Untrusted text={event.type} isMono className="font-medium" />
          <Verdict event={event} />
        </>
      }
      end={<Moment at={event.receivedAt} className="text-muted" />}
      second={
        <>
          {vendorNames[event.provider]}, came <Came event={event} />
        </>
      }
    />
  )
}

function Verdict({ event: { verdict } }: { readonly event: Event }) {
  const { tone, text } = verdictWords[verdict]
  return <Badge tone={tone}>{text}</Badge>
}

function Came({ event: { deliveries } }: { readonly event: Event }) {
  return deliveries === 0 ? <Badge tone="danger">never</Badge> : `${deliveries}×`
}

const shows = {
  all: 'All events',
  missing: 'Gaps: never delivered',
  pending: 'Not checked yet',
  duplicates: 'Came more than once',
} as const
type Shown = keyof typeof shows

/** What came by webhooks, what did not, and how the endpoints do. */
export function Webhooks() {
  const projectId = useProjectId()
  const path = { projectId }
  const given: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const navigate = useNavigate()
  const show = (Object.keys(shows) as Shown[]).find((one) => one === given.show) ?? 'all'
  const about = typeof given.about === 'string' ? given.about : ''
  const find = (next: { readonly show: Shown; readonly about: string }) =>
    void navigate({
      to: '/projects/$projectId/webhooks',
      params: { projectId },
      search: {
        ...(next.show === 'all' ? {} : { show: next.show }),
        ...(next.about === '' ? {} : { about: next.about }),
      },
      replace: true,
    })
  const query = {
    ...(show === 'all' ? {} : { [show]: 'true' as const }),
    ...(about === '' ? {} : { about }),
  }
  const events = useInfiniteQuery(pagesOf(list, { path, query }))
  const health = useQuery(queryOf(`GET ${base}/webhooks`, { path }))
  const goTo = useGoTo()
  return (
    <Page
      title="Webhooks"
      description="A webhook only says whom to look at; what is true is read from the provider."
      actions={
        <>
          <a
            href={addressOf(`GET ${base}/events/export`, { path, query: { ...query, format: 'csv' } })}
            download
            className={buttonLook()}
          >
            <Download aria-hidden /> Export
          </a>
          <Compare projectId={projectId} />
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {health.isPending ? (
          <Skeleton className="h-40" />
        ) : (
          <>
            <Loaded query={health}>
              {({ endpoints, refusals }) => (
                <>
                  {endpoints.length === 0 ? <NoEndpoint projectId={projectId} /> : null}
                  <div className="grid grid-cols-[minmax(0,1fr)] gap-4 empty:hidden lg:grid-cols-2">
                    {endpoints.map((endpoint) => (
                      <EndpointCard key={endpoint.provider} endpoint={endpoint} />
                    ))}
                    <DueChecks projectId={projectId} />
                  </div>
                  {refusals.length > 0 ? (
                    <Card title="Refused" description="What came and was not taken, by reason.">
                      <ul className="flex flex-col gap-1.5 text-sm">
                        {refusals.map(({ provider, reason, count, lastAt }) => (
                          <li key={`${provider} ${reason}`} className="flex flex-wrap gap-x-3">
                            <span>{vendorNames[provider]}</span>
                            <span className="min-w-40 flex-1">{reason.replaceAll('-', ' ')}</span>
                            <span className="tabular">{count.toLocaleString('en-GB')}×</span>
                            <Moment at={lastAt} className="text-muted" />
                          </li>
                        ))}
                      </ul>
                    </Card>
                  ) : null}
                </>
              )}
            </Loaded>
            {events.error && !events.data ? (
              <ErrorState
                error={events.error}
                onRetry={() => void events.refetch()}
                isRetrying={events.isFetching}
              />
            ) : (
              <Table<Event>
                label="Events"
                rows={events.data}
                pages={events}
                columns={columns}
                narrow={narrow}
                rowKey={({ provider, id }) => `${provider} ${id}`}
                onOpen={({ provider, id }) =>
                  goTo(`/projects/${projectId}/webhooks/${provider}/${encodeURIComponent(id)}`)
                }
                toolbar={
                  <>
                    <Select
                      aria-label="Which events"
                      className="w-52"
                      value={show}
                      onChange={({ target }) => find({ show: target.value as Shown, about })}
                    >
                      {Object.entries(shows).map(([value, label]) => (
                        <option key={value} value={value}>
                          {label}
                        </option>
                      ))}
                    </Select>
                    <Input
                      key={about}
                      type="search"
                      aria-label="About a customer, an account or an object"
                      placeholder="cus_1, user:user_1, sub_1"
                      defaultValue={about}
                      className="w-60 font-mono text-sm"
                      onKeyDown={(event) => {
                        if (event.key === 'Enter') find({ show, about: event.currentTarget.value.trim() })
                      }}
                    />
                  </>
                }
                empty={
                  <EmptyState
                    icon={<Webhook aria-hidden />}
                    title={show === 'missing' ? 'There are no gaps' : 'No event is here'}
                  >
                    {show === 'missing'
                      ? 'Every event that Stripe lists was delivered.'
                      : 'Events stand here as soon as a provider sends one.'}
                  </EmptyState>
                }
              />
            )}
          </>
        )}
      </div>
    </Page>
  )
}

function Compare({ projectId }: { readonly projectId: string }) {
  const key = `POST ${base}/webhooks/compare` as const
  const act = useAct(key, { refresh: [`GET ${base}/webhooks`, list] })
  const may = useMay(key)
  return (
    <Button
      icon={<GitCompareArrows aria-hidden />}
      isBusy={act.isPending}
      unless={may.reason}
      onClick={() =>
        act.mutate(
          { path: { projectId } },
          {
            onSuccess: () =>
              toast.done('Compared with Stripe’s own list in a moment.', 'Gaps then stand here.'),
            onError: toast.failed,
          },
        )
      }
    >
      Look for gaps
    </Button>
  )
}

function NoEndpoint({ projectId }: { readonly projectId: string }) {
  return (
    <Card
      title="Nothing takes webhooks yet"
      description="Without them drift is found by the checks alone. Add the address at the provider, and keep its signing secret here."
      actions={
        <Link
          to="/projects/$projectId/onboarding/$step"
          params={{ projectId, step: 'stripe' }}
          className={buttonLook()}
        >
          Set webhooks up
        </Link>
      }
    />
  )
}

function EndpointCard({ endpoint }: { readonly endpoint: Endpoint }) {
  const { provider, path, alarms, missing, lastReceivedAt, comparedTo, secrets, sweepFailure } = endpoint
  const address = `${location.origin}${path}`
  return (
    <Card
      title={
        <span className="flex flex-wrap items-center gap-2">
          {vendorNames[provider]}
          {alarms.length === 0 ? <Badge tone="success">all well</Badge> : null}
        </span>
      }
    >
      {alarms.length > 0 ? (
        <ul className="mb-3 flex flex-col gap-1.5 text-sm">
          {alarms.map((alarm) => (
            <li key={alarm} className="flex gap-2">
              <Badge tone={alarmWords[alarm].tone}>{alarm.replaceAll('-', ' ')}</Badge>
              <span className="min-w-0">{alarmWords[alarm].text}</span>
            </li>
          ))}
        </ul>
      ) : null}
      <Facts
        facts={[
          [
            'Address',
            <span key="address" className="flex items-start gap-1">
              <code className="min-w-0 break-all font-mono text-xs">{address}</code>
              <CopyButton text={address} label="Copy the address" isIcon />
            </span>,
          ],
          ['Last event', <Moment key="last" at={lastReceivedAt} />],
          ['Gaps of the week', missing.toLocaleString('en-GB')],
          ['Compared up to', <Moment key="compared" at={comparedTo} />],
          [
            'Secrets',
            secrets.length === 0
              ? 'none'
              : secrets.map(({ id, label }) => (
                  <span key={id} className="mr-2 font-mono text-xs">
                    {label}
                  </span>
                )),
          ],
          ...(sweepFailure ? ([['Not compared', sweepFailure.message]] as const) : []),
        ]}
      />
    </Card>
  )
}
