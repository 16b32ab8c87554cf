import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { call } from '../../api/call.ts'
import type { AnswerOf } from '../../api/operation.ts'
import type { ApiProblem } from '../../api/problem.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { ErrorState, Skeleton } from '../../ui/states.tsx'
import { type DraftConfig, type Fields, fieldsOf, type SubjectTable, setField, setTable } from './draft.ts'

const look = 'POST /api/v1/projects/{projectId}/setup/databases/{name}'
type Report = AnswerOf<typeof look>
type Proposal = Report['proposals']['user'][number]

/** What is in the database, read once for a visit: it takes some seconds. */
function useDatabase(projectId: string, name: string) {
  return useQuery<Report, ApiProblem>({
    queryKey: [look, projectId, name],
    queryFn: ({ signal }) => call(look, { path: { projectId, name }, body: { table: null } }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export interface MappedField {
  readonly name: string
  readonly label: string
  readonly isNeeded: boolean
}

/** The columns of a table, each with those of the schema that fit and why. */
export function PostgresTable({
  projectId,
  config,
  change,
  table,
  fields,
  title,
  description,
  isOptional = false,
}: {
  readonly projectId: string
  readonly config: DraftConfig
  readonly change: (config: DraftConfig) => void
  readonly table: SubjectTable
  readonly fields: readonly MappedField[]
  readonly title: string
  readonly description: string
  readonly isOptional?: boolean
}) {
  const name = config.access.find(({ postgres }) => postgres)?.postgres?.name ?? 'postgres'
  const database = useDatabase(projectId, name)
  const mapped = fieldsOf(config, 'postgres', table)
  const proposals = database.data?.proposals[table === 'users' ? 'user' : 'organization'] ?? []
  const proposal =
    proposals.find((one) => one.table === mapped?.table || `${one.schema}.${one.table}` === mapped?.table) ??
    proposals[0]
  return (
    <Card
      title={title}
      description={description}
      actions={
        isOptional && mapped ? (
          <Button size="small" kind="quiet" onClick={() => change(setTable(config, 'postgres', table, null))}>
            Leave them out
          </Button>
        ) : null
      }
    >
      {database.error ? (
        <ErrorState
          error={database.error}
          onRetry={() => void database.refetch()}
          isRetrying={database.isFetching}
        />
      ) : null}
      {database.isPending ? <Skeleton className="mb-3 h-9" /> : null}
      {mapped ? (
        <div className="grid gap-4 sm:grid-cols-2">
          <Column
            label="Table"
            value={textOf(mapped.table)}
            suggestions={proposals.map((one) => ({
              column: one.schema === 'public' ? one.table : `${one.schema}.${one.table}`,
              why: one.evidence[0] ?? '',
            }))}
            onChange={(place) => change(setField(config, 'postgres', table, 'table', place))}
          />
          {fields.map((field) => (
            <Column
              key={field.name}
              label={field.isNeeded ? field.label : `${field.label} (optional)`}
              value={textOf(mapped[field.name])}
              suggestions={suggestionsOf(proposal, field.name)}
              onChange={(place) => change(setField(config, 'postgres', table, field.name, place))}
            />
          ))}
        </div>
      ) : (
        <Button
          unless={proposal ? null : 'No table of the schema looks like it. Name it in the configuration.'}
          onClick={() => change(setTable(config, 'postgres', table, (proposal?.shape ?? {}) as Fields))}
        >
          Map {proposal ? proposal.table : title.toLowerCase()}
        </Button>
      )}
    </Card>
  )
}

interface Suggestion {
  readonly column: string
  readonly why: string
}

function suggestionsOf(proposal: Proposal | undefined, field: string): readonly Suggestion[] {
  if (!proposal) return []
  const all =
    field === 'key'
      ? [proposal.key]
      : proposal.fields.filter((one) => one.field === field).flatMap((one) => [one, ...one.alternatives])
  return all.map(({ column, evidence }) => ({ column, why: evidence[0] ?? '' }))
}

/** A column, chosen among those that fit or typed. */
function Column({
  label,
  value,
  suggestions,
  onChange,
}: {
  readonly label: string
  readonly value: string
  readonly suggestions: readonly Suggestion[]
  readonly onChange: (column: string) => void
}) {
  const id = useId()
  const suggested = suggestions.find(({ column }) => column === value)
  return (
    <Field
      label={
        <span className="flex flex-wrap items-center gap-2">
          {label} {suggested ? <Badge tone="info">Suggested from your schema</Badge> : null}
        </span>
      }
      hint={suggested?.why}
    >
      <Input
        value={value}
        list={id}
        spellCheck={false}
        autoComplete="off"
        className="font-mono text-sm"
        onChange={({ target }) => onChange(target.value)}
      />
      <datalist id={id}>
        {suggestions.map(({ column, why }) => (
          <option key={column} value={column}>
            {why}
          </option>
        ))}
      </datalist>
    </Field>
  )
}

/** A column may also be given as an object, of which its name is shown. */
function textOf(place: unknown): string {
  if (typeof place === 'string') return place
  if (typeof place === 'object' && place !== null && 'column' in place) return String(place.column)
  return ''
}
