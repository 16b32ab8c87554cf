import type { Component } from '../../access/access.ts'
import type { Parsed, Refusal } from '../../refusal.ts'
import type { SubjectType } from '../../subject/subject.ts'
import type { ClerkMapping, MetadataPath } from '../clerk-mapping.ts'

/** The fields of a Clerk mapping, in the order in which they are asked for. */
export const clerkMappingFields = [
  'customerId',
  'plan',
  'premium',
  'trialEndsAt',
  'entitlements',
  'seats',
] as const
export type ClerkMappingField = (typeof clerkMappingFields)[number]

/** Why a mapping was refused. Closed list. */
export type MappingRefusalCode =
  | 'path-malformed'
  | 'container-unknown'
  /** Organizations have no `unsafe_metadata`. */
  | 'organization-without-unsafe'
  /** A browser can write `unsafe_metadata`, so it could claim another's customer. */
  | 'customer-id-client-writable'
  | 'customer-id-missing'
  | 'plan-and-premium-missing'
  | 'seats-of-users'

export interface MappingRefusal extends Refusal<MappingRefusalCode> {
  readonly field: ClerkMappingField
}

const containers = ['public_metadata', 'private_metadata', 'unsafe_metadata'] as const
const example = 'public_metadata.plan'

/**
 * Reads a metadata path as it is written in the configuration.
 *
 * @example
 * parseMetadataPath('public_metadata.billing.plan', 'user', 'plan')
 */
export function parseMetadataPath(
  text: string,
  type: SubjectType,
  field: ClerkMappingField,
): Parsed<MetadataPath, MappingRefusalCode> {
  const [containerText = '', ...keys] = text.trim().split('.')
  const container = containers.find((known) => known === containerText)
  if (!container) {
    return refuse({
      code: 'container-unknown',
      found: JSON.stringify(text),
      needed: `a path that begins with ${containersOf(type).join(' or ')}`,
      fix: `Write the place in Clerk metadata in full, such as ${example}.`,
    })
  }
  const [first, ...rest] = keys
  if (!first || keys.some((key) => key.trim() !== key || key === '')) {
    return refuse({
      code: 'path-malformed',
      found: JSON.stringify(text),
      needed: 'one key or more after the container, with single dots between them and no blanks around them',
      fix: `Write the place in Clerk metadata in full, such as ${example}.`,
    })
  }
  if (container === 'unsafe_metadata' && type === 'organization') {
    return refuse({
      code: 'organization-without-unsafe',
      found: JSON.stringify(text),
      needed: 'public_metadata or private_metadata: organizations have no unsafe_metadata',
      fix: 'Name the field in public_metadata or private_metadata of the organization.',
    })
  }
  if (container === 'unsafe_metadata' && field === 'customerId') {
    return refuse({
      code: 'customer-id-client-writable',
      found: JSON.stringify(text),
      needed:
        'public_metadata or private_metadata: a browser can write unsafe_metadata, and with it anybody could claim the customer of somebody else',
      fix: 'Let your server write the customer id to private_metadata, and map that.',
    })
  }
  return { ok: true, value: { container, keys: [first, ...rest], text: [container, ...keys].join('.') } }
}

/**
 * Reads the Clerk mapping of one type of subject and reports everything that is wrong with it at once. A field that
 * is `unsafe_metadata` is taken, except the customer id; the check then files `grant-client-writable`.
 *
 * @param needs.customerId Whether the app has to keep a customer id. Default true: without one nobody who pays through
 *   Stripe would find their subject.
 *
 * @example
 * parseClerkMapping('user', {
 *   customerId: 'private_metadata.stripe_customer_id',
 *   plan: 'public_metadata.plan',
 * })
 */
export function parseClerkMapping(
  type: SubjectType,
  texts: Readonly<Partial<Record<ClerkMappingField, string | undefined>>>,
  { customerId: needsCustomerId = true }: { readonly customerId?: boolean } = {},
): { readonly mapping: ClerkMapping | null; readonly refusals: readonly MappingRefusal[] } {
  const refusals: MappingRefusal[] = []
  const pathOf = (field: ClerkMappingField): MetadataPath | null => {
    const text = texts[field]
    if (text === undefined) return null
    const parsed = parseMetadataPath(text, type, field)
    if (parsed.ok) return parsed.value
    refusals.push({ field, ...parsed.refusal })
    return null
  }
  if (texts.customerId === undefined && needsCustomerId) refusals.push(customerIdMissing(type))
  const customerId = pathOf('customerId')
  const plan = pathOf('plan')
  const premium = pathOf('premium')
  const trialEndsAt = pathOf('trialEndsAt')
  const entitlements = pathOf('entitlements')
  const seats = parseSeats(type, texts.seats, pathOf, refusals)
  if (texts.plan === undefined && texts.premium === undefined) refusals.push(planAndPremiumMissing(type))
  if (refusals.length > 0) return { mapping: null, refusals }
  return { mapping: { customerId, plan, premium, trialEndsAt, entitlements, seats }, refusals }
}

/** The components of access that a mapping lets a check compare. */
export function mappedComponents(mapping: ClerkMapping): readonly Component[] {
  const mapped: readonly (readonly [Component, unknown])[] = [
    ['paid', mapping.premium],
    ['plan', mapping.plan],
    ['trialEndsAt', mapping.trialEndsAt],
    ['entitlements', mapping.entitlements],
    ['seats', mapping.seats],
  ]
  return mapped.flatMap(([component, place]) => (place ? [component] : []))
}

function parseSeats(
  type: SubjectType,
  text: string | undefined,
  pathOf: (field: ClerkMappingField) => MetadataPath | null,
  refusals: MappingRefusal[],
): ClerkMapping['seats'] {
  if (text === undefined) return null
  if (type === 'user') {
    refusals.push({
      field: 'seats',
      code: 'seats-of-users',
      found: JSON.stringify(text),
      needed: 'no seats for users: one user has one seat',
      fix: 'Take seats out of the mapping of users, and map them for organizations.',
    })
    return null
  }
  if (text === 'max_allowed_memberships' || text === 'members_count') return text
  return pathOf('seats')
}

function customerIdMissing(type: SubjectType): MappingRefusal {
  return {
    field: 'customerId',
    code: 'customer-id-missing',
    found: 'nothing',
    needed: `the place where your app keeps the Stripe customer id of ${plural(type)}`,
    fix: "Add it, such as customerId: 'private_metadata.stripe_customer_id'.",
  }
}

function planAndPremiumMissing(type: SubjectType): MappingRefusal {
  return {
    field: 'plan',
    code: 'plan-and-premium-missing',
    found: 'neither plan nor premium',
    needed: `the place where your app keeps the plan of ${plural(type)}, or a flag that says whether it is paid`,
    fix: "Add plan: 'public_metadata.plan', premium: 'public_metadata.is_premium', or both.",
  }
}

function containersOf(type: SubjectType): readonly string[] {
  return type === 'user' ? containers : containers.filter((container) => container !== 'unsafe_metadata')
}

function plural(type: SubjectType): string {
  return type === 'user' ? 'users' : 'organizations'
}

function refuse(refusal: Refusal<MappingRefusalCode>): {
  readonly ok: false
  readonly refusal: Refusal<MappingRefusalCode>
} {
  return { ok: false, refusal }
}
