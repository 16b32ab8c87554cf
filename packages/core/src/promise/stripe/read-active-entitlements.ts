import { fieldsOf, foundJson } from '../../json/fields.ts'
import type { ActiveEntitlements } from '../billing.ts'

/**
 * Reads the active entitlements of one customer, as `GET /v1/entitlements/active_entitlements` lists them, or several
 * pages of that list joined into an array. https://docs.stripe.com/api/entitlements/active-entitlement
 *
 * @param of The answer says neither whose entitlements they are nor, when there are none, in which mode.
 *
 * @example
 * readStripeActiveEntitlements(list, { customerId: 'cus_1', livemode: true, readAt: clock.now() }).lookupKeys
 */
export function readStripeActiveEntitlements(
  json: unknown,
  of: { readonly customerId: string; readonly livemode: boolean; readonly readAt: Date },
): ActiveEntitlements {
  const problems: string[] = []
  const fields = fieldsOf({ entitlements: json }, '', problems)
  if (!fields?.has('entitlements')) problems.push(`the list of entitlements is ${foundJson(json)}`)
  if (fields?.expanded('entitlements')?.flag('has_more') === true)
    problems.push('entitlements holds only a part of the list')
  const lookupKeys = (fields?.objects('entitlements') ?? []).flatMap((entitlement) => {
    const lookupKey = entitlement.text('lookup_key') ?? entitlement.expanded('feature')?.text('lookup_key')
    if (!lookupKey) entitlement.problem('has no lookup_key')
    return lookupKey ? [lookupKey] : []
  })
  return {
    kind: 'entitlements',
    id: `entitlements:${of.customerId}`,
    customerId: of.customerId,
    livemode: of.livemode,
    lookupKeys: [...new Set(lookupKeys)].sort(),
    changedAt: new Date(0),
    readAt: of.readAt,
    problems,
  }
}
