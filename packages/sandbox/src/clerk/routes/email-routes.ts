import { ClerkRefusal } from '../clerk-error.ts'
import { reply } from '../http/reply.ts'
import { type EmailVerification, verifiedByAdmin } from '../objects/index.ts'
import { addEmail, changeEmail, deleteEmail, findEmail, verificationCode } from '../users/email-addresses.ts'
import type { AddRoute, ClerkInstance } from './route.ts'

const tenMinutes = 600_000

/** Email addresses and their verification; every code that the sandbox "sends" is 424242. */
export function addEmailRoutes(add: AddRoute, { state }: ClerkInstance): void {
  const verificationId = (emailId: string) => `ver_${emailId.slice(emailId.indexOf('_') + 1)}`
  const shown = (id: string, { status, strategy, attempts, expire_at }: EmailVerification) =>
    reply({ object: 'verification', id: verificationId(id), status, strategy, attempts, expire_at })

  add('POST', '/email_addresses', async (call) => {
    const body = await call.body()
    const fields = {
      user_id: body.needText('user_id'),
      email_address: body.needText('email_address'),
      verified: body.flag('verified') ?? false,
      primary: body.flag('primary') ?? false,
    }
    body.accept('notify_primary_email_address_changed')
    body.end()
    return reply(addEmail(state, fields, call.http))
  })
  add('GET', '/email_addresses/:id', (call) => reply(findEmail(state, call.part('id')).email))
  add('PATCH', '/email_addresses/:id', async (call) => {
    const { email } = findEmail(state, call.part('id'))
    const body = await call.body()
    const verified = body.flag('verified')
    const primary = body.flag('primary') ?? false
    body.accept('notify_primary_email_address_changed')
    body.end()
    const verification = verified === undefined ? {} : { verification: verified ? verifiedByAdmin : null }
    return reply(changeEmail(state, email.id, { ...verification, primary }, call.http))
  })
  add('DELETE', '/email_addresses/:id', (call) => reply(deleteEmail(state, call.part('id'), call.http)))
  add('POST', '/email_addresses/:id/prepare_verification', (call) => {
    const id = call.part('id')
    const verification: EmailVerification = {
      object: 'verification_otp',
      status: 'unverified',
      strategy: 'email_code',
      attempts: 0,
      expire_at: state.now() + tenMinutes,
    }
    changeEmail(state, id, { verification }, call.http)
    return shown(id, verification)
  })
  add('POST', '/email_addresses/:id/attempt_verification', async (call) => {
    const id = call.part('id')
    const { email } = findEmail(state, id)
    const body = await call.body()
    const asked = body.needText('verification_id')
    const code = body.needText('code')
    body.end()
    const prepared = email.verification
    if (asked !== verificationId(id) || prepared === null || prepared.object !== 'verification_otp') {
      throw new ClerkRefusal(
        404,
        'resource_not_found',
        'not found',
        `No verification was found with id ${asked}`,
      )
    }
    const isRight = code === verificationCode && (prepared.expire_at ?? 0) > state.now()
    const verification: EmailVerification = {
      ...prepared,
      status: isRight ? 'verified' : 'failed',
      attempts: (prepared.attempts ?? 0) + 1,
    }
    changeEmail(state, id, { verification }, call.http)
    return shown(id, verification)
  })
}
