import type { Repair, RepairDecision, RepairTransition } from '@trueup/core'
import {
  approvalsNeeded,
  approveRepair as approve,
  placeInBatch,
  RepairError,
  rejectRepair as reject,
  sameConfig,
} from '@trueup/core'
import { idOf, sha256 } from './hashes.ts'
import type { RepairDependencies } from './repair-dependencies.ts'

/** What deciding on repairs needs: nothing is read from a source, and nothing written to one. */
export type DecisionDependencies = Pick<RepairDependencies, 'project' | 'clock' | 'config'>

/**
 * A person approves one repair, or a batch that stands already.
 *
 * @param count how many repairs the person believes to approve; it has to be the true number
 * @returns the repairs as they stand; those that need a second person are still `proposed`
 * @throws RepairError
 */
export async function approveRepairs(
  dependencies: DecisionDependencies,
  ids: readonly string[],
  by: string,
  count: number,
): Promise<readonly Repair[]> {
  const { project, clock, config } = dependencies
  requireCount(ids.length, count)
  const at = clock.now()
  return await project.changeRepairs(ids, at, ({ repair }) => {
    requireConfig(repair, config.fingerprint)
    return decided(approve(repair, { by, at }, sha256))
  })
}

/**
 * A person approves several repairs as one batch, which is applied in waves. All are approved, or none.
 *
 * @returns the id of the batch, and whether it needs a second person still
 */
export async function approveBatch(
  dependencies: DecisionDependencies,
  ids: readonly string[],
  by: string,
  count: number,
): Promise<{ readonly batchId: string; readonly repairs: readonly Repair[]; readonly needed: 1 | 2 }> {
  const { project, clock, config } = dependencies
  requireCount(ids.length, count)
  const at = clock.now()
  const batchId = idOf('bat', project.projectId, at.toISOString(), ...ids)
  let position = 0
  const repairs = await project.changeRepairs(ids, at, ({ repair }) => {
    requireConfig(repair, config.fingerprint)
    const placed = placeInBatch(repair, { id: batchId, position: position++, size: ids.length })
    return decided(approve(placed, { by, at }, sha256))
  })
  if (repairs.length !== ids.length)
    throw unknownRepair(ids.find((id) => !repairs.some((one) => one.id === id)))
  const [first] = repairs
  return { batchId, repairs, needed: first ? approvalsNeeded(first) : 1 }
}

/** A person says no. What was rejected is not proposed again while it would set the same values. */
export async function rejectRepairs(
  { project, clock }: Pick<RepairDependencies, 'project' | 'clock'>,
  ids: readonly string[],
  by: string,
  reason: string,
): Promise<readonly Repair[]> {
  const at = clock.now()
  return await project.changeRepairs(ids, at, ({ repair }) => decided(reject(repair, { by, at }, reason)))
}

/** @throws RepairError `repair-unknown` */
export async function requireRepair(
  { project }: Pick<RepairDependencies, 'project'>,
  id: string,
): Promise<Repair> {
  const repair = await project.repair(id)
  if (!repair) throw unknownRepair(id)
  return repair
}

/** @throws RepairError `batch-unknown` */
export async function requireBatch(
  { project }: Pick<RepairDependencies, 'project'>,
  batchId: string,
): Promise<readonly Repair[]> {
  const repairs = await project.repairs({ batchId, limit: 100_000 })
  if (repairs.length > 0) return repairs
  throw new RepairError({
    code: 'batch-unknown',
    message: `There is no batch ${batchId} in this project.`,
    fix: 'List the repairs with their batches: `trueup repair list`.',
  })
}

export function decided({ repair, entry }: RepairTransition): RepairDecision {
  return { repair, entries: [entry] }
}

function requireCount(found: number, count: number): void {
  if (found === count) return
  throw new RepairError({
    code: 'count-differs',
    message: `${found} repairs would be approved; ${count} was typed.`,
    fix: `Look at them, and approve them with --count ${found}.`,
  })
}

function requireConfig(repair: Repair, fingerprint: string): void {
  if (sameConfig(repair.configFingerprint, fingerprint)) return
  throw new RepairError({
    code: 'config-changed',
    message: `The repair ${repair.id} was proposed under another configuration than the one there is now.`,
    fix: 'Check again: what still drifts is proposed anew.',
  })
}

function unknownRepair(id: string | undefined): RepairError {
  return new RepairError({
    code: 'repair-unknown',
    message: `There is no repair ${id ?? ''} in this project.`,
    fix: 'List them: `trueup repair list`.',
  })
}
