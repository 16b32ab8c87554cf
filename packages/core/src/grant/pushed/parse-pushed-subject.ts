import type { Component } from '../../access/access.ts'
import type { SubjectId, SubjectType } from '../../subject/subject.ts'
import type { PushedMapping } from '../access-mapping.ts'
import { foundText } from '../found-text.ts'
import { isAbsent, isRecord } from '../read-path.ts'
import { readTrialEnd } from '../read-trial-end.ts'
import type {
  PushedField,
  PushedRecord,
  PushedScalar,
  PushedValue,
  PushedValueField,
} from './pushed-subject.ts'
import { pushedFields, pushedValueFields } from './pushed-subject.ts'

/** What a pushed source holds, by type of subject; it takes no record of a type that is left out. */
export type PushedMappings = Readonly<Partial<Record<SubjectType, PushedMapping>>>

/** Why a record was not taken. Closed list. */
export type PushedProblemCode =
  | 'record-not-object'
  | 'field-unknown'
  | 'field-missing'
  | 'type-invalid'
  | 'id-invalid'
  | 'value-invalid'
  | 'seats-of-users'

export interface PushedProblem {
  readonly code: PushedProblemCode
  /** The field as it was written; `null` where the whole record is meant. */
  readonly field: string | null
  readonly found: string
  readonly needed: string
}

/** A record that was read, or everything that is wrong with it, and whom it is about where at least that is known. */
export type ParsedPushed =
  | { readonly ok: true; readonly record: PushedRecord }
  | { readonly ok: false; readonly subject: SubjectId | null; readonly problems: readonly PushedProblem[] }

const longestId = 255
const longestText = 2_000
const mostEmails = 100
const mostFeatures = 1_000

/**
 * Takes a record of a push or of an imported file apart, strictly: an unknown field, a nested value, or a missing
 * field that the source is said to carry refuses the whole record, since guessing would be read as access granted or
 * missing. What a plan, flag, date or number says is not judged here; a value that cannot be read is a finding of the
 * check, not a refusal.
 *
 * @example
 * parsePushedSubject({ type: 'user', id: 'u1', customerId: 'cus_1', plan: 'pro' }, { user: { components: ['plan'] } })
 */
export function parsePushedSubject(json: unknown, mappings: PushedMappings): ParsedPushed {
  if (!isRecord(json)) {
    return refused(null, [
      {
        code: 'record-not-object',
        field: null,
        found: foundText(json),
        needed: 'an object with type and id',
      },
    ])
  }
  const problems: PushedProblem[] = unknownFields(json)
  const reader = new FieldReader(json, problems)
  const type = reader.type(mappings)
  const id = reader.id()
  const subject = type && id !== null ? { type, id } : null
  const record = {
    externalId: reader.text('externalId'),
    emails: reader.emails(),
    name: reader.text('name'),
    deleted: reader.deleted(),
    updatedAt: reader.updatedAt(),
    values: reader.values(),
  }
  if (type === 'user') problems.push(...seatsOfUsers(json))
  if (type && !record.deleted) problems.push(...missingFields(json, mappings[type]?.components ?? []))
  if (!subject || problems.length > 0) return refused(subject, problems)
  return { ok: true, record: { kind: 'record', subject, ...record } }
}

/** The fields that carry a component; one of them has to be sent with every record. */
export const fieldsOfComponent: Readonly<Record<Component, readonly PushedValueField[]>> = {
  paid: ['premium'],
  plan: ['plan'],
  trialEndsAt: ['trialEndsAt'],
  entitlements: ['entitlements'],
  seats: ['seats', 'members'],
}

type Json = Readonly<Record<string, unknown>>

class FieldReader {
  readonly #json: Json
  readonly #problems: PushedProblem[]

  constructor(json: Json, problems: PushedProblem[]) {
    this.#json = json
    this.#problems = problems
  }

  type(mappings: PushedMappings): SubjectType | null {
    const held = (['user', 'organization'] as const).filter((type) => mappings[type])
    const value = this.#value('type')
    const type = held.find((known) => known === value)
    if (type) return type
    this.#refuse('type', held.map((known) => JSON.stringify(known)).join(' or '), 'type-invalid')
    return null
  }

  /** Keys of rows are often numbers; their text is the id. */
  id(): string | null {
    const value = this.#value('id')
    const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
    if (typeof text === 'string' && isId(text)) return text
    this.#refuse(
      'id',
      `a text of 1 to ${longestId} characters that can be seen, or a whole number`,
      'id-invalid',
    )
    return null
  }

  text(field: 'externalId' | 'name'): string | null {
    const value = this.#value(field)
    if (isAbsent(value)) return null
    if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
    if (typeof value === 'string' && value.length <= longestText) return value.trim()
    this.#refuse(field, `a text of at most ${longestText} characters, or null`)
    return null
  }

  emails(): readonly string[] {
    const value = this.#value('emails')
    if (isAbsent(value)) return []
    const listed: readonly unknown[] = Array.isArray(value) ? value : [value]
    const isGood = (email: unknown): email is string =>
      typeof email === 'string' && email.length <= longestText && /^[^@]+@[^@]+$/.test(email.trim())
    if (listed.length <= mostEmails && listed.every(isGood)) {
      return [...new Set(listed.map((email) => email.trim().toLowerCase()))]
    }
    this.#refuse('emails', `a list of at most ${mostEmails} verified addresses`)
    return []
  }

  deleted(): boolean {
    const value = this.#value('deleted')
    if (typeof value === 'boolean') return value
    if (!isAbsent(value)) this.#refuse('deleted', 'true or false')
    return false
  }

  updatedAt(): Date | null {
    const read = readTrialEnd(this.#value('updatedAt'))
    if (read.state === 'value') return read.value
    if (read.state === 'unreadable') this.#refuse('updatedAt', read.needed)
    return null
  }

  values(): PushedRecord['values'] {
    const values: Partial<Record<PushedValueField, PushedValue>> = {}
    for (const field of pushedValueFields) {
      const value = this.#value(field)
      if (value === undefined) continue
      if (isScalar(value) || (field === 'entitlements' && isFeatures(value))) values[field] = value
      else this.#refuse(field, neededValue(field))
    }
    return values
  }

  /** Own fields only, so that a prototype gives no value. */
  #value(field: PushedField): unknown {
    return Object.hasOwn(this.#json, field) ? this.#json[field] : undefined
  }

  #refuse(field: PushedField, needed: string, code: PushedProblemCode = 'value-invalid'): void {
    this.#problems.push({ code, field, found: foundText(this.#value(field)), needed })
  }
}

function unknownFields(json: Json): PushedProblem[] {
  return Object.keys(json)
    .filter((key) => !pushedFields.some((field) => field === key))
    .map((key) => ({
      code: 'field-unknown',
      field: key,
      found: `the field ${foundText(key)}`,
      needed: `only ${pushedFields.join(', ')}`,
    }))
}

function missingFields(json: Json, carried: readonly Component[]): PushedProblem[] {
  return carried
    .map((component) => fieldsOfComponent[component])
    .filter((fields) => fields.every((field) => !Object.hasOwn(json, field)))
    .map((fields) => ({
      code: 'field-missing',
      field: fields[0] ?? null,
      found: 'nothing',
      needed: `${fields.join(' or ')}, which this source carries; null where there is none`,
    }))
}

function seatsOfUsers(json: Json): PushedProblem[] {
  return (['seats', 'members'] as const)
    .filter((field) => Object.hasOwn(json, field) && !isAbsent(json[field]))
    .map((field) => ({
      code: 'seats-of-users',
      field,
      found: foundText(json[field]),
      needed: 'no seats for a user: one user has one seat',
    }))
}

/** Nothing that cannot be seen, since two ids that look the same would be two subjects. */
function isId(text: string): boolean {
  const isSeen = !/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u.test(text)
  return text.length > 0 && text.length <= longestId && text.trim() === text && isSeen
}

function isScalar(value: unknown): value is PushedScalar {
  if (typeof value === 'string') return value.length <= longestText
  if (typeof value === 'number') return Number.isFinite(value)
  return typeof value === 'boolean' || value === null
}

function isFeatures(value: unknown): value is Exclude<PushedValue, PushedScalar> {
  if (Array.isArray(value)) return value.length <= mostFeatures && value.every(isScalar)
  if (!isRecord(value)) return false
  const entries = Object.entries(value)
  return (
    entries.length <= mostFeatures &&
    entries.every(([feature, held]) => feature.length <= longestText && isScalar(held))
  )
}

function neededValue(field: PushedValueField): string {
  const scalar = `a text of at most ${longestText} characters, a number, true, false or null`
  if (field !== 'entitlements') return scalar
  return `a list of at most ${mostFeatures} features, or an object of feature and true or false, or null`
}

function refused(subject: SubjectId | null, problems: readonly PushedProblem[]): ParsedPushed {
  return { ok: false, subject, problems }
}
