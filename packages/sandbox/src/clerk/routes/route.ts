import type { Hono } from 'hono'
import { ClerkCall } from '../http/call.ts'
import type { SigningKey } from '../sessions/signing-key.ts'
import type { ClerkState } from '../state.ts'

/** What the routes work on. */
export interface ClerkInstance {
  readonly state: ClerkState
  readonly signingKey: SigningKey
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Adds a route of the Backend API. */
export type AddRoute = (
  method: Method,
  path: string,
  answer: (call: ClerkCall) => Response | Promise<Response>,
) => void

/** Routes are added under `/v1`; a query parameter that a route did not read is refused by its list. */
export function routesOn(app: Hono): AddRoute {
  return (method, path, answer) => {
    app.on(method, `/v1${path}`, (c) => answer(new ClerkCall(c)))
  }
}
