import type { SubjectId, SubjectType } from '@trueup/core'
import { jsonText } from '../webhook/json-field.ts'

const nouns: readonly string[] = ['subscription', 'subscriptionItem', 'paymentAttempt']

/**
 * The payer whom an event of Clerk Billing is about; `null`: another event, or a payer of the kind that is not billed,
 * as every user is where organizations are. Fields that a payer lacks are empty in Clerk's events.
 * https://clerk.com/docs/guides/development/webhooks/billing
 */
export function payerInEvent(type: string, event: unknown, billed: SubjectType): SubjectId | null {
  const [noun = ''] = type.split('.')
  if (!nouns.includes(noun)) return null
  const organization = jsonText(event, 'data', 'payer', 'organization_id')
  if (billed === 'organization') return organization ? { type: billed, id: organization } : null
  const user = organization ? null : jsonText(event, 'data', 'payer', 'user_id')
  return user ? { type: billed, id: user } : null
}
