import { deriveAccess } from '../access/derive-access.ts'
import { BillingError } from '../billing-error.ts'
import type { SharedFrame } from '../frame.ts'
import { mirrorAccess } from '../mirror/mirror-access.ts'
import type { LeasedWork } from '../store/store.ts'
import { postponement } from './postponement.ts'
import { subjectOfWork } from './subject-of-work.ts'
import { writeRow } from './write-row.ts'

/** What a round of work came to. */
export interface WorkReport {
  readonly done: number
  /** Put off, to be tried again. */
  readonly failed: number
  /** Put off for good; {@link BillingOptions.onProblem} was told. */
  readonly setAside: number
}

/** What `billing.work()` came to. */
export interface RoundReport extends WorkReport {
  /** False: Stripe could not be asked for missed events; the next round asks again. */
  readonly caughtUp: boolean
}

/** Longer than the slowest call with its retries, so that work is not taken from whoever still does it. */
const leaseMs = 120_000
const batch = 10

/**
 * Does the work that is due, until there is none, or so much was done. `keys`: only this work.
 *
 * What fails is put off and tried again; nothing is thrown but what the store itself throws.
 */
export async function doWork(
  frame: SharedFrame,
  { limit = 1_000, keys }: { readonly limit?: number; readonly keys?: readonly string[] } = {},
): Promise<WorkReport> {
  let [done, failed, setAside] = [0, 0, 0]
  while (done + failed + setAside < limit) {
    const leased = await frame.store.unit((unit) =>
      unit.leaseWork({ now: frame.clock.now(), limit: batch, leaseMs, ...(keys ? { keys } : {}) }),
    )
    if (leased.length === 0) break
    for (const work of leased) {
      const outcome = await perform(frame, work)
      if (outcome === 'done') done += 1
      else if (outcome === 'failed') failed += 1
      else setAside += 1
    }
  }
  return { done, failed, setAside }
}

async function perform(frame: SharedFrame, work: LeasedWork): Promise<'done' | 'failed' | 'set-aside'> {
  try {
    await act(frame, work)
    return 'done'
  } catch (error) {
    const to = postponement(work, error, { now: frame.clock.now(), rng: frame.rng })
    await frame.store.unit((unit) => unit.postponeWork(work, to))
    if (!to.setAside) return 'failed'
    await frame.problem({
      code: 'work-set-aside',
      subject: work.subject,
      customerId: null,
      message: `${work.key} failed ${to.attempts} times and is set aside: ${to.error} It is tried again when something about it changes.`,
    })
    return 'set-aside'
  }
}

async function act(frame: SharedFrame, work: LeasedWork): Promise<void> {
  switch (work.kind) {
    case 'read': {
      const { written } = await deriveAccess(frame, subjectOfWork(work), work)
      if (!written) throw overtaken(work)
      return
    }
    case 'mirror':
      return mirrorAccess(frame, subjectOfWork(work), work)
    case 'row':
      return writeRow(frame, subjectOfWork(work), work)
    case 'adopt':
    case 'sync':
    case 'card':
    case 'notice':
      return frame.seller.act(work)
  }
}

function overtaken({ key }: LeasedWork): BillingError {
  return new BillingError({
    code: 'busy',
    message: `Another reading began while ${key} was under way.`,
    fix: 'It is read again by itself.',
    retryable: true,
    retryAfterMs: 0,
  })
}
