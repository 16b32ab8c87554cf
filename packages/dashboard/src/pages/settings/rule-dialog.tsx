import { type FormEvent, useId, useState } from 'react'
import type { Shape } from '../../api/operation.ts'
import { useAct } from '../../api/query.ts'
import { useProject, useProjectId } from '../../session/project.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Checkbox, Field, Input, Select } from '../../ui/field.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'
import { visible } from '../../ui/untrusted.tsx'
import { kindWords, namesOf, type Severity, severityWords } from '../incident/words.ts'
import type { Channel } from './alert-channels.tsx'
import type { Rule } from './alert-rules.tsx'
import { ChoiceField } from './choice-field.tsx'

type Body = Shape<'AlertRuleBody'>

const base = '/api/v1/projects/{projectId}/alerts/rules'
const refresh = [`GET ${base}`, 'GET /api/v1/projects/{projectId}/onboarding']
const days = [
  ['monday', 'Monday'],
  ['tuesday', 'Tuesday'],
  ['wednesday', 'Wednesday'],
  ['thursday', 'Thursday'],
  ['friday', 'Friday'],
  ['saturday', 'Saturday'],
  ['sunday', 'Sunday'],
] as const
const everyDay = days.map(([day]) => day)

/** Adds a rule, or changes one. */
export function RuleDialog({
  rule: kept,
  channels,
  onClose,
}: {
  /** `null`: a new one. */
  readonly rule: Rule | null
  readonly channels: readonly Channel[]
  readonly onClose: () => void
}) {
  const id = useId()
  const projectId = useProjectId()
  const timeZone = useProject()?.timeZone ?? 'UTC'
  const [rule, setRule] = useState<Body>(
    kept?.rule ?? {
      name: '',
      channels: channels.slice(0, 1).map((channel) => channel.id),
      minSeverity: 'high',
    },
  )
  const set = (part: Partial<Body>) => setRule({ ...rule, ...part })
  const add = useAct(`POST ${base}`, { refresh })
  const put = useAct(`PUT ${base}/{ruleId}`, { refresh })
  const error = add.error ?? put.error
  const isEmpty = rule.channels.length === 0
  const { quietHours, kinds } = rule
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const onSuccess = () => {
      toast.done(kept ? 'The rule was changed.' : 'The rule was added. It tells of incidents from now on.')
      onClose()
    }
    if (kept) put.mutate({ path: { projectId, ruleId: kept.id }, body: { rule } }, { onSuccess })
    else add.mutate({ path: { projectId }, body: rule }, { onSuccess })
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="large"
      title={kept ? 'Change the rule' : 'Add a rule'}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            form={id}
            isBusy={add.isPending || put.isPending}
            unless={isEmpty && 'Choose a channel.'}
          >
            {kept ? 'Save' : 'Add'}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="flex flex-col gap-5">
        {error ? <ErrorState error={error} /> : null}
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Name" error={error?.about('name')}>
            <Input
              required
              autoFocus
              autoComplete="off"
              maxLength={80}
              value={rule.name}
              onChange={({ target }) => set({ name: target.value })}
            />
          </Field>
          <Field label="From severity">
            <Select
              value={rule.minSeverity ?? 'high'}
              onChange={({ target }) => set({ minSeverity: target.value as Severity })}
            >
              {namesOf(severityWords).map((name) => (
                <option key={name} value={name}>
                  {severityWords[name]}
                </option>
              ))}
            </Select>
          </Field>
        </div>
        <ChoiceField
          label="Channels"
          choices={channels.map((channel) => [channel.id, visible(channel.name).slice(0, 80)] as const)}
          value={rule.channels}
          onChange={(chosen) => set({ channels: chosen })}
        />
        <Checkbox
          label="Every kind of incident"
          checked={(kinds ?? null) === null}
          onChange={({ target }) => set({ kinds: target.checked ? null : ['paid-without-access'] })}
        />
        {kinds ? (
          <ChoiceField
            label="Kinds"
            choices={namesOf(kindWords).map((kind) => [kind, kindWords[kind]] as const)}
            value={kinds}
            onChange={(chosen) => set({ kinds: chosen.length > 0 ? chosen : null })}
          />
        ) : null}
        <MoneyField value={rule.moneyAtLeast ?? null} onChange={(moneyAtLeast) => set({ moneyAtLeast })} />
        <Checkbox
          label="Tell as well that an incident has ended"
          checked={rule.recovery ?? true}
          onChange={({ target }) => set({ recovery: target.checked })}
        />
        <Checkbox
          label="Quiet hours"
          hint="What happens in them is told when they end."
          checked={Boolean(quietHours)}
          onChange={({ target }) =>
            set({
              quietHours: target.checked
                ? { from: '22:00', to: '07:00', timeZone, days: everyDay, criticalPasses: true }
                : null,
            })
          }
        />
        {quietHours ? (
          <div className="flex flex-col gap-4 border-line border-l-2 pl-4">
            <div className="grid grid-cols-2 gap-4">
              <Field label="From">
                <Input
                  type="time"
                  required
                  value={quietHours.from}
                  onChange={({ target }) => set({ quietHours: { ...quietHours, from: target.value } })}
                />
              </Field>
              <Field label="To">
                <Input
                  type="time"
                  required
                  value={quietHours.to}
                  onChange={({ target }) => set({ quietHours: { ...quietHours, to: target.value } })}
                />
              </Field>
            </div>
            <Field label="Time zone">
              <Select
                value={quietHours.timeZone}
                onChange={({ target }) => set({ quietHours: { ...quietHours, timeZone: target.value } })}
              >
                {[...new Set(['UTC', quietHours.timeZone, ...Intl.supportedValuesOf('timeZone')])].map(
                  (zone) => (
                    <option key={zone}>{zone}</option>
                  ),
                )}
              </Select>
            </Field>
            <ChoiceField
              label="Days on which they begin"
              choices={days}
              value={quietHours.days ?? everyDay}
              onChange={(chosen) => {
                if (chosen.length > 0) set({ quietHours: { ...quietHours, days: chosen } })
              }}
            />
            <Checkbox
              label="What is critical is told all the same"
              checked={quietHours.criticalPasses ?? true}
              onChange={({ target }) =>
                set({ quietHours: { ...quietHours, criticalPasses: target.checked } })
              }
            />
          </div>
        ) : null}
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label="Gather for, in seconds"
            hint="Incidents of one kind go into one message."
            error={error?.about('gatherSeconds')}
          >
            <Input
              type="number"
              min={0}
              max={600}
              required
              value={rule.gatherSeconds ?? 10}
              onChange={({ target }) => set({ gatherSeconds: target.valueAsNumber || 0 })}
            />
          </Field>
          <Field
            label="Again after, in minutes"
            hint="How long the next message about the same kind waits."
            error={error?.about('againAfterMinutes')}
          >
            <Input
              type="number"
              min={0}
              max={1_440}
              required
              value={rule.againAfterMinutes ?? 15}
              onChange={({ target }) => set({ againAfterMinutes: target.valueAsNumber || 0 })}
            />
          </Field>
        </div>
      </form>
    </Dialog>
  )
}

type Least = NonNullable<Body['moneyAtLeast']>

/** From how much money on, in one currency. What stands there for others stays. */
function MoneyField({
  value,
  onChange,
}: {
  readonly value: Least | null
  readonly onChange: (value: Least | null) => void
}) {
  const [currency = 'usd', amount] = Object.entries(value ?? {})[0] ?? []
  const digits =
    new Intl.NumberFormat('en', {
      style: 'currency',
      currency: currency.length === 3 ? currency : 'usd',
    }).resolvedOptions().maximumFractionDigits ?? 2
  const change = (nextCurrency: string, next: number | undefined) => {
    const { [currency]: _, ...others } = value ?? {}
    const all = next === undefined ? others : { [nextCurrency]: next, ...others }
    onChange(Object.keys(all).length > 0 ? all : null)
  }
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        label="From how much a month on"
        hint="Left empty: whatever is at stake. What comes to no sum is told."
      >
        <Input
          type="number"
          min={0}
          step="any"
          value={amount === undefined ? '' : amount / 10 ** digits}
          onChange={({ target }) =>
            change(
              currency,
              Number.isNaN(target.valueAsNumber)
                ? undefined
                : Math.round(target.valueAsNumber * 10 ** digits),
            )
          }
        />
      </Field>
      {amount === undefined ? null : (
        <Field label="Currency">
          <Select value={currency} onChange={({ target }) => change(target.value, amount)}>
            {Intl.supportedValuesOf('currency').map((code) => (
              <option key={code} value={code.toLowerCase()}>
                {code}
              </option>
            ))}
          </Select>
        </Field>
      )}
    </div>
  )
}
