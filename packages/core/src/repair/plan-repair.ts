import type { Access } from '../access/access.ts'
import type { Catalogue } from '../access/catalogue.ts'
import { sortedUnique } from '../access/order.ts'
import type { IncidentKind } from '../check/verdict.ts'
import type { AccessMapping } from '../grant/access-mapping.ts'
import type { ClerkMapping, MetadataPath } from '../grant/clerk-mapping.ts'
import type { Incident } from '../incident/incident.ts'
import type { SubjectId } from '../subject/subject.ts'
import type { RepairAct, RepairChange, RepairPlan, StoredValue } from './plan.ts'

/** What planning a repair needs to know of the project. */
export interface RepairContext {
  readonly catalogue: Catalogue
  /** The access sources of the project, in its order. */
  readonly access: readonly AccessMapping[]
  /** Where Clerk's Backend API is, without a slash at the end. */
  readonly clerkApiUrl: string
}

const actOf: Readonly<Record<IncidentKind, RepairAct>> = {
  'paid-without-access': 'grant',
  'access-without-payment': 'revoke',
  'plan-too-low': 'set-plan',
  'plan-too-high': 'set-plan',
  'trial-cut-short': 'set-trial-end',
  'trial-overstayed': 'set-trial-end',
  'entitlement-missing': 'set-features',
  'entitlement-extra': 'set-features',
  'seats-short': 'set-seats',
  'seats-over': 'set-seats',
  'payer-unmatched': 'link',
  'payer-deleted-subject': 'steps',
  'customer-not-found': 'steps',
  'customer-shared': 'steps',
  'customer-duplicate': 'relink',
  'double-billing': 'steps',
  'price-unmapped': 'map',
  'plan-unknown': 'map',
  'mode-mismatch': 'steps',
  'grants-disagree': 'set-mirror',
  'grant-client-writable': 'steps',
  'refund-review': 'steps',
  'source-unreadable': 'steps',
  'mass-drift': 'steps',
}

/**
 * The repair that would end an incident: one metadata patch where there is one safe answer, else steps for a person.
 * Access that is missing is brought up to what is owed; access that is unpaid is brought down to what is allowed.
 */
export function planRepair(incident: Incident, context: RepairContext): RepairPlan {
  const act = actOf[incident.kind]
  const changes = changesFor(incident, context)
  if (incident.subject && changes.length > 0) return patchPlan(act, incident.subject, changes, context)
  return {
    act,
    how: 'guided',
    summary: stepsFor(incident)[0] ?? incident.sentence,
    steps: [...stepsFor(incident), 'Check again.'],
    changes: [],
    request: null,
    link: incident.customerId ? stripeLink(incident.customerId) : null,
  }
}

function patchPlan(
  act: RepairAct,
  subject: SubjectId,
  changes: readonly RepairChange[],
  context: RepairContext,
): RepairPlan {
  const folder = subject.type === 'user' ? 'users' : 'organizations'
  const isSeatLimit = changes.some((change) => change.field === 'max_allowed_memberships')
  const path = `/v1/${folder}/${subject.id}${isSeatLimit ? '' : '/metadata'}`
  const values = changes.map((change) => `${change.field} to ${JSON.stringify(change.after)}`).join(', ')
  return {
    act,
    how: 'guided',
    summary: `Set ${values} on ${subject.id}.`,
    steps: [
      `Open ${subject.id} in Clerk.`,
      ...changes.map(
        (change) =>
          `Set ${change.field} from ${change.before ?? 'absent'} to ${JSON.stringify(change.after)}.`,
      ),
      'Check again.',
    ],
    changes,
    request: { method: 'PATCH', url: `${context.clerkApiUrl}${path}`, body: JSON.stringify(bodyOf(changes)) },
    link: `https://dashboard.clerk.com/last-active?path=${folder}/${subject.id}`,
  }
}

/** The values to write, for the kinds that have one safe answer. */
function changesFor(incident: Incident, context: RepairContext): readonly RepairChange[] {
  const { subject } = incident
  const mapping = subject ? clerkMappingOf(context, subject) : undefined
  if (!subject || !mapping) return []
  if (incident.kind === 'customer-duplicate' && typeof incident.owed === 'string') {
    return [changeOf(incident, subject, mapping.customerId, incident.owed)]
  }
  if (!incident.access) return []
  const target = incident.hurts === 'customer' ? incident.access.owed : incident.access.allowed
  const set = (path: MetadataPath | null, value: StoredValue) =>
    path ? [changeOf(incident, subject, path, value)] : []
  switch (incident.kind) {
    case 'paid-without-access':
    case 'access-without-payment':
      return [
        ...set(mapping.plan, planValue(target, context.catalogue)),
        ...set(mapping.premium, target.paid),
        ...featuresChange(incident, subject, mapping),
        ...(target.trialEndsAt ? set(mapping.trialEndsAt, target.trialEndsAt.toISOString()) : []),
      ]
    case 'plan-too-low':
    case 'plan-too-high':
      return set(mapping.plan, planValue(target, context.catalogue))
    case 'trial-cut-short':
    case 'trial-overstayed':
      return set(mapping.trialEndsAt, target.trialEndsAt?.toISOString() ?? null)
    case 'entitlement-missing':
    case 'entitlement-extra':
      return mapping.entitlements
        ? set(mapping.entitlements, featureAfter(incident, mapping.entitlements))
        : []
    case 'seats-short':
    case 'seats-over':
      return seatChange(incident, subject, mapping, target)
    default:
      return []
  }
}

/** The Clerk mapping of this type of subject, where Clerk is one of the sources. */
function clerkMappingOf({ access }: RepairContext, subject: SubjectId): ClerkMapping | undefined {
  return access.flatMap((source) => (source.kind === 'clerk' ? [source.mappings[subject.type]] : []))[0]
}

/** How the app writes the plan: its first configured value, else the plan's id. */
function planValue(target: Access, catalogue: Catalogue): string {
  return catalogue.plans.find((plan) => plan.id === target.plan)?.values[0] ?? target.plan
}

/**
 * All features at once, in the form that the app keeps them in: those that are owed, and of those granted the ones
 * that are allowed. Nothing is written over what could not be read.
 */
function featuresChange(
  incident: Incident,
  subject: SubjectId,
  { entitlements: path }: ClerkMapping,
): readonly RepairChange[] {
  if (!path || !incident.access) return []
  const { owed, granted, allowed } = incident.access
  if (owed.entitlements === 'every' || granted.entitlements === 'every') return []
  const ofAllowed = (feature: string) =>
    allowed.entitlements === 'every' || allowed.entitlements.includes(feature)
  const kept = sortedUnique([...owed.entitlements, ...granted.entitlements.filter(ofAllowed)])
  const taken = granted.entitlements.filter((feature) => !kept.includes(feature))
  const after = isKeptAsList(incident, path)
    ? kept
    : Object.fromEntries([
        ...kept.map((feature) => [feature, true] as const),
        ...taken.map((feature) => [feature, false] as const),
      ])
  return [changeOf(incident, subject, path, after)]
}

/** One feature switched on or off. A list is written whole, since a patch replaces lists. */
function featureAfter(incident: Incident, path: MetadataPath): StoredValue {
  const feature = String(incident.component).slice('entitlement:'.length)
  const isMissing = incident.kind === 'entitlement-missing'
  const granted = incident.access?.granted.entitlements
  if (!isKeptAsList(incident, path) || !Array.isArray(granted)) return { [feature]: isMissing }
  return isMissing ? [...granted, feature].toSorted() : granted.filter((held) => held !== feature)
}

function isKeptAsList(incident: Incident, path: MetadataPath): boolean {
  return foundAt(incident, path.text)?.trimStart().startsWith('[') ?? false
}

function seatChange(
  incident: Incident,
  subject: SubjectId,
  mapping: ClerkMapping,
  target: Access,
): readonly RepairChange[] {
  if (typeof target.seats !== 'number' || mapping.seats === null || mapping.seats === 'members_count')
    return []
  if (mapping.seats !== 'max_allowed_memberships')
    return [changeOf(incident, subject, mapping.seats, target.seats)]
  const field = 'max_allowed_memberships'
  return [
    { source: 'clerk', target: subject.id, field, before: foundAt(incident, field), after: target.seats },
  ]
}

function changeOf(
  incident: Incident,
  subject: SubjectId,
  path: MetadataPath,
  after: StoredValue,
): RepairChange {
  return {
    source: 'clerk',
    target: subject.id,
    field: path.text,
    before: foundAt(incident, path.text),
    after,
  }
}

function foundAt(incident: Incident, field: string): string | null {
  return (
    incident.evidence.find((line) => line.object === incident.subject?.id && line.field === field)?.value ??
    null
  )
}

/** A merge patch of exactly the keys that change. */
function bodyOf(changes: readonly RepairChange[]): StoredValue {
  let body: { [key: string]: StoredValue } = {}
  for (const change of changes) body = withValue(body, change.field.split('.'), change.after)
  return body
}

function withValue(
  into: { readonly [key: string]: StoredValue },
  path: readonly string[],
  value: StoredValue,
): { [key: string]: StoredValue } {
  const [key, ...rest] = path
  if (key === undefined) return { ...into }
  if (rest.length === 0) return { ...into, [key]: value }
  const below = into[key]
  const isObject = typeof below === 'object' && below !== null && !Array.isArray(below)
  return { ...into, [key]: withValue(isObject ? (below as { [key: string]: StoredValue }) : {}, rest, value) }
}

function stripeLink(customerId: string): string {
  return `https://dashboard.stripe.com/customers/${customerId}`
}

function stepsFor(incident: Incident): readonly string[] {
  const customer = incident.customerId ?? 'the customer'
  switch (incident.kind) {
    case 'payer-unmatched':
      return [
        `Find out who ${customer} is (e-mail, name, metadata in Stripe).`,
        `Write ${customer} into the mapped customer id field of that user or organization, or refund and cancel.`,
      ]
    case 'payer-deleted-subject':
      return [
        `Cancel the subscription of ${customer} in Stripe, and refund what was charged since the account went.`,
        'Or, if the deletion was a mistake, restore the account and link it to the customer again.',
      ]
    case 'customer-not-found':
    case 'mode-mismatch':
      return [
        'Find the customer that really pays for this account, if any.',
        'Correct the mapped customer id field, or empty it.',
        'Look for where the app wrote it: keys of test and live mode may be mixed up.',
      ]
    case 'customer-shared':
      return [
        'Decide which of them the customer pays for.',
        'Take the customer id from the others, or map them as a team.',
      ]
    case 'double-billing':
      return [
        'Decide which subscription stays.',
        'Cancel the other in Stripe, and refund what was charged twice.',
        'Refuse a second checkout of the same plan in the app.',
      ]
    case 'price-unmapped':
      return [
        `Add ${incident.identity.on} to the plan, add-on or seat pack that it buys, in the catalogue.`,
        'Until then nothing is said of those who pay it.',
      ]
    case 'plan-unknown':
      return [
        `Add ${JSON.stringify(incident.identity.on)} to the values of the plan that it means, in the catalogue.`,
        'If it means none, correct the app.',
      ]
    case 'refund-review':
      return [
        'Decide whether access ends with the refund or dispute.',
        "Set the policy 'refunded' to 'drop' or 'keep' if it is always the same.",
      ]
    case 'grant-client-writable':
      return [
        'Keep this field in public_metadata or private_metadata, which only the server can write.',
        'Copy the values over after checking them against billing, then change the mapping.',
      ]
    case 'source-unreadable':
      return ['Run `trueup doctor`: it tries each key and permission and says how to mend what is wrong.']
    case 'mass-drift':
      return [
        'Look at the examples: is a price mapped to the wrong plan, or a field to the wrong path?',
        'Correct the configuration and check again, or release the repairs if the drifts are real.',
      ]
    default:
      return [incident.sentence]
  }
}
