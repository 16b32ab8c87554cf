import type { Repair } from './repair.ts'

/** More rows than this in one batch need a second person. */
export const mostRowsOfOnePerson = 5

/** Why one person's word is not enough. */
export type TwoPersonReason = 'many-rows' | 'takes-from-payer'

/**
 * Why a repair needs the word of two persons; empty where one is enough: a batch of more than 5 rows, and access
 * taken from somebody who is owed paid access.
 *
 * @example
 * twoPersonReasons({ ...repair, takesAway: true, paying: true }) // ['takes-from-payer']
 */
export function twoPersonReasons(
  repair: Pick<Repair, 'batch' | 'takesAway' | 'paying'>,
): readonly TwoPersonReason[] {
  const reasons: TwoPersonReason[] = []
  if ((repair.batch?.size ?? 1) > mostRowsOfOnePerson) reasons.push('many-rows')
  if (repair.takesAway && repair.paying) reasons.push('takes-from-payer')
  return reasons
}

/** How many approvals a repair needs. */
export function approvalsNeeded(repair: Pick<Repair, 'batch' | 'takesAway' | 'paying'>): 1 | 2 {
  return twoPersonReasons(repair).length > 0 ? 2 : 1
}
