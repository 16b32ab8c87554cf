import type { StripeState } from '../state.ts'
import { StripeError } from '../stripe-error.ts'
import type { Table } from '../table.ts'

/** Where an id was given: in the path (404 when unknown) or as a parameter (400). */
export type IdPlace = { readonly in: 'path' } | { readonly in: 'parameter'; readonly name: string }

export const IN_PATH: IdPlace = { in: 'path' }

/** @example find(state, state.customers, 'customer', id, asParameter('customer')) */
export function asParameter(name: string): IdPlace {
  return { in: 'parameter', name }
}

/**
 * A row by id.
 *
 * @param noun as Stripe's message names it: `customer`, `checkout session`.
 * @throws StripeError 404 or 400 `resource_missing`, saying so when the id is known in the other mode.
 */
export function find<T extends { id: string }>(
  state: StripeState,
  table: Table<T>,
  noun: string,
  id: string,
  place: IdPlace,
): T {
  const row = table.get(id)
  if (row !== undefined) return row
  throw missing(state, noun, id, place)
}

/** The error for an id that leads nowhere. */
export function missing(state: StripeState, noun: string, id: string, place: IdPlace): StripeError {
  const [here, there] = state.livemode ? ['live', 'test'] : ['test', 'live']
  const hint = state.idsOfOtherMode.has(id)
    ? `; a similar object exists in ${there} mode, but a ${here} mode key was used to make this request.`
    : ''
  return new StripeError(place.in === 'path' ? 404 : 400, `No such ${noun}: '${id}'${hint}`, {
    code: 'resource_missing',
    param: place.in === 'path' ? 'id' : place.name,
  })
}
