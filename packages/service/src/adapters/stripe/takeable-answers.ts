import type Stripe from 'stripe'
import { FailedAnswer } from './errors.ts'

type HttpClient = InstanceType<typeof Stripe.HttpClient>

/**
 * Keeps from the Stripe client what it cannot take:
 *
 * - An answer of 500 and above that is no JSON, as what stands before the API gives: the client would say only that
 *   it is no JSON, and not the status, which tells a failing Stripe from a wrong address.
 * - JSON that is no object: over a text, a number or a list the client (23.1.0) rejects where nobody listens, which
 *   ends the process, and never answers.
 * - A connection that was closed: the client would send the request once more by itself, at once and uncounted.
 */
export function takeableAnswers(client: HttpClient): HttpClient {
  return {
    getClientName: () => client.getClientName(),
    async makeRequest(...request) {
      const response = await client.makeRequest(...request).catch((error: unknown) => {
        throw new Error('The request could not be sent, or was not answered.', { cause: error })
      })
      const isJson = String(response.getHeaders()['content-type'] ?? '').includes('json')
      if (response.getStatusCode() >= 500 && !isJson) {
        // Read and dropped, so that the connection can be used again.
        await response.toJSON().catch(() => {})
        throw new FailedAnswer(response.getStatusCode())
      }
      const readJson = response.toJSON.bind(response)
      const toJSON = async () => {
        const body: unknown = await readJson()
        if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body
        throw new SyntaxError('no JSON object')
      }
      return Object.defineProperty(response, 'toJSON', { value: toJSON })
    },
  }
}
