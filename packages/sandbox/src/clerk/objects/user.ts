import type { ClerkEmailAddress } from './email-address.ts'
import { emptyList, emptyObject, type JsonObject, type Millis } from './json.ts'
import type { ClerkPhoneNumber } from './phone-number.ts'

/** A user as the Backend API of version 2026-05-12 sends it. Plain and read-only: a change makes a new object. */
export interface ClerkUser {
  readonly id: string
  readonly object: 'user'
  readonly username: string | null
  readonly first_name: string | null
  readonly last_name: string | null
  readonly locale: string | null
  readonly image_url: string
  readonly has_image: boolean
  readonly primary_email_address_id: string | null
  readonly primary_phone_number_id: string | null
  readonly primary_web3_wallet_id: string | null
  readonly password_enabled: boolean
  readonly two_factor_enabled: boolean
  readonly totp_enabled: boolean
  readonly backup_code_enabled: boolean
  readonly email_addresses: readonly ClerkEmailAddress[]
  readonly phone_numbers: readonly ClerkPhoneNumber[]
  readonly web3_wallets: readonly JsonObject[]
  readonly passkeys: readonly JsonObject[]
  readonly external_accounts: readonly JsonObject[]
  readonly saml_accounts: readonly JsonObject[]
  readonly enterprise_accounts: readonly JsonObject[]
  readonly password_last_updated_at: Millis | null
  readonly public_metadata: JsonObject
  readonly private_metadata: JsonObject | null
  readonly unsafe_metadata: JsonObject
  readonly external_id: string | null
  readonly last_sign_in_at: Millis | null
  readonly banned: boolean
  readonly locked: boolean
  readonly lockout_expires_in_seconds: number | null
  readonly verification_attempts_remaining: number | null
  readonly created_at: Millis
  readonly updated_at: Millis
  readonly delete_self_enabled: boolean
  readonly create_organization_enabled: boolean
  readonly create_organizations_limit: number | null
  readonly last_active_at: Millis | null
  readonly mfa_enabled_at: Millis | null
  readonly mfa_disabled_at: Millis | null
  readonly legal_accepted_at: Millis | null
  readonly bypass_client_trust: boolean
  readonly profile_image_url: string
}

const defaultImage = 'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCJ9'

/**
 * Makes a user: all that is not given has Clerk's default. With email addresses and no primary one the first is primary.
 *
 * @example
 * const email = makeEmailAddress({ id: ids.next('idn'), email_address: 'ada@example.com', created_at })
 * makeUser({ id: ids.next('user'), created_at, email_addresses: [email], public_metadata: { plan: 'pro' } })
 */
export function makeUser(fields: Pick<ClerkUser, 'id' | 'created_at'> & Partial<ClerkUser>): ClerkUser {
  // One literal in one order, so that all users share a hidden class: a million of them take half the memory.
  return {
    id: fields.id,
    object: 'user',
    username: fields.username ?? null,
    first_name: fields.first_name ?? null,
    last_name: fields.last_name ?? null,
    locale: fields.locale ?? null,
    image_url: fields.image_url ?? defaultImage,
    has_image: fields.has_image ?? false,
    primary_email_address_id: fields.primary_email_address_id ?? fields.email_addresses?.[0]?.id ?? null,
    primary_phone_number_id: fields.primary_phone_number_id ?? fields.phone_numbers?.[0]?.id ?? null,
    primary_web3_wallet_id: fields.primary_web3_wallet_id ?? null,
    password_enabled: fields.password_enabled ?? false,
    two_factor_enabled: fields.two_factor_enabled ?? false,
    totp_enabled: fields.totp_enabled ?? false,
    backup_code_enabled: fields.backup_code_enabled ?? false,
    email_addresses: fields.email_addresses ?? emptyList,
    phone_numbers: fields.phone_numbers ?? emptyList,
    web3_wallets: fields.web3_wallets ?? emptyList,
    passkeys: fields.passkeys ?? emptyList,
    external_accounts: fields.external_accounts ?? emptyList,
    saml_accounts: fields.saml_accounts ?? emptyList,
    enterprise_accounts: fields.enterprise_accounts ?? emptyList,
    password_last_updated_at: fields.password_last_updated_at ?? null,
    public_metadata: fields.public_metadata ?? emptyObject,
    private_metadata: fields.private_metadata ?? emptyObject,
    unsafe_metadata: fields.unsafe_metadata ?? emptyObject,
    external_id: fields.external_id ?? null,
    last_sign_in_at: fields.last_sign_in_at ?? null,
    banned: fields.banned ?? false,
    locked: fields.locked ?? false,
    lockout_expires_in_seconds: fields.lockout_expires_in_seconds ?? null,
    verification_attempts_remaining: fields.verification_attempts_remaining ?? 100,
    created_at: fields.created_at,
    updated_at: fields.updated_at ?? fields.created_at,
    delete_self_enabled: fields.delete_self_enabled ?? true,
    create_organization_enabled: fields.create_organization_enabled ?? true,
    create_organizations_limit: fields.create_organizations_limit ?? null,
    last_active_at: fields.last_active_at ?? null,
    mfa_enabled_at: fields.mfa_enabled_at ?? null,
    mfa_disabled_at: fields.mfa_disabled_at ?? null,
    legal_accepted_at: fields.legal_accepted_at ?? null,
    bypass_client_trust: fields.bypass_client_trust ?? false,
    profile_image_url: fields.profile_image_url ?? defaultImage,
  }
}

/** The primary address as text, or null. */
export function primaryEmail(user: ClerkUser): string | null {
  const found = user.email_addresses.find(({ id }) => id === user.primary_email_address_id)
  return found?.email_address ?? null
}
