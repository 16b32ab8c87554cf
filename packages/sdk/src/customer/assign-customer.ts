import type { Frame } from '../frame.ts'
import type { StoreUnit, SubjectRecord } from '../store/store.ts'
import { workOn } from '../work/work-on.ts'

/**
 * Writes that a subject that was locked has a customer: into the record, into the app's own row, and as work, so that
 * its billing is read and Clerk is told.
 *
 * @throws BillingError `customer-taken` when another subject has the customer
 */
export async function assignCustomer(
  frame: Frame,
  unit: StoreUnit<unknown>,
  record: SubjectRecord,
  customerId: string,
): Promise<SubjectRecord> {
  const { subject } = record
  const assigned: SubjectRecord = { ...record, customerId, customerRequest: null }
  const now = frame.clock.now()
  await unit.saveSubject(assigned)
  if ((await unit.writeAppRow(assigned)) === 'missing') await unit.putWork(workOn('row', subject, now))
  await unit.putWork(workOn('read', subject, now))
  if (frame.options.mirror !== false) await unit.putWork(workOn('mirror', subject, now))
  return assigned
}
