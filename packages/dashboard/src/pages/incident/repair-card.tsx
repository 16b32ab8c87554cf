import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useId, useState } from 'react'
import type { Shape } from '../../api/operation.ts'
import { queryOf, refreshRoutes, useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { useMe } from '../../session/me.ts'
import { useProjectId } from '../../session/project.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card, Facts } from '../../ui/card.tsx'
import { CodeBlock } from '../../ui/copy.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Textarea } from '../../ui/field.tsx'
import { Moment } from '../../ui/moment.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { Brakes, useBrakeReason } from './brakes.tsx'
import { Diff } from './diff.tsx'
import { howWords, type Repair, repairStateWords, twoPersonWords } from './repair-words.ts'
import { Who } from './who.tsx'
import type { Incident } from './words.ts'

const base = '/api/v1/projects/{projectId}/repairs'
const afterRepair = {
  refresh: [
    'GET /api/v1/projects/{projectId}/incidents',
    `GET ${base}`,
    'GET /api/v1/projects/{projectId}/ledger',
    'GET /api/v1/projects/{projectId}/customers',
  ],
}

/** How an incident is ended: the repair that is under way, or what would be proposed, or what a person does. */
export function RepairCard({
  incident,
  repairs,
  plan,
}: {
  readonly incident: Incident
  readonly repairs: readonly Repair[]
  readonly plan: Shape<'RepairPlan'>
}) {
  const latest = repairs.at(-1)
  const earlier = repairs.slice(0, -1)
  const isOver = incident.state === 'resolved' || incident.state === 'ignored'
  return (
    <Card
      title="Repair"
      actions={
        latest ? (
          <Badge tone={repairStateWords[latest.state].tone}>{repairStateWords[latest.state].name}</Badge>
        ) : null
      }
    >
      {isOver ? null : <Brakes />}
      {latest ? <RepairPart repair={latest} /> : isOver ? <NothingToDo /> : <PlanPart plan={plan} />}
      {earlier.length > 0 ? (
        <p className="mt-4 text-muted text-sm">
          Earlier:{' '}
          {earlier.map(({ id, state }, place) => (
            <span key={id}>
              {place > 0 ? ', ' : ''}
              <RepairLink repairId={id} /> ({repairStateWords[state].name.toLowerCase()})
            </span>
          ))}
        </p>
      ) : null}
    </Card>
  )
}

function NothingToDo() {
  return <p className="text-muted text-sm">There is nothing to repair any more.</p>
}

function RepairLink({ repairId }: { readonly repairId: string }) {
  const projectId = useProjectId()
  return (
    <Link
      to="/projects/$projectId/repairs/$repairId"
      params={{ projectId, repairId }}
      className="rounded-sm font-mono text-accent text-xs underline decoration-accent/40 underline-offset-2 hover:decoration-accent"
    >
      {repairId}
    </Link>
  )
}

function PlanPart({
  plan: { act, summary, steps, changes, statements, guided },
}: {
  readonly plan: Shape<'RepairPlan'>
}) {
  const projectId = useProjectId()
  const may = useMay(`POST ${base}/propose`)
  const brake = useBrakeReason()
  const propose = useAct(`POST ${base}/propose`, afterRepair)
  const isSteps = act === 'steps' || changes.length === 0
  const target = useTarget(changes.map((change) => change.source))
  return (
    <div className="flex flex-col gap-4 text-sm">
      <p className="break-words">
        <Untrusted text={summary} isWhole maxLength={2_000} />
      </p>
      {isSteps ? null : (
        <Diff
          changes={changes.map(({ field, before, after }) => ({
            field,
            ...(before === null ? {} : { before: parsed(before) }),
            ...(after === undefined ? {} : { after }),
          }))}
        />
      )}
      {isSteps || (guided && target !== 'there') ? null : (
        <div className="flex flex-wrap items-center gap-3">
          <Button
            kind="primary"
            isBusy={propose.isPending}
            unless={may.reason ?? brake ?? (target === 'missing' && noTarget)}
            onClick={() =>
              propose.mutate(
                { path: { projectId } },
                {
                  onSuccess: ({ proposed, changedSince }) => {
                    const stale =
                      changedSince > 0 ? ` ${changedSince} records were changed since the check.` : ''
                    toast.done(
                      proposed.length === 1
                        ? '1 repair was proposed.'
                        : `${proposed.length} repairs were proposed.`,
                      proposed.length === 0
                        ? `Connect a target for repairs in the settings, or check again.${stale}`
                        : stale || null,
                    )
                  },
                  onError: toast.failed,
                },
              )
            }
          >
            Propose repairs
          </Button>
          <span className="text-muted">
            {target === 'missing' ? (
              <>
                {noTarget}{' '}
                <Link
                  to="/projects/$projectId/settings"
                  params={{ projectId }}
                  className="rounded-sm text-accent underline"
                >
                  To the settings
                </Link>
              </>
            ) : (
              'For every incident of the last check that has one safe answer. Nothing is written by it.'
            )}
          </span>
        </div>
      )}
      {steps.length > 0 && !guided ? (
        <details open={isSteps}>
          <summary className="w-fit rounded-sm font-medium">By hand</summary>
          <ol className="mt-2 list-decimal space-y-1 pl-5">
            {steps.map((step) => (
              <li key={step} className="break-words">
                <Untrusted text={step} isWhole maxLength={1_000} />
              </li>
            ))}
          </ol>
        </details>
      ) : null}
      {statements.length > 0 ? (
        <details>
          <summary className="w-fit rounded-sm font-medium">As SQL</summary>
          <CodeBlock className="mt-2" label="SQL" code={statements.join('\n')} />
        </details>
      ) : null}
    </div>
  )
}

const noTarget = 'No target for repairs is connected: nothing can be written to this source.'

/** Whether what a change writes to can be written to. `null`: it is being read. */
export function useTarget(sources: readonly string[]): 'there' | 'missing' | null {
  const projectId = useProjectId()
  const { data } = useQuery(queryOf('GET /api/v1/projects/{projectId}/sources', { path: { projectId } }))
  if (!data) return null
  const isThere = sources.every((source) =>
    data.items.some(({ name, kind }) => name === `repair:${source}` || kind === 'callback'),
  )
  return isThere ? 'there' : 'missing'
}

/** A value before, as a plan writes it: JSON where it is some. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

export function RepairPart({
  repair,
  isSummarized = true,
}: {
  readonly repair: Repair
  /** Begins with the sentence that says what is changed. */
  readonly isSummarized?: boolean
}) {
  const { id, state, summary, changes, source, container, record, how, sideEffects, undoes } = repair
  const { meaning } = repairStateWords[state]
  const last = repair.answers.at(-1)
  return (
    <div className="flex flex-col gap-4 text-sm">
      <div>
        {isSummarized ? (
          <p className="mb-1 break-words">
            <Untrusted text={summary} isWhole maxLength={2_000} />
          </p>
        ) : null}
        <p className="text-muted">{meaning}</p>
      </div>
      <Diff changes={changes} />
      <RepairActs repair={repair} />
      {last?.message && state !== 'verified' ? (
        <p className="break-words rounded-md bg-sunken px-3 py-2">
          <span className="font-medium">The target says: </span>
          <Untrusted text={last.message} isWhole maxLength={1_000} />
        </p>
      ) : null}
      <Facts
        facts={[
          ['Repair', <RepairLink key="id" repairId={id} />],
          [
            'Where',
            <span key="where">
              <Untrusted text={`${source} · ${container}`} isWhole /> ·{' '}
              <Untrusted text={record} isMono isWhole />
            </span>,
          ],
          ['How', howWords[how]],
          [
            'Proposed',
            <span key="proposed">
              <Moment at={repair.proposedAt} /> by <Who by={repair.proposedBy} />
            </span>,
          ],
          ...repair.approvals.map(
            ({ by, at, expiresAt }) =>
              [
                'Approved',
                <span key={by + at}>
                  <Moment at={at} /> by <Who by={by} />
                  {state === 'approved' ? (
                    <>
                      , until <Moment at={expiresAt} />
                    </>
                  ) : null}
                </span>,
              ] as const,
          ),
          ...(sideEffects.length > 0
            ? ([
                [
                  'Sets off',
                  <ul key="effects">
                    {sideEffects.map((effect) => (
                      <li key={effect}>
                        <Untrusted text={effect} isWhole />
                      </li>
                    ))}
                  </ul>,
                ],
              ] as const)
            : []),
          ...(undoes ? ([['Takes back', <RepairLink key="undoes" repairId={undoes} />]] as const) : []),
        ]}
      />
    </div>
  )
}

function RepairActs({ repair }: { readonly repair: Repair }) {
  const { id: repairId, state, approvals, approvalsNeeded, twoPersonReasons, batch } = repair
  const projectId = useProjectId()
  const client = useQueryClient()
  const path = { projectId, repairId }
  const brake = useBrakeReason()
  const mayApprove = useMay(`POST ${base}/{repairId}/approve`)
  const mayApply = useMay(`POST ${base}/{repairId}/apply`)
  const mayUndo = useMay(`POST ${base}/{repairId}/undo`)
  const approve = useAct(`POST ${base}/{repairId}/approve`, afterRepair)
  const apply = useAct(`POST ${base}/{repairId}/apply`, afterRepair)
  const undo = useAct(`POST ${base}/{repairId}/undo`, afterRepair)
  const [isRejecting, setRejecting] = useState(false)
  const needsMore = approvalsNeeded - approvals.length
  const { personId } = useMe()
  const mine = approvals.some(({ by }) => by === `person:${personId}`)
    ? 'You have approved it. A second person has to approve as well.'
    : null
  // What was refused may have changed where things stand.
  const failed = (error: unknown) => {
    toast.failed(error)
    void refreshRoutes(client, afterRepair.refresh)
  }
  const goesOn = state === 'approved' || state === 'executing' || state === 'applied'
  return (
    <div className="flex flex-col gap-2">
      {twoPersonReasons.map((reason) => (
        <p key={reason} className="text-muted">
          {twoPersonWords[reason]} {state === 'proposed' && approvals.length > 0 ? 'One has.' : ''}
        </p>
      ))}
      {batch ? (
        <p className="text-muted">
          It is part of a batch of {batch.size}, which is approved as a whole and applied in waves.
        </p>
      ) : null}
      <div className="flex flex-wrap items-center gap-2">
        {state === 'proposed' ? (
          <>
            <Button
              kind="primary"
              isBusy={approve.isPending}
              unless={mayApprove.reason ?? mine}
              onClick={() =>
                approve.mutate(
                  { path, body: { count: batch?.size ?? 1 } },
                  {
                    onSuccess: () =>
                      toast.done(
                        needsMore > 1
                          ? 'Approved. A second person has to approve as well.'
                          : 'The repair is approved.',
                      ),
                    onError: failed,
                  },
                )
              }
            >
              Approve
            </Button>
            <Button unless={mayApprove.reason} onClick={() => setRejecting(true)}>
              Reject
            </Button>
          </>
        ) : null}
        {goesOn ? (
          <Button
            kind="primary"
            isBusy={apply.isPending}
            unless={mayApply.reason ?? (state === 'approved' && brake)}
            onClick={() =>
              apply.mutate(
                { path },
                {
                  onSuccess: ({ items, leftBecause }) => {
                    const now = items.find(({ id }) => id === repairId)
                    if (leftBecause) toast.failed(leftAsItWas(leftBecause))
                    else if (now?.state === 'verified') toast.done('The repair is applied and verified.')
                    else toast.done(now ? repairStateWords[now.state].meaning : 'It was gone on with.')
                  },
                  onError: failed,
                },
              )
            }
          >
            {state === 'approved' ? 'Apply' : 'Go on'}
          </Button>
        ) : null}
        {state === 'approved' ? (
          <Button unless={mayApprove.reason} onClick={() => setRejecting(true)}>
            Reject
          </Button>
        ) : null}
        {state === 'verified' || state === 'differs' ? (
          <Button
            isBusy={undo.isPending}
            unless={mayUndo.reason}
            onClick={() =>
              undo.mutate(
                { path },
                {
                  onSuccess: () => toast.done('Taking it back is proposed. It is approved like any repair.'),
                  onError: failed,
                },
              )
            }
          >
            Undo
          </Button>
        ) : null}
      </div>
      {isRejecting ? <RejectDialog repairId={repairId} onClose={() => setRejecting(false)} /> : null}
    </div>
  )
}

function leftAsItWas(reason: string): Error {
  return new Error(reason)
}

function RejectDialog({ repairId, onClose }: { readonly repairId: string; readonly onClose: () => void }) {
  const id = useId()
  const projectId = useProjectId()
  const [reason, setReason] = useState('')
  const reject = useAct(`POST ${base}/{repairId}/reject`, afterRepair)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    reject.mutate(
      { path: { projectId, repairId }, body: { reason } },
      {
        onSuccess: () => {
          toast.done('The repair is rejected.')
          onClose()
        },
      },
    )
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Reject the repair"
      description="The same values are not proposed again. The incident stays."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" type="submit" form={id} isBusy={reject.isPending}>
            Reject
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="flex flex-col gap-4">
        {reject.error ? <ErrorState error={reject.error} /> : null}
        <Field label="Reason" hint="It stands in the ledger, with your name.">
          <Textarea
            autoFocus
            required
            rows={3}
            maxLength={4_000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
      </form>
    </Dialog>
  )
}
