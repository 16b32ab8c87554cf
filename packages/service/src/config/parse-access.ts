import type {
  ClerkMapping,
  ClerkMappingField,
  Component,
  PostgresMapping,
  PostgresMappingShape,
  SubjectType,
} from '@trueup/core'
import { componentsOf, parseClerkMapping, parsePostgresMapping } from '@trueup/core'
import type { z } from 'zod'
import type { ConfigProblem } from './config-error.ts'
import { clerkSchema, postgresSchema, pushedSchema, shortPostgresSchema } from './config-schema.ts'
import { defaultUrlVariable } from './default-url-variable.ts'
import { nearestWord } from './nearest-word.ts'
import type { AccessSourceConfig } from './project-config.ts'
import type { Place } from './shape-problems.ts'
import { foundConfig, placeText } from './shape-problems.ts'

/** Reads a part of the configuration and notes what is wrong with its shape; `null` where it cannot be used. */
export type Section = <T>(schema: z.ZodType<T>, value: unknown, place: Place) => T | null
export type Note = (problems: readonly ConfigProblem[]) => void

const kinds = ['clerk', 'postgres', 'pushed'] as const
type Kind = (typeof kinds)[number]

/** Names that mean something else in readings and evidence. */
const takenNames: readonly string[] = ['stripe', 'clerk', 'clerk-billing', 'trueup']

/**
 * Reads all access sources, in their order, and notes everything that is wrong with them at once.
 *
 * @param reading.hasCustomers Whether billing has customers of its own, whose ids an app keeps.
 */
export function parseAccess(access: unknown, reading: Reading): readonly AccessSourceConfig[] {
  const { note } = reading
  if (!Array.isArray(access)) {
    note([accessMissing('access', foundConfig(access))])
    return []
  }
  if (access.length === 0) note([accessMissing('access', 'an empty list')])
  const names = new Set<string>()
  const sources: AccessSourceConfig[] = []
  for (const [index, entry] of access.entries()) {
    const kind = kindOf(entry, index, note)
    if (!kind) continue
    const source = parseSource(kind, entry[kind], ['access', index, kind], names, reading)
    if (source) sources.push(source)
  }
  note(withoutPlanOrFlag(sources))
  return sources
}

/** Where nothing says who pays, nobody can be said to pay for nothing or to have access for nothing. */
function withoutPlanOrFlag(sources: readonly AccessSourceConfig[]): readonly ConfigProblem[] {
  const components = sources.map((source) => componentsOf(source).components)
  return (['user', 'organization'] as const).flatMap((type) => {
    const mapped = components.flatMap((of) => of[type] ?? [])
    if (mapped.length === 0 || mapped.includes('plan') || mapped.includes('paid')) return []
    return [
      {
        code: 'plan-and-premium-missing' as const,
        path: 'access',
        found: `neither plan nor premium of ${type}s in any source`,
        needed: `one source at least that says the plan of ${type}s, or whether they have paid`,
        fix: 'Map plan, premium or both.',
      },
    ]
  })
}

interface Reading {
  readonly section: Section
  readonly note: Note
  /** Whether subjects have a customer in billing: those of Clerk Billing are customers themselves. */
  readonly hasCustomers: boolean
}

/** Ids of Stripe that an app still keeps would point to customers whom Clerk Billing does not know. */
function refuseCustomerId(
  mapping: { readonly customerId?: string | undefined },
  place: Place,
  { note, hasCustomers }: Reading,
) {
  if (hasCustomers || mapping.customerId === undefined) return
  note([
    {
      code: 'customer-id-unused',
      path: placeText([...place, 'customerId']),
      found: JSON.stringify(mapping.customerId),
      needed: 'no customer id: in Clerk Billing users and organizations are the customers themselves',
      fix: 'Take customerId out.',
    },
  ])
}

function parseSource(
  kind: Kind,
  value: unknown,
  place: Place,
  names: Set<string>,
  reading: Reading,
): AccessSourceConfig | null {
  switch (kind) {
    case 'clerk':
      return parseClerk(value, place, names, reading)
    case 'postgres':
      return parsePostgres(value, place, names, reading)
    case 'pushed':
      return parsePushed(value, place, names, reading)
  }
}

function parseClerk(
  value: unknown,
  place: Place,
  names: Set<string>,
  reading: Reading,
): AccessSourceConfig | null {
  const { section, note, hasCustomers } = reading
  if (names.has('clerk')) {
    note([
      {
        code: 'access-duplicate',
        path: placeText(place),
        found: 'a second clerk entry',
        needed: 'one: there is one Clerk secret key',
        fix: 'Put users and organizations into one clerk entry.',
      },
    ])
    return null
  }
  names.add('clerk')
  const shaped = section(clerkSchema, value, place)
  if (!shaped) return null
  const { users, organizations } = shaped
  if (!users && !organizations) note([accessMissing(placeText(place), 'neither users nor organizations')])
  const mappingOf = (
    type: SubjectType,
    key: string,
    texts: Readonly<Partial<Record<ClerkMappingField, string | undefined>>>,
  ): ClerkMapping | null => {
    refuseCustomerId(texts, [...place, key], reading)
    const { mapping, refusals } = parseClerkMapping(type, texts, { customerId: hasCustomers })
    note(refusals.map(({ field, ...refusal }) => ({ ...refusal, path: placeText([...place, key, field]) })))
    return mapping
  }
  const user = users && mappingOf('user', 'users', users)
  const organization = organizations && mappingOf('organization', 'organizations', organizations)
  return {
    kind: 'clerk',
    name: 'clerk',
    mappings: { ...(user ? { user } : {}), ...(organization ? { organization } : {}) },
  }
}

function parsePostgres(
  value: unknown,
  place: Place,
  names: Set<string>,
  reading: Reading,
): AccessSourceConfig | null {
  const { section, note } = reading
  const shaped = sourceShape(value, place, section)
  if (!shaped) return null
  const { name, url, ca, allowWriteRole, users, organizations } = shaped
  if (!users && !organizations) note([accessMissing(placeText(place), 'neither users nor organizations')])
  const isShort = isObject(value) && 'table' in value
  const mappingOf = (type: SubjectType, key: string, table: PostgresMappingShape): PostgresMapping | null => {
    const at = isShort ? place : [...place, key]
    refuseCustomerId(table, at, reading)
    const { mapping, refusals } = parsePostgresMapping(type, table)
    note(refusals.map(({ field, ...refusal }) => ({ ...refusal, path: placeText([...at, field]) })))
    return mapping
  }
  const user = users && mappingOf('user', 'users', users)
  const organization = organizations && mappingOf('organization', 'organizations', organizations)
  return {
    kind: 'postgres',
    name: nameOf(name, 'postgres', place, names, note),
    urlVariable: url ?? defaultUrlVariable,
    ca: ca ?? null,
    allowWriteRole,
    mappings: { ...(user ? { user } : {}), ...(organization ? { organization } : {}) },
  }
}

/** The short form names one table, which is that of the users. */
function sourceShape(value: unknown, place: Place, section: Section): z.output<typeof postgresSchema> | null {
  if (!isObject(value) || !('table' in value)) return section(postgresSchema, value, place)
  const shaped = section(shortPostgresSchema, value, place)
  if (!shaped) return null
  const { name, url, ca, allowWriteRole, ...users } = shaped
  return { name, url, ca, allowWriteRole, users }
}

/** The words of a mapping for the components that they fill. */
const pushedComponents: Readonly<Record<string, Component>> = {
  plan: 'plan',
  premium: 'paid',
  trialEndsAt: 'trialEndsAt',
  entitlements: 'entitlements',
  seats: 'seats',
}

function parsePushed(
  value: unknown,
  place: Place,
  names: Set<string>,
  { section, note }: Reading,
): AccessSourceConfig | null {
  const shaped = section(pushedSchema, value, place)
  if (!shaped) return null
  const { name, staleAfterHours, users, organizations } = shaped
  if (!users && !organizations) note([accessMissing(placeText(place), 'neither users nor organizations')])
  const mappingOf = (fields: readonly string[]) => ({
    components: fields.flatMap((field) => pushedComponents[field] ?? []),
  })
  return {
    kind: 'pushed',
    name: nameOf(name, 'pushed', place, names, note),
    staleAfterHours,
    mappings: {
      ...(users ? { user: mappingOf(users) } : {}),
      ...(organizations ? { organization: mappingOf(organizations) } : {}),
    },
  }
}

/** The name that was given, or the first of `postgres`, `postgres-2`, ... that is free. */
function nameOf(
  given: string | undefined,
  kind: string,
  place: Place,
  names: Set<string>,
  note: Note,
): string {
  if (given !== undefined && (names.has(given) || takenNames.includes(given))) {
    note([
      {
        code: 'source-name-taken',
        path: placeText([...place, 'name']),
        found: JSON.stringify(given),
        needed: names.has(given)
          ? 'a name that no other access source has'
          : `a name other than ${takenNames.join(', ')}`,
        fix: `Name it after what it holds, such as '${kind}-app'.`,
      },
    ])
  }
  if (given !== undefined) {
    names.add(given)
    return given
  }
  let number = 1
  while (names.has(numbered(kind, number))) number += 1
  names.add(numbered(kind, number))
  return numbered(kind, number)
}

function numbered(kind: string, number: number): string {
  return number === 1 ? kind : `${kind}-${number}`
}

function kindOf(entry: unknown, index: number, note: Note): Kind | null {
  const path = placeText(['access', index])
  const needed = '{ clerk: … }, { postgres: … } or { pushed: … }'
  if (!isObject(entry)) {
    note([
      { code: 'value-invalid', path, found: foundConfig(entry), needed, fix: 'Write the value as named.' },
    ])
    return null
  }
  const keys = Object.keys(entry)
  const known = kinds.filter((kind) => keys.includes(kind))
  for (const key of keys) {
    if (kinds.some((kind) => kind === key)) continue
    const nearest = key === 'supabase' ? 'postgres' : key === 'push' ? 'pushed' : nearestWord(key, kinds)
    note([
      {
        code: 'key-unknown',
        path: placeText(['access', index, key]),
        found: `the key ${JSON.stringify(key)}`,
        needed: `one of ${kinds.join(', ')}`,
        fix: nearest ? `Did you mean ${nearest}?` : 'Take the key out.',
      },
    ])
  }
  if (known.length > 1) {
    note([
      {
        code: 'value-invalid',
        path,
        found: `${known.join(' and ')} in one entry`,
        needed: 'an entry for each source',
        fix: `Write ${known.map((kind) => `{ ${kind}: … }`).join(', ')}.`,
      },
    ])
    return null
  }
  if (known.length === 0 && keys.length === 0) note([accessMissing(path, 'an empty entry')])
  return known[0] ?? null
}

function accessMissing(path: string, found: string): ConfigProblem {
  return {
    code: 'access-missing',
    path,
    found,
    needed: 'where your app keeps what it grants to users, organizations or both',
    fix: "Write access: [{ clerk: { users: { customerId: 'private_metadata.stripe_customer_id', plan: 'public_metadata.plan' } } }], or [{ postgres: { table: 'users', key: 'id', customerId: 'stripe_customer_id', plan: 'plan' } }].",
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
