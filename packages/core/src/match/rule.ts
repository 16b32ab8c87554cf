/**
 * How a customer finds its subject. Rules stand in order; for each customer the first rule that answers wins.
 * `text` is the rule as configured, such as `customer.metadata.user_id -> id`.
 */
export interface MatchRule {
  readonly from:
    | { readonly kind: 'customer.id' }
    | { readonly kind: 'customer.metadata'; readonly key: string }
    | { readonly kind: 'subscription.metadata'; readonly key: string }
    | { readonly kind: 'checkout.client_reference_id' }
    | { readonly kind: 'customer.email' }
  readonly to: 'customerId' | 'id' | 'externalId' | 'email'
  readonly text: string
}

/** The value by which a customer or a subject answers to the rule at this place in the project's list. */
export interface MatchValue {
  readonly rule: number
  readonly value: string
}
