import type { SubjectReading } from '../grant/granted.ts'
import type { BillingFact, Customer } from '../promise/billing.ts'
import type { MatchRule, MatchValue } from './rule.ts'

/** The values by which a customer itself answers to the rules. */
export function customerMatchValues(rules: readonly MatchRule[], customer: Customer): readonly MatchValue[] {
  return valuesOf(rules, (rule) => {
    switch (rule.from.kind) {
      case 'customer.id':
        return [customer.id]
      case 'customer.metadata':
        return [metadataValue(customer.metadata, rule.from.key)]
      case 'customer.email':
        return [customer.email]
      case 'subscription.metadata':
      case 'checkout.client_reference_id':
        return []
    }
  })
}

/** The values by which a customer answers to the rules through one of its subscriptions or purchases. */
export function factMatchValues(rules: readonly MatchRule[], fact: BillingFact): readonly MatchValue[] {
  return valuesOf(rules, (rule) => {
    switch (rule.from.kind) {
      case 'subscription.metadata':
        return fact.kind === 'subscription' ? [metadataValue(fact.metadata, rule.from.key)] : []
      case 'checkout.client_reference_id':
        return fact.kind === 'purchase' ? [fact.clientReferenceId] : []
      case 'customer.id':
      case 'customer.metadata':
      case 'customer.email':
        return []
    }
  })
}

/**
 * The values by which a subject answers to the rules: a customer who asks at a rule with one of those that stand at its
 * {@link answeringPlace} is its own.
 */
export function subjectMatchValues(
  rules: readonly MatchRule[],
  reading: SubjectReading,
): readonly MatchValue[] {
  return valuesOf(rules, (rule, place) => {
    if (answeringPlace(rules, rule) !== place) return []
    switch (rule.to) {
      case 'customerId':
        return reading.customerId.state === 'value' ? [reading.customerId.value] : []
      case 'id':
        return [reading.subject.id]
      case 'externalId':
        return [reading.externalId]
      case 'email':
        return reading.emails
    }
  })
}

/**
 * The place of the rule under which the values stand that subjects answer to this one with. What it points to decides
 * them, so several rules that point to the same have them in common.
 */
export function answeringPlace(rules: readonly MatchRule[], { to }: MatchRule): number {
  return rules.findIndex((rule) => rule.to === to)
}

/** Empty values answer to nothing: two customers without a `user_id` have nothing in common. */
function valuesOf(
  rules: readonly MatchRule[],
  find: (rule: MatchRule, place: number) => readonly (string | null | undefined)[],
): readonly MatchValue[] {
  const found: MatchValue[] = []
  rules.forEach((rule, place) => {
    for (const text of find(rule, place)) {
      const trimmed = text?.trim() ?? ''
      const value = rule.to === 'email' ? trimmed.toLowerCase() : trimmed
      const isKnown = found.some((other) => other.rule === place && other.value === value)
      if (value !== '' && !isKnown) found.push({ rule: place, value })
    }
  })
  return found
}

/** Only what the object itself holds: a key such as `constructor` finds nothing. */
function metadataValue(metadata: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(metadata, key) ? metadata[key] : undefined
}
