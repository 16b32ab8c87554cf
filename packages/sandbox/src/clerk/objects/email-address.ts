import { emptyList, type Millis } from './json.ts'

/** Proof, or lack of it, that an address belongs to its user. */
export interface EmailVerification {
  readonly object: 'verification_otp' | 'verification_admin'
  readonly status: 'unverified' | 'verified' | 'failed' | 'expired'
  readonly strategy: 'email_code' | 'admin'
  readonly attempts: number | null
  readonly expire_at: Millis | null
}

/** An email address as the Backend API sends it. */
export interface ClerkEmailAddress {
  readonly id: string
  readonly object: 'email_address'
  readonly email_address: string
  readonly reserved: boolean
  readonly verification: EmailVerification | null
  readonly linked_to: readonly { readonly type: string; readonly id: string }[]
  readonly matches_sso_connection: boolean
  readonly created_at: Millis
  readonly updated_at: Millis
}

/** Verified by an administrator: what the Backend API does on `verified: true`. Shared between addresses. */
export const verifiedByAdmin: EmailVerification = Object.freeze({
  object: 'verification_admin',
  status: 'verified',
  strategy: 'admin',
  attempts: null,
  expire_at: null,
})

/** Makes an email address, verified unless told otherwise. */
export function makeEmailAddress(
  fields: Pick<ClerkEmailAddress, 'id' | 'email_address' | 'created_at'> & Partial<ClerkEmailAddress>,
): ClerkEmailAddress {
  return {
    object: 'email_address',
    reserved: false,
    verification: verifiedByAdmin,
    linked_to: emptyList,
    matches_sso_connection: false,
    updated_at: fields.created_at,
    ...fields,
  }
}
