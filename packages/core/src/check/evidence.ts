import { printable } from '../grant/found-text.ts'
import type { SubjectReading } from '../grant/granted.ts'
import type { Payer } from '../match/pair.ts'
import type { BillingFact, PlanItem } from '../promise/billing.ts'
import type { SubjectId } from '../subject/subject.ts'
import type { SubjectRecord } from './records.ts'
import type { Evidence } from './verdict.ts'

/** The name under which facts of a billing are quoted: Clerk Billing has its own kind, all others are Stripe's. */
export function billingOf(fact: BillingFact | undefined): string {
  return fact?.kind === 'plan-item' ? 'clerk-billing' : 'stripe'
}

/** Where the promise was read: each fact's status, prices and the dates that the rules looked at. */
export function promiseEvidence(payers: readonly Payer[]): readonly Evidence[] {
  return payers.flatMap((payer) => payer.facts.flatMap(factEvidence))
}

/**
 * Where the grant was read: each mapped field with what was found in it. The object is the record in that source: a
 * row's key where it is not the subject's own id.
 */
export function grantEvidence(readings: readonly SubjectReading[]): readonly Evidence[] {
  return readings.flatMap((reading) =>
    reading.fields.map((field) => ({
      source: reading.source,
      object: reading.recordId ?? reading.subject.id,
      field: field.path,
      value: field.found,
      readAt: reading.readAt,
    })),
  )
}

/** What one source shows of a subject; that it has no such record is evidence too. */
export function recordEvidence(record: SubjectRecord, subject: SubjectId, readAt: Date): readonly Evidence[] {
  if (record.kind !== 'missing') return grantEvidence([record.reading])
  return [{ source: record.source, object: subject.id, field: 'record', value: null, readAt }]
}

function factEvidence(fact: BillingFact): readonly Evidence[] {
  const line = (field: string, value: string | null): Evidence => ({
    source: billingOf(fact),
    object: fact.kind === 'entitlements' ? fact.customerId : fact.id,
    field,
    value,
    readAt: fact.readAt,
  })
  switch (fact.kind) {
    case 'subscription': {
      const lines = [
        line('status', typeof fact.status === 'string' ? fact.status : printable(fact.status.unknown)),
        ...fact.items.map((item) => line('items.price', describeItem(item.price.id, item.quantity))),
      ]
      const dates: readonly (readonly [string, Date | null])[] = [
        ['current_period_end', fact.currentPeriodEnd],
        ['trial_end', fact.trialEndsAt],
        ['cancel_at', fact.cancelsAt],
        ['ended_at', fact.endedAt],
      ]
      for (const [field, date] of dates) if (date) lines.push(line(field, date.toISOString()))
      if (fact.pausedCollection) lines.push(line('pause_collection', fact.pausedCollection.behavior))
      if (fact.latestInvoice && fact.latestInvoice !== 'unread') {
        lines.push(
          line('latest_invoice', `${fact.latestInvoice.id} ${fact.latestInvoice.status ?? 'without status'}`),
        )
      }
      for (const problem of fact.problems) lines.push(line('unreadable', printable(problem)))
      return lines
    }
    case 'plan-item':
      return planItemLines(fact, line)
    case 'purchase':
      return [
        line('paid_at', fact.paidAt.toISOString()),
        ...fact.prices.map((price) => line('line_items.price', price.id)),
        ...fact.problems.map((problem) => line('unreadable', printable(problem))),
      ]
    case 'entitlements':
      return [line('active_entitlements', printable(fact.lookupKeys.join(', ')))]
  }
}

function planItemLines(
  item: PlanItem,
  line: (field: string, value: string | null) => Evidence,
): readonly Evidence[] {
  const { status, price, seats } = item
  const plan = price.lookupKey === null ? price.id : `${price.id} ${price.lookupKey}`
  const dates: readonly (readonly [string, Date | null])[] = [
    ['period_start', item.periodStart],
    ['period_end', item.periodEnd],
    ['canceled_at', item.canceledAt],
    ['past_due_at', item.pastDueAt],
    ['ended_at', item.endedAt],
  ]
  return [
    line('status', typeof status === 'string' ? status : printable(status.unknown)),
    line('plan', printable(plan)),
    ...(item.isFreeTrial ? [line('is_free_trial', 'true')] : []),
    ...(seats === null ? [] : [line('seats', String(seats))]),
    ...dates.flatMap(([field, date]) => (date ? [line(field, date.toISOString())] : [])),
    ...item.problems.map((problem) => line('unreadable', printable(problem))),
  ]
}

function describeItem(priceId: string, quantity: number | null): string {
  return quantity === null || quantity === 1 ? priceId : `${priceId} × ${quantity}`
}
