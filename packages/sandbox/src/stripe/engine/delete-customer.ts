import type { Customer, Deleted, TestClock } from '../objects/index.ts'
import type { Billing } from './billing.ts'
import { endSubscription, expireIncomplete } from './end-subscription.ts'
import { changeSchedule, isLive } from './finish-schedule.ts'

/** Deletes a customer: its subscriptions end at once, its schedules are canceled, and `customer.deleted` is emitted. */
export function deleteCustomer(billing: Billing, customer: Customer): Deleted<'customer'> {
  const { state } = billing
  for (const subscription of state.subscriptions.by('customer', customer.id)) {
    if (subscription.status === 'incomplete') expireIncomplete(billing, subscription)
    else endSubscription(billing, subscription)
  }
  for (const schedule of state.schedules.by('customer', customer.id)) {
    if (!isLive(schedule)) continue
    changeSchedule(
      billing,
      schedule,
      { canceled_at: billing.now(schedule), current_phase: null, status: 'canceled' },
      ['subscription_schedule.canceled'],
    )
  }
  const deleted: Deleted<'customer'> = { id: customer.id, object: 'customer', deleted: true }
  state.emit('customer.deleted', customer)
  state.customers.delete(customer.id)
  state.deleted.set(customer.id, deleted)
  return deleted
}

/** Deletes a test clock with all its customers and what they have, as Stripe does. */
export function deleteClock(billing: Billing, clock: TestClock): Deleted<'test_helpers.test_clock'> {
  const { state } = billing
  for (const customer of [...state.customers.by('test_clock', clock.id)]) deleteCustomer(billing, customer)
  for (const schedule of [...state.schedules.by('test_clock', clock.id)]) state.schedules.delete(schedule.id)
  for (const subscription of [...state.subscriptions.by('test_clock', clock.id)]) {
    for (const invoice of [...state.invoices.by('subscription', subscription.id)])
      state.invoices.delete(invoice.id)
    state.subscriptions.delete(subscription.id)
  }
  const deleted: Deleted<'test_helpers.test_clock'> = {
    id: clock.id,
    object: 'test_helpers.test_clock',
    deleted: true,
  }
  state.testClocks.delete(clock.id)
  state.deleted.set(clock.id, deleted)
  state.emit('test_helpers.test_clock.deleted', clock)
  return deleted
}
