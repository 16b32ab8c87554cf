import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Download } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { addressOf } from '../../api/call.ts'
import { queryOf, useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { useProjectId } from '../../session/project.ts'
import { Button, buttonLook } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { cx } from '../../ui/cx.ts'
import { Field, Textarea } from '../../ui/field.tsx'
import { Moment } from '../../ui/moment.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { afterIncidentAct } from './acts.tsx'
import { historyLines } from './history-lines.ts'
import type { Repair } from './repair-words.ts'
import { useMembers, Who } from './who.tsx'
import type { Incident } from './words.ts'

const commentRoute = 'POST /api/v1/projects/{projectId}/incidents/{incidentId}/comment'

/** What became of an incident and its repairs, with the entries of the ledger that hold it, and what people say. */
export function HistoryCard({
  incident,
  repairs,
}: {
  readonly incident: Incident
  readonly repairs: readonly Repair[]
}) {
  const projectId = useProjectId()
  const members = useMembers()
  const { data: ledger, error } = useQuery(
    queryOf('GET /api/v1/projects/{projectId}/ledger', {
      path: { projectId },
      query: { incident: incident.id, limit: 500 },
    }),
  )
  const lines = historyLines(incident.history, repairs, ledger?.items ?? [])
  const person = incident.subject
    ? `${incident.subject.type}:${incident.subject.id}`
    : incident.customerId && `customer:${incident.customerId}`
  return (
    <Card
      title="History"
      description="Every act, with its entry in the ledger."
      actions={
        <>
          <Link
            to="/projects/$projectId/ledger"
            params={{ projectId }}
            search={{ incident: incident.id, ...(person ? { person } : {}) }}
            className={buttonLook({ size: 'small' })}
          >
            In the ledger
          </Link>
          {person ? (
            <a
              href={addressOf('GET /api/v1/projects/{projectId}/ledger/export', {
                path: { projectId },
                query: { format: 'ndjson', person },
              })}
              download
              className={buttonLook({ size: 'small' })}
              title="The entries about this customer, each with its proof. `trueup ledger verify` checks the file offline."
            >
              <Download aria-hidden /> Proof
            </a>
          ) : null}
        </>
      }
    >
      {error ? <ErrorState error={error} className="mb-3" /> : null}
      <ol className="relative flex flex-col gap-4 text-sm">
        {lines.map(({ key, at, by, words, tone, note, assignee, sequence }) => (
          <li key={key} className="flex gap-3">
            <span className={cx('mt-1.5 size-2 shrink-0 rounded-full', tone)} aria-hidden />
            <div className="min-w-0 flex-1">
              <p className="flex flex-wrap items-baseline gap-x-2">
                <span className="font-medium">
                  {words}
                  {assignee === undefined ? null : (
                    <>
                      {' '}
                      {assignee === null ? (
                        'to nobody'
                      ) : (
                        <>
                          to{' '}
                          <Untrusted
                            text={
                              members.find(({ personId }) => personId === assignee)?.name ??
                              'somebody who left'
                            }
                            maxLength={60}
                          />
                        </>
                      )}
                    </>
                  )}
                </span>
                <span className="text-muted text-xs">
                  <Who by={by} /> · <Moment at={at} />
                  {sequence === null ? null : (
                    <>
                      {' · '}
                      <Link
                        to="/projects/$projectId/ledger"
                        params={{ projectId }}
                        search={{ incident: incident.id, ...(person ? { person } : {}), entry: sequence }}
                        className="tabular rounded-sm text-accent underline decoration-accent/40 underline-offset-2 hover:decoration-accent"
                      >
                        entry {sequence}
                      </Link>
                    </>
                  )}
                </span>
              </p>
              {note ? (
                <p className="mt-1 whitespace-pre-wrap break-words rounded-md bg-sunken px-3 py-2">
                  <Untrusted text={note} isWhole maxLength={4_000} />
                </p>
              ) : null}
            </div>
          </li>
        ))}
      </ol>
      <CommentForm incidentId={incident.id} />
    </Card>
  )
}

function CommentForm({ incidentId }: { readonly incidentId: string }) {
  const projectId = useProjectId()
  const may = useMay(commentRoute)
  const send = useAct(commentRoute, afterIncidentAct)
  const [text, setText] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    send.mutate(
      { path: { projectId, incidentId }, body: { text } },
      {
        onSuccess: () => {
          setText('')
          toast.done('Your comment stands in the history.')
        },
      },
    )
  }
  if (!may.may) return <p className="mt-4 text-muted text-sm">To comment: {may.reason}</p>
  return (
    <form onSubmit={submit} className="mt-5 flex flex-col gap-2 border-line border-t pt-4">
      {send.error ? <ErrorState error={send.error} /> : null}
      <Field label="Comment">
        <Textarea
          required
          rows={2}
          maxLength={4_000}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
      <Button
        type="submit"
        className="self-end"
        isBusy={send.isPending}
        unless={text.trim() === '' ? 'Write something first.' : null}
      >
        Comment
      </Button>
    </form>
  )
}
