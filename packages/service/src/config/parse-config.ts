import type { ClerkMapping, ClerkMappingField, MatchRule, Policy, SubjectType } from '@trueup/core'
import { defaultPolicy, mappedComponents, parseClerkMapping, parseMatchRule } from '@trueup/core'
import type { z } from 'zod'
import type { ConfigProblem } from './config-error.ts'
import { ConfigError } from './config-error.ts'
import {
  accessEntrySchema,
  billingSchema,
  catalogueSchema,
  configSchema,
  exceptionsSchema,
  matchSchema,
  policySchema,
} from './config-schema.ts'
import { fingerprintOf } from './fingerprint.ts'
import { parseCatalogue } from './parse-catalogue.ts'
import { parseExceptions } from './parse-exceptions.ts'
import type { ProjectConfig } from './project-config.ts'
import type { Place } from './shape-problems.ts'
import { foundConfig, placeText, readShape } from './shape-problems.ts'

const defaultMatch = ['customer.id']

/**
 * Reads a configuration, whatever was handed over, and reports everything that is wrong with it at once.
 *
 * @param file The file that it came from, for messages.
 * @throws ConfigError `config-invalid` with all problems.
 *
 * @example
 * const { catalogue, match } = parseConfig(defineConfig({ ... }))
 */
export function parseConfig(input: unknown, file: string | null = null): ProjectConfig {
  const problems: ConfigProblem[] = []
  const note = (found: readonly ConfigProblem[]) => problems.push(...found)
  const section = <T>(schema: z.ZodType<T>, value: unknown, place: Place): T | null => {
    const shaped = readShape(schema, value, place)
    note(shaped.problems)
    return shaped.value
  }
  if (!isObject(input)) {
    section(configSchema, input, [])
    throw ConfigError.invalid(problems, file)
  }
  section(configSchema, input, [])

  const unsupported = unsupportedBilling(input.billing)
  note(unsupported)
  const billing = unsupported.length > 0 ? null : section(billingSchema, input.billing, ['billing'])
  const clerk = readAccess(input.access, section, note)
  const shapedCatalogue = section(catalogueSchema, input.catalogue, ['catalogue'])
  const parsedCatalogue = shapedCatalogue && parseCatalogue(shapedCatalogue)
  note(parsedCatalogue?.problems ?? [])
  const shapedMatch = section(matchSchema, input.match ?? defaultMatch, ['match'])
  const match = shapedMatch && parseMatch(shapedMatch, note)
  const policy = section(policySchema, input.policy ?? {}, ['policy'])
  const shapedExceptions = section(exceptionsSchema, input.exceptions ?? [], ['exceptions'])
  const planIds = shapedCatalogue?.plans.map(({ id }) => id) ?? null
  const exceptions = shapedExceptions && parseExceptions(shapedExceptions, planIds)
  note(exceptions?.problems ?? [])

  const catalogue = parsedCatalogue?.catalogue
  if (problems.length > 0 || !billing || !catalogue || !match || !policy || !exceptions) {
    throw ConfigError.invalid(problems, file)
  }
  const parsed = {
    catalogue,
    policy: policyOf(policy),
    match,
    exceptions: exceptions.exceptions,
    clerk,
    mapped: {
      user: clerk.user ? mappedComponents(clerk.user) : [],
      organization: clerk.organization ? mappedComponents(clerk.organization) : [],
    },
    billing: { entitlements: billing.stripe.entitlements },
  }
  return { ...parsed, fingerprint: fingerprintOf(parsed) }
}

type Section = <T>(schema: z.ZodType<T>, value: unknown, place: Place) => T | null
type Note = (found: readonly ConfigProblem[]) => void

const subjectTypes = { users: 'user', organizations: 'organization' } as const

/** Reads the one access source that there can be so far. */
function readAccess(access: unknown, section: Section, note: Note): ProjectConfig['clerk'] {
  if (!Array.isArray(access)) {
    note([accessMissing('access', foundConfig(access))])
    return {}
  }
  const unsupported = access.flatMap(unsupportedAccess)
  note(unsupported)
  const mappings: Partial<Record<SubjectType, ClerkMapping>> = {}
  let sources = 0
  for (const [index, entry] of access.entries()) {
    // Said above, and in better words than the schema has.
    if (unsupportedAccess(entry, index).length > 0) continue
    sources += 1
    const shaped = section(accessEntrySchema, entry, ['access', index])
    if (!shaped) continue
    const { users, organizations } = shaped.clerk
    if (!users && !organizations)
      note([accessMissing(`access[${index}].clerk`, 'neither users nor organizations')])
    for (const [key, texts] of Object.entries({ users, organizations })) {
      const type = subjectTypes[key as keyof typeof subjectTypes]
      if (!texts) continue
      const { mapping, refusals } = parseClerkMapping(
        type,
        texts as Partial<Record<ClerkMappingField, string>>,
      )
      if (mapping) mappings[type] = mapping
      note(
        refusals.map(({ field, ...refusal }) => ({
          ...refusal,
          path: placeText(['access', index, 'clerk', key, field]),
        })),
      )
    }
  }
  if (sources > 1) {
    note([
      {
        code: 'access-unsupported',
        path: 'access',
        found: `${sources} access sources`,
        needed: 'one',
        fix: 'Put users and organizations into one clerk entry.',
      },
    ])
  }
  if (sources === 0 && unsupported.length === 0) note([accessMissing('access', 'an empty list')])
  return mappings
}

function unsupportedAccess(entry: unknown, index: number): readonly ConfigProblem[] {
  const kinds = isObject(entry)
    ? Object.keys(entry).filter((key) => /^(postgres|supabase|push)$/.test(key))
    : []
  return kinds.map((kind) => ({
    code: 'access-unsupported',
    path: `access[${index}].${kind}`,
    found: `access kept in ${kind}`,
    needed: 'access kept in Clerk metadata: other stores are not supported yet',
    fix: 'Map the Clerk metadata that your app writes: { clerk: { users: { ... } } }.',
  }))
}

function unsupportedBilling(billing: unknown): readonly ConfigProblem[] {
  if (!isObject(billing) || !('clerkBilling' in billing)) return []
  return [
    {
      code: 'billing-unsupported',
      path: 'billing.clerkBilling',
      found: 'plans sold through Clerk Billing',
      needed: 'plans sold through Stripe: Clerk Billing is not supported yet',
      fix: 'Write billing: { stripe: {} } if your plans are sold through your own Stripe account.',
    },
  ]
}

function accessMissing(path: string, found: string): ConfigProblem {
  return {
    code: 'access-missing',
    path,
    found,
    needed: 'where your app keeps what it grants to users, organizations or both',
    fix: "Write access: [{ clerk: { users: { customerId: 'private_metadata.stripe_customer_id', plan: 'public_metadata.plan' } } }].",
  }
}

function parseMatch(texts: readonly string[], note: Note): readonly MatchRule[] {
  if (texts.length === 0) {
    note([
      {
        code: 'match-missing',
        path: 'match',
        found: 'no rules',
        needed: 'at least one rule: without one no customer would find its subject',
        fix: "Write match: ['customer.id'], or leave match out.",
      },
    ])
  }
  const rules: MatchRule[] = []
  for (const [index, text] of texts.entries()) {
    const parsed = parseMatchRule(text)
    const path = placeText(['match', index])
    if (!parsed.ok) note([{ ...parsed.refusal, path }])
    else if (rules.some((rule) => rule.text === parsed.value.text)) {
      note([
        {
          code: 'match-duplicate',
          path,
          found: `${JSON.stringify(text)} a second time`,
          needed: 'each rule once, in the order in which they are tried',
          fix: 'Take one of the two out.',
        },
      ])
    } else rules.push(parsed.value)
  }
  return rules
}

function policyOf(policy: z.output<typeof policySchema>): Policy {
  return {
    pastDue: {
      mode: policy.pastDue?.mode ?? defaultPolicy.pastDue.mode,
      days: policy.pastDue?.days ?? defaultPolicy.pastDue.days,
    },
    unpaid: policy.unpaid ?? defaultPolicy.unpaid,
    pausedCollection: policy.pausedCollection ?? defaultPolicy.pausedCollection,
    refunded: policy.refunded ?? defaultPolicy.refunded,
    settleMinutes: policy.settleMinutes ?? defaultPolicy.settleMinutes,
    trialToleranceHours: policy.trialToleranceHours ?? defaultPolicy.trialToleranceHours,
    brake: {
      hold: policy.brake?.hold ?? defaultPolicy.brake.hold,
      collapse: policy.brake?.collapse ?? defaultPolicy.brake.collapse,
    },
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
