import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { queryOf, useAct } from '../../api/query.ts'
import { useMe } from '../../session/me.ts'
import { useProjectId } from '../../session/project.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Checkbox, Field, Input, Select, Textarea } from '../../ui/field.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'
import { visible } from '../../ui/untrusted.tsx'
import { useMembers } from '../incident/who.tsx'
import { readDraft } from '../onboarding/draft.ts'
import { endOf, refreshedByException } from './exception-end.ts'

const base = '/api/v1/projects/{projectId}/exceptions'

/** Lets a subject have more than it pays for. */
export function AddException({ onClose }: { readonly onClose: () => void }) {
  const id = useId()
  const projectId = useProjectId()
  const me = useMe()
  const members = useMembers()
  const config = useQuery(queryOf('GET /api/v1/projects/{projectId}/config', { path: { projectId } }))
  const plans = readDraft(config.data?.document)?.catalogue.plans.map((plan) => plan.id) ?? []
  const [type, setType] = useState<'user' | 'organization'>('user')
  const [subjectId, setSubjectId] = useState('')
  const [plan, setPlan] = useState('')
  const [isPaid, setPaid] = useState(true)
  const [trialEnds, setTrialEnds] = useState('')
  const [features, setFeatures] = useState('')
  const [seats, setSeats] = useState('')
  const [reason, setReason] = useState('')
  const [owner, setOwner] = useState(me.personId)
  const [until, setUntil] = useState('')
  const act = useAct(`POST ${base}`, { refresh: refreshedByException })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const entitlements = features.split(/[\s,]+/).filter(Boolean)
    act.mutate(
      {
        path: { projectId },
        body: {
          subject: { type, id: subjectId.trim() },
          allowed: {
            ...(plan === '' ? {} : { plan }),
            ...(isPaid ? { paid: true } : {}),
            ...(trialEnds === '' ? {} : { trialEndsAt: endOf(trialEnds) }),
            ...(entitlements.length === 0 ? {} : { entitlements }),
            ...(seats === '' ? {} : { seats: Number(seats) }),
          },
          reason,
          owner,
          until: endOf(until),
        },
      },
      {
        onSuccess: () => {
          toast.done('The exception was added.', 'The next check knows it.')
          onClose()
        },
      },
    )
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="large"
      title="Add an exception"
      description="What a subject may have beyond what billing allows. It stands in the ledger, with your name."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={id} isBusy={act.isPending}>
            Add
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="flex flex-col gap-4">
        {act.error ? <ErrorState error={act.error} /> : null}
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Subject">
            <Select value={type} onChange={({ target }) => setType(target.value as typeof type)}>
              <option value="user">A user</option>
              <option value="organization">An organization</option>
            </Select>
          </Field>
          <Field label="Its id" hint="As the app knows it." error={act.error?.about('id')}>
            <Input
              required
              autoFocus
              autoComplete="off"
              spellCheck={false}
              className="font-mono"
              placeholder="user_1"
              value={subjectId}
              onChange={({ target }) => setSubjectId(target.value)}
            />
          </Field>
          <Field label="Plan" error={act.error?.about('plan')}>
            <Select value={plan} onChange={({ target }) => setPlan(target.value)}>
              <option value="">As it pays for</option>
              {plans.map((name) => (
                <option key={name} value={name}>
                  {visible(name).slice(0, 80)}
                </option>
              ))}
            </Select>
          </Field>
          <Field label="Trial until" hint="Left empty: as billing has it.">
            <Input type="date" value={trialEnds} onChange={({ target }) => setTrialEnds(target.value)} />
          </Field>
          <Field label="Features" hint="With commas between. Left empty: those of the plan.">
            <Input
              autoComplete="off"
              placeholder="reports, sso"
              value={features}
              onChange={({ target }) => setFeatures(target.value)}
            />
          </Field>
          <Field label="Seats" hint="Left empty: as it pays for.">
            <Input type="number" min={0} value={seats} onChange={({ target }) => setSeats(target.value)} />
          </Field>
        </div>
        <Checkbox label="Paid access" checked={isPaid} onChange={({ target }) => setPaid(target.checked)} />
        <Field label="Reason" error={act.error?.about('reason')}>
          <Textarea
            required
            rows={2}
            maxLength={2_000}
            value={reason}
            onChange={({ target }) => setReason(target.value)}
          />
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Who answers for it" error={act.error?.about('owner')}>
            <Select value={owner} onChange={({ target }) => setOwner(target.value)}>
              {members.map(({ personId, name, email }) => (
                <option key={personId} value={personId}>
                  {visible(name || email).slice(0, 80)}
                </option>
              ))}
            </Select>
          </Field>
          <Field label="Until" hint="The end of that day." error={act.error?.about('until')}>
            <Input type="date" required value={until} onChange={({ target }) => setUntil(target.value)} />
          </Field>
        </div>
      </form>
    </Dialog>
  )
}
