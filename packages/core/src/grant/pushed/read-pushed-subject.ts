import type { Component } from '../../access/access.ts'
import type { Catalogue } from '../../access/catalogue.ts'
import type { PushedMapping } from '../access-mapping.ts'
import { foundText } from '../found-text.ts'
import type { Granted, Read, SubjectReading } from '../granted.ts'
import { readCustomerId } from '../read-customer-id.ts'
import { readEntitlements } from '../read-entitlements.ts'
import { readFlag } from '../read-flag.ts'
import { isAbsent } from '../read-path.ts'
import { readPlan } from '../read-plan.ts'
import { readMembers, readSeats } from '../read-seats.ts'
import { readTrialEnd } from '../read-trial-end.ts'
import { fieldsOfComponent } from './parse-pushed-subject.ts'
import type {
  PushedRecord,
  PushedSubject,
  PushedValueField,
  UnreadablePushedRecord,
} from './pushed-subject.ts'

/** What reading a pushed subject needs to know beside it. */
export interface PushedReadRules {
  readonly catalogue: Catalogue
  /** The name of the source, such as `app`. */
  readonly source: string
  readonly readAt: Date
}

/**
 * Reads what a pushed subject grants, by the same rules as every other source. `null` is no value; a field that the
 * source carries and that was not sent is unreadable, since nobody said that there is none; a field that the source
 * does not carry is not looked at.
 *
 * @example
 * readPushedSubject(record, { components: ['plan'] }, { catalogue, source: 'app', readAt })
 */
export function readPushedSubject(
  subject: PushedSubject,
  mapping: PushedMapping,
  rules: PushedReadRules,
): SubjectReading {
  return subject.kind === 'record'
    ? readRecord(subject, mapping, rules)
    : readSkipped(subject, mapping, rules)
}

function readRecord(
  record: PushedRecord,
  { components }: PushedMapping,
  rules: PushedReadRules,
): SubjectReading {
  const { subject, externalId, emails, name, deleted, updatedAt } = record
  return {
    subject,
    source: rules.source,
    customerId: record.values.customerId === undefined ? unmapped : readCustomerId(record.values.customerId),
    externalId,
    emails,
    name,
    granted: readGranted(record, components, rules.catalogue),
    deleted,
    updatedAt,
    readAt: rules.readAt,
    fields: sentFields(record, components),
  }
}

function readGranted(record: PushedRecord, components: readonly Component[], catalogue: Catalogue): Granted {
  const { values } = record
  const carries = (component: Component) => components.includes(component)
  const read = <T>(field: PushedValueField, value: (sent: unknown) => Read<T>): Read<T> =>
    values[field] === undefined ? notSent(record, field) : value(values[field])
  const { plan, unknownPlanValue } =
    carries('plan') && values.plan !== undefined
      ? readPlan(values.plan, catalogue)
      : { plan: carries('plan') ? notSent(record, 'plan') : unmapped, unknownPlanValue: null }
  const isCounted = carries('seats') && !isAbsent(values.members)
  const isLimited = carries('seats') && (values.seats !== undefined || values.members === undefined)
  const members = isCounted ? readMembers(values.members) : unmapped
  return {
    plan,
    unknownPlanValue,
    paid: carries('paid') ? read('premium', readFlag) : unmapped,
    trialEndsAt: carries('trialEndsAt') ? read('trialEndsAt', readTrialEnd) : unmapped,
    entitlements: carries('entitlements') ? read('entitlements', readEntitlements) : unmapped,
    // Members that cannot be counted, of an app that sets no limit, leave nothing known of its seats.
    seats: isLimited ? read('seats', readSeats) : members.state === 'unreadable' ? members : unmapped,
    members,
  }
}

/** A deleted subject grants nothing, so nothing has to be sent with it. */
function notSent({ deleted }: PushedRecord, field: PushedValueField): Read<never> {
  if (deleted) return { state: 'absent' }
  return {
    state: 'unreadable',
    found: 'nothing',
    needed: `the field ${field}, which this source is said to carry; null where there is none`,
  }
}

const unmapped = { state: 'unmapped' } as const

function sentFields({ values }: PushedRecord, components: readonly Component[]): SubjectReading['fields'] {
  return ['customerId' as const, ...components.flatMap((component) => fieldsOfComponent[component])]
    .filter((field) => values[field] !== undefined)
    .map((field) => ({ path: field, found: isAbsent(values[field]) ? null : foundText(values[field]) }))
}

/** Everything that a skipped record would have said is unknown; that it was there is not. */
function readSkipped(
  { subject, found, needed }: UnreadablePushedRecord,
  { components }: PushedMapping,
  rules: PushedReadRules,
): SubjectReading {
  const unreadable = { state: 'unreadable', found, needed } as const
  const read = (component: Component) => (components.includes(component) ? unreadable : unmapped)
  return {
    subject,
    source: rules.source,
    customerId: unreadable,
    externalId: null,
    emails: [],
    name: null,
    granted: {
      plan: read('plan'),
      paid: read('paid'),
      trialEndsAt: read('trialEndsAt'),
      entitlements: read('entitlements'),
      seats: read('seats'),
      members: unmapped,
      unknownPlanValue: null,
    },
    deleted: false,
    updatedAt: null,
    readAt: rules.readAt,
    fields: [{ path: 'record', found }],
  }
}
