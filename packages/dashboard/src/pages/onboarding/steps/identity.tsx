import { useMutation } from '@tanstack/react-query'
import { ArrowDown, ArrowUp, Plus, Trash2, UserCheck } from 'lucide-react'
import { useState } from 'react'
import { call } from '../../../api/call.ts'
import type { AnswerOf } from '../../../api/operation.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Card, Facts } from '../../../ui/card.tsx'
import { Field, Input } from '../../../ui/field.tsx'
import { ErrorState } from '../../../ui/states.tsx'
import { Untrusted } from '../../../ui/untrusted.tsx'
import { type DraftConfig, fieldsOf } from '../draft.ts'
import { DraftFrame } from '../draft-frame.tsx'
import { PostgresTable } from '../postgres-table.tsx'
import type { StepProps } from '../use-onboarding.ts'

/** Which customer is which account. */
export function IdentityMapping(props: StepProps) {
  return (
    <DraftFrame step={props}>
      {(config, change) => {
        const hasDatabase = config.access.some(({ postgres }) => postgres)
        return (
          <>
            {hasDatabase ? (
              <>
                <PostgresTable
                  projectId={props.projectId}
                  config={config}
                  change={change}
                  table="users"
                  fields={identityFields}
                  title="Users"
                  description="Which column names the account, and which names its customer in Stripe."
                />
                <details open={fieldsOf(config, 'postgres', 'organizations') !== null}>
                  <summary className="cursor-pointer font-medium text-sm">
                    Advanced: map organizations too (B2B billing)
                  </summary>
                  <div className="mt-3">
                    <PostgresTable
                      projectId={props.projectId}
                      config={config}
                      change={change}
                      table="organizations"
                      fields={organizationFields}
                      title="Organizations"
                      description="The table of those who pay together."
                      isOptional
                    />
                  </div>
                </details>
              </>
            ) : (
              <Automatic />
            )}
            <MatchRules config={config} change={change} />
            <TryMapping projectId={props.projectId} config={config} />
          </>
        )
      }}
    </DraftFrame>
  )
}

const identityFields = [
  { name: 'key', label: 'Account', isNeeded: true },
  { name: 'customerId', label: 'Customer in Stripe', isNeeded: false },
  { name: 'email', label: 'E-mail address', isNeeded: false },
] as const

const organizationFields = identityFields.filter(({ name }) => name !== 'email')

function Automatic() {
  return (
    <Card
      title={
        <span className="flex items-center gap-2">
          <UserCheck className="size-4 text-success" aria-hidden /> Customer matching is automatic
        </span>
      }
    >
      <p className="text-sm">
        <Badge tone="success">Matched automatically for Clerk</Badge>
      </p>
      <p className="mt-2 text-muted text-sm">
        By the ids that Stripe's customers and Clerk's users and organizations hold of each other, then by
        verified e-mail address. The rules below say in which order.
      </p>
    </Card>
  )
}

const known = [
  ['customer.id', 'The account names its customer'],
  ['customer.metadata.user_id', 'The customer names its user'],
  ['customer.metadata.organization_id', 'The customer names its organization'],
  ['checkout.client_reference_id', 'The checkout named the account'],
  ['customer.email', 'Both have the same address'],
] as const

/** The rules, tried in their order. */
function MatchRules({
  config,
  change,
}: {
  readonly config: DraftConfig
  readonly change: (config: DraftConfig) => void
}) {
  const rules = config.match ?? []
  const set = (match: readonly string[]) => change({ ...config, match })
  const [added, setAdded] = useState('')
  const move = (place: number, by: number) => {
    const next = [...rules]
    const [rule] = next.splice(place, 1)
    if (rule !== undefined) next.splice(place + by, 0, rule)
    set(next)
  }
  return (
    <Card
      title="Match rules"
      description="The first rule that fits one account and no other decides. Two that fit are told, never guessed."
    >
      <ol className="flex flex-col gap-1.5">
        {rules.map((rule, place) => (
          <li
            key={rule}
            className="flex items-center gap-2 rounded-md border border-line px-3 py-1.5 text-sm"
          >
            <span className="tabular text-faint">{place + 1}</span>
            <span className="min-w-0 flex-1">
              <Untrusted text={rule} isMono />
            </span>
            <Button
              size="small"
              kind="quiet"
              label={`Move ${rule} up`}
              icon={<ArrowUp aria-hidden />}
              unless={place === 0 ? 'It is the first.' : null}
              onClick={() => move(place, -1)}
            />
            <Button
              size="small"
              kind="quiet"
              label={`Move ${rule} down`}
              icon={<ArrowDown aria-hidden />}
              unless={place === rules.length - 1 ? 'It is the last.' : null}
              onClick={() => move(place, 1)}
            />
            <Button
              size="small"
              kind="quiet"
              label={`Take ${rule} out`}
              icon={<Trash2 aria-hidden />}
              onClick={() => set(rules.filter((_, at) => at !== place))}
            />
          </li>
        ))}
        {rules.length === 0 ? (
          <li className="text-muted text-sm">None of your own: the usual ones are used.</li>
        ) : null}
      </ol>
      <form
        className="mt-3 flex flex-wrap items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          if (!rules.includes(added.trim())) set([...rules, added.trim()])
          setAdded('')
        }}
      >
        <Field label="Another rule" className="min-w-56 flex-1">
          <Input
            value={added}
            required
            list="known-rules"
            placeholder="customer.id"
            className="font-mono text-sm"
            onChange={({ target }) => setAdded(target.value)}
          />
        </Field>
        <datalist id="known-rules">
          {known.map(([rule, meaning]) => (
            <option key={rule} value={rule}>
              {meaning}
            </option>
          ))}
        </datalist>
        <Button type="submit" className="h-9" icon={<Plus aria-hidden />}>
          Add
        </Button>
      </form>
    </Card>
  )
}

const tryIt = 'POST /api/v1/projects/{projectId}/setup/try-mapping'

/** Tries the mapping as it stands here, on what is connected. */
function TryMapping({ projectId, config }: { readonly projectId: string; readonly config: DraftConfig }) {
  const attempt = useMutation({
    mutationFn: () =>
      call(tryIt, {
        path: { projectId },
        body: {
          access: [...config.access],
          ...(config.match ? { match: [...config.match] } : {}),
        },
      }),
  })
  return (
    <Card
      title="Try it"
      description="Reads at most 5,000 of each, and files nothing."
      actions={
        <Button isBusy={attempt.isPending} onClick={() => attempt.mutate()}>
          Try the mapping
        </Button>
      }
    >
      {attempt.error ? <ErrorState error={attempt.error} /> : null}
      {attempt.data ? <Tried tried={attempt.data} /> : null}
    </Card>
  )
}

function Tried({
  tried: { isWhole, read, matching, unmatched, rows },
}: {
  readonly tried: AnswerOf<typeof tryIt>
}) {
  return (
    <div className="flex flex-col gap-4" aria-live="polite">
      <Facts
        facts={[
          [
            'Read',
            `${read.subscriptions} subscriptions, ${read.users} users, ${read.organizations} organizations${isWhole ? '' : ' (the first 5,000)'}`,
          ],
          ...matching.byRule.map(
            ({ rule, customers, paying }) =>
              [
                <Untrusted key={rule} text={rule} isMono />,
                `${customers} customers, ${paying} of them paying`,
              ] as const,
          ),
          ['Fit several', `${matching.ambiguous.customers} customers, ${matching.ambiguous.paying} paying`],
          ['Found nobody', `${matching.unmatched.customers} customers, ${matching.unmatched.paying} paying`],
        ]}
      />
      {unmatched.length > 0 ? (
        <div>
          <h3 className="mb-1 font-medium text-sm">Paying, and nobody found</h3>
          <ul className="flex flex-col gap-1 text-sm">
            {unmatched.slice(0, 5).map(({ customerId, name, email }) => (
              <li key={customerId} className="flex flex-wrap gap-x-2">
                <Untrusted text={customerId} isMono />
                <Untrusted text={name ?? email ?? ''} />
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {rows.length > 0 ? (
        <div>
          <h3 className="mb-1 font-medium text-sm">Rows as this mapping reads them</h3>
          <ul className="flex flex-col gap-2 text-sm">
            {rows.slice(0, 4).map(({ source, type, id, fields }) => (
              <li key={`${source} ${type} ${id}`} className="rounded-md border border-line px-3 py-2">
                <Untrusted text={`${type} ${id}`} isMono />
                <div className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-muted text-xs">
                  {fields.map(({ path, found }) => (
                    <span key={path} className="min-w-0 max-w-full">
                      {path}: <Untrusted text={found ?? 'nothing'} maxLength={80} />
                    </span>
                  ))}
                </div>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </div>
  )
}
