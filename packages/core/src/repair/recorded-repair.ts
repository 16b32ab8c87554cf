import type { RepairProposal, RepairTransition } from './transitions.ts'
import { proposeRepair } from './transitions.ts'

/** Whole records for the tests of repairs: a row of the app's users table, whose plan is to be raised. */

export const proposedAt = new Date('2026-06-01T12:00:00Z')
export const minutesLater = (minutes: number): Date => new Date(proposedAt.getTime() + minutes * 60_000)

/** Not a hash, but as good as one where a test reads it: equal texts are equal. */
export const plainHash = (text: string): string => `hash of ${text}`

export function proposal(change: Partial<RepairProposal> = {}): RepairProposal {
  return {
    id: 'rep_1',
    incidentId: 'inc_1',
    identityKey: 'plan-too-low|user:user_1|plan',
    kind: 'plan-too-low',
    subject: { type: 'user', id: 'user_1' },
    customerId: 'cus_1',
    act: 'set-plan',
    hurts: 'customer',
    paying: true,
    takesAway: false,
    summary: 'Set plan to "enterprise" on user_1.',
    source: 'app',
    container: 'public.users',
    record: '7',
    changes: [{ field: 'plan', before: 'pro', after: 'enterprise' }],
    sideEffects: [],
    how: 'function',
    checkId: 'chk_1',
    configFingerprint: 'config-1',
    evidenceHash: 'evidence-1',
    undoes: null,
    ...change,
  }
}

/** A repair that a check proposed. */
export function proposed(change: Partial<RepairProposal> = {}): RepairTransition {
  return proposeRepair(proposal(change), { by: 'check:chk_1', at: proposedAt })
}
