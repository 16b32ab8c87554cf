import type { SubjectId } from '@trueup/core'
import type Stripe from 'stripe'
import { resyncSubject } from '../access/resync.ts'
import { adoptCustomer } from '../customer/adopt-customer.ts'
import { ensureCustomer } from '../customer/ensure-customer.ts'
import { subjectInMetadata } from '../customer/subject-metadata.ts'
import type { Frame } from '../frame.ts'
import { listSubjects, subjectsPage } from './list-subjects.ts'

/** What a backfill came to; where it was stopped and called again, since then. */
export interface BackfillReport {
  /** Customers of Stripe that name a subject and were looked at. */
  readonly customers: number
  /** Customers that a subject was found for that had none. */
  readonly adopted: number
  /** Second customers of a subject, which were reported. */
  readonly duplicates: number
  /** Subjects of Clerk whose billing was read. */
  readonly subjects: number
}

const cursorName = 'backfill'

/** Where it stands: customers first, so that no subject is given a second one, then subjects. */
type Place =
  | { readonly part: 'customers'; readonly after: string | null }
  | { readonly part: 'subjects'; readonly offset: number }

/**
 * Goes through everything that was there before the SDK: finds the customers of Stripe that name a subject, and reads
 * the billing of every subject of Clerk. Goes on where it was stopped; once through, the next call begins anew.
 */
export async function backfill(frame: Frame): Promise<BackfillReport> {
  let report: BackfillReport = { customers: 0, adopted: 0, duplicates: 0, subjects: 0 }
  let place: Place | null = await placeOf(frame)
  while (place !== null) {
    const step: Step =
      place.part === 'customers' ? await customersFrom(frame, place) : await subjectsFrom(frame, place)
    report = add(report, step.found)
    place = step.next
    const text = place ? JSON.stringify(place) : ''
    await frame.store.unit((unit) => unit.setCursor(cursorName, text))
  }
  return report
}

async function placeOf(frame: Frame): Promise<Place> {
  const text = await frame.store.unit((unit) => unit.cursor(cursorName))
  return text ? (JSON.parse(text) as Place) : { part: 'customers', after: null }
}

interface Step {
  readonly found: Partial<BackfillReport>
  readonly next: Place | null
}

async function customersFrom(frame: Frame, { after }: { readonly after: string | null }): Promise<Step> {
  const page: Stripe.ApiList<Stripe.Customer> = await frame.stripe.call((stripe) =>
    stripe.customers.list({ limit: 100, ...(after === null ? {} : { starting_after: after }) }),
  )
  const ours = page.data.filter(({ metadata }) => subjectInMetadata(metadata, frame.subjectType) !== null)
  const adoptions: string[] = []
  for (const { id } of ours) adoptions.push(await adoptCustomer(frame, id))
  const last = page.data.at(-1)
  return {
    found: {
      customers: ours.length,
      adopted: adoptions.filter((adoption) => adoption === 'adopted').length,
      duplicates: adoptions.filter((adoption) => adoption === 'duplicate').length,
    },
    next: page.has_more && last ? { part: 'customers', after: last.id } : { part: 'subjects', offset: 0 },
  }
}

async function subjectsFrom(frame: Frame, { offset }: { readonly offset: number }): Promise<Step> {
  const ids = await listSubjects(frame, offset)
  for (const id of ids) {
    const subject: SubjectId = { type: frame.subjectType, id }
    if (frame.options.customers !== 'on-demand') await ensureCustomer(frame, subject)
    await resyncSubject(frame, subject)
  }
  return {
    found: { subjects: ids.length },
    next: ids.length === subjectsPage ? { part: 'subjects', offset: offset + subjectsPage } : null,
  }
}

function add(report: BackfillReport, found: Partial<BackfillReport>): BackfillReport {
  return {
    customers: report.customers + (found.customers ?? 0),
    adopted: report.adopted + (found.adopted ?? 0),
    duplicates: report.duplicates + (found.duplicates ?? 0),
    subjects: report.subjects + (found.subjects ?? 0),
  }
}
