import type { JsonObject } from './wire.ts'

/** The account that a key belongs to. */
export interface Account {
  id: string
  object: 'account'
  business_profile: JsonObject | null
  business_type: 'company' | 'government_entity' | 'individual' | 'non_profit' | null
  capabilities: JsonObject
  charges_enabled: boolean
  country: string
  created: number
  default_currency: string
  details_submitted: boolean
  email: string | null
  metadata: JsonObject
  payouts_enabled: boolean
  settings: JsonObject | null
  type: 'custom' | 'express' | 'none' | 'standard'
}

/** A whole account. */
export function makeAccount(fields: { id: string; created: number } & Partial<Account>): Account {
  const account: Account = {
    id: fields.id,
    object: 'account',
    business_profile: { name: 'Sandbox', url: null },
    business_type: 'company',
    capabilities: { card_payments: 'active', transfers: 'active' },
    charges_enabled: true,
    country: 'US',
    created: fields.created,
    default_currency: 'usd',
    details_submitted: true,
    email: null,
    metadata: {},
    payouts_enabled: true,
    settings: { dashboard: { display_name: 'Sandbox', timezone: 'Etc/UTC' } },
    type: 'standard',
  }
  return Object.assign(account, fields)
}
