import type { SubjectType } from '../../subject/subject.ts'
import type { Read } from '../granted.ts'
import { readCustomerId } from '../read-customer-id.ts'
import { readEntitlements } from '../read-entitlements.ts'
import { readFlag } from '../read-flag.ts'
import { readSeats } from '../read-seats.ts'
import { readTrialEnd } from '../read-trial-end.ts'
import type { ColumnKind, ColumnSample, DescribedColumn } from './described-schema.ts'
import type { PostgresColumnField } from './parse-mapping.ts'
import { readDeleted } from './read-deleted.ts'

/** A field of the mapping that one column can serve. */
export type ProposedColumnField = PostgresColumnField | 'entitlements'

/** What a column must look like to be proposed for a field. `name` is tried without case and separators. */
export interface ColumnTrait {
  readonly field: ProposedColumnField
  readonly types: readonly SubjectType[]
  readonly kinds: readonly ColumnKind[]
  readonly name: RegExp
  /** Names that would fit, and mean something else. */
  readonly not?: RegExp
  /** Whether values alone are enough, whatever the column is called. */
  readonly valueIsEnough: boolean
  /** Whether it must be unique to serve. */
  readonly mustBeUnique: boolean
  readonly reads: (value: unknown) => boolean
  /** Goes on after "every value seen ". */
  readonly said: string
}

const both: readonly SubjectType[] = ['user', 'organization']
const now = new Date('9999-12-31T23:59:59Z')

/** In the order in which fields take columns: what is surest first. */
export const columnTraits: readonly ColumnTrait[] = [
  {
    field: 'customerId',
    types: both,
    kinds: ['text'],
    name: /^(stripe|billing)?(customer|cus)(id)?$|^stripeid$|^stripecustomer/,
    valueIsEnough: true,
    mustBeUnique: false,
    reads: (value) => isValue(readCustomerId(value)),
    said: 'looks like a Stripe customer id (cus_…)',
  },
  {
    field: 'trialEndsAt',
    types: both,
    kinds: ['moment', 'text', 'number'],
    name: /trial/,
    not: /start|begin|used|days|length|status|^(is|has|on|in)/,
    valueIsEnough: false,
    mustBeUnique: false,
    reads: (value) => isValue(readTrialEnd(value)),
    said: 'is a moment',
  },
  {
    field: 'entitlements',
    types: both,
    kinds: ['list', 'json'],
    name: /^(entitlement|feature|permission|capabilit|addon)(s|y|ies)?(list|map|flags)?$/,
    valueIsEnough: false,
    mustBeUnique: false,
    reads: (value) => isValue(readEntitlements(value)),
    said: 'is a list of features, or an object of feature and yes or no',
  },
  {
    field: 'premium',
    types: both,
    kinds: ['flag', 'number', 'text'],
    name: /^(is|has)?(premium|paid|pro|paying|subscribed|subscriber|activesubscription|subscriptionactive)(user|member|customer|plan|access)?$/,
    valueIsEnough: false,
    mustBeUnique: false,
    reads: (value) => isValue(readFlag(value)),
    said: 'is a yes or no',
  },
  {
    field: 'plan',
    types: both,
    kinds: ['text'],
    name: /^(subscription|billing|current|stripe|price|account|membership)?(plan|tier|package|product|subscription)(id|name|key|slug|type|code|tier|level)?$/,
    not: /^(subscription|stripesubscription|product|stripeproduct|price|stripeprice)id$/,
    valueIsEnough: false,
    mustBeUnique: false,
    reads: (value) => typeof value === 'string' && value.length <= 60 && !/^(sub|price|prod)_/.test(value),
    said: 'is a short text',
  },
  {
    field: 'seats',
    types: ['organization'],
    kinds: ['number', 'text'],
    name: /^(paid|max|allowed|purchased|licensed)?(seat|seats|member|members|user|users|license|licenses)(limit|count|quantity|allowed|total)?$/,
    not: /^(users?|members?)(count|total)?$/,
    valueIsEnough: false,
    mustBeUnique: false,
    reads: (value) => isValue(readSeats(value)),
    said: 'is a number of seats',
  },
  {
    field: 'deletedAt',
    types: both,
    kinds: ['moment', 'flag'],
    name: /^(is)?(soft)?(deleted|removed|archived|deactivated)(at|on|date)?$/,
    valueIsEnough: false,
    mustBeUnique: false,
    reads: (value) => isValue(readDeleted(value, now)),
    said: 'is a moment or a yes or no',
  },
  {
    field: 'updatedAt',
    types: both,
    kinds: ['moment'],
    name: /^(last)?(updated|modified|changed)(at|on|date|time)?$/,
    valueIsEnough: false,
    mustBeUnique: false,
    reads: (value) => isValue(readTrialEnd(value)),
    said: 'is a moment',
  },
  {
    field: 'email',
    types: both,
    kinds: ['text'],
    name: /^(primary|billing|contact|user|owner)?e?mail(address)?$/,
    valueIsEnough: false,
    mustBeUnique: false,
    reads: (value) => typeof value === 'string' && /^\S+@\S+$/.test(value.trim()),
    said: 'is an address',
  },
  {
    field: 'emailVerified',
    types: both,
    kinds: ['flag', 'moment'],
    name: /^(is)?e?mail(address)?(is)?(verified|confirmed)(at|on)?$/,
    valueIsEnough: false,
    mustBeUnique: false,
    reads: (value) => isValue(readFlag(value)) || isValue(readTrialEnd(value)),
    said: 'is a yes or no, or a moment',
  },
  {
    field: 'subject',
    types: both,
    kinds: ['text', 'uuid'],
    name: /^(clerk|auth|auth0|external|workos|firebase|cognito|idp|sso)(user|org|organization|team|account)?(id|uid)$/,
    valueIsEnough: true,
    mustBeUnique: true,
    reads: (value) => typeof value === 'string' && /^(user|org)_[A-Za-z0-9]{8,}$/.test(value),
    said: 'looks like an id of Clerk (user_…, org_…)',
  },
]

/** Whether a column is named as one that may be mapped. */
export function isFieldName(name: string): boolean {
  const plain = plainName(name)
  return columnTraits.some((trait) => trait.name.test(plain) && !trait.not?.test(plain))
}

/** A column offered for a field, with what speaks for it. */
export interface ColumnProposal {
  readonly field: ProposedColumnField
  readonly column: string
  /** Short facts, the strongest first. */
  readonly evidence: readonly string[]
  /** Greater is likelier; it orders candidates and says nothing else. */
  readonly weight: number
}

/** Offers a column for a field; `null` where it cannot serve, or nothing speaks for it. */
export function weighColumn(
  trait: ColumnTrait,
  column: DescribedColumn,
  sample: ColumnSample | null,
): ColumnProposal | null {
  const name = plainName(column.name)
  const isNamed = trait.name.test(name) && !trait.not?.test(name)
  const values = sample?.examples ?? []
  const isRead = values.length > 0 && values.every(trait.reads)
  // An id of another provider is whatever it is; its name says so.
  const isShown = isRead || (trait.field === 'subject' && isNamed)
  if (!trait.kinds.includes(column.kind) || (trait.mustBeUnique && !column.unique)) return null
  if (values.length > 0 && !isShown) return null
  if (!isNamed && !(trait.valueIsEnough && isRead)) return null
  const present = sample && sample.sampled > 0 ? sample.present / sample.sampled : 0
  return {
    field: trait.field,
    column: column.name,
    weight: (isNamed ? 40 : 0) + (isRead ? 40 : 0) + (column.unique ? 5 : 0) + 10 * present,
    evidence: [
      ...(isNamed ? [`is named ${column.name}`] : []),
      ...(isRead ? [`every value seen ${trait.said}`] : []),
      column.unique ? `${column.type}, unique` : column.type,
      sharePresent(sample),
    ],
  }
}

function sharePresent(sample: ColumnSample | null): string {
  if (!sample || sample.sampled === 0) return 'no row was looked at'
  return `${sample.present} of ${sample.sampled} rows have it`
}

/** @example plainName('stripeCustomer_ID') // 'stripecustomerid' */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}

function isValue(read: Read<unknown>): boolean {
  return read.state === 'value'
}
