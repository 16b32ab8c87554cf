import type { BillingEngine } from '../billing-engine.ts'
import { toRead, toWrite } from '../permissions.ts'
import type { StripeState } from '../state.ts'
import type { ParameterTable } from './parameter-table.ts'
import type { Parameters } from './parameters.ts'

/** One request, authenticated and decoded, on its way to its route. */
export interface Call {
  readonly state: StripeState
  readonly engine: BillingEngine
  /** The parts of the path in braces, by name. */
  readonly path: { readonly [name: string]: string }
  readonly parameters: Parameters
  /** The API version asked for, or the sandbox's own. */
  readonly apiVersion: string
  /** Where the sandbox is reached, without a slash at the end, for the links to its pages. */
  readonly origin: string
}

/** One operation of the API. */
export interface Route {
  /** Method and path as in Stripe's API description: `GET /v1/customers/{id}`. */
  readonly operation: string
  /** What a restricted key needs; null for what every key may do. */
  readonly permission: string | null
  /** The `object` of the answer, with `[]` for lists and searches of it; it decides what can be expanded. */
  readonly answers: string
  /** Parameters, where they are more or others than the API description gives. */
  readonly parameters?: ParameterTable
  /** Does it. The answer is in wire shape, unexpanded, and may be the stored object itself. */
  readonly run: (call: Call) => object
}

/**
 * A route, in one line of a table. A restricted key needs the read or write permission of what is answered, by the
 * method, unless `more` names another.
 */
export function route(
  operation: string,
  answers: string,
  run: (call: Call) => object,
  more: { readonly permission?: string | null; readonly parameters?: ParameterTable } = {},
): Route {
  const kind = answers.replace('[]', '')
  const permission =
    more.permission !== undefined
      ? more.permission
      : operation.startsWith('GET ')
        ? toRead(kind)
        : toWrite(kind)
  return more.parameters === undefined
    ? { operation, permission, answers, run }
    : { operation, permission, answers, run, parameters: more.parameters }
}

/** The id in the path. */
export function pathId(call: Call): string {
  return call.path.id ?? ''
}
