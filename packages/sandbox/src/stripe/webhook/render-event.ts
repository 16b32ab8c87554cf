import type { Event, Json, JsonObject } from '../objects/index.ts'
import { snapshot } from '../snapshot.ts'

/** Since this API version the billing period is on the items, and an invoice's subscription under `parent`. */
const basil = '2025-03-31'

/**
 * An event as an endpoint of an API version sees it. The newest shape is kept; for endpoints pinned before 2025-03-31
 * subscriptions also have their period at the top, and invoices their subscription, as those versions sent them.
 */
export function renderEvent(event: Event, apiVersion: string): JsonObject {
  const rendered = snapshot(event)
  rendered.api_version = apiVersion
  const data = rendered.data as { object: JsonObject; previous_attributes?: JsonObject }
  if (apiVersion.slice(0, 10) < basil) {
    data.object = oldShape(data.object)
    if (data.previous_attributes !== undefined && data.object.object === 'subscription') {
      data.previous_attributes = periodUp(data.previous_attributes)
    }
  }
  return rendered
}

function oldShape(object: JsonObject): JsonObject {
  if (object.object === 'subscription') return periodUp(object)
  if (object.object === 'invoice') return invoiceUp(object)
  return object
}

/** Moves the items' period to the top: the latest start, the earliest end. */
function periodUp(subscription: JsonObject): JsonObject {
  const items = (subscription.items as { data?: Json[] } | undefined)?.data
  if (!Array.isArray(items) || items.length === 0) return subscription
  const rows = items as JsonObject[]
  const starts = rows.map((row) => Number(row.current_period_start))
  const ends = rows.map((row) => Number(row.current_period_end))
  const data = rows.map(({ current_period_start: _start, current_period_end: _end, ...row }) => row)
  return {
    ...subscription,
    current_period_end: Math.min(...ends),
    current_period_start: Math.max(...starts),
    items: { ...(subscription.items as JsonObject), data },
  }
}

function invoiceUp(invoice: JsonObject): JsonObject {
  const { parent, ...rest } = invoice
  const details = (parent as JsonObject | null | undefined)?.subscription_details as
    | JsonObject
    | null
    | undefined
  return {
    ...rest,
    paid: invoice.status === 'paid',
    subscription: details?.subscription ?? null,
    subscription_details:
      details === null || details === undefined ? null : { metadata: details.metadata ?? null },
  }
}
