import type { Repair, Settlement } from '@trueup/core'
import { orderOf, SourceError, settleRepair as settle, undoneEntry } from '@trueup/core'
import { requireRepair } from './approve-repair.ts'
import { targetOf } from './judge-repair.ts'
import type { RepairDependencies } from './repair-dependencies.ts'
import { verifyRepair } from './verify-repair.ts'

/** A repair whose deadline is this long past is no longer under way anywhere. */
const graceSeconds = 5

/** What a round of settling found. */
export interface Settled {
  readonly settled: readonly Repair[]
  /** Those that may be under way still, or whose target does not answer. */
  readonly waiting: readonly Repair[]
}

/**
 * Settles what a crash left behind: intents without an outcome are asked of the target's journal and given up there
 * if they had not been written; what was written and not read again is verified. Nothing is guessed, and nothing is
 * written again.
 *
 * @param evenNow settle intents before their deadline as well: the caller knows that nobody is at them
 */
export async function settleRepairs(
  dependencies: RepairDependencies,
  { evenNow = false }: { readonly evenNow?: boolean } = {},
): Promise<Settled> {
  const { project, clock } = dependencies
  const settled: Repair[] = []
  const waiting: Repair[] = []
  let after: string | undefined
  for (;;) {
    const page: readonly Repair[] = await project.repairs({
      states: ['executing', 'applied'],
      limit: 100,
      ...(after === undefined ? {} : { after }),
    })
    after = page.at(-1)?.id
    if (after === undefined) return { settled, waiting }
    for (const repair of page) {
      const overdueAt = (repair.deadline?.getTime() ?? 0) + graceSeconds * 1000
      const isDue = evenNow || repair.state === 'applied' || overdueAt <= clock.now().getTime()
      const now = isDue ? await settleRepair(dependencies, repair.id) : repair
      const isOpen = now.state === 'executing' || now.state === 'applied'
      if (isOpen) waiting.push(now)
      else settled.push(now)
    }
  }
}

/**
 * Settles one repair now. Safe at any time: an intent that had not been written is given up at the target for good, so
 * that a process that is still at it can no longer write.
 *
 * @returns the repair as it stands; still `executing` or `applied` where the target or a source did not answer
 */
export async function settleRepair(dependencies: RepairDependencies, id: string): Promise<Repair> {
  const { project, clock, reached } = dependencies
  const repair = await requireRepair(dependencies, id)
  if (repair.state === 'applied') return await verified(dependencies, repair)
  if (repair.state !== 'executing') return repair
  await reached('before-settle')
  const settlement = await askTarget(dependencies, repair)
  if (settlement === null) return repair
  await reached('after-tombstone')
  const at = clock.now()
  const [now] = await project.changeRepairs([id], at, ({ repair: stored }) => {
    if (stored.state !== 'executing' || stored.token !== repair.token) return null
    const actor = { by: `repair:${id}`, at }
    const moved = settle(stored, actor, settlement)
    const undone = moved.repair.state === 'applied' ? undoneEntry(moved.repair, actor) : null
    return { repair: moved.repair, entries: [moved.entry, ...(undone ? [undone] : [])] }
  })
  await reached('after-settle')
  return now?.state === 'applied' ? await verified(dependencies, now) : (now ?? repair)
}

/** What the journal says; what it does not know is given up there. `null`: nobody answers. */
async function askTarget(
  dependencies: RepairDependencies,
  repair: Repair,
): Promise<Exclude<Settlement, 'not-applied'> | null> {
  const target = targetOf(dependencies, repair)
  const order = orderOf(repair)
  try {
    const known = await target.settle(order)
    const settlement = known === 'not-applied' ? await target.abandon(order) : known
    return settlement === 'not-applied' ? null : settlement
  } catch (error) {
    if (error instanceof SourceError) return null
    throw error
  }
}

async function verified(dependencies: RepairDependencies, repair: Repair): Promise<Repair> {
  try {
    return await verifyRepair(dependencies, repair.id, `repair:${repair.id}`)
  } catch (error) {
    if (error instanceof SourceError) return repair
    throw error
  }
}
