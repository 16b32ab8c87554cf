import type { SubjectId } from '@trueup/core'
import type { AccessAnswer, AccessReason } from '../access/access-answer.ts'
import type { GateAnswer, GateCode, GateRefusal } from './gate-answer.ts'
import type { Requirement } from './requirement.ts'
import { isMet } from './requirement.ts'

/**
 * What a gate answers of an access. Whoever has what is asked for passes, in a trial and in the days of grace as well.
 * A deleted subject never does. The others are told why: what they had ended, their plan does not have it, or it cannot
 * be told.
 */
export function judge(requirement: Requirement, access: AccessAnswer): GateAnswer {
  if (access.reason !== 'deleted' && isMet(requirement, access)) return { open: true, status: 200, access }
  const { subject, plan, seats, reason, ageMs } = access
  const current = { plan, seats }
  return refuse(codeOf(requirement, reason), requirement, { subject, current, reason, ageMs })
}

function codeOf({ kind }: Requirement, reason: AccessReason): GateCode {
  switch (reason) {
    case 'paid':
    case 'trial':
    case 'grace':
    case 'free':
      return kind === 'seats' ? 'seats-exhausted' : 'plan-upgrade-required'
    case 'inactive':
      return 'subscription-inactive'
    case 'unknown':
    case 'stale':
      return 'access-unknown'
    case 'deleted':
    case 'unseen':
      return 'subject-unknown'
  }
}

type Known = Pick<GateRefusal, 'subject' | 'current' | 'reason' | 'ageMs'>

/** A closed gate for somebody of whom this much is known. `null`: what is required depends on who asks, and nobody does. */
export function refuse(
  code: GateCode,
  requirement: Requirement | null,
  known: Partial<Known> = {},
): GateRefusal {
  const { subject = null, current = null, reason = null, ageMs = null } = known
  const features = requirement?.kind === 'feature' ? requirement.features : []
  const seats = requirement?.kind === 'seats' ? requirement.seats : null
  const required = { plans: requirement?.plans ?? [], features, seats }
  const { status, message } = said(code, subject)
  return { open: false, status, code, message, subject, current, required, reason, ageMs }
}

function said(code: GateCode, subject: SubjectId | null): Pick<GateRefusal, 'status' | 'message'> {
  switch (code) {
    case 'signed-out':
      return { status: 401, message: 'Sign-in required' }
    case 'organization-missing':
      return { status: 401, message: 'No organization is active' }
    case 'subscription-inactive':
      return { status: 402, message: 'Subscription inactive' }
    case 'plan-upgrade-required':
      return { status: 403, message: 'Plan upgrade required' }
    case 'seats-exhausted':
      return { status: 403, message: 'More seats required' }
    case 'access-unknown':
      return { status: 403, message: 'Subscription cannot be told' }
    case 'subject-unknown':
      return { status: 404, message: subject?.type === 'user' ? 'User not found' : 'Organization not found' }
    case 'access-unreadable':
      return { status: 503, message: 'Subscription cannot be read' }
  }
}
