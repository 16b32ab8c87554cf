import type { Millis } from './json.ts'
import { type ClerkMoney, makeMoney } from './money.ts'
import type { ClerkPayer, ClerkSubscriptionItem } from './subscription.ts'

/** The means that a payment was tried with. */
export interface ClerkPaymentMethod {
  readonly object: 'commerce_payment_method'
  readonly id: string
  readonly payer_id: string
  readonly payment_type: 'card' | 'link'
  readonly gateway: 'stripe'
  readonly gateway_external_id: string
  readonly gateway_external_account_id: string | null
  readonly last4: string | null
  readonly status: 'active' | 'disconnected'
  readonly card_type: string | null
}

/** One try to collect a payment. */
export interface ClerkPaymentAttempt {
  readonly object: 'commerce_payment'
  readonly id: string
  readonly payment_id: string
  readonly instance_id: string
  readonly charge_type: 'checkout' | 'recurring'
  readonly payee_id: string
  readonly payee: object
  readonly payer_id: string
  readonly payer: ClerkPayer
  readonly subscription_item_id: string
  readonly subscription_item: ClerkSubscriptionItem
  readonly amount: ClerkMoney
  readonly payment_method_id: string
  readonly payment_method: ClerkPaymentMethod
  readonly statement_id: string
  readonly gateway_external_id: string | null
  readonly gateway_external_url: string | null
  readonly status: 'pending' | 'paid' | 'failed'
  readonly paid_at: Millis | null
  readonly failed_at: Millis | null
  readonly created_at: Millis
  readonly updated_at: Millis
}

/** A payer's statement of a month: its payments and their sum. */
export interface ClerkStatement {
  readonly object: 'commerce_statement'
  readonly id: string
  readonly instance_id: string
  readonly timestamp: Millis
  readonly payer: ClerkPayer
  readonly status: 'open' | 'closed'
  readonly totals: {
    readonly grand_total: ClerkMoney
    readonly subtotal: ClerkMoney
    readonly base_fee: ClerkMoney
    readonly tax_total: ClerkMoney
  }
  readonly groups: readonly {
    readonly object: 'commerce_statement_group'
    readonly timestamp: Millis
    readonly items: readonly ClerkPaymentAttempt[]
  }[]
}

/** Makes a try to pay for an item, paid unless told otherwise. The card is a test card: no number is kept. */
export function makePaymentAttempt(
  fields: Pick<ClerkPaymentAttempt, 'id' | 'statement_id' | 'created_at' | 'subscription_item'> &
    Partial<ClerkPaymentAttempt>,
): ClerkPaymentAttempt {
  const item = fields.subscription_item
  const status = fields.status ?? 'paid'
  const at = fields.created_at
  const method_id = `cpm_${item.payer_id.slice(item.payer_id.indexOf('_') + 1)}`
  return {
    object: 'commerce_payment',
    payment_id: fields.id.replace(/^[a-z]+_/, 'cpay_'),
    instance_id: item.instance_id,
    charge_type: 'recurring',
    payee_id: 'cpayee_sandbox',
    payee: {
      id: 'cpayee_sandbox',
      gateway_type: 'stripe',
      gateway_external_id: 'acct_sandbox',
      gateway_status: 'active',
    },
    payer_id: item.payer_id,
    payer: item.payer,
    subscription_item_id: item.id,
    amount: (item.plan_period === 'annual' ? item.plan.annual_fee : item.plan.fee) ?? makeMoney(0),
    payment_method_id: method_id,
    payment_method: {
      object: 'commerce_payment_method',
      id: method_id,
      payer_id: item.payer_id,
      payment_type: 'card',
      gateway: 'stripe',
      gateway_external_id: 'pm_sandbox',
      gateway_external_account_id: null,
      last4: '4242',
      status: 'active',
      card_type: 'visa',
    },
    gateway_external_id: null,
    gateway_external_url: null,
    paid_at: status === 'paid' ? at : null,
    failed_at: status === 'failed' ? at : null,
    updated_at: at,
    ...fields,
    status,
  }
}

/** Makes a closed statement of payments; its totals are the sum of the paid ones. */
export function makeStatement(
  fields: Pick<ClerkStatement, 'id' | 'timestamp' | 'payer'> & {
    readonly status?: 'open' | 'closed'
    readonly payments: readonly ClerkPaymentAttempt[]
  },
): ClerkStatement {
  const paid = fields.payments.filter(({ status }) => status === 'paid')
  const sum = makeMoney(paid.reduce((total, { amount }) => total + amount.amount, 0))
  return {
    object: 'commerce_statement',
    id: fields.id,
    instance_id: fields.payer.instance_id,
    timestamp: fields.timestamp,
    payer: fields.payer,
    status: fields.status ?? 'closed',
    totals: { grand_total: sum, subtotal: sum, base_fee: sum, tax_total: makeMoney(0) },
    groups: [{ object: 'commerce_statement_group', timestamp: fields.timestamp, items: fields.payments }],
  }
}
