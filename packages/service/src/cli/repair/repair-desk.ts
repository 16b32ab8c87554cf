import type { BatchStep, Incident, RepairPlan, RepairState, RepairSwitch } from '@trueup/core'
import { planRepair, unknownIncident } from '@trueup/core'
import type { ShownRepair } from '../../remote/read-answer.ts'
import { applyBatch } from '../../repair/apply-batch.ts'
import { applyRepair } from '../../repair/apply-repair.ts'
import {
  approveBatch,
  approveRepairs,
  rejectRepairs,
  requireBatch,
  requireRepair,
} from '../../repair/approve-repair.ts'
import { releaseRepairs, switchRepairs } from '../../repair/hold-repairs.ts'
import type { OpenedRepairs } from '../../repair/open-repairs.ts'
import { heldBackBy, proposeRepairs } from '../../repair/propose-repairs.ts'
import { settleRepairs } from '../../repair/settle-repairs.ts'
import { tidyRepairs } from '../../repair/tidy-repairs.ts'
import { undoRepair } from '../../repair/undo-repair.ts'

/** What proposing came to. */
export interface Proposals {
  readonly proposed: readonly ShownRepair[]
  readonly guided: number
  readonly changedSince: number
}

/** Where a batch stands after it was gone on with. */
export interface BatchEnd {
  readonly repairs: readonly ShownRepair[]
  /** What would come next; a server does not say. */
  readonly step?: BatchStep
  readonly leftBecause: string | null
}

export interface BatchWatch {
  readonly signal: AbortSignal
  /** Stay until the last wave. */
  readonly wait: NonNullable<Parameters<typeof applyBatch>[2]['timer']> | null
  readonly onProgress: NonNullable<Parameters<typeof applyBatch>[2]['onProgress']>
  readonly onWait: (until: Date) => void
}

/** What commands on repairs need, of this folder's project or of one at a server. */
export interface RepairDesk {
  /** Who acts, as people are asked about it. */
  readonly by: () => string
  list(states: readonly RepairState[], most: number): Promise<readonly ShownRepair[]>
  brakes(): Promise<{
    readonly switchedOff: readonly RepairSwitch[]
    readonly heldBy: readonly Pick<Incident, 'id' | 'sentence'>[]
  }>
  one(id: string): Promise<ShownRepair>
  batch(id: string): Promise<readonly ShownRepair[]>
  /** An incident with what would end it. */
  plan(incidentId: string): Promise<{ readonly incident: Incident; readonly plan: RepairPlan }>
  propose(signal: AbortSignal): Promise<Proposals>
  /** Ends what can no longer be approved or applied, so that it is not shown. */
  tidy(): Promise<void>
  approve(meant: readonly ShownRepair[], count: number): Promise<readonly ShownRepair[]>
  reject(ids: readonly string[], reason: string): Promise<readonly ShownRepair[]>
  undo(id: string): Promise<ShownRepair>
  /** Asks the targets what became of repairs that were cut off. */
  settle(): Promise<void>
  applyOne(id: string): Promise<{ readonly repair: ShownRepair; readonly leftBecause: string | null }>
  applyBatch(batchId: string, watch: BatchWatch): Promise<BatchEnd>
  release(
    reason: string,
    signal: AbortSignal,
  ): Promise<{ readonly released: readonly Incident[]; readonly proposed: readonly string[] }>
  turn(to: 'on' | 'off', scope: RepairSwitch['scope'], reason: string): Promise<readonly RepairSwitch[]>
}

/** Repairs that were never in a batch become one, where they are several. */
export function becomeBatch(meant: readonly Pick<ShownRepair, 'batch'>[]): boolean {
  return meant.length > 1 && meant.every(({ batch }) => batch === null)
}

/** The repairs of this folder's project. */
export function localRepairs(repairs: OpenedRepairs, by: () => string, clerkApiUrl: string): RepairDesk {
  const { project } = repairs
  return {
    by,
    list: (states, limit) => project.repairs({ states, limit }),
    async brakes() {
      const [switchedOff, heldBy] = [await project.repairSwitches(), await project.repairHolds()]
      return { switchedOff, heldBy }
    },
    one: (id) => requireRepair(repairs, id),
    batch: (id) => requireBatch(repairs, id),
    async plan(incidentId) {
      const incident = await project.incident(incidentId)
      if (!incident) throw unknownIncident(incidentId)
      const { catalogue, access } = repairs.config
      return { incident, plan: planRepair(incident, { catalogue, access, clerkApiUrl }) }
    },
    async propose(signal) {
      const { proposed, guided, changedSince } = await proposeRepairs(repairs, { signal })
      const found: ShownRepair[] = []
      for (const id of proposed) found.push(await requireRepair(repairs, id))
      return { proposed: found, guided, changedSince }
    },
    async tidy() {
      await tidyRepairs(repairs)
    },
    async approve(meant, count) {
      const ids = meant.map(({ id }) => id)
      if (becomeBatch(meant)) return (await approveBatch(repairs, ids, by(), count)).repairs
      return await approveRepairs(repairs, ids, by(), count)
    },
    async reject(ids, reason) {
      for (const id of ids) await requireRepair(repairs, id)
      return await rejectRepairs(repairs, ids, by(), reason)
    },
    undo: (id) => undoRepair(repairs, id, by()),
    async settle() {
      await settleRepairs(repairs)
    },
    applyOne: (id) => applyRepair(repairs, id, by()),
    applyBatch: (batchId, { wait, ...watch }) =>
      applyBatch(repairs, batchId, { ...watch, by: by(), ...(wait ? { timer: wait } : {}) }),
    async release(reason, signal) {
      const released = await releaseRepairs(repairs, by(), reason)
      const proposals = await proposeRepairs(repairs, { signal }).catch((error: unknown) => {
        // Released they are; that nothing could be proposed from the last check is no failure of it.
        if (heldBackBy(error)) return null
        throw error
      })
      return { released, proposed: proposals?.proposed ?? [] }
    },
    turn: (to, scope, reason) => switchRepairs(repairs, scope, to, by(), reason),
  }
}
