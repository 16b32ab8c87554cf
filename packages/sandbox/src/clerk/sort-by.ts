import type { OrderBy } from './http/query.ts'

/** Sorts by a value in either direction; things without it come last, ties go by id. */
export function sortBy<T extends { readonly id: string }, Field extends string>(
  things: readonly T[],
  order: OrderBy<Field>,
  orders: { readonly [F in Field]: (thing: T) => string | number | null },
): readonly T[] {
  const read = orders[order.field]
  const sign = order.descending ? -1 : 1
  return things.toSorted((a, b) => {
    const [left, right] = [read(a), read(b)]
    if (left === right) return sign * (a.id < b.id ? -1 : 1)
    if (left === null) return 1
    if (right === null) return -1
    return sign * (left < right ? -1 : 1)
  })
}

/** A page of things that are kept oldest first, newest first or oldest first, at the cost of its length. */
export function pageInOrder<T>(
  things: readonly T[],
  page: { readonly limit: number; readonly offset: number },
  descending: boolean,
): readonly T[] {
  const { limit, offset } = page
  if (!descending) return things.slice(offset, offset + limit)
  const end = Math.max(0, things.length - offset)
  return things.slice(Math.max(0, end - limit), end).reverse()
}
