import type { Incident, Pair, PairName, ProjectStore, SubjectId, Verdict } from '@trueup/core'
import { customerOfKey, payerKey, subjectKey, subjectOfKey } from '@trueup/core'
import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'
import type { Database, Tenant } from '../store/database.ts'
import { columnText } from '../store/json-codec.ts'
import { pairsNamed } from './find-pairs.ts'

/** A subject with whoever pays for it, or a payer without a subject, as the last full check read them. */
export interface CustomerLine {
  /** `user:user_1`, `organization:org_1`, or `customer:cus_1` for a payer without a subject. */
  readonly key: string
  readonly subject: SubjectId | null
  /** As the app has it; `null`: it has none. */
  readonly name: string | null
  readonly emails: readonly string[]
  readonly customers: readonly {
    readonly id: string
    readonly name: string | null
    readonly email: string | null
  }[]
  readonly verdict: Verdict['kind']
  /** One of the sides changed so recently that the other may still follow. */
  readonly settling: boolean
  readonly openIncidents: number
}

export interface CustomerPage {
  /** The check that read them; `null`: there was none yet. */
  readonly checkId: string | null
  readonly readAt: Date | null
  readonly items: readonly CustomerLine[]
  readonly next: string | null
}

export interface CustomerSearch {
  /** An id or a key, which finds that one alone; or part of an id, a name or an e-mail address, in either case of A to Z. */
  readonly text?: string | undefined
  /** The key that the page before ended with. */
  readonly after?: string | undefined
  readonly limit: number
}

/** Keys that are looked at for one page at most, so that a text that stands in every record's data ends too. */
const mostKeysPerPage = 2_000

/**
 * Looks for customers and subjects among what the last full check read, in the order of their keys. Without a text:
 * every subject, and everybody who pays and has none.
 *
 * @example
 * const { items } = await searchCustomers({ database, tenant, project }, { text: 'ada@', limit: 25 })
 */
export async function searchCustomers(
  reach: { readonly database: Database; readonly tenant: Required<Tenant>; readonly project: ProjectStore },
  { text, after, limit }: CustomerSearch,
): Promise<CustomerPage> {
  const { project } = reach
  const check = await project.newestFinishedCheck({ filing: false })
  if (!check) return { checkId: null, readAt: null, items: [], next: null }
  const page = { checkId: check.id, readAt: check.asOf }
  const asked = text?.trim() ?? ''
  const wanted = asked === '' ? null : folded(asked)
  if (wanted !== null && after === undefined) {
    // A whole id needs no look through everybody.
    const named = await linesNamed(reach, check.id, asked)
    if (named.length > 0) return { ...page, items: named, next: null }
  }
  const items: BareLine[] = []
  let place = after ?? null
  let looked = 0
  for (;;) {
    const behind = columnText(place ?? '')
    const keys =
      wanted === null
        ? await keysBehind(reach, check.id, behind, limit + 1)
        : await keysHolding(reach, check.id, wanted, behind, limit + 1)
    const pairs = await project.pairs(check.id, keys.map(nameOf))
    const lines = keys.flatMap((key, at) => {
      const pair = pairs[at]
      const line = pair ? lineOf(key, pair) : null
      return line && (wanted === null || isMeant(line, wanted)) ? [line] : []
    })
    items.push(...lines)
    looked += keys.length
    place = keys.at(-1) ?? place
    const isLast = keys.length <= limit
    if (items.length > limit || isLast || looked >= mostKeysPerPage) {
      const shown = items.slice(0, limit)
      const isMore = items.length > limit || !isLast
      const next = items.length > limit ? (shown.at(-1)?.key ?? null) : place
      return { ...page, items: await withVerdicts(reach, check.id, shown), next: isMore ? next : null }
    }
  }
}

/** The lines of these customers and subjects, of those that were read. */
export async function customerLines(reach: Reach, keys: readonly string[]): Promise<readonly CustomerLine[]> {
  const check = await reach.project.newestFinishedCheck({ filing: false })
  if (!check) return []
  const pairs = await reach.project.pairs(check.id, keys.map(nameOf))
  const lines = keys.flatMap((key, at) => {
    const pair = pairs[at]
    return pair ? [lineOf(key, pair)] : []
  })
  return await withVerdicts(reach, check.id, lines)
}

/** Whoever has this id or key. */
async function linesNamed(reach: Reach, checkId: string, name: string): Promise<readonly CustomerLine[]> {
  const found = await reach.project.pairs(checkId, pairsNamed(name))
  const lines = new Map(
    found.flatMap((pair) => {
      if (!pair) return []
      const key = pair.subject ? subjectKey(pair.subject) : payerKey(pair.payers[0]?.customer.id ?? '')
      return [[key, lineOf(key, pair)] as const]
    }),
  )
  return await withVerdicts(reach, checkId, [...lines.values()])
}

type Reach = Parameters<typeof searchCustomers>[0]
type BareLine = Omit<CustomerLine, 'verdict' | 'settling' | 'openIncidents'>

/** The next keys of all subjects, and of all who pay and have none. */
async function keysBehind(
  { database, tenant }: Reach,
  checkId: string,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  const ofCheck = rowsOf(tenant, checkId)
  // Who pays and has no subject is among the findings; one who found a subject since is not meant any more.
  const { rows } = await sql<{ key: string }>`
    select found.key from (
      (select distinct s.subject_key as key from trueup.observed_subject s
        where ${ofCheck('s')} and s.subject_key > ${after} order by s.subject_key limit ${limit})
      union
      (select f.pair_key from trueup.finding f
        where ${ofCheck('f')} and f.pair_key > ${after} and f.pair_key < 'customer;'
          and not exists (select from trueup.link l
            where ${ofCheck('l')} and l.customer_id = substr(f.pair_key, length('customer:') + 1) collate "C")
        order by f.pair_key limit ${limit})) as found
    order by found.key collate "C" limit ${limit}`.execute(database.scoped(tenant))
  return rows.map(({ key }) => key)
}

/** The next keys of pairs whose key or record holds the text, in what is shown of it or in the rest. */
async function keysHolding(
  { database, tenant }: Reach,
  checkId: string,
  text: string,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  const ofCheck = rowsOf(tenant, checkId)
  // As it stands in the packed record, which is JSON.
  const held = columnText(JSON.stringify(text).slice(1, -1))
  const holds = (column: string, key: RawBuilder<unknown>) =>
    sql`position(${held}::text in lower((${key} || ' ' || ${sql.ref(column)}) collate "C")) > 0`
  const { rows } = await sql<{ key: string }>`
    select found.key from (
      select s.subject_key as key from trueup.observed_subject s
        where ${ofCheck('s')} and ${holds('s.reading', sql`s.subject_key`)}
      union
      select coalesce(l.subject_key, 'customer:' || c.customer_id) from trueup.observed_customer c
        left join trueup.link l on ${ofCheck('l')} and l.customer_id = c.customer_id
        where ${ofCheck('c')} and ${holds('c.customer', sql`'customer:' || c.customer_id`)}) as found
    where found.key collate "C" > ${after} order by found.key collate "C" limit ${limit}`.execute(
    database.scoped(tenant),
  )
  return rows.map(({ key }) => key)
}

function rowsOf({ projectId }: Required<Tenant>, checkId: string): (table: string) => RawBuilder<unknown> {
  const number = Number(checkId.slice('chk_'.length))
  return (table) =>
    sql`${sql.ref(table)}.project_id = ${projectId} and ${sql.ref(table)}.check_number = ${number}`
}

function nameOf(key: string): PairName {
  const customerId = customerOfKey(key)
  return customerId === null ? { subject: subjectOfKey(key) } : { customerId }
}

function lineOf(key: string, { subject, readings, payers }: Pair): BareLine {
  return {
    key,
    subject,
    name: readings.find(({ name }) => name !== null)?.name ?? null,
    emails: [...new Set(readings.flatMap(({ emails }) => emails))],
    customers: payers.map(({ customer: { id, name, email } }) => ({ id, name, email })),
  }
}

function isMeant({ key, name, emails, customers }: BareLine, text: string): boolean {
  const shown = [key, name, ...emails, ...customers.flatMap((customer) => Object.values(customer))]
  return shown.some((one) => one !== null && folded(one).includes(text))
}

/** Only A to Z, as the database folds it. */
function folded(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/** What the check said of these, and which incidents stand on them now. */
async function withVerdicts(
  { database, tenant, project }: Reach,
  checkId: string,
  lines: readonly BareLine[],
): Promise<readonly CustomerLine[]> {
  if (lines.length === 0) return []
  const keys = lines.map(({ key }) => columnText(key))
  const { rows } = await sql<{ key: string; verdict: Verdict['kind']; settling: boolean }>`
    select pair_key as key, verdict, settling from trueup.finding
    where project_id = ${tenant.projectId} and check_number = ${Number(checkId.slice('chk_'.length))}
      and pair_key = any(${keys}::text[])`.execute(database.scoped(tenant))
  const findings = new Map(rows.map((row) => [row.key, row]))
  const incidents = await project.incidentsOn(
    lines.flatMap(({ key, customers }) => [key, ...customers.map(({ id }) => id)]),
  )
  const open = incidents.filter(({ state }) => state === 'open' || state === 'acknowledged')
  return lines.map((line) => {
    const finding = findings.get(columnText(line.key))
    return {
      ...line,
      // A pair of which the check says nothing agrees: the database set it aside as one that cannot differ.
      verdict: finding?.verdict ?? 'agrees',
      settling: finding?.settling ?? false,
      openIncidents: open.filter((incident) => isOn(incident, line)).length,
    }
  })
}

function isOn({ subject, customerId, identity }: Incident, { key, customers }: BareLine): boolean {
  const ids = customers.map(({ id }) => id)
  return (
    (subject !== null && subjectKey(subject) === key) ||
    identity.on === key ||
    ids.includes(identity.on) ||
    (subject === null && customerId !== null && ids.includes(customerId))
  )
}
