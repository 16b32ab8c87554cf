import { BillingError } from '../billing-error.ts'
import { received } from './respond.ts'

/**
 * Answers a webhook that could not be stored, or whose work could not be looked after, so that the vendor sends it
 * again: nothing is acknowledged that is not kept.
 */
export async function acknowledged(receive: () => Promise<Response>): Promise<Response> {
  try {
    return await receive()
  } catch (error) {
    if (error instanceof BillingError && error.retryable) return received('retry')
    throw error
  }
}
