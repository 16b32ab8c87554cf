import type { Http } from '@trueup/core'
import { FailedAnswer } from './errors.ts'

/**
 * Keeps from the Stripe client what it cannot take:
 *
 * - An answer of 500 and above that is no JSON, as what stands before the API gives: the client would say only that
 *   it is no JSON, and not the status, which tells a failing Stripe from a wrong address.
 * - JSON that is no object: over a text, a number or a list the client (23.1.0) rejects where nobody listens, which
 *   ends the process, and never answers.
 */
export function takeableAnswers(http: Http): Http {
  return async (...request) => {
    const response = await http(...request)
    const isJson = response.headers.get('content-type')?.includes('json') ?? false
    if (response.status >= 500 && !isJson) {
      await response.body?.cancel()
      throw new FailedAnswer(response.status)
    }
    const text = async () => {
      // Several times as quick as the response's own decoder, which counts on a big account.
      const body = Buffer.from(await response.arrayBuffer()).toString('utf8')
      return /^\s*\{/.test(body) ? body : 'no JSON object'
    }
    return Object.defineProperty(response, 'text', { value: text })
  }
}
