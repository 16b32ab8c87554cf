/**
 * The points of a repair at which a process may end, before and after each commit and each word with the target. A
 * trial ends it at every one of them, see `test/soak/repairs.soak.test.ts`.
 */
export const repairPoints = [
  'before-truth',
  'before-intent',
  'after-intent',
  'before-write',
  'after-write',
  'after-outcome',
  'before-verify',
  'after-verify',
  'before-settle',
  'after-tombstone',
  'after-settle',
] as const
export type RepairPoint = (typeof repairPoints)[number]
