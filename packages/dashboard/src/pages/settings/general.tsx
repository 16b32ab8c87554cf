import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { AnswerOf } from '../../api/operation.ts'
import { queryOf, useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { useProjectId } from '../../session/project.ts'
import { useGoTo } from '../../shell/use-go-to.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card, Facts } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { Field, Input, Select } from '../../ui/field.tsx'
import { Moment } from '../../ui/moment.tsx'
import { ErrorState, Loaded, Skeleton } from '../../ui/states.tsx'
import { SureDialog } from '../../ui/sure-dialog.tsx'
import { toast } from '../../ui/toast.tsx'

const one = '/api/v1/projects/{projectId}'
const schedules = '/api/v1/projects/{projectId}/schedules'
const refresh = ['GET /api/v1/projects']
type Project = AnswerOf<`GET ${typeof one}`>

/** The project itself: its name, its time zone, whether it runs, and its end. */
export function General() {
  const projectId = useProjectId()
  const project = useQuery(queryOf(`GET ${one}`, { path: { projectId } }))
  return (
    <Loaded query={project} skeleton={<Skeleton className="h-96 rounded-lg" />}>
      {(found) => (
        <div className="flex max-w-3xl flex-col gap-5">
          <Named key={`${found.name} ${found.timeZone}`} project={found} />
          <Running project={found} />
          <Ending project={found} />
        </div>
      )}
    </Loaded>
  )
}

function Named({ project: { id: projectId, createdAt, ...found } }: { readonly project: Project }) {
  const path = { projectId }
  const [name, setName] = useState(found.name)
  const [timeZone, setTimeZone] = useState(found.timeZone)
  const rename = useAct(`PATCH ${one}`, { refresh })
  // By its schedules, so that what is due next is worked out anew.
  const move = useAct(`PATCH ${schedules}`, { refresh })
  const may = useMay(`PATCH ${one}`)
  const zones = [...new Set(['UTC', found.timeZone, ...Intl.supportedValuesOf('timeZone')])]
  const isSame = name.trim() === found.name && timeZone === found.timeZone
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      if (timeZone !== found.timeZone) await move.mutateAsync({ path, body: { timeZone } })
      if (name.trim() !== found.name) await rename.mutateAsync({ path, body: { name } })
      toast.done('The project was changed.')
    } catch {
      // Both acts show what went wrong.
    }
  }
  return (
    <Card title="Project">
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        {move.error ? <ErrorState error={move.error} /> : null}
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Name" error={rename.error && (rename.error.about('name') ?? rename.error.message)}>
            <Input
              required
              autoComplete="off"
              value={name}
              disabled={!may.may}
              onChange={({ target }) => setName(target.value)}
            />
          </Field>
          <Field label="Time zone" hint="Schedules and days are counted in it.">
            <Select value={timeZone} disabled={!may.may} onChange={({ target }) => setTimeZone(target.value)}>
              {zones.map((zone) => (
                <option key={zone}>{zone}</option>
              ))}
            </Select>
          </Field>
        </div>
        <div>
          <Button
            type="submit"
            isBusy={rename.isPending || move.isPending}
            unless={may.reason ?? (isSame ? 'Nothing is changed yet.' : null)}
          >
            Save
          </Button>
        </div>
      </form>
      <div className="mt-4 border-line border-t pt-4">
        <Facts
          facts={[
            [
              'Project id',
              <span key="id" className="flex items-center gap-2">
                <code className="break-all font-mono text-xs">{projectId}</code>
                <CopyButton text={projectId} label="Copy the project id" isIcon />
              </span>,
            ],
            ['Made', <Moment key="made" at={createdAt} isFull className="whitespace-normal" />],
          ]}
        />
      </div>
    </Card>
  )
}

const stateWords = {
  'setting-up': ['Setting up', 'neutral', 'Nothing is done by itself until it goes live.'],
  live: ['Live', 'success', 'It is checked by the clock and after each webhook, and what drifts is filed.'],
  paused: ['Paused', 'warning', 'Nothing is checked by itself. Webhooks are taken and kept.'],
} as const

function Running({ project: { id: projectId, state, deletion } }: { readonly project: Project }) {
  const act = useAct(`PATCH ${one}`, { refresh })
  const may = useMay(`PATCH ${one}`)
  const [word, tone, words] = stateWords[state]
  const next = state === 'live' ? 'paused' : 'live'
  const name = state === 'live' ? 'Pause' : state === 'paused' ? 'Go on' : 'Go live'
  return (
    <Card
      title={
        <span className="flex items-center gap-2">
          State <Badge tone={tone}>{word}</Badge>
        </span>
      }
      description={words}
      actions={
        <Button
          isBusy={act.isPending}
          unless={may.reason ?? (deletion ? 'The project is to be deleted.' : null)}
          onClick={() =>
            act.mutate(
              { path: { projectId }, body: { state: next } },
              {
                onSuccess: () =>
                  toast.done(next === 'live' ? 'The project is live.' : 'The project is paused.'),
                onError: toast.failed,
              },
            )
          }
        >
          {name}
        </Button>
      }
    />
  )
}

function Ending({ project: { id: projectId, name, demo, deletion } }: { readonly project: Project }) {
  const path = { projectId }
  const goTo = useGoTo()
  const [isAsked, setAsked] = useState(false)
  const remove = useAct(`DELETE ${one}`, { refresh: demo ? [] : refresh })
  const restore = useAct(`POST ${one}/restore`, { refresh })
  const may = useMay(`DELETE ${one}`)
  return (
    <Card
      title="Delete the project"
      description={
        deletion ? (
          <>
            Everything of it but the numbered entries of its ledger is erased{' '}
            <Moment at={deletion.dueAt} className="font-medium text-text" />. Until then it can be taken back.
          </>
        ) : demo ? (
          'A demo goes at once. It can be made anew at any time.'
        ) : (
          'It can be taken back for seven days. Export the ledger before, to keep what stands beside it.'
        )
      }
      className={deletion ? 'border-danger/40' : ''}
      actions={
        deletion ? (
          <Button
            kind="primary"
            isBusy={restore.isPending}
            unless={may.reason}
            onClick={() =>
              restore.mutate(
                { path },
                {
                  onSuccess: () => toast.done('The project stays.', 'It is paused: let it go on above.'),
                  onError: toast.failed,
                },
              )
            }
          >
            Take the deletion back
          </Button>
        ) : (
          <Button kind="danger" unless={may.reason} onClick={() => setAsked(true)}>
            Delete
          </Button>
        )
      }
    >
      {isAsked ? (
        <SureDialog
          title="Delete the project?"
          description={
            demo
              ? 'The demo and its made-up world go at once.'
              : 'It does nothing any more at once. For seven days the owner can take it back.'
          }
          button="Delete"
          typed={name}
          isBusy={remove.isPending}
          error={remove.error}
          onClose={() => setAsked(false)}
          onSure={() =>
            remove.mutate(
              { path, body: { name } },
              {
                onSuccess: (kept) => {
                  setAsked(false)
                  if (kept) return toast.done('The project is to be deleted.')
                  // It is gone, and so is everything that was read of it.
                  goTo('/')
                  location.reload()
                },
              },
            )
          }
        />
      ) : null}
    </Card>
  )
}
