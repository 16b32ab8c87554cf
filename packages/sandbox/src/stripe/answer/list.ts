import type { WireList } from '../objects/wire.ts'
import type { Call } from '../request/call.ts'
import { asParameter, find } from '../request/find.ts'
import { StripeError } from '../stripe-error.ts'
import type { PageQuery, Table } from '../table.ts'

const DEFAULT_LIMIT = 10
const MOST = 100

/**
 * A page of a table as a list answer, newest first, by the request's `limit`, `starting_after`, `ending_before` and
 * `created`.
 *
 * @param noun what the rows are called in errors.
 * @param url the list's own path.
 */
export function listPage<T extends { id: string }>(
  call: Call,
  table: Table<T>,
  noun: string,
  url: string,
  filter: Pick<PageQuery<T>, 'by' | 'where' | 'created'> = {},
): WireList<T> {
  const { parameters, state } = call
  const after = parameters.text('starting_after')
  const before = parameters.text('ending_before')
  if (after !== undefined && before !== undefined) {
    throw new StripeError(400, 'Received both starting_after and ending_before. Please pass in only one.', {
      param: 'ending_before',
    })
  }
  const created = filter.created ?? parameters.range('created')
  const query: PageQuery<T> = {
    limit: pageLimit(call),
    ...filter,
    ...(created === undefined ? {} : { created }),
    ...(after === undefined
      ? {}
      : { startingAfter: find(state, table, noun, after, asParameter('starting_after')) }),
    ...(before === undefined
      ? {}
      : { endingBefore: find(state, table, noun, before, asParameter('ending_before')) }),
  }
  const page = table.page(query)
  return { object: 'list', data: page.rows, has_more: page.hasMore, url }
}

/** A page of rows that are kept inside another object, in their own order. */
export function listRows<T extends { id: string }>(
  call: Call,
  rows: readonly T[],
  noun: string,
  url: string,
): WireList<T> {
  const limit = pageLimit(call)
  const after = call.parameters.text('starting_after')
  const before = call.parameters.text('ending_before')
  const position = (id: string, name: string) => {
    const at = rows.findIndex((row) => row.id === id)
    if (at >= 0) return at
    throw new StripeError(400, `No such ${noun}: '${id}'`, { code: 'resource_missing', param: name })
  }
  if (before !== undefined) {
    const end = position(before, 'ending_before')
    const start = Math.max(0, end - limit)
    return { object: 'list', data: rows.slice(start, end), has_more: start > 0, url }
  }
  const start = after === undefined ? 0 : position(after, 'starting_after') + 1
  return {
    object: 'list',
    data: rows.slice(start, start + limit),
    has_more: start + limit < rows.length,
    url,
  }
}

/** The `limit` of a request: 1 to 100, 10 unless given. */
export function pageLimit(call: Call): number {
  const limit = call.parameters.number('limit') ?? DEFAULT_LIMIT
  const bound =
    limit < 1
      ? 'This value must be greater than or equal to 1.'
      : `This value must be less than or equal to ${MOST} (passed value: ${limit}).`
  if (limit >= 1 && limit <= MOST) return limit
  throw new StripeError(400, bound, { code: 'parameter_invalid_integer', param: 'limit' })
}
