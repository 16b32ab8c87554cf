import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { BookOpenCheck, Download, ShieldAlert, ShieldCheck, X } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { addressOf, call } from '../../api/call.ts'
import type { AnswerOf, ItemOf } from '../../api/operation.ts'
import { queryOf } from '../../api/query.ts'
import { useProjectId } from '../../session/project.ts'
import { Page } from '../../shell/page.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button, buttonLook } from '../../ui/button.tsx'
import { Card, Facts } from '../../ui/card.tsx'
import { CodeBlock, CopyButton } from '../../ui/copy.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Input } from '../../ui/field.tsx'
import { jsonText } from '../../ui/json-text.ts'
import { Moment } from '../../ui/moment.tsx'
import { EmptyState, ErrorState, Loaded, Skeleton } from '../../ui/states.tsx'
import { type Column, Table, TwoLines } from '../../ui/table.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { Who } from '../incident/who.tsx'

const list = 'GET /api/v1/projects/{projectId}/ledger'
const standing = 'GET /api/v1/projects/{projectId}/ledger/checkpoint'
type Entry = ItemOf<typeof list>
type Standing = AnswerOf<typeof standing>

const columns: readonly Column<Entry>[] = [
  {
    id: 'sequence',
    heading: 'Entry',
    width: '5.5rem',
    isNumber: true,
    cell: ({ sequence }) => sequence,
    value: ({ sequence }) => sequence,
  },
  {
    id: 'act',
    heading: 'Act',
    width: '13rem',
    cell: ({ act }) => <Act act={act} />,
    value: ({ act }) => act,
  },
  {
    id: 'about',
    heading: 'About',
    from: 'sm',
    cell: ({ about }) =>
      Object.keys(about).length === 0 ? (
        <span className="text-faint">–</span>
      ) : (
        <Untrusted text={aboutText(about)} isMono maxLength={160} />
      ),
    value: ({ about }) => aboutText(about),
  },
  {
    id: 'by',
    heading: 'By',
    width: '13rem',
    from: 'md',
    cell: ({ by }) => (
      <span className="flex min-w-0 gap-1 [&>a]:min-w-0 [&>a]:truncate">
        <Who by={by} />
      </span>
    ),
    value: ({ by }) => by,
  },
  {
    id: 'at',
    heading: 'When',
    width: '8rem',
    cell: ({ at }) => <Moment at={at} />,
    value: ({ at }) => at,
  },
]

function narrow({ sequence, act, about, at }: Entry) {
  return (
    <TwoLines
      first={
        <>
          <span className="tabular w-8 shrink-0 text-muted">{sequence}</span>
          <span className="truncate font-medium">
            <Act act={act} />
          </span>
        </>
      }
      end={<Moment at={at} className="text-muted" />}
      second={
        <span className="ml-10">
          {Object.keys(about).length === 0 ? (
            '–'
          ) : (
            <Untrusted text={aboutText(about)} isMono maxLength={160} />
          )}
        </span>
      }
    />
  )
}

function Act({ act }: Pick<Entry, 'act'>) {
  return <span className="inline-block first-letter:uppercase">{act.replaceAll('-', ' ')}</span>
}

function aboutText(about: Entry['about']): string {
  return Object.entries(about)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
}

/** The Access Ledger: its entries, and how it proves that none was changed. */
export function Ledger() {
  const projectId = useProjectId()
  const path = { projectId }
  const { person, incident, entry: sequence, find } = useAddress()
  const query = { ...(person === null ? {} : { person }), ...(incident === null ? {} : { incident }) }
  const entries = useInfiniteQuery({
    queryKey: [list, { path, query }, 'pages'],
    queryFn: ({ pageParam }) =>
      call(list, {
        path,
        query: { ...query, limit: 100, ...(pageParam === null ? {} : { before: pageParam }) },
      }),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }: AnswerOf<typeof list>) => next,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  })
  const checkpoint = useQuery(queryOf(standing, { path }))
  const named = useQuery({
    queryKey: [list, { path, query: { before: sequence } }],
    queryFn: () => call(list, { path, query: { limit: 1, before: (sequence ?? 0) + 1 } }),
    enabled: sequence !== null,
  })
  const open =
    sequence === null
      ? null
      : [...(entries.data ?? []), ...(named.data?.items ?? [])].find((entry) => entry.sequence === sequence)
  return (
    <Page
      title="Ledger"
      description="Every act, in order. An entry that was changed or taken away would be found by anybody who holds a checkpoint."
      actions={
        <>
          <a
            href={addressOf('GET /api/v1/projects/{projectId}/ledger/export', {
              path,
              query: { ...query, format: 'csv' },
            })}
            download
            className={buttonLook()}
          >
            <Download aria-hidden /> CSV
          </a>
          <a
            href={addressOf('GET /api/v1/projects/{projectId}/ledger/export', {
              path,
              query: { ...query, format: 'ndjson' },
            })}
            download
            className={buttonLook({ kind: 'primary' })}
          >
            <Download aria-hidden /> Export with proofs
          </a>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {checkpoint.isPending ? (
          <Skeleton className="h-36" />
        ) : (
          <>
            <Loaded query={checkpoint}>{(state) => <Proof projectId={projectId} standing={state} />}</Loaded>
            {entries.error && !entries.data ? (
              <ErrorState
                error={entries.error}
                onRetry={() => void entries.refetch()}
                isRetrying={entries.isFetching}
              />
            ) : (
              <Table<Entry>
                label="Entries of the ledger"
                rows={entries.data}
                pages={entries}
                columns={columns}
                narrow={narrow}
                rowKey={({ sequence }) => String(sequence)}
                onOpen={({ sequence: opened }) => find({ person, incident, entry: opened })}
                toolbar={
                  <>
                    <PersonFilter
                      key={person}
                      person={person}
                      onPerson={(next) => find({ person: next, incident, entry: null })}
                    />
                    {incident === null ? null : (
                      <Button
                        icon={<X aria-hidden />}
                        label={`${incident}: show the entries of every incident`}
                        onClick={() => find({ person, incident: null, entry: null })}
                      >
                        <Untrusted text={incident} isMono maxLength={40} />
                      </Button>
                    )}
                  </>
                }
                empty={
                  <EmptyState icon={<BookOpenCheck aria-hidden />} title="There is no entry">
                    {person === null && incident === null
                      ? 'The first check writes the first entries.'
                      : 'Nothing in the ledger is about what you look for.'}
                  </EmptyState>
                }
              />
            )}
          </>
        )}
      </div>
      {open ? <EntryDialog entry={open} onClose={() => find({ person, incident, entry: null })} /> : null}
    </Page>
  )
}

function Proof({ projectId, standing: state }: { readonly projectId: string; readonly standing: Standing }) {
  const key = useQuery({
    ...queryOf('GET /api/v1/projects/{projectId}/ledger/key', { path: { projectId } }),
    enabled: state.size > 0,
  })
  const { checkpoint, unsigned, size } = state
  const isWhole = checkpoint !== null && checkpoint.size === size && unsigned === null
  return (
    <Card
      title={
        <span className="flex items-center gap-2">
          {unsigned ? (
            <ShieldAlert className="size-4 text-warning" aria-hidden />
          ) : (
            <ShieldCheck className="size-4 text-success" aria-hidden />
          )}
          {unsigned ? 'The last entries are not signed' : isWhole ? 'Signed to its last entry' : 'Signed'}
        </span>
      }
      actions={checkpoint ? <CopyButton text={checkpoint.note} label="Copy the checkpoint" /> : null}
    >
      <Facts
        facts={[
          ['Entries', size.toLocaleString('en-GB')],
          [
            'Checkpoint',
            checkpoint ? (
              <span key="checkpoint">
                of {checkpoint.size.toLocaleString('en-GB')} entries, signed{' '}
                <Moment at={checkpoint.signedAt} />
              </span>
            ) : (
              'none yet'
            ),
          ],
          ...(unsigned ? ([['Why', `${unsigned.message} ${unsigned.fix}`]] as const) : []),
          ...(key.data || key.isLoading
            ? ([
                [
                  'Public key',
                  <span key="key" className="flex h-7 items-center gap-1">
                    {key.data ? (
                      <>
                        <Untrusted text={key.data.publicKey} isMono maxLength={200} />
                        <CopyButton text={key.data.publicKey} label="Copy the public key" isIcon />
                      </>
                    ) : null}
                  </span>,
                ],
              ] as const)
            : []),
        ]}
      />
      {key.isLoading ? <div className="mt-3 h-5" /> : null}
      {key.data ? (
        <details className="mt-3 text-sm">
          <summary className="w-fit cursor-pointer rounded-sm text-muted">Verify it yourself</summary>
          <p className="my-2 text-muted">
            Export with proofs, keep the public key and a checkpoint somewhere else, and ask:
          </p>
          <CodeBlock
            label="command"
            code={`npx trueup ledger verify trueup-ledger.ndjson --key '${key.data.publicKey}'`}
          />
        </details>
      ) : null}
    </Card>
  )
}

interface Address {
  readonly person: string | null
  readonly incident: string | null
  /** The entry that is open. */
  readonly entry: number | null
}

function useAddress(): Address & { readonly find: (next: Address) => void } {
  const projectId = useProjectId()
  const given: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const navigate = useNavigate()
  return {
    person:
      typeof given.person === 'string' && /^(?:user|organization|customer):./.test(given.person)
        ? given.person
        : null,
    incident: typeof given.incident === 'string' && given.incident !== '' ? given.incident : null,
    entry:
      typeof given.entry === 'number' && Number.isInteger(given.entry) && given.entry >= 0
        ? given.entry
        : null,
    find: ({ person, incident, entry }) =>
      void navigate({
        to: '/projects/$projectId/ledger',
        params: { projectId },
        search: {
          ...(person === null ? {} : { person }),
          ...(incident === null ? {} : { incident }),
          ...(entry === null ? {} : { entry }),
        },
        replace: true,
        resetScroll: false,
      }),
  }
}

function PersonFilter({
  person,
  onPerson,
}: {
  readonly person: string | null
  readonly onPerson: (person: string | null) => void
}) {
  const wrongId = useId()
  const [text, setText] = useState(person ?? '')
  const isWrong = text.trim() !== '' && !/^(?:user|organization|customer):\S/.test(text.trim())
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isWrong) onPerson(text.trim() === '' ? null : text.trim())
  }
  return (
    <form onSubmit={submit} className="flex min-w-0 flex-wrap items-center gap-2">
      <Input
        type="search"
        aria-label="About whom"
        aria-invalid={isWrong || undefined}
        aria-describedby={isWrong ? wrongId : undefined}
        value={text}
        placeholder="customer:cus_1"
        className="h-8 w-56 text-sm"
        onChange={({ target }) => setText(target.value)}
      />
      <Button type="submit">Find</Button>
      {isWrong ? (
        <p id={wrongId} role="alert" className="w-full text-danger text-sm">
          Write it as user:user_1, organization:org_1 or customer:cus_1.
        </p>
      ) : null}
    </form>
  )
}

function EntryDialog({ entry, onClose }: { readonly entry: Entry; readonly onClose: () => void }) {
  const projectId = useProjectId()
  const incidentId = entry.about.incident
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="large"
      title={
        <span className="flex flex-wrap items-center gap-2">
          Entry {entry.sequence}: {entry.act.replaceAll('-', ' ')}
          {entry.erased ? <Badge>personal part erased</Badge> : null}
        </span>
      }
      actions={
        incidentId ? (
          <Link
            to="/projects/$projectId/incidents/$incidentId"
            params={{ projectId, incidentId }}
            className={buttonLook()}
          >
            To the incident
          </Link>
        ) : null
      }
    >
      <div className="flex flex-col gap-4">
        <Facts
          facts={[
            ['When', <Moment key="at" at={entry.at} isFull />],
            ['By', <Who key="by" by={entry.by} />],
            ...(Object.keys(entry.about).length === 0
              ? []
              : ([
                  [
                    'About',
                    <span key="about" className="flex flex-col">
                      {Object.entries(entry.about).map(([name, value]) => (
                        <Untrusted key={name} text={`${name} ${value}`} isMono isWhole maxLength={1_000} />
                      ))}
                    </span>,
                  ],
                ] as const)),
            ['Hash', <Untrusted key="hash" text={entry.hash} isMono isWhole maxLength={200} />],
          ]}
        />
        <CodeBlock label="facts" code={jsonText(entry.facts)} />
        {entry.personal === null || entry.personal === undefined ? null : (
          <CodeBlock label="personal part" code={jsonText(entry.personal)} />
        )}
      </div>
    </Dialog>
  )
}
