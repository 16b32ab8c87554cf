import type { Clock } from '../../server/clock.ts'
import { StripeError } from '../stripe-error.ts'

/** An answer that is given again to the same request. */
export interface SavedAnswer {
  readonly status: number
  readonly body: string
  readonly requestId: string
}

// Stripe may forget keys after at least 24 hours; the sandbox does so exactly then.
const KEPT_MS = 24 * 3600_000
const LONGEST_KEY = 255

/**
 * The answers saved under idempotency keys. An answer is saved once the endpoint began to act, errors included; what
 * was refused before (parameters, permissions) may be sent again with the same key.
 */
export class IdempotentAnswers {
  readonly #clock: Clock
  readonly #saved = new Map<
    string,
    { readonly request: string; readonly at: number; readonly answer: SavedAnswer }
  >()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * The answer saved for this request; null when it is new.
   *
   * @param request method, path and parameters in one string.
   * @throws StripeError 400 `idempotency_error` when the key was used with another request.
   */
  find(apiKey: string, key: string, request: string): SavedAnswer | null {
    if (key.length > LONGEST_KEY) {
      throw new StripeError(
        400,
        `The idempotency key is ${key.length} characters long; keys are limited to ${LONGEST_KEY} characters.`,
        { type: 'idempotency_error' },
      )
    }
    const found = this.#saved.get(`${apiKey} ${key}`)
    if (found === undefined || this.#clock.now().getTime() - found.at >= KEPT_MS) return null
    if (found.request === request) return found.answer
    throw new StripeError(
      400,
      `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
      { type: 'idempotency_error' },
    )
  }

  save(apiKey: string, key: string, request: string, answer: SavedAnswer): void {
    const at = this.#clock.now().getTime()
    // A Map keeps the order of insertion, so the oldest are first.
    for (const [name, saved] of this.#saved) {
      if (at - saved.at < KEPT_MS) break
      this.#saved.delete(name)
    }
    this.#saved.delete(`${apiKey} ${key}`)
    this.#saved.set(`${apiKey} ${key}`, { request, at, answer })
  }
}
