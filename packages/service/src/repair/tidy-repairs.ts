import type { Repair } from '@trueup/core'
import { expireRepair, sameConfig, supersedeRepair } from '@trueup/core'
import type { RepairDependencies } from './repair-dependencies.ts'

const repairsPerPage = 200

/**
 * Ends what can no longer be applied: approvals that have expired, repairs of another configuration, and those whose
 * incident has ended without them. Gives how many it ended.
 */
export async function tidyRepairs({
  project,
  clock,
  config,
}: Pick<RepairDependencies, 'project' | 'clock' | 'config'>): Promise<number> {
  let ended = 0
  let after: string | undefined
  for (;;) {
    const page: readonly Repair[] = await project.repairs({
      states: ['proposed', 'approved'],
      limit: repairsPerPage,
      ...(after === undefined ? {} : { after }),
    })
    after = page.at(-1)?.id
    if (after === undefined) return ended
    const at = clock.now()
    const changed = await project.changeRepairs(
      page.map(({ id }) => id),
      at,
      ({ repair, incident }) => {
        if (repair.state !== 'proposed' && repair.state !== 'approved') return null
        const actor = { by: `repair:${repair.id}`, at }
        const isOver = repair.approvals.some(({ expiresAt }) => expiresAt <= at)
        const hasOtherConfig = !sameConfig(repair.configFingerprint, config.fingerprint)
        // The undoing of a repair is of an incident that has ended.
        const isEnded =
          repair.undoes === null && incident?.state !== 'open' && incident?.state !== 'acknowledged'
        const moved = isOver
          ? expireRepair(repair, actor, 'An approval came to its end before it was applied.')
          : hasOtherConfig
            ? expireRepair(repair, actor, 'The configuration was changed, which voids open approvals.')
            : isEnded
              ? supersedeRepair(repair, actor, `The incident is ${incident?.state ?? 'gone'}.`)
              : null
        return moved && { repair: moved.repair, entries: [moved.entry] }
      },
    )
    ended += changed.filter(({ endedAt }) => endedAt !== null).length
  }
}
