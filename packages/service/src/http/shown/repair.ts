import { z } from '@hono/zod-openapi'
import { incidentKinds, repairStates } from '@trueup/core'
import { moment, subjectShape } from './access.ts'

/** A value as an app stores it; left out: it is absent. */
const storedValue = z.unknown().openapi({ description: 'A JSON value; left out where there is none.' })

export const repairShape = z
  .object({
    id: z.string(),
    incidentId: z.string(),
    kind: z.enum(incidentKinds),
    subject: subjectShape,
    customerId: z.string().nullable(),
    act: z.string(),
    hurts: z.enum(['customer', 'business', 'both']),
    paying: z.boolean(),
    takesAway: z.boolean(),
    summary: z.string(),
    source: z.string(),
    container: z.string(),
    record: z.string(),
    changes: z.array(
      z.object({ field: z.string(), before: storedValue.optional(), after: storedValue.optional() }),
    ),
    sideEffects: z.array(z.string()),
    how: z.enum(['function', 'plain-role', 'merge-patch', 'callback']),
    checkId: z.string(),
    undoes: z.string().nullable(),
    batch: z.object({ id: z.string(), position: z.number().int(), size: z.number().int() }).nullable(),
    state: z.enum(repairStates),
    proposedBy: z.string(),
    proposedAt: moment,
    approvals: z.array(z.object({ by: z.string(), at: moment, expiresAt: moment })),
    approvalsNeeded: z.number().int(),
    twoPersonReasons: z.array(z.enum(['many-rows', 'takes-from-payer'])),
    intendedAt: moment.nullable(),
    endedAt: moment.nullable(),
    answers: z.array(
      z.object({
        at: moment,
        kind: z.string(),
        code: z.string().nullable(),
        message: z.string().nullable(),
      }),
    ),
    history: z.array(z.object({ act: z.string(), at: moment, by: z.string(), note: z.string().nullable() })),
  })
  .openapi('Repair')

const guidedShape = z
  .object({
    subject: subjectShape,
    fields: z.array(
      z.object({
        field: z.string().openapi({ example: 'public_metadata.plan' }),
        before: z.string().nullable(),
        expected: storedValue,
      }),
    ),
    link: z.string().nullable().openapi({ description: "In Clerk's dashboard." }),
    requests: z.array(
      z.object({
        method: z.enum(['PATCH', 'POST']),
        url: z.string(),
        body: z.string(),
        curl: z.string().openapi({
          description: 'For a shell in which CLERK_SECRET_KEY is set; the key never stands here.',
        }),
      }),
    ),
    checkAgain: z.object({ method: z.literal('POST'), path: z.string(), customer: z.string() }),
  })
  .openapi('GuidedClerkRepair')

export const repairPlanShape = z
  .object({
    act: z.string(),
    summary: z.string(),
    steps: z.array(z.string()),
    changes: z.array(
      z.object({
        source: z.string(),
        target: z.string(),
        field: z.string(),
        before: z.string().nullable(),
        after: storedValue.optional(),
      }),
    ),
    statements: z.array(z.string()),
    link: z.string().nullable(),
    guided: z.union([guidedShape, z.null()]).openapi({
      description: 'What a person does in Clerk; null where the plan changes nothing there.',
    }),
  })
  .openapi('RepairPlan')
