import type { JsonObject } from './objects/wire.ts'

/** The types of error that Stripe's API answers. */
export type StripeErrorType = 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error'

export interface StripeErrorFields {
  readonly type?: StripeErrorType
  readonly code?: string
  readonly param?: string
  /** For `card_error`: why the bank said no. */
  readonly decline_code?: string
  /** Anything else that belongs into the error object, such as `payment_intent`. */
  readonly more?: JsonObject
}

/**
 * An answer of Stripe that is an error: what a route or the billing engine throws, and the app sends as
 * `{"error": {...}}` with the status.
 *
 * @example throw new StripeError(402, 'Your card was declined.', { type: 'card_error', code: 'card_declined', decline_code: 'generic_decline' })
 */
export class StripeError extends Error {
  override readonly name = 'StripeError'
  readonly status: number
  readonly fields: StripeErrorFields

  constructor(status: number, message: string, fields: StripeErrorFields = {}) {
    super(message)
    this.status = status
    this.fields = fields
  }

  /** The object under the `error` key. */
  body(requestLogUrl: string): JsonObject {
    const { type = 'invalid_request_error', code, param, decline_code, more } = this.fields
    const body: JsonObject = {}
    if (code !== undefined) {
      body.code = code
      body.doc_url = `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`
    }
    if (decline_code !== undefined) body.decline_code = decline_code
    body.message = this.message
    if (param !== undefined) body.param = param
    body.request_log_url = requestLogUrl
    body.type = type
    return { ...body, ...more }
  }
}

/** 400: a request that cannot be served, without a code of its own. */
export function badRequest(message: string, param?: string): StripeError {
  return new StripeError(400, message, param === undefined ? {} : { param })
}

/** 400: a parameter that is needed was not given. */
export function missingParameter(param: string): StripeError {
  return new StripeError(400, `Missing required param: ${param}.`, { code: 'parameter_missing', param })
}

/** 400: a parameter that this endpoint does not have. */
export function unknownParameter(param: string): StripeError {
  return new StripeError(400, `Received unknown parameter: ${param}`, { code: 'parameter_unknown', param })
}

/** 400: a parameter given as an empty string where a value is needed. */
export function emptyParameter(param: string): StripeError {
  return new StripeError(
    400,
    `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' cannot be unset. You should remove '${param}' from your request or supply a non-empty value.`,
    { code: 'parameter_invalid_empty', param },
  )
}
