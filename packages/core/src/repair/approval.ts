import type { Approval, Repair } from './repair.ts'
import { storedText } from './repair.ts'
import { approvalsNeeded } from './two-persons.ts'

/** How long a person's word for a repair holds. */
export const approvalHours = 24

/** SHA-256 of a text in hexadecimal; core has none of its own. */
export type Sha256 = (text: string) => string

/** Why approvals do not carry a repair. Closed list. */
export type ApprovalProblem =
  | 'not-approved'
  | 'second-person-needed'
  | 'approval-expired'
  /** What was approved is not what the record says now. */
  | 'approval-altered'
  | 'approved-by-proposer'

/**
 * What an approval binds, as one text: the repair and its record, each value from and to, the evidence, the
 * configuration, the size of the batch and the moment at which the approval ends. Another content has another text.
 */
export function approvalText(repair: Repair, expiresAt: Date): string {
  return JSON.stringify([
    'trueup-approval-1',
    repair.id,
    repair.incidentId,
    repair.identityKey,
    repair.act,
    repair.source,
    repair.container,
    repair.record,
    repair.changes.map(({ field, before, after }) => [field, storedText(before), storedText(after)]),
    repair.takesAway,
    repair.paying,
    repair.evidenceHash,
    repair.configFingerprint,
    repair.undoes,
    repair.batch && [repair.batch.id, repair.batch.position, repair.batch.size],
    expiresAt.toISOString(),
  ])
}

/** A person's approval of a repair as it stands. */
export function approvalOf(repair: Repair, by: string, at: Date, sha256: Sha256): Approval {
  const expiresAt = new Date(at.getTime() + approvalHours * 3_600_000)
  return { by, at, expiresAt, hash: sha256(approvalText(repair, expiresAt)) }
}

/**
 * Why the approvals do not carry the repair now; `null` when they do. Asked again right before the intent, of the
 * record as the store has it: whoever altered the record in between is found out.
 */
export function approvalProblem(repair: Repair, at: Date, sha256: Sha256): ApprovalProblem | null {
  const { approvals, proposedBy } = repair
  if (approvals.length === 0) return 'not-approved'
  for (const approval of approvals) {
    if (approval.by === proposedBy) return 'approved-by-proposer'
    const isBound = approval.hash === sha256(approvalText(repair, approval.expiresAt))
    const isWithinTerm = approval.expiresAt.getTime() - approval.at.getTime() <= approvalHours * 3_600_000
    if (!isBound || !isWithinTerm) return 'approval-altered'
    if (approval.expiresAt <= at) return 'approval-expired'
  }
  const persons = new Set(approvals.map(({ by }) => by))
  return persons.size < approvalsNeeded(repair) ? 'second-person-needed' : null
}
