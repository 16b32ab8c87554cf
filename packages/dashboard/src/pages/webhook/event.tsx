import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { Repeat } from 'lucide-react'
import { queryOf, useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { useProjectId } from '../../session/project.ts'
import { Page } from '../../shell/page.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card, Facts } from '../../ui/card.tsx'
import { CodeBlock } from '../../ui/copy.tsx'
import { jsonText } from '../../ui/json-text.ts'
import { Moment } from '../../ui/moment.tsx'
import { ErrorState, Skeleton } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { vendorNames, verdictWords } from './words.ts'

const base = '/api/v1/projects/{projectId}/events'
const one = `GET ${base}/{provider}/{eventId}` as const
const again = `POST ${base}/{provider}/{eventId}/replay` as const

/** One event: when it came, what followed from it, and what stood in it. */
export function EventPage() {
  const projectId = useProjectId()
  const { provider = '', eventId = '' } = useParams({ strict: false })
  const path = { projectId, provider: provider === 'clerk' ? 'clerk' : 'stripe', eventId } as const
  const event = useQuery(queryOf(one, { path }))
  const replay = useAct(again, { refresh: [`GET ${base}`] })
  const may = useMay(again)
  if (event.error) {
    return (
      <Page title="Event">
        <ErrorState error={event.error} onRetry={() => void event.refetch()} isRetrying={event.isFetching} />
      </Page>
    )
  }
  if (!event.data) {
    return (
      <Page title="Event">
        <div role="status" aria-label="Loading">
          <Skeleton className="h-72" />
        </div>
      </Page>
    )
  }
  const { type, verdict, deliveries, receivedAt, lastDeliveredAt, checkedAt, target, payload, twinOf } =
    event.data
  return (
    <Page
      title={`Event ${eventId}`}
      crumb={eventId}
      heading={
        <span className="flex flex-wrap items-center gap-2">
          <Untrusted text={type} />{' '}
          <Badge tone={verdictWords[verdict].tone}>{verdictWords[verdict].text}</Badge>
        </span>
      }
      description={<Untrusted text={eventId} isMono />}
      actions={
        <Button
          icon={<Repeat aria-hidden />}
          isBusy={replay.isPending}
          unless={may.reason}
          onClick={() =>
            replay.mutate(
              { path },
              {
                onSuccess: () => toast.done('Whom it names is due for a check again.'),
                onError: toast.failed,
              },
            )
          }
        >
          Replay
        </Button>
      }
    >
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <Card title="What became of it">
          <Facts
            facts={[
              ['From', vendorNames[path.provider]],
              ['Stored', <Moment key="stored" at={receivedAt} isFull />],
              ['Delivered', deliveries === 0 ? 'never: found in the provider’s list' : `${deliveries}×`],
              ['Last delivered', <Moment key="delivered" at={lastDeliveredAt} />],
              [
                'About',
                target ? <Untrusted key="about" text={`${target.kind} ${target.id}`} isMono /> : 'nobody',
              ],
              ['Checked', <Moment key="checked" at={checkedAt} />],
              ...(twinOf ? ([['Twin of', <Untrusted key="twin" text={twinOf} isMono />]] as const) : []),
            ]}
          />
        </Card>
        <Card title="What stood in it" description="Without secrets. It is forgotten after some weeks.">
          {payload === null || payload === undefined ? (
            <p className="text-muted text-sm">It was forgotten.</p>
          ) : (
            <CodeBlock label="event" code={jsonText(payload)} />
          )}
        </Card>
      </div>
    </Page>
  )
}
