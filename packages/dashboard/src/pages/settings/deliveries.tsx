import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Inbox } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Shape } from '../../api/operation.ts'
import { pagesOf, queryOf, useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { useProjectId } from '../../session/project.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Facts } from '../../ui/card.tsx'
import { CodeBlock } from '../../ui/copy.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Select } from '../../ui/field.tsx'
import { jsonText } from '../../ui/json-text.ts'
import { Moment } from '../../ui/moment.tsx'
import { EmptyState, Loaded, Skeleton } from '../../ui/states.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { toast } from '../../ui/toast.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'

type Delivery = Shape<'Delivery'>
type State = Delivery['state']

const routes = {
  alert: '/api/v1/projects/{projectId}/alerts/deliveries',
  webhook: '/api/v1/projects/{projectId}/outgoing-deliveries',
} as const
export type DeliveryKind = keyof typeof routes

const stateWords: Readonly<Record<State, readonly [Tone, string]>> = {
  waiting: ['info', 'Waiting'],
  sent: ['success', 'Sent'],
  'set-aside': ['danger', 'Set aside'],
  dropped: ['neutral', 'Dropped'],
}
const heldWords = {
  gathering: 'is gathered with others',
  'quiet-hours': 'waits for the end of the quiet hours',
  'rate-limit': 'waits for its turn',
} as const

/** The log of what was sent, to channels or to endpoints. */
export function Deliveries({
  kind,
  targets,
}: {
  readonly kind: DeliveryKind
  /** What they are for, by its id. */
  readonly targets: ReadonlyMap<string, string>
}) {
  const projectId = useProjectId()
  const [state, setState] = useState<State | ''>('')
  const [open, setOpen] = useState<string | null>(null)
  const log = useInfiniteQuery(
    pagesOf(`GET ${routes[kind]}`, { path: { projectId }, query: state === '' ? {} : { state } }),
  )
  const columns = useMemo(() => columnsOf(targets, setOpen), [targets])
  return (
    <div>
      <h2 className="mb-2 font-semibold text-base">Log</h2>
      <Loaded query={log}>
        {(rows) => (
          <Table
            label="Log"
            rows={rows}
            pages={log}
            columns={columns}
            rowKey={({ id }) => id}
            onOpen={({ id }) => setOpen(id)}
            exportName={kind === 'alert' ? 'alerts' : 'outgoing-webhooks'}
            maxHeight="28rem"
            hasKeys={false}
            toolbar={
              <Select
                aria-label="State"
                className="h-8 max-w-44"
                value={state}
                onChange={({ target }) => setState(target.value as State | '')}
              >
                <option value="">All states</option>
                {Object.entries(stateWords).map(([value, [, word]]) => (
                  <option key={value} value={value}>
                    {word}
                  </option>
                ))}
              </Select>
            }
            empty={
              <EmptyState icon={<Inbox aria-hidden />} title="Nothing here">
                {state === '' ? 'What is sent stands here, with every try.' : 'Nothing is in this state.'}
              </EmptyState>
            }
          />
        )}
      </Loaded>
      {open === null ? null : (
        <OneDelivery kind={kind} deliveryId={open} targets={targets} onClose={() => setOpen(null)} />
      )}
    </div>
  )
}

function columnsOf(
  targets: ReadonlyMap<string, string>,
  onOpen: (id: string) => void,
): readonly Column<Delivery>[] {
  return [
    {
      id: 'type',
      heading: 'What',
      value: ({ type }) => type,
      cell: ({ id, type }) => (
        <button
          type="button"
          className="max-w-full truncate rounded-sm font-medium hover:underline"
          onClick={() => onOpen(id)}
        >
          {type}
        </button>
      ),
    },
    {
      id: 'to',
      heading: 'To',
      from: 'sm',
      value: ({ targetId }) => targets.get(targetId) ?? targetId,
      cell: ({ targetId }) => <Untrusted text={targets.get(targetId) ?? 'One that was removed'} />,
    },
    {
      id: 'state',
      heading: 'State',
      width: '7rem',
      value: ({ state }) => state,
      cell: ({ state }) => <StateBadge state={state} />,
    },
    {
      id: 'tries',
      heading: 'Tries',
      width: '4.5rem',
      isNumber: true,
      from: 'md',
      value: ({ tries }) => tries,
      cell: ({ tries }) => tries,
    },
    {
      id: 'problem',
      heading: 'Problem',
      from: 'lg',
      value: ({ problem }) => problem,
      cell: ({ problem, heldFor }) => (
        <Untrusted text={problem ?? (heldFor ? heldWords[heldFor] : '–')} className="text-muted" />
      ),
    },
    {
      id: 'made',
      heading: 'When',
      width: '6rem',
      value: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <Moment at={createdAt} className="text-muted" />,
    },
  ]
}

function StateBadge({ state }: { readonly state: State }) {
  const [tone, word] = stateWords[state]
  return <Badge tone={tone}>{word}</Badge>
}

function OneDelivery({
  kind,
  deliveryId,
  targets,
  onClose,
}: {
  readonly kind: DeliveryKind
  readonly deliveryId: string
  readonly targets: ReadonlyMap<string, string>
  readonly onClose: () => void
}) {
  const path = { projectId: useProjectId(), deliveryId }
  const delivery = useQuery(queryOf(`GET ${routes[kind]}/{deliveryId}`, { path }))
  const again = useAct(`POST ${routes[kind]}/{deliveryId}/send-again`, { refresh: [`GET ${routes[kind]}`] })
  const may = useMay(`POST ${routes[kind]}/{deliveryId}/send-again`)
  const state = delivery.data?.state
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="large"
      title={delivery.data?.type ?? 'What was sent'}
      actions={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button
            kind="primary"
            isBusy={again.isPending}
            unless={
              may.reason ??
              (state === 'sent' || state === 'set-aside'
                ? null
                : 'Only what was sent or set aside is sent again.')
            }
            onClick={() =>
              again.mutate(
                { path },
                { onSuccess: () => toast.done('It is sent again.'), onError: toast.failed },
              )
            }
          >
            Send again
          </Button>
        </>
      }
    >
      <Loaded query={delivery} skeleton={<Skeleton className="h-64" />}>
        {({ targetId, messageId, tried, content, dueAt, heldFor, problem, ...found }) => (
          <div className="flex flex-col gap-4 text-sm">
            <Facts
              facts={[
                ['State', <StateBadge key="state" state={found.state} />],
                ['To', <Untrusted key="to" text={targets.get(targetId) ?? targetId} isWhole />],
                ['Message', <Untrusted key="message" text={messageId} isMono isWhole />],
                ...(heldFor ? [['Held', `It ${heldWords[heldFor]}.`] as const] : []),
                ...(dueAt ? [['Tried next', <Moment key="due" at={dueAt} />] as const] : []),
                ...(problem
                  ? [['Problem', <Untrusted key="problem" text={problem} isWhole />] as const]
                  : []),
              ]}
            />
            <section>
              <h3 className="mb-1 font-medium">Tries</h3>
              {tried.length === 0 ? (
                <p className="text-muted">It has not been tried yet.</p>
              ) : (
                <ul className="divide-y divide-line rounded-md border border-line">
                  {tried.map(({ at, outcome, status, detail, tookMs }) => (
                    <li key={at} className="flex flex-wrap gap-x-3 gap-y-1 px-3 py-2">
                      <Badge tone={outcome === 'sent' ? 'success' : 'danger'}>
                        {status === null ? outcome : `${outcome} ${status}`}
                      </Badge>
                      <Moment at={at} className="text-muted" />
                      <span className="tabular text-muted">{tookMs} ms</span>
                      <Untrusted text={detail} isWhole className="w-full" />
                    </li>
                  ))}
                </ul>
              )}
            </section>
            {content === null || content === undefined ? null : (
              <section>
                <h3 className="mb-1 font-medium">What is sent</h3>
                <CodeBlock label="what is sent" code={jsonText(content)} />
              </section>
            )}
          </div>
        )}
      </Loaded>
    </Dialog>
  )
}
