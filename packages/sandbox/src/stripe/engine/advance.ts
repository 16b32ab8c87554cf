import type { Customer, TestClock } from '../objects/index.ts'
import { snapshot } from '../snapshot.ts'
import { badRequest } from '../stripe-error.ts'
import type { Billing } from './billing.ts'
import { addIntervals, day } from './calendar.ts'
import { expireCheckout } from './checkout.ts'
import { type Due, nextDue } from './due.ts'
import { hasEnded } from './end-subscription.ts'
import { intervalOf } from './period.ts'

/**
 * Moves a test clock forward and does on the way, moment by moment, all that falls due for its customers. The clock
 * that is given back says `advancing`, as Stripe answers; the one in the state is `ready` again.
 *
 * @throws StripeError 400 when the time is not ahead, or further ahead than two intervals of the shortest
 * subscription (two years without any), Stripe's limit (https://docs.stripe.com/billing/testing/test-clocks).
 */
export function advanceClock(billing: Billing, clock: TestClock, frozenTime: number): TestClock {
  const { state } = billing
  if (frozenTime <= clock.frozen_time) {
    throw badRequest(
      `The frozen_time (${frozenTime}) must be after the test clock's current time (${clock.frozen_time}).`,
      'frozen_time',
    )
  }
  const limit = furthest(billing, clock)
  if (frozenTime > limit) {
    throw badRequest(
      `Cannot advance the test clock by more than two intervals of its shortest subscription; the latest time allowed now is ${limit}.`,
      'frozen_time',
    )
  }
  state.testClocks.update(clock, {
    status: 'advancing',
    status_details: { advancing: { target_frozen_time: frozenTime } },
  })
  const answer = snapshot(clock) as unknown as TestClock
  state.emit('test_helpers.test_clock.advancing', clock)
  try {
    runDue(billing, state.customers.by('test_clock', clock.id), frozenTime, (moment) => {
      clock.frozen_time = Math.max(clock.frozen_time, moment)
    })
  } catch (error) {
    clock.status = 'internal_failure'
    clock.status_details = {}
    state.emit('test_helpers.test_clock.internal_failure', clock)
    throw error
  }
  clock.frozen_time = frozenTime
  clock.status = 'ready'
  clock.status_details = {}
  state.emit('test_helpers.test_clock.ready', clock)
  return answer
}

/**
 * Does all that has fallen due by the sandbox's own time: for the customers without a test clock, and for checkouts,
 * which no test clock moves. Call it after moving the sandbox's clock; nothing happens by itself, so that a loaded world stays as it was loaded.
 */
export function catchUp(billing: Billing): void {
  const until = billing.state.now()
  const customers = billing.state.customers.all().filter(({ test_clock }) => test_clock === null)
  try {
    runDue(billing, customers, until, (moment) => {
      billing.present = Math.min(until, moment)
    })
    for (const session of billing.state.checkoutSessions.all()) {
      if (session.status === 'open' && session.expires_at <= until) expireCheckout(billing, session)
    }
  } finally {
    billing.present = null
  }
}

/** Customers by the time of their next due, earliest first. */
interface Waiting {
  readonly customer: Customer
  readonly due: Due
}

function runDue(
  billing: Billing,
  customers: readonly Customer[],
  until: number,
  goTo: (moment: number) => void,
): void {
  const heap: Waiting[] = []
  const wait = (customer: Customer) => {
    const due = nextDue(billing, customer)
    if (due !== null && due.at <= until) push(heap, { customer, due })
  }
  for (const customer of customers) wait(customer)
  for (let next = pop(heap); next !== undefined; next = pop(heap)) {
    goTo(next.due.at)
    next.due.act()
    wait(next.customer)
  }
}

function furthest(billing: Billing, clock: TestClock): number {
  const live = billing.state.subscriptions.by('test_clock', clock.id).filter((each) => !hasEnded(each))
  const limits = live.flatMap((subscription) =>
    subscription.items.data.map((item) => addIntervals(clock.frozen_time, intervalOf(item), 2)),
  )
  return limits.length === 0 ? clock.frozen_time + 2 * 366 * day : Math.min(...limits)
}

function push(heap: Waiting[], entry: Waiting): void {
  let at = heap.push(entry) - 1
  while (at > 0) {
    const parent = (at - 1) >> 1
    const above = heap[parent]
    if (above === undefined || !isBefore(entry, above)) break
    heap[at] = above
    at = parent
  }
  heap[at] = entry
}

function pop(heap: Waiting[]): Waiting | undefined {
  const first = heap[0]
  const last = heap.pop()
  if (first === undefined || last === undefined || heap.length === 0) return first
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    const [left, right] = [heap[child], heap[child + 1]]
    if (left === undefined) break
    if (right !== undefined && isBefore(right, left)) child += 1
    const smaller = heap[child]
    if (smaller === undefined || !isBefore(smaller, last)) break
    heap[at] = smaller
    at = child
  }
  heap[at] = last
  return first
}

function isBefore(one: Waiting, other: Waiting): boolean {
  if (one.due.at !== other.due.at) return one.due.at < other.due.at
  return one.customer.id < other.customer.id
}
