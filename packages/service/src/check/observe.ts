import type {
  BillingFact,
  Customer,
  ObservedCustomer,
  ObservedFact,
  ObservedSubject,
  Reversal,
  Rules,
  SubjectReading,
} from '@trueup/core'
import {
  attachReversals,
  customerMatchValues,
  factKeys,
  factMatchValues,
  monthlyOfFact,
  subjectAgreementKey,
  subjectMatchValues,
} from '@trueup/core'

/** A fact with what it comes to and by what it is matched, as the store compares it. */
export function observeFact(
  fact: BillingFact,
  reversals: ReadonlyMap<string, Reversal>,
  rules: Rules,
): ObservedFact {
  const whole = attachReversals(fact, reversals)
  const { keys, entitling } = factKeys(whole, rules)
  return {
    fact: whole,
    keys,
    entitling,
    monthly: entitling ? monthlyOfFact(whole, rules.prices) : null,
    matchValues: factMatchValues(rules.match, whole),
  }
}

export function observeCustomer(customer: Customer, rules: Rules): ObservedCustomer {
  return { customer, matchValues: customerMatchValues(rules.match, customer) }
}

export function observeSubject(reading: SubjectReading, rules: Rules): ObservedSubject {
  return {
    reading,
    key: subjectAgreementKey(reading, rules),
    matchValues: subjectMatchValues(rules.match, reading),
  }
}

/** The payments by which refunds and disputes of these facts are found. */
export function paymentIdsOf(facts: readonly BillingFact[]): readonly string[] {
  return facts.flatMap((fact) => {
    if (fact.kind === 'purchase') return fact.paymentIds
    if (fact.kind === 'subscription' && fact.latestInvoice && fact.latestInvoice !== 'unread') {
      return fact.latestInvoice.paymentIds
    }
    return []
  })
}
