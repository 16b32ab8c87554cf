import type { CheckStore, ObservedPage, Reversal } from '@trueup/core'
import { compareText, pointsOf, subjectKey, sumReversals } from '@trueup/core'
import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'
import { documentRows, inBulks, jsonRows, rowsPerStatement, texts, writeInBulk } from './bulk.ts'
import { checkNumber, countingRequests } from './check-rows.ts'
import { columnText, toJson } from './json-codec.ts'
import { packedCustomer, packedFact, packedReading } from './packing/packed-observations.ts'
import { analyzeObservations, askWholeTables, countInWholeTables } from './plans.ts'
import type { Scope } from './tables.ts'

type Observations = Pick<
  CheckStore,
  | 'cursors'
  | 'writePage'
  | 'prices'
  | 'reversals'
  | 'unreadCustomerIds'
  | 'countUnreadCustomers'
  | 'writePointedCustomers'
>

/** What checks read from the sources, written a page at a time together with the cursors that read it. */
export function observations(scope: Scope): Observations {
  const { db, projectId, workspaceId } = scope
  const ofCheck = (checkId: string): OfCheck => ({
    projectId,
    workspaceId,
    number: checkNumber(scope, checkId),
  })

  return {
    async cursors(checkId, source, part) {
      const rows = await db
        .selectFrom('trueup.check_cursor')
        .select('cursor')
        .where('project_id', '=', projectId)
        .where('check_number', '=', checkNumber(scope, checkId))
        .where('source', '=', source)
        .where('part', '=', part)
        .orderBy('cursor_id')
        .execute()
      return rows.map(({ cursor }) => cursor)
    },
    async writePage(checkId, page) {
      await db.transaction().execute(async (tx) => {
        await writePageRows(scope, tx, checkId, page)
      })
    },
    async prices(checkId) {
      const rows = await db
        .selectFrom('trueup.observed_price')
        .select('price')
        .where('project_id', '=', projectId)
        .where('check_number', '=', checkNumber(scope, checkId))
        .orderBy('price_id')
        .execute()
      return rows.map(({ price }) => price)
    },
    async reversals(checkId, paymentIds) {
      if (paymentIds.length === 0) return new Map()
      const { rows } = await sql<{ reversal: { readonly paymentId: string } & Reversal }>`
        select reversal from trueup.observed_reversal
        where project_id = ${projectId} and check_number = ${checkNumber(scope, checkId)}
          and payment_id = any(${paymentIds.map(columnText)}::text[])`.execute(db)
      return sumReversals(rows.map(({ reversal }) => reversal))
    },
    async unreadCustomerIds(checkId, after, limit) {
      const query = sql<{ customer_id: string }>`
        select distinct points_to as customer_id from trueup.observed_subject s
        where ${unread(ofCheck(checkId))} and points_to > ${after ?? ''}
        order by points_to limit ${limit}`
      const { rows } = await askWholeTables(scope, (tx) => query.execute(tx))
      return rows.map(({ customer_id }) => customer_id)
    },
    async countUnreadCustomers(checkId) {
      // Tables that were just filled have no statistics yet, and without them the join is planned for a few rows.
      await analyzeObservations(scope)
      const isUnread = unread(ofCheck(checkId))
      return countInWholeTables(
        scope,
        sql`count(distinct points_to) from trueup.observed_subject s where ${isUnread}`,
      )
    },
    async writePointedCustomers(checkId, pointed) {
      const of = ofCheck(checkId)
      await writeInBulk(
        pointed,
        ({ id }) => id,
        (rows) =>
          sql`insert into trueup.pointed_customer
              (project_id, check_number, workspace_id, customer_id, found, pointed)
            select ${of.projectId}, ${of.number}, ${of.workspaceId}, * from rows from (
              unnest(${texts(rows, ({ id }) => id)}::text[]),
              unnest(${rows.map(({ found }) => found)}::text[]),
              ${jsonRows(rows.map(toJson))})
            on conflict (project_id, check_number, customer_id) do update
              set found = excluded.found, pointed = excluded.pointed`.execute(db),
      )
    },
  }
}

type Write = RawBuilder<unknown>

/** Writes a page in a transaction that is the caller's. */
export async function writePageRows(
  scope: Scope,
  tx: Scope['db'],
  checkId: string,
  page: ObservedPage,
): Promise<void> {
  const { projectId, workspaceId } = scope
  const of: OfCheck = { projectId, workspaceId, number: checkNumber(scope, checkId) }
  const { prices = [], reversals = [], customers = [], facts = [], subjects = [], requests = 0 } = page
  function* writes(): Generator<Write> {
    yield* writesOfCursors(of, page)
    yield* writesOfPrices(of, prices)
    yield* writesOfReversals(of, reversals)
    yield* writesOfCustomers(of, customers)
    yield* writesOfFacts(of, facts)
    yield* writesOfSubjects(of, subjects)
    if (requests > 0) yield countingRequests(scope, checkId, page, requests)
  }
  const rows = [prices, reversals, customers, facts, subjects].reduce((sum, { length }) => sum + length, 0)
  // Each statement is waited for, so a page is written in one, unless it is so big that this would cost memory instead.
  if (rows <= rowsPerStatement) await together([...writes()]).execute(tx)
  else for (const write of writes()) await write.execute(tx)
}

/** Writes that touch no row in common, as one statement. */
function together(writes: readonly Write[]): Write {
  if (writes.length === 0) return sql`select`
  return sql`with ${sql.join(writes.map((write, place) => sql`${sql.id(`write_${place}`)} as (${write})`))} select`
}

interface OfCheck {
  readonly projectId: string
  readonly workspaceId: string
  readonly number: number
}

/** Subjects `s` of a check whose customer was neither read nor asked for. */
function unread(of: OfCheck) {
  return sql`s.project_id = ${of.projectId} and s.check_number = ${of.number} and s.points_to is not null
    and not exists (select from trueup.observed_customer c
      where c.project_id = s.project_id and c.check_number = s.check_number and c.customer_id = s.points_to)
    and not exists (select from trueup.pointed_customer p
      where p.project_id = s.project_id and p.check_number = s.check_number and p.customer_id = s.points_to
        and p.found <> 'not-asked')`
}

/** The statements that write these rows, each made when its turn comes. */
function* writesOf<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  write: (rows: readonly Row[]) => Write,
): Generator<Write> {
  for (const some of inBulks(rows, keyOf)) yield write(some)
}

function writesOfCursors(of: OfCheck, { source, part, cursors }: ObservedPage): Generator<Write> {
  return writesOf(
    cursors,
    ({ id }) => id,
    (rows) =>
      sql`insert into trueup.check_cursor
          (project_id, check_number, workspace_id, source, part, cursor_id, cursor)
        select ${of.projectId}, ${of.number}, ${of.workspaceId}, ${source}, ${part}, * from rows from (
          unnest(${texts(rows, ({ id }) => id)}::text[]),
          ${jsonRows(rows.map(toJson))})
        on conflict (project_id, check_number, source, part, cursor_id) do update
          set cursor = excluded.cursor`,
  )
}

function writesOfPrices(of: OfCheck, prices: NonNullable<ObservedPage['prices']>): Generator<Write> {
  return writesOf(
    prices,
    ({ id }) => id,
    (rows) =>
      sql`insert into trueup.observed_price (project_id, check_number, workspace_id, price_id, price)
        select ${of.projectId}, ${of.number}, ${of.workspaceId}, * from rows from (
          unnest(${texts(rows, ({ id }) => id)}::text[]),
          ${jsonRows(rows.map(toJson))})
        on conflict (project_id, check_number, price_id) do update set price = excluded.price`,
  )
}

function writesOfReversals(of: OfCheck, reversals: NonNullable<ObservedPage['reversals']>): Generator<Write> {
  return writesOf(
    reversals,
    ({ paymentId, ids }) => JSON.stringify([paymentId, ids]),
    (rows) =>
      sql`insert into trueup.observed_reversal
          (project_id, check_number, workspace_id, payment_id, reversal_ids, reversal)
        select ${of.projectId}, ${of.number}, ${of.workspaceId}, * from rows from (
          unnest(${texts(rows, ({ paymentId }) => paymentId)}::text[]),
          unnest(${texts(rows, ({ ids }) => JSON.stringify(ids))}::text[]),
          ${jsonRows(rows.map(toJson))})
        on conflict (project_id, check_number, payment_id, reversal_ids) do update
          set reversal = excluded.reversal`,
  )
}

function writesOfCustomers(of: OfCheck, customers: NonNullable<ObservedPage['customers']>): Generator<Write> {
  return writesOf(
    // Pages of several parts hold the same customers: written in one order they never wait for each other in a circle.
    customers.toSorted((a, b) => compareText(a.customer.id, b.customer.id)),
    ({ customer }) => customer.id,
    (rows) =>
      sql`insert into trueup.observed_customer
          (project_id, check_number, workspace_id, customer_id, match_values, customer)
        select ${of.projectId}, ${of.number}, ${of.workspaceId}, * from rows from (
          unnest(${texts(rows, ({ customer }) => customer.id)}::text[]),
          ${jsonRows(rows.map(matchJson))},
          ${documentRows(rows.map(({ customer }) => packedCustomer.write(customer)))})
          as page(customer_id, match_values, customer)
        -- Most customers come several times: with each subscription, and in their own list. A conflict would lock the
        -- row, and so write it. The count makes the database look each one up by its key.
        where (select count(*) from trueup.observed_customer c where c.project_id = ${of.projectId}
          and c.check_number = ${of.number} and c.customer_id = page.customer_id
          and c.customer = page.customer) = 0
        on conflict (project_id, check_number, customer_id) do update
          set match_values = excluded.match_values, customer = excluded.customer`,
  )
}

function writesOfFacts(of: OfCheck, facts: NonNullable<ObservedPage['facts']>): Generator<Write> {
  return writesOf(
    facts,
    ({ fact }) => fact.id,
    (rows) =>
      sql`insert into trueup.observed_fact
          (project_id, check_number, workspace_id, fact_id, customer_id, user_key, organization_key, entitling,
           monthly_currency, monthly_amount, match_values, fact)
        select ${of.projectId}, ${of.number}, ${of.workspaceId}, * from rows from (
          unnest(${texts(rows, ({ fact }) => fact.id)}::text[]),
          unnest(${texts(rows, ({ fact }) => fact.customerId)}::text[]),
          unnest(${texts(rows, ({ keys }) => keys.user)}::text[]),
          unnest(${texts(rows, ({ keys }) => keys.organization)}::text[]),
          unnest(${rows.map(({ entitling }) => entitling)}::boolean[]),
          unnest(${texts(rows, ({ monthly }) => monthly?.currency ?? null)}::text[]),
          unnest(${rows.map(({ monthly }) => monthly?.amount ?? null)}::bigint[]),
          ${jsonRows(rows.map(matchJson))},
          ${documentRows(rows.map(({ fact }) => packedFact.write(fact)))})
        on conflict (project_id, check_number, fact_id) do update
          set customer_id = excluded.customer_id, user_key = excluded.user_key,
              organization_key = excluded.organization_key, entitling = excluded.entitling,
              monthly_currency = excluded.monthly_currency, monthly_amount = excluded.monthly_amount,
              match_values = excluded.match_values, fact = excluded.fact`,
  )
}

function writesOfSubjects(of: OfCheck, subjects: NonNullable<ObservedPage['subjects']>): Generator<Write> {
  return writesOf(
    subjects,
    ({ reading }) => JSON.stringify([subjectKey(reading.subject), reading.source]),
    (rows) =>
      sql`insert into trueup.observed_subject
          (project_id, check_number, workspace_id, subject_key, source, subject_type, agreement_key, points_to,
           pointer_unreadable, deleted, match_values, reading)
        select ${of.projectId}, ${of.number}, ${of.workspaceId}, * from rows from (
          unnest(${texts(rows, ({ reading }) => subjectKey(reading.subject))}::text[]),
          unnest(${texts(rows, ({ reading }) => reading.source)}::text[]),
          unnest(${rows.map(({ reading }) => reading.subject.type)}::text[]),
          unnest(${texts(rows, ({ key }) => key)}::text[]),
          unnest(${texts(rows, ({ reading }) => pointsOf([reading])[0] ?? null)}::text[]),
          unnest(${rows.map(({ reading }) => reading.customerId.state === 'unreadable')}::boolean[]),
          unnest(${rows.map(({ reading }) => reading.deleted)}::boolean[]),
          ${jsonRows(rows.map(matchJson))},
          ${documentRows(rows.map(({ reading }) => packedReading.write(reading)))})
        on conflict (project_id, check_number, subject_key, source) do update
          set subject_type = excluded.subject_type, agreement_key = excluded.agreement_key,
              points_to = excluded.points_to, pointer_unreadable = excluded.pointer_unreadable,
              deleted = excluded.deleted, match_values = excluded.match_values,
              reading = excluded.reading`,
  )
}

/** Match values are unpacked by the database, which takes no U+0000 there. */
function matchJson({
  matchValues,
}: {
  readonly matchValues: readonly { rule: number; value: string }[]
}): string {
  return JSON.stringify(matchValues.map(({ rule, value }) => ({ rule, value: columnText(value) })))
}
