import type { ChangedCustomers } from '@trueup/core'
import { readClerkPayer } from '@trueup/core'
import type { RawObject } from './raw-page.ts'
import { readItems } from './read-items.ts'
import type { ClerkBillingConnection } from './request.ts'

/** Clerk stamps its items by its own clock, and shows a change after the moment that it carries. */
const overlapMs = 10 * 60_000

/**
 * The payers one of whose items changed at a moment or after it. Clerk neither filters items by their time of change nor
 * orders by it, so all are listed: a request for 500, which is still far less than reading both sides of everybody.
 */
export async function* readChangedPayers(
  connection: ClerkBillingConnection,
  since: Date,
): AsyncGenerator<ChangedCustomers> {
  const until = connection.clock.now()
  const from = since.getTime() - overlapMs
  for await (const { rows } of readItems(connection, [])) {
    const payers = rows.flatMap((row) => (changedAt(row) >= from ? (payerOf(row) ?? []) : []))
    yield { customerIds: [...new Set(payers)], until }
  }
}

/** What does not say when it changed may have changed now. */
function changedAt({ raw }: RawObject): number {
  return typeof raw.updated_at === 'number' ? raw.updated_at : Number.POSITIVE_INFINITY
}

function payerOf({ raw }: RawObject): string | null {
  return readClerkPayer(raw.payer, false)?.id ?? null
}
