import type { SubjectId, SubjectType } from '@trueup/core'
import { BillingError } from '../billing-error.ts'
import type { Frame } from '../frame.ts'
import type { Actor, SessionAuth } from './actor.ts'

/** Whom a session is about: the organization that is active in it, or the user. */
export function subjectOf(actor: Actor, type: SubjectType): SubjectId | null {
  if ('trusted' in actor) return actor.trusted
  if (!actor.userId) return null
  if (type === 'user') return { type, id: actor.userId }
  return actor.orgId ? { type, id: actor.orgId } : null
}

/**
 * The subject whose billing the actor may manage.
 *
 * @throws BillingError `signed-out`, `not-allowed`
 */
export async function managedSubject(frame: Frame, actor: Actor): Promise<SubjectId> {
  const subject = subjectOf(actor, frame.subjectType)
  if (!subject) {
    throw new BillingError({
      code: 'signed-out',
      message:
        frame.subjectType === 'organization'
          ? 'Nobody is signed in with an organization that is active.'
          : 'Nobody is signed in.',
      fix: 'Have the person sign in, and choose an organization where organizations are billed.',
    })
  }
  if (subject.type !== frame.subjectType) {
    throw new BillingError({
      code: 'options-invalid',
      message: `Billing is about the ${frame.subjectType}, and was asked of the ${subject.type} ${subject.id}.`,
      fix: `Name the ${frame.subjectType}.`,
    })
  }
  if ('trusted' in actor || subject.type === 'user' || (await mayManage(frame, actor, subject)))
    return subject
  throw new BillingError({
    code: 'not-allowed',
    message: `The user ${actor.userId} may not manage the billing of ${subject.id}.`,
    fix: 'Ask somebody who may; `mayManage` says who that is.',
  })
}

async function mayManage(frame: Frame, auth: SessionAuth, subject: SubjectId): Promise<boolean> {
  const rule = frame.options.mayManage ?? { role: 'org:admin' }
  if (rule === 'system-permission') return hasSystemPermission(frame, auth, subject)
  if ('permission' in rule) return auth.has?.({ permission: rule.permission }) === true
  const roles = typeof rule.role === 'string' ? [rule.role] : rule.role
  return roles.some((role) => auth.orgRole === role)
}

const systemPermission = 'org:sys_billing:manage'

/** System permissions are not in the session token, only in the membership. */
async function hasSystemPermission(frame: Frame, auth: SessionAuth, subject: SubjectId): Promise<boolean> {
  const { userId } = auth
  if (!userId) return false
  const { data } = await frame.clerk.call((clerk) =>
    clerk.organizations.getOrganizationMembershipList({ organizationId: subject.id, userId: [userId] }),
  )
  return data.some(({ permissions }) => permissions.includes(systemPermission))
}
