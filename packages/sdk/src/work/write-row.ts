import type { SubjectId } from '@trueup/core'
import { BillingError } from '../billing-error.ts'
import type { SharedFrame } from '../frame.ts'
import type { LeasedWork } from '../store/store.ts'

/** Tries whose row is still missing, after which a person is told. */
const patience = 5

/** Writes what is granted into the app's own row, once it is there. */
export async function writeRow(frame: SharedFrame, subject: SubjectId, work: LeasedWork): Promise<void> {
  const written = await frame.store.unit(async (unit) => {
    const record = await unit.lockSubject(subject)
    if ((await unit.writeAppRow(record)) === 'missing' && !record.deletedAt) return false
    await unit.finishWork(work)
    return true
  })
  if (written) return
  const error = new BillingError({
    code: 'row-missing',
    message: `The app's table has no row for ${subject.id}, so what it may use is not written there yet.`,
    fix: 'Add the row; it is written as soon as it is there.',
  })
  if (work.attempts === patience) {
    await frame.problem({ code: 'row-missing', subject, customerId: null, message: error.message })
  }
  throw error
}
