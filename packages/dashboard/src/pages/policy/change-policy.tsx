import { useState } from 'react'
import type { Shape } from '../../api/operation.ts'
import { Card } from '../../ui/card.tsx'
import { Field, Input, Select } from '../../ui/field.tsx'
import { type PolicyValues, valuesOf, withValues } from './policy-values.ts'
import { TryAndSave } from './try-and-save.tsx'

/** The values of the policy in a form: what they would change is shown before they are saved. */
export function ChangePolicy({ inForce }: { readonly inForce: Shape<'ConfigVersion'> }) {
  const kept = valuesOf(inForce.document)
  const [values, setValues] = useState(kept)
  const isSame = JSON.stringify(values) === JSON.stringify(kept)
  return (
    <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,26rem)_minmax(0,1fr)]">
      <Card title="Values" description="Nothing holds before it is saved.">
        <ValueFields values={values} onChange={(part) => setValues({ ...values, ...part })} />
      </Card>
      <TryAndSave
        inForce={inForce}
        document={isSame ? inForce.document : withValues(inForce.document, values)}
        unless={isSame && 'Nothing is changed yet.'}
      />
    </div>
  )
}

function ValueFields({
  values: { pastDue, unpaid, pausedCollection, refunded, settleMinutes, trialToleranceHours, brake },
  onChange,
}: {
  readonly values: PolicyValues
  readonly onChange: (part: Partial<PolicyValues>) => void
}) {
  return (
    <div className="flex flex-col gap-4">
      <Field label="When a payment failed">
        <Select
          value={pastDue.mode}
          onChange={({ target }) =>
            onChange({ pastDue: { ...pastDue, mode: target.value as PolicyValues['pastDue']['mode'] } })
          }
        >
          <option value="keep">Access is owed for the days of grace</option>
          <option value="tolerate">Access may stay for the days of grace</option>
          <option value="drop">Access has to go at once</option>
        </Select>
      </Field>
      {pastDue.mode === 'drop' ? null : (
        <NumberField
          label="Days of grace"
          value={pastDue.days}
          onChange={(days) => onChange({ pastDue: { ...pastDue, days } })}
        />
      )}
      <Field label="When Stripe gave up on payment">
        <Select
          value={unpaid}
          onChange={({ target }) => onChange({ unpaid: target.value as PolicyValues['unpaid'] })}
        >
          <option value="nothing">Nothing is promised</option>
          <option value="as-past-due">It counts as past due</option>
        </Select>
      </Field>
      <Field label="While collection is paused">
        <Select
          value={pausedCollection}
          onChange={({ target }) =>
            onChange({ pausedCollection: target.value as PolicyValues['pausedCollection'] })
          }
        >
          <option value="keep">Access is owed</option>
          <option value="tolerate">Access may stay</option>
          <option value="drop">Access has to go</option>
        </Select>
      </Field>
      <Field label="When all the money went back, or is disputed">
        <Select
          value={refunded}
          onChange={({ target }) => onChange({ refunded: target.value as PolicyValues['refunded'] })}
        >
          <option value="review">A person looks at it</option>
          <option value="drop">Access has to go</option>
          <option value="keep">Nothing changes</option>
        </Select>
      </Field>
      <NumberField
        label="Trial tolerance, in hours"
        hint="How far the end of a trial may differ."
        value={trialToleranceHours}
        onChange={(hours) => onChange({ trialToleranceHours: hours })}
      />
      <NumberField
        label="Settling, in minutes"
        hint="How long after a change a drift waits before it is filed."
        value={settleMinutes}
        onChange={(minutes) => onChange({ settleMinutes: minutes })}
      />
      <LimitField
        label="Hold repairs above so many subjects that newly drift"
        hint="Left empty: 25, or 0.5 % of all."
        value={brake.hold}
        onChange={(hold) => onChange({ brake: { ...brake, hold } })}
      />
      <LimitField
        label="One incident for all above so many alike"
        hint="Left empty: 20, or 20 % of all."
        value={brake.collapse}
        onChange={(collapse) => onChange({ brake: { ...brake, collapse } })}
      />
    </div>
  )
}

function NumberField({
  label,
  hint,
  value,
  onChange,
}: {
  readonly label: string
  readonly hint?: string
  readonly value: number
  readonly onChange: (value: number) => void
}) {
  const [text, setText] = useState(String(value))
  const isWrong = text === '' || Number.isNaN(Number(text)) || Number(text) < 0
  return (
    <Field label={label} hint={hint} error={isWrong ? 'A number, 0 or more.' : null}>
      <Input
        type="number"
        min={0}
        step="any"
        className="max-w-32"
        value={text}
        onChange={({ target }) => {
          setText(target.value)
          const number = Number(target.value)
          if (target.value !== '' && number >= 0) onChange(number)
        }}
      />
    </Field>
  )
}

function LimitField({
  label,
  hint,
  value,
  onChange,
}: {
  readonly label: string
  readonly hint: string
  readonly value: number | null
  readonly onChange: (value: number | null) => void
}) {
  return (
    <Field label={label} hint={hint}>
      <Input
        type="number"
        min={0}
        step={1}
        className="max-w-32"
        value={value ?? ''}
        onChange={({ target }) =>
          onChange(Number.isNaN(target.valueAsNumber) ? null : Math.max(0, Math.round(target.valueAsNumber)))
        }
      />
    </Field>
  )
}
