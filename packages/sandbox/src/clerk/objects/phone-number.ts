import { type EmailVerification, verifiedByAdmin } from './email-address.ts'
import { emptyList, type JsonObject, type Millis } from './json.ts'

/** A phone number as the Backend API sends it. */
export interface ClerkPhoneNumber {
  readonly id: string
  readonly object: 'phone_number'
  readonly phone_number: string
  readonly reserved_for_second_factor: boolean
  readonly default_second_factor: boolean
  readonly reserved: boolean
  readonly verification: EmailVerification | null
  readonly linked_to: readonly JsonObject[]
  readonly backup_codes: readonly string[] | null
  readonly created_at: Millis
  readonly updated_at: Millis
}

/** Makes a phone number, verified unless told otherwise. */
export function makePhoneNumber(
  fields: Pick<ClerkPhoneNumber, 'id' | 'phone_number' | 'created_at'> & Partial<ClerkPhoneNumber>,
): ClerkPhoneNumber {
  return {
    object: 'phone_number',
    reserved_for_second_factor: false,
    default_second_factor: false,
    reserved: false,
    verification: verifiedByAdmin,
    linked_to: emptyList,
    backup_codes: null,
    updated_at: fields.created_at,
    ...fields,
  }
}
