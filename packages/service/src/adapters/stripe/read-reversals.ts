import type { ReversalReading } from '@trueup/core'
import { readStripeDispute, readStripeRefund } from '@trueup/core'
import type Stripe from 'stripe'
import type { StripeConnection } from './client.ts'
import { missingPermission, stripeSourceError, UnreadableAnswer } from './errors.ts'

const pageSize = 100

/**
 * What went back of these payments, and what is disputed. A key that may not read one or the other is told nothing of
 * it, as in a full check.
 */
export async function readReversals(
  connection: StripeConnection,
  paymentIds: readonly string[],
): Promise<readonly ReversalReading[]> {
  const read = await Promise.all(
    [...new Set(paymentIds)].flatMap((id) => [
      readAll(connection, 'refunds', id, readStripeRefund),
      readAll(connection, 'disputes', id, readStripeDispute),
    ]),
  )
  return read.flat()
}

async function readAll(
  connection: StripeConnection,
  list: 'refunds' | 'disputes',
  paymentId: string,
  read: (json: unknown) => ReversalReading | null,
): Promise<readonly ReversalReading[]> {
  const by = paymentId.startsWith('pi_') ? { payment_intent: paymentId } : { charge: paymentId }
  const found: ReversalReading[] = []
  let last: string | null = null
  for (;;) {
    const params = { ...by, limit: pageSize, ...(last === null ? {} : { starting_after: last }) }
    const page: Stripe.ApiList<{ readonly id: string }> | null = await send(connection, list, params)
    if (page === null) return []
    found.push(...page.data.flatMap((object) => read(object) ?? []))
    last = page.data.at(-1)?.id ?? null
    if (!page.has_more || last === null) return found
  }
}

/** `null`: the key may not read them. */
async function send(
  connection: StripeConnection,
  list: 'refunds' | 'disputes',
  params: Stripe.RefundListParams & Stripe.DisputeListParams,
): Promise<Stripe.ApiList<{ readonly id: string }> | null> {
  try {
    return await connection.attempt(async (stripe) => {
      const page: Stripe.ApiList<{ readonly id: string }> = await stripe[list].list(params)
      if (!Array.isArray(page.data)) throw new UnreadableAnswer('a list was needed')
      return page
    })
  } catch (error) {
    if (missingPermission(error) !== null) return null
    throw stripeSourceError(error, list)
  }
}
