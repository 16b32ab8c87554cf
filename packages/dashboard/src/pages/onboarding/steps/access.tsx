import { useQuery } from '@tanstack/react-query'
import { RefreshCw } from 'lucide-react'
import type { AnswerOf } from '../../../api/operation.ts'
import { queryOf } from '../../../api/query.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Field, Select } from '../../../ui/field.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../../ui/states.tsx'
import { visible } from '../../../ui/untrusted.tsx'
import { type DraftConfig, fieldsOf, type SubjectTable, setField } from '../draft.ts'
import { DraftFrame } from '../draft-frame.tsx'
import { PostgresTable } from '../postgres-table.tsx'
import type { StepProps } from '../use-onboarding.ts'

const sample = 'GET /api/v1/projects/{projectId}/setup/clerk-fields'
type Sampled = AnswerOf<typeof sample>['users']

/** Which fields say who has paid access. */
export function AccessMapping(props: StepProps) {
  return (
    <DraftFrame step={props}>
      {(config, change) => {
        const hasClerk = config.access.some(({ clerk }) => clerk)
        const hasDatabase = config.access.some(({ postgres }) => postgres)
        return (
          <>
            {hasClerk ? <ClerkFields projectId={props.projectId} config={config} change={change} /> : null}
            {hasDatabase ? (
              <>
                <PostgresTable
                  projectId={props.projectId}
                  config={config}
                  change={change}
                  table="users"
                  fields={userColumns}
                  title="Columns of users"
                  description="Which columns say who has paid access?"
                />
                {fieldsOf(config, 'postgres', 'organizations') ? (
                  <PostgresTable
                    projectId={props.projectId}
                    config={config}
                    change={change}
                    table="organizations"
                    fields={organizationColumns}
                    title="Columns of organizations"
                    description="Which columns say what an organization has paid for?"
                    isOptional
                  />
                ) : null}
              </>
            ) : null}
            {!hasClerk && !hasDatabase ? (
              <EmptyState title="Nothing that keeps access is in this configuration">
                Connect Clerk or your database, then suggest it again.
              </EmptyState>
            ) : null}
          </>
        )
      }}
    </DraftFrame>
  )
}

const userColumns = [
  { name: 'plan', label: 'Plan', isNeeded: false },
  { name: 'premium', label: 'Paid or not', isNeeded: false },
  { name: 'trialEndsAt', label: 'End of the trial', isNeeded: false },
  { name: 'deletedAt', label: 'Deleted at', isNeeded: false },
  { name: 'updatedAt', label: 'Changed at', isNeeded: false },
] as const
const organizationColumns = [
  { name: 'plan', label: 'Plan', isNeeded: false },
  { name: 'seats', label: 'Seats', isNeeded: false },
  { name: 'deletedAt', label: 'Deleted at', isNeeded: false },
  { name: 'updatedAt', label: 'Changed at', isNeeded: false },
] as const

const clerkFields: Readonly<Record<SubjectTable, readonly (readonly [field: string, label: string])[]>> = {
  users: [
    ['customerId', 'Customer in Stripe'],
    ['plan', 'Plan'],
    ['premium', 'Paid or not'],
    ['trialEndsAt', 'End of the trial'],
    ['entitlements', 'Features'],
  ],
  organizations: [
    ['customerId', 'Customer in Stripe'],
    ['plan', 'Plan'],
    ['entitlements', 'Features'],
    ['seats', 'Seats'],
  ],
}

function ClerkFields({
  projectId,
  config,
  change,
}: {
  readonly projectId: string
  readonly config: DraftConfig
  readonly change: (config: DraftConfig) => void
}) {
  const sampled = useQuery({ ...queryOf(sample, { path: { projectId } }), staleTime: 60_000 })
  const retry = (
    <Button
      icon={<RefreshCw aria-hidden />}
      isBusy={sampled.isFetching}
      onClick={() => void sampled.refetch()}
    >
      Retry
    </Button>
  )
  return (
    <>
      <Card
        title="Which Clerk fields say who has paid access?"
        description="Keys of the most recent users, with what stands in them and on how many."
        actions={sampled.data?.messages.users === null ? retry : null}
      >
        {sampled.error ? <ErrorState error={sampled.error} onRetry={() => void sampled.refetch()} /> : null}
        {sampled.isPending ? <Skeleton className="h-40" /> : null}
        {sampled.data?.messages.users ? (
          <EmptyState title={sampled.data.messages.users} action={retry}>
            Let the app write who has paid into the public or private metadata of a user, then look again.
          </EmptyState>
        ) : null}
        {sampled.data && !sampled.data.messages.users ? (
          <ClerkTable table="users" sampled={sampled.data.users} config={config} change={change} />
        ) : null}
      </Card>
      <Card
        title="Organizations"
        description="For B2B: what an organization has paid for. Leave them empty where nobody pays as one."
      >
        {sampled.isPending ? <Skeleton className="h-32" /> : null}
        {sampled.data?.messages.organizations ? (
          <p className="text-muted text-sm">{sampled.data.messages.organizations}</p>
        ) : null}
        {sampled.data && !sampled.data.messages.organizations ? (
          <ClerkTable
            table="organizations"
            sampled={sampled.data.organizations}
            config={config}
            change={change}
          />
        ) : null}
      </Card>
    </>
  )
}

function ClerkTable({
  table,
  sampled,
  config,
  change,
}: {
  readonly table: SubjectTable
  readonly sampled: Sampled
  readonly config: DraftConfig
  readonly change: (config: DraftConfig) => void
}) {
  const mapped = fieldsOf(config, 'clerk', table) ?? {}
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {clerkFields[table].map(([field, label]) => {
        const value = mapped[field]
        const text = typeof value === 'string' ? value : ''
        const proposal = sampled.proposals.find((one) => one.field === field)
        const isListed = sampled.fields.some(({ path }) => path === text)
        return (
          <Field
            key={field}
            label={
              <span className="flex flex-wrap items-center gap-2">
                {label} {proposal?.path === text ? <Badge tone="info">Suggested</Badge> : null}
              </span>
            }
            hint={proposal?.path === text ? proposal.reason : undefined}
          >
            <Select
              value={text}
              onChange={({ target }) => change(setField(config, 'clerk', table, field, target.value))}
            >
              <option value="">Not kept</option>
              {text !== '' && !isListed ? <option value={text}>{visible(text)}</option> : null}
              {sampled.fields.map(({ path, seen, sampled: all, examples }) => (
                <option key={path} value={path}>
                  {`${visible(path)} · ${visible(examples.slice(0, 3).join(', ')).slice(0, 60)} · on ${seen} of ${all}`}
                </option>
              ))}
            </Select>
          </Field>
        )
      })}
    </div>
  )
}
