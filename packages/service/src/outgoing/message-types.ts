import type { LedgerAct } from '@trueup/core'

/** Everything that an endpoint can be told of. Closed list. */
export const outgoingTypes = [
  'incident.opened',
  'incident.resolved',
  'incident.reopened',
  'incident.acknowledged',
  'incident.ignored',
  'repair.proposed',
  'repair.approved',
  'repair.applied',
  'repair.verified',
  'repair.failed',
  'repair.undone',
  'check.finished',
] as const
export type OutgoingType = (typeof outgoingTypes)[number]

/** The act of the ledger behind each. */
const actOf: Readonly<Record<OutgoingType, LedgerAct>> = {
  'incident.opened': 'incident-opened',
  'incident.resolved': 'incident-resolved',
  'incident.reopened': 'incident-reopened',
  'incident.acknowledged': 'incident-acknowledged',
  'incident.ignored': 'incident-ignored',
  'repair.proposed': 'repair-proposed',
  'repair.approved': 'repair-approved',
  'repair.applied': 'repair-applied',
  'repair.verified': 'repair-verified',
  'repair.failed': 'repair-failed',
  'repair.undone': 'repair-undone',
  'check.finished': 'check-finished',
}

/** The acts that an endpoint can be told of. */
export const toldActs: readonly LedgerAct[] = Object.values(actOf)

const typeOf = new Map(outgoingTypes.map((type) => [actOf[type], type]))

/** What an act is called to endpoints; `null`: they are not told of it. */
export function messageTypeOf(act: LedgerAct): OutgoingType | null {
  return typeOf.get(act) ?? null
}
