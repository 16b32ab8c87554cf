import { paramInvalid } from '../http/param-error.ts'
import type { OrderBy, Query } from '../http/query.ts'
import type { ClerkUser } from '../objects/index.ts'
import { sortBy } from '../sort-by.ts'
import type { ClerkState } from '../state.ts'
import { readUserTests, type UserTest, userOrders } from './user-filter.ts'

type UserOrder = keyof typeof userOrders
const orderFields = Object.keys(userOrders) as UserOrder[]

/** The part of the users that a query's time range and filters leave. */
interface Selected {
  /** First index of the time range in order of creation, and the one after its last. */
  readonly from: number
  readonly to: number
  readonly tests: readonly UserTest[]
}

function select(query: Query, state: ClerkState): Selected {
  const after = query.whole('created_at_after', 0)
  const before = query.whole('created_at_before', 0)
  return {
    from: after === null ? 0 : state.users.countUntil(after),
    to: before === null ? state.users.size : state.users.countBefore(before),
    tests: readUserTests(query, state),
  }
}

/**
 * A page of users, as `GET /v1/users`. In the order of creation a page costs its length, at any depth.
 *
 * @throws ClerkRefusal 422 for a parameter that is unknown or wrong, `starting_after` with another order or an offset.
 */
export function listUsers(query: Query, state: ClerkState): readonly ClerkUser[] {
  const { limit, offset } = query.page()
  const order = query.orderBy<UserOrder>(orderFields, { field: 'created_at', descending: true })
  const cursor = readCursor(query, state, order, offset)
  const selected = select(query, state)
  query.end()
  if (order.field !== 'created_at')
    return sortBy(all(selected, state), order, userOrders).slice(offset, offset + limit)
  const page: ClerkUser[] = []
  // Without filters every user counts, so that the offset is a jump and not a walk.
  const jump = selected.tests.length === 0 ? offset : 0
  let skip = offset - jump
  for (const user of inOrder(jumped(selected, jump, order.descending), state, order.descending, cursor)) {
    if (skip > 0) skip -= 1
    else if (page.push(user) === limit) break
  }
  return page
}

/** How many users a query's filters leave, as `GET /v1/users/count`. */
export function countUsers(query: Query, state: ClerkState): number {
  // The SDK sends a list's own parameters to the count too; they do not change it.
  query.page()
  query.text('order_by')
  query.text('starting_after')
  const selected = select(query, state)
  query.end()
  if (selected.tests.length === 0) return Math.max(0, selected.to - selected.from)
  return all(selected, state).length
}

function readCursor(
  query: Query,
  state: ClerkState,
  order: OrderBy<UserOrder>,
  offset: number,
): ClerkUser | null {
  const id = query.text('starting_after')
  if (id === null) return null
  if (order.field !== 'created_at') {
    throw paramInvalid('starting_after', 'starting_after requires ordering by created_at.')
  }
  if (offset > 0) throw paramInvalid('starting_after', 'starting_after cannot be used together with offset.')
  const user = state.users.get(id)
  if (user === undefined) throw paramInvalid('starting_after', `No user was found with id ${id}.`)
  return user
}

function jumped(selected: Selected, count: number, descending: boolean): Selected {
  return descending ? { ...selected, to: selected.to - count } : { ...selected, from: selected.from + count }
}

function all(selected: Selected, state: ClerkState): readonly ClerkUser[] {
  return [...inOrder(selected, state, false, null)]
}

function* inOrder(
  { from, to, tests }: Selected,
  state: ClerkState,
  descending: boolean,
  cursor: ClerkUser | null,
): Generator<ClerkUser> {
  const passes = (user: ClerkUser) => tests.every((test) => test.passes(user))
  const candidates = tests.find((test) => test.candidates !== undefined)?.candidates?.()
  if (candidates !== undefined) {
    yield* fromCandidates(candidates, { from, to, tests }, state, descending, cursor)
    return
  }
  const users = state.users.all()
  const start = cursor === null ? null : state.users.indexOf(cursor)
  if (descending) {
    for (let index = Math.min(to, start ?? to) - 1; index >= from; index -= 1) {
      const user = users[index] as ClerkUser
      if (passes(user)) yield user
    }
    return
  }
  for (let index = Math.max(from, start === null ? from : start + 1); index < to; index += 1) {
    const user = users[index] as ClerkUser
    if (passes(user)) yield user
  }
}

/** The few users that an index names, put in order. */
function* fromCandidates(
  candidates: Iterable<ClerkUser>,
  { from, to, tests }: Selected,
  state: ClerkState,
  descending: boolean,
  cursor: ClerkUser | null,
): Generator<ClerkUser> {
  const start = cursor === null ? null : state.users.indexOf(cursor)
  const placed = [...new Set(candidates)]
    .filter((user) => tests.every((test) => test.passes(user)))
    .map((user) => ({ user, index: state.users.indexOf(user) }))
    .filter(({ index }) => index >= from && index < to)
    .filter(({ index }) => start === null || (descending ? index < start : index > start))
    .sort((a, b) => (descending ? b.index - a.index : a.index - b.index))
  for (const { user } of placed) yield user
}
