import type { SubjectId } from '@trueup/core'
import type { Frame } from '../frame.ts'
import { answerOf } from '../vendor/vendor.ts'
import { workOn } from '../work/work-on.ts'

/** Whether Stripe says that it does not have the customer that it was asked about. */
export function isMissingCustomer(error: unknown): boolean {
  const { code, param } = answerOf(error)
  return code === 'resource_missing' && param === 'customer'
}

/** Forgets a customer that Stripe does not have any more: the next checkout makes another one. */
export async function forgetCustomer(frame: Frame, subject: SubjectId, customerId: string): Promise<void> {
  await frame.store.unit(async (unit) => {
    const record = await unit.lockSubject(subject)
    if (record.customerId !== customerId) return
    await unit.saveSubject({
      ...record,
      customerId: null,
      customerRequest: null,
      toldName: null,
      toldEmail: null,
    })
    await unit.putWork(workOn('read', subject, frame.clock.now()))
  })
}
