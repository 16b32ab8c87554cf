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
import type { AccessSourceConfig, ProjectConfig } from './project-config.ts'
import type { Place } from './shape-problems.ts'
import { placeText, readShape } from './shape-problems.ts'

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
  const access = parseAccess(input.access, section, note)
  const shapedCatalogue = section(catalogueSchema, input.catalogue, ['catalogue'])
  const parsedCatalogue = shapedCatalogue && parseCatalogue(shapedCatalogue)
  note(parsedCatalogue?.problems ?? [])
  const shapedMatch = section(matchSchema, input.match ?? defaultMatch, ['match'])
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
    billing: billing.stripe,
  }
  // What a check may cost decides nothing that it says.
  const { requestsPerDay: _, ...meaningful } = parsed.billing
  return { ...parsed, fingerprint: fingerprintOf({ ...parsed, billing: meaningful }) }
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
