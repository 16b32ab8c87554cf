import { ClerkRefusal } from '../clerk-error.ts'
import type { Body } from '../http/body.ts'
import type { HttpOrigin } from '../http/call.ts'
import { given } from '../http/given.ts'
import { withinLimit } from '../metadata.ts'
import { type ClerkUser, emptyList, makeEmailAddress, makePhoneNumber, makeUser } from '../objects/index.ts'
import type { ClerkState } from '../state.ts'

/** What a new user is made of; all of it may be left out. */
export interface NewUser
  extends Partial<Omit<ClerkUser, 'id' | 'object' | 'email_addresses' | 'phone_numbers'>> {
  /** Addresses as text, verified; the first is primary. */
  readonly emails?: readonly string[]
  /** Phone numbers as text, verified; the first is primary. */
  readonly phones?: readonly string[]
}

/**
 * Makes a user and tells `user.created`.
 *
 * @throws ClerkRefusal 422 when an address, a username or an external id is taken.
 * @example
 * createUser(state, { emails: ['ada@example.com'], public_metadata: { plan: 'pro' } })
 */
export function createUser(state: ClerkState, fields: NewUser, http: HttpOrigin = null): ClerkUser {
  const { emails = [], phones = [], ...rest } = fields
  for (const email of emails) refuseTakenEmail(state, email)
  refuseTaken(fields, state, null)
  const created_at = rest.created_at ?? state.now()
  const user = makeUser({
    ...rest,
    id: state.ids.next('user'),
    created_at,
    updated_at: state.now(),
    email_addresses: emails.map((email_address) =>
      makeEmailAddress({ id: state.ids.next('idn'), email_address, created_at }),
    ),
    phone_numbers: phones.map((phone_number) =>
      makePhoneNumber({ id: state.ids.next('idn'), phone_number, created_at }),
    ),
  })
  state.putUser(user)
  state.emit('user.created', user, http)
  return user
}

/** @throws ClerkRefusal 422 when another user has the address. */
export function refuseTakenEmail(state: ClerkState, email: string): void {
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
    throw new ClerkRefusal(
      422,
      'form_param_format_invalid',
      'is invalid',
      'Email address must be a valid email address.',
      { param_name: 'email_address' },
    )
  }
  if (state.usersByEmail.has(email.toLowerCase()))
    throw taken('email_address', 'That email address is taken. Please try another.')
}

/** @throws ClerkRefusal 422 when another user has the username or the external id. */
export function refuseTaken(
  fields: { readonly username?: string | null; readonly external_id?: string | null },
  state: ClerkState,
  self: string | null,
): void {
  const isOther = ({ id }: ClerkUser) => id !== self
  if (fields.username != null && state.usersByUsername.find(fields.username).some(isOther)) {
    throw taken('username', 'That username is taken. Please try another.')
  }
  if (fields.external_id != null && state.usersByExternalId.find(fields.external_id).some(isOther)) {
    throw new ClerkRefusal(
      422,
      'duplicate_record',
      'is taken',
      `The external ID ${fields.external_id} is already in use.`,
      { param_name: 'external_id' },
    )
  }
}

function taken(name: string, longMessage: string): ClerkRefusal {
  return new ClerkRefusal(422, 'form_identifier_exists', longMessage, longMessage, { param_name: name })
}

/** Reads the body of `POST /v1/users`. Passwords and second factors are accepted and not kept. */
export function readNewUser(body: Body): NewUser {
  const created_at = body.time('created_at')
  const legal_accepted_at = body.time('legal_accepted_at')
  const user: NewUser = {
    emails: body.texts('email_address') ?? emptyList,
    phones: body.texts('phone_number') ?? emptyList,
    ...readProfile(body),
    public_metadata: withinLimit('public_metadata', body.object('public_metadata') ?? {}),
    private_metadata: withinLimit('private_metadata', body.object('private_metadata') ?? {}),
    unsafe_metadata: withinLimit('unsafe_metadata', body.object('unsafe_metadata') ?? {}),
    password_enabled: body.has('password') || body.has('password_digest'),
    banned: body.flag('banned') ?? false,
    locked: body.flag('locked') ?? false,
    ...(created_at !== undefined && { created_at }),
    ...(legal_accepted_at !== undefined && { legal_accepted_at }),
  }
  body.accept(
    'email_address_identification_status',
    'phone_number_identification_status',
    'web3_wallet',
    'password',
    'password_digest',
    'password_hasher',
    'skip_password_checks',
    'skip_password_requirement',
    'totp_secret',
    'backup_codes',
    'skip_legal_checks',
    'skip_user_requirement',
  )
  body.end()
  return user
}

/** The fields that creating and updating a user share. */
export function readProfile(body: Body): Partial<ClerkUser> {
  const fields = {
    external_id: body.text('external_id'),
    first_name: body.text('first_name'),
    last_name: body.text('last_name'),
    locale: body.text('locale'),
    username: body.text('username'),
    delete_self_enabled: body.flag('delete_self_enabled'),
    create_organization_enabled: body.flag('create_organization_enabled'),
    create_organizations_limit: body.whole('create_organizations_limit', 0),
    bypass_client_trust: body.flag('bypass_client_trust'),
  }
  return given(fields)
}
