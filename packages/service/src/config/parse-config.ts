import type { MatchRule, Policy, SubjectType } from '@trueup/core'
import { defaultPolicy, parseMatchRule } from '@trueup/core'
import type { z } from 'zod'
import type { ConfigProblem } from './config-error.ts'
import { ConfigError } from './config-error.ts'
import {
  billingSchema,
  catalogueSchema,
  configSchema,
  exceptionsSchema,
  matchSchema,
  policySchema,
} from './config-schema.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { Note } from './parse-access.ts'
import { parseAccess } from './parse-access.ts'
import { parseCatalogue } from './parse-catalogue.ts'
import { parseExceptions } from './parse-exceptions.ts'
import type { AccessSourceConfig, BillingSourceConfig, ProjectConfig } from './project-config.ts'
import type { Place } from './shape-problems.ts'
import { placeText, readShape } from './shape-problems.ts'

/** Customers of Clerk Billing are the users and organizations themselves. */
const defaultMatch = { stripe: ['customer.id'], 'clerk-billing': ['customer.id -> id'] } as const

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

  const shapedBilling = section(billingSchema, input.billing, ['billing'])
  const billing = shapedBilling && parseBilling(shapedBilling, note)
  const hasCustomers = billing?.kind !== 'clerk-billing'
  const access = parseAccess(input.access, { section, note, hasCustomers })
  const shapedCatalogue = section(catalogueSchema, input.catalogue, ['catalogue'])
  const parsedCatalogue = shapedCatalogue && parseCatalogue(shapedCatalogue)
  note(parsedCatalogue?.problems ?? [])
  const shapedMatch = section(matchSchema, input.match ?? defaultMatch[billing?.kind ?? 'stripe'], ['match'])
  const match = shapedMatch && parseMatch(shapedMatch, note)
  if (match) note(unanswerable(access, match))
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
    access,
  }
  return { ...parsed, billing, fingerprint: fingerprintOf({ ...parsed, billing: meaningOf(billing) }) }
}

/** What a check may cost decides nothing that it says. */
function meaningOf(billing: BillingSourceConfig) {
  return billing.kind === 'stripe' ? { entitlements: billing.entitlements } : billing
}

function parseBilling(
  { stripe, clerkBilling }: z.output<typeof billingSchema>,
  note: Note,
): BillingSourceConfig | null {
  if (stripe && clerkBilling) {
    note([
      {
        code: 'billing-twice',
        path: 'billing',
        found: 'both stripe and clerkBilling',
        needed: 'one billing: what is promised follows from one of them',
        fix: 'Make a project for each, or name the one that your plans are sold through.',
      },
    ])
    return null
  }
  if (stripe) return { kind: 'stripe', ...stripe }
  if (clerkBilling) return { kind: 'clerk-billing', ...clerkBilling }
  note([
    {
      code: 'billing-missing',
      path: 'billing',
      found: 'neither stripe nor clerkBilling',
      needed: 'where your plans are sold',
      fix: 'Write billing: { stripe: {} } for your own Stripe account, or billing: { clerkBilling: {} }.',
    },
  ])
  return null
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

/** Subjects to whom no rule leads: every one of them would count as nobody's. */
function unanswerable(
  access: readonly AccessSourceConfig[],
  rules: readonly MatchRule[],
): readonly ConfigProblem[] {
  if (rules.length === 0) return []
  return (['user', 'organization'] as const).flatMap((type) => {
    const answers = access.flatMap((source) => answersOf(source, type))
    if (answers.length === 0 || rules.some(({ to }) => answers.includes(to))) return []
    return [
      {
        code: 'match-unanswerable' as const,
        path: 'match',
        found: rules.map(({ text }) => text).join(', '),
        needed: `a rule that ${type}s can answer: they have ${[...new Set(answers)].join(', ')}`,
        fix: `Map customerId of ${type}s, or add a rule such as 'customer.metadata.${type}_id'.`,
      },
    ]
  })
}

/** The fields by which subjects of a source can be found. */
function answersOf(source: AccessSourceConfig, type: SubjectType): readonly MatchRule['to'][] {
  switch (source.kind) {
    case 'clerk':
    case 'pushed':
      return source.mappings[type] ? ['customerId', 'id', 'externalId', 'email'] : []
    case 'postgres': {
      const mapping = source.mappings[type]
      if (!mapping) return []
      return [
        'id',
        ...(mapping.customerId ? (['customerId'] as const) : []),
        ...(mapping.subject ? (['externalId'] as const) : []),
        ...(mapping.email && mapping.emailVerified ? (['email'] as const) : []),
      ]
    }
  }
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
