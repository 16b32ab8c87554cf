import type { Catalogue } from '../../access/catalogue.ts'
import { SourceError } from '../../source-error.ts'
import type { SubjectId } from '../../subject/subject.ts'
import type { ClerkMapping, MetadataPath } from '../clerk-mapping.ts'
import { foundText } from '../found-text.ts'
import type { Granted, Read, SubjectReading } from '../granted.ts'
import { readCustomerId } from '../read-customer-id.ts'
import { readEntitlements } from '../read-entitlements.ts'
import { readFlag } from '../read-flag.ts'
import { isAbsent, isRecord, readPath } from '../read-path.ts'
import { readPlan } from '../read-plan.ts'
import { readMembers, readMembershipLimit, readSeats } from '../read-seats.ts'
import { readTrialEnd } from '../read-trial-end.ts'

/** What reading a Clerk object needs to know beside the object. */
export interface ClerkReadRules {
  readonly catalogue: Catalogue
  /** The name of the source, such as `clerk`. */
  readonly source: string
  readonly readAt: Date
}

type Json = Readonly<Record<string, unknown>>

/**
 * Reads a user as the Backend API sends it (`user.raw` of the SDK, with `snake_case` keys), or the remains that a
 * `user.deleted` webhook carries.
 *
 * Source: Clerk Backend API, schemas `User`, `EmailAddress` and `DeletedObject`; times are milliseconds.
 *
 * @throws SourceError `answer-unreadable` when this is not a user: reading it as one without metadata would look like
 *   missing access.
 */
export function readClerkUser(json: unknown, mapping: ClerkMapping, rules: ClerkReadRules): SubjectReading {
  const { id, object: user } = clerkObject(json, 'user', rules.source)
  return {
    ...readSubject(user, { type: 'user', id }, mapping, rules),
    emails: verifiedEmails(user),
    name: userName(user),
  }
}

/**
 * Reads an organization as the Backend API sends it, or the remains that an `organization.deleted` webhook carries.
 *
 * Source: Clerk Backend API, schemas `Organization` and `DeletedObject`.
 *
 * @throws SourceError `answer-unreadable` when this is not an organization.
 */
export function readClerkOrganization(
  json: unknown,
  mapping: ClerkMapping,
  rules: ClerkReadRules,
): SubjectReading {
  const { id, object: organization } = clerkObject(json, 'organization', rules.source)
  return {
    ...readSubject(organization, { type: 'organization', id }, mapping, rules),
    emails: [],
    name: textOrNull(organization.name),
  }
}

function readSubject(
  json: Json,
  subject: SubjectId,
  mapping: ClerkMapping,
  rules: ClerkReadRules,
): Omit<SubjectReading, 'emails' | 'name'> {
  return {
    subject,
    source: rules.source,
    customerId: readAt(json, mapping.customerId, readCustomerId),
    externalId: textOrNull(json.external_id),
    granted: readGranted(json, mapping, rules.catalogue),
    deleted: json.deleted === true,
    updatedAt: millisecondsDate(json.updated_at),
    readAt: rules.readAt,
    fields: mappedFields(json, mapping),
  }
}

function readGranted(json: Json, mapping: ClerkMapping, catalogue: Catalogue): Granted {
  const planValue = mapping.plan ? readPath(json, mapping.plan) : unmapped
  const plan =
    planValue.state === 'value'
      ? readPlan(planValue.value, catalogue)
      : { plan: planValue, unknownPlanValue: null }
  return {
    plan: plan.plan,
    unknownPlanValue: plan.unknownPlanValue,
    paid: readAt(json, mapping.premium, readFlag),
    trialEndsAt: readAt(json, mapping.trialEndsAt, readTrialEnd),
    entitlements: readAt(json, mapping.entitlements, readEntitlements),
    seats: readSeatLimit(json, mapping.seats),
    members: mapping.seats === 'members_count' ? readMembers(json.members_count) : unmapped,
  }
}

function readSeatLimit(json: Json, seats: ClerkMapping['seats']): Granted['seats'] {
  if (seats === 'members_count') return unmapped
  if (seats === 'max_allowed_memberships') return readMembershipLimit(json.max_allowed_memberships)
  return readAt(json, seats, readSeats)
}

const unmapped = { state: 'unmapped' } as const

function readAt<T>(json: Json, path: MetadataPath | null, read: (value: unknown) => Read<T>): Read<T> {
  if (!path) return unmapped
  const found = readPath(json, path)
  return found.state === 'value' ? read(found.value) : found
}

/** Every mapped place with the raw value found there, for the evidence. */
function mappedFields(json: Json, mapping: ClerkMapping): SubjectReading['fields'] {
  const { customerId, plan, premium, trialEndsAt, entitlements, seats } = mapping
  const fields: { path: string; found: string | null }[] = []
  for (const place of [customerId, plan, premium, trialEndsAt, entitlements, seats]) {
    if (!place) continue
    const path = typeof place === 'string' ? place : place.text
    if (fields.some((field) => field.path === path)) continue
    fields.push({
      path,
      found: typeof place === 'string' ? keyText(json[place]) : pathText(readPath(json, place)),
    })
  }
  return fields
}

function keyText(value: unknown): string | null {
  return isAbsent(value) ? null : foundText(value)
}

function pathText(read: Read<unknown>): string | null {
  if (read.state === 'value') return foundText(read.value)
  return read.state === 'unreadable' ? read.found : null
}

function clerkObject(
  json: unknown,
  needed: 'user' | 'organization',
  source: string,
): { readonly id: string; readonly object: Json } {
  if (!isRecord(json)) throw notReadable(source, needed, foundText(json))
  const { id, object } = json
  if (typeof id !== 'string' || id === '') throw notReadable(source, needed, 'an object without an id')
  if (object !== undefined && object !== needed)
    throw notReadable(source, needed, `the object ${foundText(object)}`)
  if (json.deleted !== true && json.public_metadata === undefined) {
    throw notReadable(source, needed, `${foundText(id)} without public_metadata`)
  }
  return { id, object: json }
}

function notReadable(source: string, needed: string, found: string): SourceError {
  return new SourceError({
    source,
    code: 'answer-unreadable',
    message: `Clerk answered with ${found} where ${needed === 'user' ? 'a user' : 'an organization'} was needed.`,
    fix: 'Check that the API URL is that of Clerk, and that no proxy changes its answers.',
    retryable: false,
  })
}

/** Verified addresses only, since anybody may add the address of somebody else; the primary one first. */
function verifiedEmails(user: Json): readonly string[] {
  const listed = Array.isArray(user.email_addresses) ? user.email_addresses.filter(isRecord) : []
  const verified = listed.filter(
    (address) => isRecord(address.verification) && address.verification.status === 'verified',
  )
  const primaryFirst = [
    ...verified.filter((address) => address.id === user.primary_email_address_id),
    ...verified.filter((address) => address.id !== user.primary_email_address_id),
  ]
  const texts = primaryFirst.map((address) => textOrNull(address.email_address)?.toLowerCase())
  return [...new Set(texts.filter((text) => text !== undefined))]
}

function userName(user: Json): string | null {
  const names = [textOrNull(user.first_name), textOrNull(user.last_name)].filter((name) => name !== null)
  return names.length > 0 ? names.join(' ') : textOrNull(user.username)
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

function millisecondsDate(value: unknown): Date | null {
  return typeof value === 'number' && Math.abs(value) <= 8.64e15 ? new Date(value) : null
}
