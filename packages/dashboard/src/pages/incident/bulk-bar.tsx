import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { call } from '../../api/call.ts'
import type { AnswerOf, InputOf } from '../../api/operation.ts'
import { type ApiProblem, asProblem } from '../../api/problem.ts'
import { refreshRoutes } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { useProjectId } from '../../session/project.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Input, Select, Textarea } from '../../ui/field.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'
import { filterOfSearch, type IncidentSearch } from './search.ts'
import { useMembers } from './who.tsx'

const route = 'POST /api/v1/projects/{projectId}/incidents/bulk'
type Act = InputOf<typeof route>['body']['act']
type Acted = AnswerOf<typeof route>['items'][number]
export type ActKind = Exclude<Act['act'], 'comment'>

const words: Readonly<
  Record<ActKind, { readonly button: string; readonly done: string; readonly what: string }>
> = {
  acknowledge: {
    button: 'Acknowledge',
    done: 'acknowledged',
    what: 'Somebody is at work on them. They stay until a check no longer finds the drift.',
  },
  assign: { button: 'Assign', done: 'assigned', what: 'They become the work of one of you, or of nobody.' },
  ignore: {
    button: 'Ignore',
    done: 'ignored',
    what: 'The drift is meant to be. They no longer count, and nobody is told of them.',
  },
  reopen: { button: 'Reopen', done: 'reopened', what: 'They count again.' },
}

/** At most so many are acted on by one call of the API. */
const mostAtOnce = 5_000
/** So few that the bar moves. */
const chunk = 100

/** What can be done with the incidents that are selected. */
export function BulkBar({
  search,
  selected,
  total,
  onDone,
}: {
  readonly search: IncidentSearch
  readonly selected: ReadonlySet<string>
  /** How many the search finds. */
  readonly total: number | undefined
  readonly onDone: () => void
}) {
  const may = useMay(route)
  const [isAll, setAll] = useState(false)
  const [act, setAct] = useState<ActKind | null>(null)
  const count = isAll ? (total ?? selected.size) : selected.size
  const tooMany = count > mostAtOnce ? `At most ${mostAtOnce} at once. Narrow the list down first.` : null
  return (
    <section
      aria-label="Selected incidents"
      className="mb-3 flex flex-wrap items-center gap-2 rounded-lg border border-accent/40 bg-chosen px-3 py-2 text-sm"
    >
      <output className="tabular mr-1 font-medium">{count.toLocaleString('en-GB')} selected</output>
      {!isAll && total !== undefined && total > selected.size ? (
        <Button size="small" kind="quiet" onClick={() => setAll(true)}>
          Select all {total.toLocaleString('en-GB')} that are found
        </Button>
      ) : null}
      <span className="flex-1" />
      {(['acknowledge', 'assign', 'ignore', 'reopen'] as const).map((kind) => (
        <Button key={kind} size="small" unless={may.reason ?? tooMany} onClick={() => setAct(kind)}>
          {words[kind].button}
        </Button>
      ))}
      <Button size="small" kind="quiet" onClick={onDone}>
        Clear
      </Button>
      {act ? (
        <BulkDialog
          kind={act}
          count={count}
          target={isAll ? { search } : { ids: [...selected] }}
          onClose={(isDone) => {
            setAct(null)
            if (isDone) onDone()
          }}
        />
      ) : null}
    </section>
  )
}

type Target = { readonly ids: readonly string[] } | { readonly search: IncidentSearch }

function BulkDialog({
  kind,
  count,
  target,
  onClose,
}: {
  readonly kind: ActKind
  readonly count: number
  readonly target: Target
  readonly onClose: (isDone: boolean) => void
}) {
  const id = useId()
  const projectId = useProjectId()
  const client = useQueryClient()
  const members = useMembers()
  const [text, setText] = useState('')
  const [until, setUntil] = useState('')
  const [assignee, setAssignee] = useState('')
  const [run, setRun] = useState<{ readonly done: number; readonly acted: readonly Acted[] } | null>(null)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const [isOver, setOver] = useState(false)
  const what = count === 1 ? '1 incident' : `${count.toLocaleString('en-GB')} incidents`
  const begin = async (event: FormEvent) => {
    event.preventDefault()
    setProblem(null)
    setRun({ done: 0, acted: [] })
    const act = actOf(kind, { text, until, assignee })
    let acted: readonly Acted[] = []
    try {
      if ('search' in target) {
        const body = { act, filter: filterOfSearch(target.search), count }
        acted = (await call(route, { path: { projectId }, body })).items
      } else {
        for (let at = 0; at < target.ids.length; at += chunk) {
          const ids = target.ids.slice(at, at + chunk)
          const { items } = await call(route, { path: { projectId }, body: { act, ids, count: ids.length } })
          acted = [...acted, ...items]
          setRun({ done: acted.length, acted })
        }
      }
      setRun({ done: count, acted })
      setOver(true)
      const refused = acted.filter(({ outcome }) => outcome === 'refused')
      if (refused.length === 0) {
        toast.done(`${acted.length.toLocaleString('en-GB')} ${words[kind].done}.`)
        onClose(true)
      }
    } catch (error) {
      setProblem(asProblem(error))
      setRun(null)
    }
    await refreshRoutes(client, ['GET /api/v1/projects/{projectId}/incidents'])
  }
  const refused = (run?.acted ?? []).filter(({ outcome }) => outcome === 'refused')
  return (
    <Dialog
      isOpen
      onClose={() => onClose(isOver)}
      title={`${words[kind].button} ${what}`}
      description={words[kind].what}
      actions={
        isOver ? (
          <Button kind="primary" onClick={() => onClose(true)}>
            Done
          </Button>
        ) : (
          <>
            <Button onClick={() => onClose(false)}>Cancel</Button>
            <Button kind="primary" type="submit" form={id} isBusy={run !== null}>
              {words[kind].button} {what}
            </Button>
          </>
        )
      }
    >
      <form id={id} onSubmit={(event) => void begin(event)} className="flex flex-col gap-4">
        {problem ? <ErrorState error={problem} /> : null}
        {kind === 'assign' ? (
          <Field label="To">
            <Select autoFocus value={assignee} onChange={(event) => setAssignee(event.target.value)}>
              <option value="">Nobody</option>
              {members.map(({ personId, name }) => (
                <option key={personId} value={personId}>
                  {name.slice(0, 80)}
                </option>
              ))}
            </Select>
          </Field>
        ) : (
          <Field
            label={kind === 'ignore' ? 'Reason' : 'Note'}
            hint={kind === 'ignore' ? 'It stands in the ledger, with your name.' : 'May be left out.'}
          >
            <Textarea
              autoFocus
              required={kind === 'ignore'}
              maxLength={4_000}
              rows={3}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          </Field>
        )}
        {kind === 'ignore' ? <UntilField value={until} onChange={setUntil} /> : null}
        {run ? (
          <ProgressBar
            label={isOver ? 'Done' : 'At work'}
            share={'search' in target && !isOver ? null : run.done / count}
            detail={`${run.done.toLocaleString('en-GB')} of ${count.toLocaleString('en-GB')}`}
          />
        ) : null}
        {isOver && refused.length > 0 ? (
          <div role="alert" className="text-sm">
            <p className="font-medium">
              {refused.length === 1 ? '1 was refused' : `${refused.length} were refused`}; the others are{' '}
              {words[kind].done}.
            </p>
            <ul className="mt-2 list-disc space-y-1 pl-4 text-muted">
              {[...new Set(refused.map(({ message, fix }) => [message, fix].filter(Boolean).join(' ')))]
                .slice(0, 5)
                .map((reason) => (
                  <li key={reason} className="break-words">
                    {reason}
                  </li>
                ))}
            </ul>
          </div>
        ) : null}
      </form>
    </Dialog>
  )
}

/** Until when something is ignored; left empty it is for good. */
export function UntilField({
  value,
  onChange,
}: {
  readonly value: string
  readonly onChange: (value: string) => void
}) {
  return (
    <Field label="Until" hint="Left empty: for good. After it, what is still found opens again.">
      <Input
        type="date"
        min={dayAfter(new Date())}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  )
}

function dayAfter(day: Date): string {
  return new Date(day.getTime() + 86_400_000).toISOString().slice(0, 10)
}

/** The beginning of a day that was chosen, as the API takes it; nothing chosen: `null`. */
export function beginOf(day: string): string | null {
  return day === '' ? null : new Date(`${day}T00:00:00`).toISOString()
}

function actOf(
  kind: ActKind,
  { text, until, assignee }: { readonly text: string; readonly until: string; readonly assignee: string },
): Act {
  switch (kind) {
    case 'acknowledge':
    case 'reopen':
      return { act: kind, note: text.trim() || null }
    case 'ignore':
      return { act: kind, reason: text, until: beginOf(until) }
    case 'assign':
      return { act: kind, assignee: assignee || null, note: null }
  }
}
