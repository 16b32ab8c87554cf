import { given } from '../http/given.ts'
import { notFound } from '../http/param-error.ts'
import { reply } from '../http/reply.ts'
import { type MetadataField, readMetadata } from '../metadata.ts'
import { listUserInvitations } from '../organizations/invitations.ts'
import { listUserMemberships } from '../organizations/list-memberships.ts'
import { changeUser } from '../users/change-user.ts'
import { createUser, readNewUser, readProfile, refuseTaken } from '../users/create-user.ts'
import { deleteUser } from '../users/delete-user.ts'
import { findUser } from '../users/find-user.ts'
import { countUsers, listUsers } from '../users/list-users.ts'
import { patchUserMetadata, replaceUserMetadata } from '../users/user-metadata.ts'
import type { AddRoute, ClerkInstance } from './route.ts'

const metadataFields: readonly MetadataField[] = ['public_metadata', 'private_metadata', 'unsafe_metadata']

/** Users, their metadata, and what they are members of. */
export function addUserRoutes(add: AddRoute, { state }: ClerkInstance): void {
  add('GET', '/users', ({ query }) => reply(listUsers(query, state)))
  add('GET', '/users/count', ({ query }) =>
    reply({ object: 'total_count', total_count: countUsers(query, state) }),
  )
  add('POST', '/users', async (call) => reply(createUser(state, readNewUser(await call.body()), call.http)))
  add('GET', '/users/:user_id', (call) => reply(findUser(state, call.part('user_id'))))
  add('PATCH', '/users/:user_id', async (call) => {
    const user = findUser(state, call.part('user_id'))
    const body = await call.body()
    const fields = {
      ...readProfile(body),
      ...given({
        primary_email_address_id: body.text('primary_email_address_id'),
        primary_phone_number_id: body.text('primary_phone_number_id'),
        primary_web3_wallet_id: body.text('primary_web3_wallet_id'),
        legal_accepted_at: body.time('legal_accepted_at'),
        created_at: body.time('created_at'),
        password_enabled: body.has('password') || body.has('password_digest') ? true : undefined,
      }),
    }
    // Fields of sign-in methods, which change nothing that an API answer shows.
    body.accept(
      'notify_primary_email_address_changed',
      'profile_image_id',
      'password',
      'password_digest',
      'password_hasher',
      'skip_password_checks',
      'sign_out_of_other_sessions',
      'totp_secret',
      'backup_codes',
      'skip_legal_checks',
    )
    body.end()
    refuseTaken(fields, state, user.id)
    refuseForeign('email address', fields.primary_email_address_id, user.email_addresses)
    refuseForeign('phone number', fields.primary_phone_number_id, user.phone_numbers)
    return reply(changeUser(state, user.id, fields, call.http))
  })
  add('DELETE', '/users/:user_id', (call) => reply(deleteUser(state, call.part('user_id'), call.http)))
  const acts = {
    ban: { banned: true },
    unban: { banned: false },
    lock: { locked: true },
    unlock: { locked: false },
  }
  for (const [act, fields] of Object.entries(acts)) {
    add('POST', `/users/:user_id/${act}`, (call) =>
      reply(changeUser(state, call.part('user_id'), fields, call.http)),
    )
  }
  for (const [method, change] of [
    ['PATCH', patchUserMetadata],
    ['PUT', replaceUserMetadata],
  ] as const) {
    add(method, '/users/:user_id/metadata', async (call) => {
      const { id } = findUser(state, call.part('user_id'))
      const body = await call.body()
      const metadata = readMetadata(body, metadataFields)
      body.end()
      return reply(change(state, id, metadata, call.http))
    })
  }
  add('GET', '/users/:user_id/organization_memberships', (call) =>
    reply(listUserMemberships(call.query, state, findUser(state, call.part('user_id')).id)),
  )
  add('GET', '/users/:user_id/organization_invitations', (call) => {
    const user = findUser(state, call.part('user_id'))
    const emails = user.email_addresses.map(({ email_address }) => email_address)
    return reply(listUserInvitations(call.query, state, emails))
  })
}

/** What is made primary must be the user's own. */
function refuseForeign(
  what: string,
  id: string | null | undefined,
  own: readonly { readonly id: string }[],
): void {
  if (id != null && !own.some((each) => each.id === id)) throw notFound(what, id)
}
