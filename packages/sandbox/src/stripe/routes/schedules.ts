import { listPage } from '../answer/list.ts'
import type { ScheduleChange } from '../billing-engine.ts'
import { makeSchedule, type SubscriptionSchedule } from '../objects/schedule.ts'
import type { JsonObject } from '../objects/wire.ts'
import { type Call, pathId, type Route, route } from '../request/call.ts'
import { asParameter, find, IN_PATH } from '../request/find.ts'
import { mergeMetadata } from '../request/metadata.ts'
import { badRequest, missingParameter } from '../stripe-error.ts'
import { rangeHolds, type TimeRange } from '../table.ts'
import { phaseOfSubscription, phasesOf } from './schedule-phases.ts'

export const scheduleRoutes: readonly Route[] = [
  route('GET /v1/subscription_schedules', 'subscription_schedule[]', listSchedules),
  route('POST /v1/subscription_schedules', 'subscription_schedule', createSchedule),
  route('GET /v1/subscription_schedules/{id}', 'subscription_schedule', foundSchedule),
  route('POST /v1/subscription_schedules/{id}', 'subscription_schedule', updateSchedule),
  route('POST /v1/subscription_schedules/{id}/cancel', 'subscription_schedule', cancelSchedule),
  route('POST /v1/subscription_schedules/{id}/release', 'subscription_schedule', releaseSchedule),
]

function listSchedules(call: Call) {
  const { parameters, state } = call
  const customer = parameters.text('customer')
  const scheduled = parameters.flag('scheduled')
  const canceled = parameters.range('canceled_at')
  const completed = parameters.range('completed_at')
  const released = parameters.range('released_at')
  return listPage(call, state.schedules, 'subscription schedule', '/v1/subscription_schedules', {
    ...(customer === undefined ? {} : { by: ['customer', customer] as const }),
    where: (row) =>
      (scheduled === undefined || (row.status === 'not_started') === scheduled) &&
      happened(canceled, row.canceled_at) &&
      happened(completed, row.completed_at) &&
      happened(released, row.released_at),
  })
}

function happened(range: TimeRange | undefined, time: number | null): boolean {
  return range === undefined || (time !== null && rangeHolds(range, time))
}

function createSchedule(call: Call): SubscriptionSchedule {
  const from = call.parameters.text('from_subscription')
  return call.engine.startSchedule(from === undefined ? newSchedule(call) : scheduleOf(call, from))
}

/** A schedule that will make a subscription of its own. */
function newSchedule(call: Call): SubscriptionSchedule {
  const { parameters, state } = call
  const customer = find(
    state,
    state.customers,
    'customer',
    parameters.needText('customer'),
    asParameter('customer'),
  )
  const created = state.now(customer.test_clock)
  const asked = parameters.objects('phases')
  if (asked === undefined || asked.length === 0) throw missingParameter('phases')
  const start = parameters.numberOrWord<'now'>('start_date')
  if (start === undefined || start === null) throw missingParameter('start_date')
  const id = state.ids.next('sub_sched')
  return makeSchedule({
    id,
    created,
    customer: customer.id,
    livemode: state.livemode,
    test_clock: customer.test_clock,
    billing_mode:
      parameters.object('billing_mode')?.text('type') === 'classic'
        ? { flexible: null, type: 'classic' }
        : { flexible: { proration_discounts: 'included' }, type: 'flexible' },
    end_behavior: parameters.word('end_behavior') ?? 'release',
    metadata: mergeMetadata({}, parameters),
    phases: phasesOf(call, asked, start === 'now' ? created : start, created),
    ...defaultSettings(call, null),
  })
}

/** A schedule that takes over a subscription as it stands. */
function scheduleOf(call: Call, from: string): SubscriptionSchedule {
  const { parameters, state } = call
  for (const name of ['phases', 'customer', 'start_date', 'end_behavior', 'default_settings']) {
    if (parameters.has(name)) {
      throw badRequest(`You cannot set \`${name}\` when creating a schedule \`from_subscription\`.`, name)
    }
  }
  const subscription = find(
    state,
    state.subscriptions,
    'subscription',
    from,
    asParameter('from_subscription'),
  )
  if (subscription.status === 'canceled' || subscription.status === 'incomplete_expired') {
    throw badRequest('You cannot migrate a subscription that is canceled.', 'from_subscription')
  }
  const phase = phaseOfSubscription(subscription)
  return makeSchedule({
    id: state.ids.next('sub_sched'),
    created: state.now(subscription.test_clock),
    billing_mode: subscription.billing_mode,
    current_phase: { end_date: phase.end_date, start_date: phase.start_date },
    customer: subscription.customer,
    livemode: state.livemode,
    metadata: mergeMetadata({}, parameters),
    phases: [phase],
    status: 'active',
    subscription: subscription.id,
    test_clock: subscription.test_clock,
  })
}

function updateSchedule(call: Call): SubscriptionSchedule {
  const { engine, parameters, state } = call
  const schedule = foundSchedule(call)
  const asked = parameters.objects('phases')
  const now = state.now(schedule.test_clock)
  const start = schedule.phases[0]?.start_date ?? now
  const endBehavior = parameters.word<SubscriptionSchedule['end_behavior']>('end_behavior')
  const scheduleChange: ScheduleChange = {
    fields: {
      metadata: mergeMetadata(schedule.metadata, parameters),
      ...defaultSettings(call, schedule),
    },
    prorationBehavior: parameters.word('proration_behavior') ?? 'create_prorations',
    ...(asked === undefined ? {} : { phases: phasesOf(call, asked, start, now) }),
    ...(endBehavior === undefined ? {} : { endBehavior }),
  }
  return engine.updateSchedule(schedule, scheduleChange)
}

function cancelSchedule(call: Call): SubscriptionSchedule {
  const { engine, parameters } = call
  return engine.cancelSchedule(liveSchedule(call, 'cancel'), {
    invoiceNow: parameters.flag('invoice_now') ?? false,
    prorate: parameters.flag('prorate') ?? true,
  })
}

function releaseSchedule(call: Call): SubscriptionSchedule {
  const { engine, parameters } = call
  return engine.releaseSchedule(liveSchedule(call, 'release'), {
    preserveCancelDate: parameters.flag('preserve_cancel_date') ?? false,
  })
}

function liveSchedule(call: Call, act: string): SubscriptionSchedule {
  const schedule = foundSchedule(call)
  if (schedule.status === 'active' || schedule.status === 'not_started') return schedule
  throw badRequest(
    `You can only ${act} a subscription schedule that is \`not_started\` or \`active\`. Schedule ${schedule.id} is currently in the \`${schedule.status}\` status.`,
  )
}

function foundSchedule(call: Call): SubscriptionSchedule {
  return find(call.state, call.state.schedules, 'subscription schedule', pathId(call), IN_PATH)
}

function defaultSettings(call: Call, schedule: SubscriptionSchedule | null): Partial<SubscriptionSchedule> {
  const asked = call.parameters.json('default_settings')
  if (asked === undefined || asked === null) return {}
  const old =
    schedule?.default_settings ?? makeSchedule({ id: '', created: 0, customer: '' }).default_settings
  return { default_settings: { ...old, ...settledSettings(asked, old) } }
}

function settledSettings(asked: JsonObject, old: JsonObject): JsonObject {
  const tax = asked.automatic_tax as JsonObject | undefined
  const invoice = asked.invoice_settings as JsonObject | undefined
  return {
    ...asked,
    ...(tax === undefined
      ? {}
      : {
          automatic_tax: {
            disabled_reason: null,
            liability: tax.enabled === true ? { type: 'self' } : null,
            ...tax,
          },
        }),
    ...(invoice === undefined
      ? {}
      : { invoice_settings: { ...(old.invoice_settings as JsonObject), ...invoice } }),
  }
}
