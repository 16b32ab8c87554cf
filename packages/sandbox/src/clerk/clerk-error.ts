import { randomBytes } from 'node:crypto'

/** One error of a Clerk answer. */
export interface ClerkErrorItem {
  readonly code: string
  readonly message: string
  readonly long_message: string
  readonly meta?: Readonly<Record<string, unknown>>
}

/**
 * A request that Clerk refuses. Thrown inside the app; one place turns it into Clerk's error body.
 *
 * @example
 * throw new ClerkRefusal(404, 'resource_not_found', 'not found', 'No user was found with id user_x')
 */
export class ClerkRefusal extends Error {
  readonly status: number
  readonly item: ClerkErrorItem

  constructor(
    status: number,
    code: string,
    message: string,
    longMessage: string,
    meta?: Readonly<Record<string, unknown>>,
  ) {
    super(longMessage)
    this.name = 'ClerkRefusal'
    this.status = status
    this.item = { code, message, long_message: longMessage, ...(meta !== undefined && { meta }) }
  }
}

/** Clerk's error answer: `{errors: [...], clerk_trace_id}`, with the content type that its SDK insists on. */
export function clerkErrors(
  status: number,
  errors: readonly ClerkErrorItem[],
  headers: Readonly<Record<string, string>> = {},
): Response {
  const clerk_trace_id = randomBytes(16).toString('hex')
  return new Response(JSON.stringify({ errors, clerk_trace_id }), {
    status,
    headers: { 'content-type': 'application/json', 'x-clerk-trace-id': clerk_trace_id, ...headers },
  })
}
