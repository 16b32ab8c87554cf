import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'
import type { AnswerOf } from '../../api/operation.ts'
import { queryOf, useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { useProjectId } from '../../session/project.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Loaded, Skeleton } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'

const base = '/api/v1/projects/{projectId}/schedules'
type Schedule = AnswerOf<`GET ${typeof base}`>['schedules'][number]

const tasks = {
  'full-check': ['Full check', 'Reads everything of every side, and files what drifts.'],
  'recent-check': ['Recent check', 'Reads what changed lately; it costs little.'],
  digest: ['Weekly digest', 'What was found and mended, to the channels that want it.'],
} as const

/** What the project does by the clock. */
export function Schedules() {
  const projectId = useProjectId()
  const schedules = useQuery(queryOf(`GET ${base}`, { path: { projectId } }))
  return (
    <Loaded query={schedules} skeleton={<Skeleton className="h-96 rounded-lg" />}>
      {({ timeZone, schedules: list }) => (
        <div className="flex max-w-3xl flex-col gap-5">
          <p className="text-muted text-sm">
            Times of {timeZone}, which{' '}
            <Link
              to="/projects/$projectId/settings/$tab"
              params={{ projectId, tab: 'general' }}
              className="text-accent underline"
            >
              General
            </Link>{' '}
            changes. A cron line has five parts: minute, hour, day, month, weekday.
          </p>
          {list.map((schedule) => (
            <One key={`${schedule.task} ${schedule.cron}`} schedule={schedule} timeZone={timeZone} />
          ))}
        </div>
      )}
    </Loaded>
  )
}

function One({
  schedule: { task, cron: kept, enabled, dueAt, lastDueAt },
  timeZone,
}: {
  readonly schedule: Schedule
  readonly timeZone: string
}) {
  const projectId = useProjectId()
  const path = { projectId }
  const [cron, setCron] = useState(kept)
  const tried = useLater(cron.trim())
  const preview = useQuery({
    ...queryOf(`GET ${base}/preview`, { path, query: { cron: tried, timeZone } }),
    enabled: tried !== kept && tried !== '',
    retry: false,
  })
  const act = useAct(`PATCH ${base}`, { refresh: [`GET ${base}`] })
  const may = useMay(`PATCH ${base}`)
  const [name, words] = tasks[task]
  const change = (to: { readonly cron?: string; readonly enabled?: boolean }, done: string) =>
    act.mutate(
      { path, body: { tasks: { [task]: to } } },
      { onSuccess: () => toast.done(done), onError: toast.failed },
    )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change({ cron: cron.trim() }, `${name}: the schedule was changed.`)
  }
  const isOther = cron.trim() !== kept
  return (
    <Card
      title={
        <span className="flex items-center gap-2">
          {name} <Badge tone={enabled ? 'success' : 'neutral'}>{enabled ? 'On' : 'Off'}</Badge>
        </span>
      }
      description={words}
      actions={
        <Button
          size="small"
          aria-label={`Switch ${enabled ? 'off' : 'on'}: ${name}`}
          isBusy={act.isPending}
          unless={may.reason}
          onClick={() => change({ enabled: !enabled }, enabled ? `${name} is off.` : `${name} is on.`)}
        >
          {enabled ? 'Switch off' : 'Switch on'}
        </Button>
      }
    >
      <form onSubmit={submit} className="flex flex-wrap items-end gap-2">
        <Field
          label="Cron line"
          error={isOther && preview.error ? `${preview.error.message} ${preview.error.fix}` : null}
          className="min-w-0 flex-1 basis-48"
        >
          <Input
            required
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
            value={cron}
            disabled={!may.may}
            onChange={({ target }) => setCron(target.value)}
          />
        </Field>
        <Button
          type="submit"
          className="h-9"
          isBusy={act.isPending}
          unless={
            may.reason ??
            (isOther ? (preview.error ? 'It is no cron line yet.' : null) : 'Nothing is changed yet.')
          }
        >
          Save
        </Button>
      </form>
      <p className="mt-3 text-muted text-sm">
        {isOther && preview.data ? (
          <>
            It would be due{' '}
            {preview.data.dueAt.map((at, place) => (
              <span key={at}>
                {place > 0 ? ', ' : ''}
                <time dateTime={at} className="tabular whitespace-nowrap">
                  {new Date(at).toLocaleString('en-GB', {
                    timeZone,
                    dateStyle: 'medium',
                    timeStyle: 'short',
                  })}
                </time>
              </span>
            ))}
            .
          </>
        ) : enabled ? (
          <>
            Next <Moment at={dueAt} />
            {lastDueAt ? (
              <>
                {' '}
                · last <Moment at={lastDueAt} />
              </>
            ) : null}
          </>
        ) : (
          'It is not begun by the clock.'
        )}
      </p>
    </Card>
  )
}

/** What was typed, once nothing more has been typed for a moment. */
function useLater(text: string): string {
  const [later, setLater] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setLater(text), 300)
    return () => clearTimeout(timer)
  }, [text])
  return later
}
