import { z } from '@hono/zod-openapi'
import { incidentKinds, severities } from '@trueup/core'
import { providers } from '../../inbox/event.ts'
import { accessPlaces, audiences, billings, frameworks } from '../../onboarding/answers.ts'
import { mappingWarningCodes } from '../../onboarding/mapping-warnings.ts'
import { stepKeys, stepLineCodes, stepStates } from '../../onboarding/steps/step.ts'
import { moment, moneyShape, sideShape, subjectShape } from './access.ts'

const count = z.number().int()

const stepLineShape = z
  .object({
    code: z.enum(stepLineCodes),
    text: z.string(),
    fix: z.string().nullable().openapi({ description: 'What to do; null: nothing.' }),
  })
  .openapi('OnboardingLine')

export const onboardingStepShape = z
  .object({
    number: count,
    key: z.enum(stepKeys),
    title: z.string().openapi({ example: 'Identity mapping' }),
    hint: z.string().openapi({ description: 'A few words for the rail.', example: 'Matched automatically' }),
    state: z.enum(stepStates),
    found: z.array(stepLineShape),
    needed: z.array(stepLineShape).openapi({ description: 'Without these the step is not done.' }),
    warnings: z.array(stepLineShape),
  })
  .openapi('OnboardingStep')

export const answersShape = z
  .object({
    framework: z.enum(frameworks).nullable(),
    billing: z.enum(billings).nullable(),
    access: z
      .enum(accessPlaces)
      .nullable()
      .openapi({ description: 'Where the app keeps who has paid access.' }),
    audience: z.enum(audiences).nullable().openapi({ description: '`organizations`: B2B.' }),
    acceptedWarnings: z
      .array(z.string().max(300))
      .max(200)
      .openapi({
        description: 'Warnings of the dry run that a person takes for right, as `code` or `code:on`.',
        example: ['price-unmapped:price_1'],
      }),
  })
  .openapi('OnboardingAnswers')

export const mappingWarningShape = z
  .object({
    code: z.enum(mappingWarningCodes),
    message: z.string(),
    fix: z.string(),
    step: z
      .enum(['stripe', 'database', 'identity', 'plans', 'access'])
      .openapi({ description: 'Where it is mended.' }),
    touches: count.nullable(),
    on: z.string().nullable().openapi({ description: 'The price, app value or field that it names.' }),
  })
  .openapi('MappingWarning')

export const previewFieldShape = z
  .object({
    source: z.string(),
    type: z.enum(['user', 'organization']),
    path: z.string(),
    seen: count,
    sampled: count,
    examples: z.array(z.string()),
  })
  .openapi('FieldCoverage')

const matchLine = z.object({ customers: count, paying: count })

export const matchingShape = z
  .object({
    subjects: count,
    matchedSubjects: count,
    byRule: z.array(matchLine.extend({ rule: z.string() })),
    ambiguous: matchLine,
    unmatched: matchLine,
  })
  .openapi('MatchCounts')

const exampleShape = z
  .object({
    id: z.string(),
    sentence: z.string(),
    subject: z.union([subjectShape, z.null()]),
    customerId: z.string().nullable(),
    component: z.string(),
    hurts: z.enum(['customer', 'business', 'both']),
    owed: sideShape,
    granted: sideShape,
    allowed: sideShape,
    moneyAtRisk: z.union([moneyShape, z.null()]),
    moneyNote: z.string().nullable(),
    isNew: z.boolean().openapi({ description: 'No incident stands open for it yet.' }),
  })
  .openapi('PreviewExample')

export const checkPreviewShape = z
  .object({
    checkId: z.string(),
    configFingerprint: z.string(),
    complete: z.boolean(),
    counts: z.object({
      customers: count,
      subjects: count,
      agrees: count,
      drifts: count,
      cannotTell: count,
      settling: count,
    }),
    total: count.openapi({ description: 'Incidents that would be filed.' }),
    newTotal: count,
    moneyAtRisk: z.object({
      customer: z.array(moneyShape),
      business: z.array(moneyShape),
      both: z.array(moneyShape),
    }),
    kinds: z.array(
      z.object({
        kind: z.enum(incidentKinds),
        severity: z.enum(severities),
        count,
        newCount: count,
        touchedCount: count,
        moneyAtRisk: z.array(moneyShape),
        examples: z.array(exampleShape),
      }),
    ),
    matching: matchingShape,
    fields: z.array(previewFieldShape),
    warnings: z.array(mappingWarningShape),
  })
  .openapi('CheckPreview')

export const onboardingShape = z
  .object({
    projectId: z.string(),
    current: z.enum(stepKeys).openapi({ description: 'The first step that is not done.' }),
    isDone: z.boolean(),
    steps: z.array(onboardingStepShape),
    answers: answersShape,
    draft: z.unknown().openapi({
      description: 'The configuration as far as it was filled in. It is not in force; null: there is none.',
    }),
    configVersion: count
      .nullable()
      .openapi({ description: 'Of the configuration in force; null: there is none.' }),
    dryRun: z
      .object({ checkId: z.string(), startedAt: moment, finishedAt: moment.nullable() })
      .nullable()
      .openapi({ description: 'The newest under the configuration in force.' }),
    webhooks: z.array(
      z.object({
        provider: z.enum(providers),
        url: z.string().openapi({ description: 'To be entered in the dashboard of the provider.' }),
        hasSecret: z.boolean(),
        lastEventAt: moment
          .nullable()
          .openapi({ description: "When an event of the provider's own came last." }),
        lastTestAt: moment.nullable(),
      }),
    ),
  })
  .openapi('Onboarding')

export const permissionShape = z
  .object({
    name: z.string().openapi({ example: 'rak_customer_read' }),
    what: z.string().openapi({ description: "As Stripe's dashboard writes it.", example: 'Customers' }),
    level: z.literal('read'),
    purpose: z.string(),
    isRequired: z.boolean(),
    loss: z
      .string()
      .nullable()
      .openapi({ description: 'What is lost without it; null: every check needs it.' }),
    state: z
      .enum(['granted', 'missing', 'unknown'])
      .openapi({ description: '`unknown`: no key was tested yet.' }),
    message: z.string().nullable(),
    fix: z.string().nullable(),
  })
  .openapi('StripePermission')

export const triedMappingShape = z
  .object({
    isWhole: z.boolean().openapi({ description: 'False: counts are of the first 5,000 that were read.' }),
    read: z.object({ subscriptions: count, users: count, organizations: count }),
    matching: matchingShape,
    unmatched: z
      .array(
        z.object({
          customerId: z.string(),
          name: z.string().nullable(),
          email: z.string().nullable(),
          tried: z.array(z.object({ rule: z.string(), value: z.string() })),
        }),
      )
      .openapi({ description: 'Some of those who pay and found nobody.' }),
    fields: z.array(previewFieldShape),
    rows: z.array(
      z.object({
        source: z.string(),
        type: z.enum(['user', 'organization']),
        id: z.string(),
        name: z.string().nullable(),
        customerId: z.string().nullable(),
        fields: z.array(z.object({ path: z.string(), found: z.string().nullable() })),
      }),
    ),
  })
  .openapi('TriedMapping')

export const testEventShape = z
  .object({
    provider: z.enum(providers),
    eventId: z.string(),
    url: z.string(),
    signedBy: z.literal('trueup').openapi({
      description: 'No provider sends an event on demand to one endpoint alone, so Trueup signs it itself.',
    }),
    sentAt: moment,
    status: count.nullable().openapi({ description: 'Null: nothing answered.' }),
    arrivedAt: moment.nullable().openapi({ description: 'Null: it was not stored.' }),
    message: z.string(),
    fix: z.string().nullable(),
  })
  .openapi('TestEvent')
