import type { Call } from '../request/call.ts'
import { parseQuery, type SearchFields } from '../search-query.ts'
import { StripeError } from '../stripe-error.ts'
import type { Table } from '../table.ts'
import { pageLimit } from './list.ts'

/**
 * The rows of a table that match the request's `query`, newest first. `page` is the token that the page before gave as
 * `next_page`.
 */
export function searchPage<T extends { id: string }>(
  call: Call,
  table: Table<T>,
  url: string,
  fields: SearchFields,
): object {
  const { parameters } = call
  const matches = parseQuery(parameters.needText('query'), fields)
  const limit = pageLimit(call)
  const token = parameters.text('page')
  const after = token === undefined ? undefined : table.get(readToken(token))
  if (token !== undefined && after === undefined) {
    throw new StripeError(400, `Invalid page token: ${token}`, { param: 'page' })
  }
  const page = table.page({ limit, where: matches, ...(after === undefined ? {} : { startingAfter: after }) })
  const last = page.rows.at(-1)
  const answer = {
    object: 'search_result',
    data: page.rows,
    has_more: page.hasMore,
    next_page: page.hasMore && last !== undefined ? Buffer.from(last.id).toString('base64url') : null,
    url,
  }
  if (!parameters.texts('expand')?.includes('total_count')) return answer
  return { ...answer, total_count: table.all().filter(matches).length }
}

function readToken(token: string): string {
  return Buffer.from(token, 'base64url').toString('utf8')
}
