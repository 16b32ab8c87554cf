import type { IncidentCount, IncidentFilter, IncidentOrder, IncidentPlace, IncidentStore } from '@trueup/core'
import { severities } from '@trueup/core'
import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'
import { incidentIn } from './incident-rows.ts'
import { columnText } from './json-codec.ts'
import type { Scope } from './tables.ts'

type Row = Parameters<typeof incidentIn>[0]

/** Incidents as a team looks at them: filtered, ordered, in pages, counted. */
export function incidentList({
  db,
  projectId,
}: Scope): Pick<IncidentStore, 'listIncidents' | 'countIncidents'> {
  return {
    async listIncidents(filter, order, after, limit) {
      const columns = columnsOf(order)
      const ascends = isAscending(order)
      const behind =
        after === null
          ? sql``
          : sql`and (${list(columns)}) ${sql.raw(ascends ? '>' : '<')} (${list(valuesOf(order, after))})`
      const direction = sql.raw(ascends ? 'asc' : 'desc')
      const { rows } = await sql<Row>`select incident from trueup.incident
        where project_id = ${projectId} ${conditions(filter)} ${behind}
        order by ${list(columns.map((column) => sql`${column} ${direction}`))} limit ${limit}`.execute(db)
      return rows.map(incidentIn)
    },

    async countIncidents(filter) {
      const { rows } = await sql<CountRow>`
        select kind, severity_rank, state, hurts, money_currency, count(*) as incidents,
          coalesce(sum(money_amount), 0)::float8 as amount
        from trueup.incident where project_id = ${projectId} ${conditions(filter)}
        group by kind, severity_rank, state, hurts, money_currency`.execute(db)
      return rows.map(({ kind, severity_rank, state, hurts, money_currency, incidents, amount }) => ({
        kind,
        severity: severities[severity_rank] ?? 'low',
        state,
        hurts,
        currency: money_currency,
        incidents,
        amount,
      }))
    },
  }
}

interface CountRow extends Pick<IncidentCount, 'kind' | 'state' | 'hurts' | 'incidents' | 'amount'> {
  readonly severity_rank: number
  readonly money_currency: string | null
}

/** All of one direction, so that a row of them says what comes behind a place. */
function columnsOf({ sort }: IncidentOrder): readonly RawBuilder<unknown>[] {
  switch (sort) {
    case 'severity':
      return [sql`(-severity_rank)`, sql`opened_at`, sql`incident_id`]
    case 'opened':
      return [sql`opened_at`, sql`incident_id`]
    case 'seen':
      return [sql`last_seen_at`, sql`incident_id`]
    case 'money':
      return [sql`coalesce(money_amount, -1)`, sql`incident_id`]
  }
}

function isAscending({ sort, reversed }: IncidentOrder): boolean {
  return (sort === 'severity') !== reversed
}

function valuesOf({ sort }: IncidentOrder, place: IncidentPlace): readonly RawBuilder<unknown>[] {
  const id = sql`${columnText(place.id)}::text`
  const openedAt = sql`${place.openedAt.toISOString()}::timestamptz`
  switch (sort) {
    case 'severity':
      return [sql`${-severities.indexOf(place.severity)}::smallint`, openedAt, id]
    case 'opened':
      return [openedAt, id]
    case 'seen':
      return [sql`${place.lastSeenAt.toISOString()}::timestamptz`, id]
    case 'money':
      return [sql`${place.amount}::numeric`, id]
  }
}

function list(parts: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return sql.join([...parts])
}

function conditions(filter: IncidentFilter): RawBuilder<unknown> {
  const { ids, states, kinds, hurts, about, assignee, moneyAtLeast, text } = filter
  const ranks = filter.severities?.map((severity) => severities.indexOf(severity))
  return sql.join(
    [
      ids && sql`and incident_id = any(${ids.map(columnText)}::text[])`,
      states && sql`and state = any(${[...states]}::text[])`,
      ranks && sql`and severity_rank = any(${ranks}::smallint[])`,
      kinds && sql`and kind = any(${[...kinds]}::text[])`,
      hurts && sql`and hurts = ${hurts}`,
      about === undefined ? undefined : isAbout(columnText(about)),
      assignee === undefined
        ? undefined
        : assignee === null
          ? sql`and assignee is null`
          : sql`and assignee = ${columnText(assignee)}`,
      moneyAtLeast && sql`and money_amount >= ${moneyAtLeast.amount}::numeric`,
      moneyAtLeast?.currency === undefined
        ? undefined
        : sql`and money_currency = ${columnText(moneyAtLeast.currency)}`,
      text === undefined
        ? undefined
        : sql`and position(lower(${columnText(text)}::text collate "C") in search_text) > 0`,
    ].filter((part) => part !== undefined),
    sql` `,
  )
}

function isAbout(about: string): RawBuilder<unknown> {
  const keys = [about, `user:${about}`, `organization:${about}`]
  return sql`and (subject_key = any(${keys}::text[]) or customer_id = ${about})`
}
