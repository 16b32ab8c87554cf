import { ClerkRefusal } from '../clerk-error.ts'
import type { DeletedObject } from '../event.ts'
import type { HttpOrigin } from '../http/call.ts'
import { notFound } from '../http/param-error.ts'
import {
  type ClerkEmailAddress,
  type ClerkUser,
  type EmailVerification,
  makeEmailAddress,
  verifiedByAdmin,
} from '../objects/index.ts'
import type { ClerkState } from '../state.ts'
import { changeUser } from './change-user.ts'
import { refuseTakenEmail } from './create-user.ts'
import { findUser } from './find-user.ts'

/** The code that verifies every address, as for Clerk's test addresses. */
export const verificationCode = '424242'

/** @throws ClerkRefusal 404 when no user has an address with this id. */
export function findEmail(state: ClerkState, id: string): { user: ClerkUser; email: ClerkEmailAddress } {
  const user = state.usersByEmailId.find(id)[0]
  const email = user?.email_addresses.find((each) => each.id === id)
  if (user === undefined || email === undefined) throw notFound('email address', id)
  return { user, email }
}

export function addEmail(
  state: ClerkState,
  fields: {
    readonly user_id: string
    readonly email_address: string
    readonly verified: boolean
    readonly primary: boolean
  },
  http: HttpOrigin = null,
): ClerkEmailAddress {
  const user = findUser(state, fields.user_id)
  refuseTakenEmail(state, fields.email_address)
  const email = makeEmailAddress({
    id: state.ids.next('idn'),
    email_address: fields.email_address,
    verification: fields.verified ? verifiedByAdmin : null,
    created_at: state.now(),
  })
  const isPrimary = fields.primary || user.primary_email_address_id === null
  changeUser(
    state,
    user.id,
    {
      email_addresses: [...user.email_addresses, email],
      ...(isPrimary && { primary_email_address_id: email.id }),
    },
    http,
  )
  return email
}

export function changeEmail(
  state: ClerkState,
  id: string,
  change: { readonly verification?: EmailVerification | null; readonly primary?: boolean },
  http: HttpOrigin = null,
): ClerkEmailAddress {
  const { user, email } = findEmail(state, id)
  const changed: ClerkEmailAddress = {
    ...email,
    ...(change.verification !== undefined && { verification: change.verification }),
    updated_at: state.now(),
  }
  changeUser(
    state,
    user.id,
    {
      email_addresses: user.email_addresses.map((each) => (each.id === id ? changed : each)),
      ...(change.primary === true && { primary_email_address_id: id }),
    },
    http,
  )
  return changed
}

/** @throws ClerkRefusal 409 for the primary address of a user who has others. */
export function deleteEmail(state: ClerkState, id: string, http: HttpOrigin = null): DeletedObject {
  const { user } = findEmail(state, id)
  const rest = user.email_addresses.filter((each) => each.id !== id)
  const wasPrimary = user.primary_email_address_id === id
  if (wasPrimary && rest.length > 0) {
    throw new ClerkRefusal(
      409,
      'deletion_of_primary_identification',
      'Deletion of primary email address is not allowed',
      'Make another email address primary before deleting this one.',
    )
  }
  changeUser(
    state,
    user.id,
    { email_addresses: rest, ...(wasPrimary && { primary_email_address_id: null }) },
    http,
  )
  return { object: 'email_address', id, deleted: true }
}
