import type { Repair, RepairDecision, RepairSituation } from '@trueup/core'
import {
  answerRepair,
  approvalProblem,
  brakeBeforeIntent,
  expireRepair,
  intendRepair,
  orderOf,
  RepairError,
  resolveIncident,
  SourceError,
  supersedeRepair,
  undoneEntry,
} from '@trueup/core'
import { requireRepair } from './approve-repair.ts'
import { sha256 } from './hashes.ts'
import { incidentEntries } from './incident-entry.ts'
import type { Judgement } from './judge-repair.ts'
import { judgeRepair, targetOf } from './judge-repair.ts'
import type { RepairDependencies } from './repair-dependencies.ts'
import { settleRepair } from './settle-repairs.ts'
import { verifyRepair } from './verify-repair.ts'

/** Truth older than this is read again before anything is written, and nothing is written after it. */
export const truthSeconds = 60

/** What came of an attempt to apply. */
export interface Applied {
  readonly repair: Repair
  /** Why it was left as it was, where it was: nothing was written, and it may be tried again. */
  readonly leftBecause: string | null
}

/**
 * Applies one approved repair, to its end: reads the truth again, keeps the intent, writes, keeps the outcome, and
 * reads both sides a second time.
 *
 * It may be killed at any moment. Until the intent is kept nothing was written; after it only the target can say
 * what became of it, and {@link settleRepair} asks it. No value is written twice, none over a newer one, and none
 * that was not true at the source within the last 60 seconds.
 *
 * @param by the person, or what goes on by itself
 * @throws RepairError when a brake holds it back or it is not approved; nothing was written
 * @throws SourceError when a side cannot be read; nothing was written
 */
export async function applyRepair(
  dependencies: RepairDependencies,
  id: string,
  by: string,
  { inBatch = false }: { readonly inBatch?: boolean } = {},
): Promise<Applied> {
  const { reached } = dependencies
  const repair = await requireRepair(dependencies, id)
  if (repair.batch && !inBatch) throw partOfBatch(repair)
  if (repair.state === 'executing') return left(await settleRepair(dependencies, id))
  if (repair.state === 'applied') return left(await verifyRepair(dependencies, id, by))
  const target = targetOf(dependencies, repair)

  await reached('before-truth')
  const judgement = repair.state === 'approved' ? await judgeRepair(dependencies, repair) : null
  if (judgement && judgement.kind !== 'due') return await notDue(dependencies, id, judgement)
  if (judgement?.settling) {
    return { repair, leftBecause: 'One side changed minutes ago, so the other may still follow by itself.' }
  }

  await reached('before-intent')
  const intended = await intend(dependencies, id, by, judgement?.readAt ?? null)
  if (intended.state !== 'executing') return left(intended)
  await reached('after-intent')

  const order = orderOf(intended)
  await reached('before-write')
  try {
    const answer = await target.apply(order)
    await reached('after-write')
    await keepAnswer(dependencies, id, order.token, answer)
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    // No answer is no outcome: the journal of the target is asked, now or by whoever comes next.
    return left(await settleRepair(dependencies, id))
  }
  await reached('after-outcome')
  return left(await verifyRepair(dependencies, id, `repair:${id}`))
}

/** The second phase: every brake is asked in the transaction that keeps the intent. */
async function intend(
  { project, clock, config }: RepairDependencies,
  id: string,
  by: string,
  readAt: Date | null,
): Promise<Repair> {
  const at = clock.now()
  const deadline = new Date((readAt ?? at).getTime() + truthSeconds * 1000)
  const [intended] = await project.changeRepairs([id], at, (situation): RepairDecision => {
    const { repair, nextToken } = situation
    const isOver = repair.state === 'approved' && approvalProblem(repair, at, sha256) === 'approval-expired'
    if (isOver) {
      const over = expireRepair(repair, { by, at }, 'An approval came to its end before it was applied.')
      return { repair: over.repair, entries: [over.entry] }
    }
    if (repair.state === 'approved') brakeBeforeIntent(repair, situation, config.fingerprint)
    if (deadline <= at) throw truthTooOld(repair)
    const moved = intendRepair(repair, { by, at }, { token: nextToken, deadline }, sha256)
    return { repair: moved.repair, entries: [moved.entry] }
  })
  if (!intended) throw new Error(`The repair ${id} was there a moment ago and cannot be found.`)
  return intended
}

/** The fourth phase. Where somebody else settled the repair meanwhile, what they found stands. */
async function keepAnswer(
  { project, clock }: RepairDependencies,
  id: string,
  token: number,
  answer: Parameters<typeof answerRepair>[3],
): Promise<void> {
  const at = clock.now()
  await project.changeRepairs([id], at, ({ repair }) => {
    if (repair.state !== 'executing' || repair.token !== token) return null
    const actor = { by: `repair:${id}`, at }
    const moved = answerRepair(repair, actor, token, answer)
    const undone = moved.repair.state === 'applied' ? undoneEntry(moved.repair, actor) : null
    return { repair: moved.repair, entries: [moved.entry, ...(undone ? [undone] : [])] }
  })
}

/** The drift is gone or another one: the approval was for something that is no more. */
async function notDue(
  { project, clock }: RepairDependencies,
  id: string,
  judgement: Exclude<Judgement, { readonly kind: 'due' }>,
): Promise<Applied> {
  const at = clock.now()
  const [superseded] = await project.changeRepairs([id], at, (situation) => {
    const { repair } = situation
    if (repair.state !== 'approved') return null
    const actor = { by: `repair:${id}`, at }
    const moved = supersedeRepair(repair, actor, wordsOf(judgement))
    const ended = judgement.kind === 'gone' && judgement.ended ? endIncident(situation, at) : null
    return {
      repair: moved.repair,
      ...(ended ? { incident: ended.incident } : {}),
      entries: [moved.entry, ...(ended ? ended.entries : [])],
    }
  })
  if (!superseded) throw new Error(`The repair ${id} was there a moment ago and cannot be found.`)
  return left(superseded)
}

function endIncident({ incident, repair }: RepairSituation, at: Date) {
  if (!incident || (incident.state !== 'open' && incident.state !== 'acknowledged')) return null
  const act = { by: `repair:${repair.id}`, at }
  const resolved = resolveIncident(incident, act, 'Read again before the repair, it was gone.')
  return { incident: resolved.incident, entries: incidentEntries(incident, resolved, act, repair) }
}

function wordsOf(judgement: Exclude<Judgement, { readonly kind: 'due' }>): string {
  switch (judgement.kind) {
    case 'gone':
      return 'Read again, the drift is gone.'
    case 'other':
      return judgement.why
    case 'cannot-tell':
      return `Read again, it cannot be told: ${judgement.why}.`
  }
}

function left(repair: Repair): Applied {
  return { repair, leftBecause: null }
}

function partOfBatch(repair: Repair): RepairError {
  return new RepairError({
    code: 'in-batch',
    message: `The repair ${repair.id} belongs to the batch ${repair.batch?.id}, which is applied in waves.`,
    fix: `Apply the batch: \`trueup repair apply ${repair.batch?.id}\`.`,
  })
}

function truthTooOld(repair: Repair): RepairError {
  return new RepairError({
    code: 'wrong-state',
    message: `What was read for the repair ${repair.id} is older than ${truthSeconds} seconds.`,
    fix: 'Apply it again: both sides are read anew.',
  })
}
