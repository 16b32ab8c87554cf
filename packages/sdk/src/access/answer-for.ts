import type { SubjectId } from '@trueup/core'
import type { SharedFrame } from '../frame.ts'
import type { SubjectRecord } from '../store/store.ts'
import type { AccessAnswer, AccessReason } from './access-answer.ts'
import { changesAt } from './changes-at.ts'
import { endsAt } from './ends-at.ts'
import type { GrantedAccess } from './granted-access.ts'
import { freeGrant, grantedAccess } from './granted-access.ts'

const hourMs = 3_600_000

/** What a subject may use now, by what is kept of it. Grace and cancellations end on time, without an event. */
export function answerFor(
  record: SubjectRecord | null,
  subject: SubjectId,
  frame: Pick<SharedFrame, 'catalogue' | 'policy' | 'clock' | 'maxAgeHours'>,
): AccessAnswer {
  const now = frame.clock.now()
  const rules = { catalogue: frame.catalogue, policy: frame.policy, now }
  const asOf = record?.readAt ?? null
  const answer = (
    access: GrantedAccess,
    reason: AccessReason,
    changes: Date | null,
    ends: Date | null = null,
  ): AccessAnswer => ({
    ...access,
    subject,
    reason,
    asOf,
    ageMs: asOf ? now.getTime() - asOf.getTime() : null,
    endsAt: ends,
    changesAt: changes,
  })
  if (record?.deletedAt) return answer(freeGrant(rules), 'deleted', null)
  if (!record || !asOf)
    return answer(freeGrant(rules), record?.customerId ? 'unseen' : record ? 'free' : 'unseen', null)
  const staleAt = new Date(asOf.getTime() + frame.maxAgeHours * hourMs)
  if (record.customerId && staleAt <= now) return answer(freeGrant(rules), 'stale', null)
  const { access, reason } = grantedAccess(record.facts, rules)
  const changes = changesAt(record.facts, rules)
  const next = changes && changes < staleAt ? changes : record.customerId ? staleAt : null
  return answer(access, reason, next, endsAt(record.facts, rules))
}
