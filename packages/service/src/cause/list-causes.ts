import type { CauseKind, Confidence, Incident, IncidentState, Money } from '@trueup/core'
import { causeFix, causeId, causeSentence, confidences, sumByCurrency } from '@trueup/core'
import type { QueryExecutorProvider } from 'kysely'
import { sql } from 'kysely'
import { z } from 'zod'
import type { Database } from '../store/index.ts'
import { CauseError } from './cause-error.ts'
import type { ProjectTenant } from './cause-tables.ts'
import { causeDb } from './cause-tables.ts'

/** Incidents that have one cause in common, and what ends it for all of them. */
export interface CauseGroup {
  readonly id: string
  readonly kind: CauseKind
  readonly on: string
  /** The surest that any of them gives; `null`: unknown. */
  readonly confidence: Confidence | null
  readonly sentence: string
  readonly fix: string
  readonly incidents: number
  readonly byConfidence: Readonly<Partial<Record<Confidence, number>>>
  /** A month's of what is open or acknowledged, by who bears it. */
  readonly moneyAtRisk: Readonly<Record<Incident['hurts'], readonly Money[]>>
  readonly firstOpenedAt: Date
  readonly lastSeenAt: Date
  /** The worst of them, five at most. */
  readonly examples: readonly string[]
}

export interface CausePage {
  readonly items: readonly CauseGroup[]
  readonly next: string | null
  /** Incidents of these states whose cause is not worked out yet. */
  readonly pending: number
}

interface WantedCauses {
  readonly states: readonly IncidentState[]
  readonly after: string | null
  readonly limit: number
}

interface GroupRow {
  readonly kind: CauseKind
  readonly on: string
  readonly incidents: number
  readonly certain: number
  readonly likely: number
  readonly possible: number
  readonly firstOpenedAt: Date
  readonly lastSeenAt: Date
  readonly examples: readonly string[]
}

const exampleCount = 5

/** The causes of what is in these states, those of the most incidents first. */
export async function listCauses(
  database: Database,
  tenant: ProjectTenant,
  wanted: WantedCauses,
): Promise<CausePage> {
  // As of one moment, so that an incident whose cause is found meanwhile is counted once: in a group or as pending.
  return await causeDb(database, tenant)
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute((tx) => readPage(tx, tenant, wanted))
}

async function readPage(
  tx: QueryExecutorProvider,
  tenant: ProjectTenant,
  { states, after, limit }: WantedCauses,
): Promise<CausePage> {
  const behind = after === null ? null : readCursor(after)
  const own = sql`cause.workspace_id = ${tenant.workspaceId} and cause.project_id = ${tenant.projectId}
    and incident.state = any(${[...states]}::text[])`
  const joined = sql`trueup.incident_cause cause join trueup.incident incident
    on incident.project_id = cause.project_id and incident.incident_id = cause.incident_id`
  const { rows } = await sql<GroupRow>`
    select cause.kind, cause.cause_on as "on", count(*) as incidents,
      count(*) filter (where cause.confidence = 'certain') as certain,
      count(*) filter (where cause.confidence = 'likely') as likely,
      count(*) filter (where cause.confidence = 'possible') as possible,
      min(incident.opened_at) as "firstOpenedAt", max(incident.last_seen_at) as "lastSeenAt",
      (array_agg(incident.incident_id order by incident.severity_rank desc, incident.opened_at,
        incident.incident_id))[1:${exampleCount}] as examples
    from ${joined} where ${own} and cause.kind is not null
    group by cause.kind, cause.cause_on
    having ${behind === null ? sql`true` : sql`(-count(*), cause.kind, cause.cause_on) > (${-behind.incidents}::bigint, ${behind.kind}::text, ${behind.on}::text)`}
    order by -count(*), cause.kind, cause.cause_on limit ${limit + 1}`.execute(tx)
  const shown = rows.slice(0, limit)
  const { rows: sums } = await sql<MoneyRow>`
    select cause.kind, cause.cause_on as "on", incident.hurts, incident.money_currency as currency,
      sum(incident.money_amount)::bigint as amount
    from ${joined} where ${own} and incident.state in ('open', 'acknowledged') and incident.money_currency is not null
      and (cause.kind, cause.cause_on) in (select * from unnest(${shown.map(({ kind }) => kind)}::text[],
        ${shown.map(({ on }) => on)}::text[]))
    group by cause.kind, cause.cause_on, incident.hurts, incident.money_currency`.execute(tx)
  const { rows: waiting } = await sql<{
    count: number
  }>`select count(*) as count from trueup.incident incident
    left join trueup.incident_cause cause on cause.project_id = incident.project_id
      and cause.incident_id = incident.incident_id
    where incident.project_id = ${tenant.projectId} and incident.state = any(${[...states]}::text[])
      and cause.kind is null`.execute(tx)
  const last = shown.at(-1)
  return {
    items: shown.map((row) => groupOf(row, sums)),
    next: rows.length > limit && last ? cursorOf(last) : null,
    pending: waiting[0]?.count ?? 0,
  }
}

interface MoneyRow extends Money {
  readonly kind: CauseKind
  readonly on: string
  readonly hurts: Incident['hurts']
}

function groupOf(row: GroupRow, sums: readonly MoneyRow[]): CauseGroup {
  const { kind, on, incidents, firstOpenedAt, lastSeenAt, examples } = row
  const byConfidence = Object.fromEntries(
    confidences.flatMap((confidence) => (row[confidence] > 0 ? [[confidence, row[confidence]]] : [])),
  )
  const moneyOf = (hurts: Incident['hurts']) =>
    sumByCurrency(
      sums
        .filter((sum) => sum.kind === kind && sum.on === on && sum.hurts === hurts)
        .map(({ currency, amount }) => ({ currency, amount })),
    )
  return {
    id: causeId({ kind, on }),
    kind,
    on,
    confidence: confidences.find((confidence) => row[confidence] > 0) ?? null,
    sentence: causeSentence(kind, on),
    fix: causeFix(kind),
    incidents,
    byConfidence,
    moneyAtRisk: { customer: moneyOf('customer'), business: moneyOf('business'), both: moneyOf('both') },
    firstOpenedAt,
    lastSeenAt,
    examples,
  }
}

const written = z.tuple([z.number().int(), z.string(), z.string()])

function cursorOf({ incidents, kind, on }: GroupRow): string {
  return Buffer.from(JSON.stringify([incidents, kind, on])).toString('base64url')
}

function readCursor(cursor: string) {
  const read = written.safeParse(parsed(cursor))
  if (read.success && !read.data.some((part) => typeof part === 'string' && part.includes('\u0000'))) {
    const [incidents, kind, on] = read.data
    return { incidents, kind, on }
  }
  throw new CauseError({
    code: 'cursor-malformed',
    message: '`after` is not the `next` of a page of causes.',
    fix: 'Hand back `next` as it was given, or begin without it.',
  })
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}
