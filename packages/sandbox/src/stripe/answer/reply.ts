import type { SavedAnswer } from '../request/idempotency.ts'
import type { RawRequest } from '../request/read-request.ts'
import { API_VERSION, type StripeState } from '../state.ts'
import { StripeError } from '../stripe-error.ts'

/** An answer as sent, with Stripe's headers. */
export function reply(answer: SavedAnswer, request: RawRequest, replayed: boolean): Response {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'request-id': request.id,
    'stripe-version': request.apiVersion ?? API_VERSION,
  }
  if (request.idempotencyKey !== null) {
    headers['idempotency-key'] = request.idempotencyKey
    headers['original-request'] = answer.requestId
  }
  if (replayed) headers['idempotent-replayed'] = 'true'
  if (answer.status >= 400 && answer.status < 500) headers['stripe-should-retry'] = 'false'
  return new Response(answer.body, { status: answer.status, headers })
}

/**
 * Turns what was thrown into Stripe's error answer. What is not Stripe's own error is a fault of the sandbox: 500, with
 * its message, since whoever runs a sandbox is the one to read it.
 */
export function errorAnswer(error: unknown, request: RawRequest, state: StripeState): SavedAnswer {
  const log = `https://dashboard.stripe.com/${state.livemode ? '' : 'test/'}logs/${request.id}`
  if (error instanceof StripeError) {
    return { status: error.status, body: JSON.stringify({ error: error.body(log) }), requestId: request.id }
  }
  const message = `The sandbox failed: ${error instanceof Error ? error.message : String(error)}`
  return {
    status: 500,
    body: JSON.stringify({ error: { message, request_log_url: log, type: 'api_error' } }),
    requestId: request.id,
  }
}
