import { z } from '@hono/zod-openapi'
import type { Http, JsonValue } from '@trueup/core'
import { parseTableName } from '@trueup/core'
import { newPassword, scramVerifier } from '../../adapters/postgres/role/new-password.ts'
import { defaultReadRole, readRoleSql } from '../../adapters/postgres/role/read-role-sql.ts'
import type { EndpointDirectory } from '../../inbox/endpoints.ts'
import { providers } from '../../inbox/event.ts'
import { keepAnswers } from '../../onboarding/answers.ts'
import type { FactsReach } from '../../onboarding/facts.ts'
import { readFacts } from '../../onboarding/facts.ts'
import { keepPreview, keptPreview } from '../../onboarding/keep-preview.ts'
import { sendTestEvent } from '../../onboarding/send-test-event.ts'
import { judgeSteps } from '../../onboarding/steps/judge-steps.ts'
import { permissionLines } from '../../onboarding/stripe-permissions.ts'
import { tryMapping } from '../../onboarding/try-mapping.ts'
import { listSources } from '../../project/list-sources.ts'
import type { ProjectTenant } from '../../project/project-service.ts'
import { ApiError, notFound } from '../api-error.ts'
import { projectIdParam } from '../paging.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import {
  answersShape,
  checkPreviewShape,
  onboardingShape,
  permissionShape,
  testEventShape,
  triedMappingShape,
} from '../shown/onboarding.ts'
import { shown } from '../shown/shown.ts'
import { nameOf, recordsOf, storeOf } from './project-routes.ts'

const base = '/api/v1/projects/{projectId}'
const tag = 'Setting up'
const ofProject = z.object({ projectId: projectIdParam })
/** A draft is a configuration, and no configuration is larger. */
const largestDraft = 256 * 1024

/** What the routes of the set-up work with. */
export interface OnboardingRoutes extends FactsReach {
  readonly endpoints: EndpointDirectory
  readonly http: Http
}

const name = z.string().min(1).max(63)

/** Setting a project up: how far it is, what a person chose, and what its steps show and try. */
export function onboardingRoutes(routes: OnboardingRoutes): Route[] {
  const { projects } = routes
  return [
    route(`GET ${base}/onboarding`, {
      summary: 'How far the project is set up, step by step',
      description:
        'The states follow from what is stored: sources, configuration, checks, webhooks, schedules. Nothing is asked of a provider.',
      tag,
      params: ofProject,
      answer: onboardingShape,
      handle: async ({ tenant }) => ({ body: await onboardingOf(routes, tenant) }),
    }),
    route(`PUT ${base}/onboarding/answers`, {
      summary: 'Keep what was chosen, and the configuration as far as it is filled in',
      description:
        'What is left out stays as it is. Neither is in force: `PUT config` is what puts it in force.',
      tag,
      params: ofProject,
      body: z.strictObject({
        answers: answersShape.partial().strict().default({}),
        draft: z
          .unknown()
          .optional()
          .openapi({ description: 'In the place of the draft so far; null: none.' }),
      }),
      answer: onboardingShape,
      handle: async ({ tenant, principal, body }) => {
        await keepAnswers(
          projects,
          tenant,
          { answers: body.answers, draft: draftOf(body.draft) },
          { by: nameOf(principal) },
        )
        return { body: await onboardingOf(routes, tenant) }
      },
    }),
    route(`GET ${base}/setup/permissions`, {
      summary: 'What a restricted key of Stripe is to be allowed, what for, and what the connected one lacks',
      tag,
      params: ofProject,
      answer: z.object({
        connected: z.boolean(),
        createKeyUrl: z.string().openapi({ description: "In Stripe's dashboard." }),
        items: z.array(permissionShape),
      }),
      handle: async ({ tenant }) => {
        const source = (await listSources(projects, tenant)).find(({ kind }) => kind === 'stripe') ?? null
        return {
          body: {
            connected: source !== null,
            createKeyUrl: 'https://dashboard.stripe.com/apikeys/create',
            items: [...permissionLines(source)],
          },
        }
      },
    }),
    route(`POST ${base}/setup/read-role-sql`, {
      summary: 'The SQL for a role of a database that can read some columns and nothing else',
      description:
        'For before the database is connected. Nothing is sent anywhere; the password is made for it and kept nowhere.',
      tag,
      params: ofProject,
      body: z.strictObject({
        database: name.default('postgres'),
        role: name.default(defaultReadRole),
        tables: z
          .array(
            z.strictObject({
              table: z.string().min(1).max(130).openapi({ example: 'public.users' }),
              columns: z.array(name).min(1).max(200),
              rowSecurity: z.boolean().default(false).openapi({
                description: 'Row-level security is on: the role is then given a policy to see every row.',
              }),
            }),
          )
          .min(1)
          .max(20),
      }),
      isShownOnce: true,
      answer: z.object({
        sql: z.string(),
        role: z.string(),
        connectionString: z
          .string()
          .openapi({ description: 'With HOST in place of the address of the server.' }),
      }),
      handle: async ({ body }) => ({ body: readRoleOf(body) }),
    }),
    route(`POST ${base}/setup/try-mapping`, {
      summary: 'Try a mapping on what is connected: who is matched by which rule, and rows as it reads them',
      description: 'Reads at most 5,000 of each, files nothing and keeps nothing.',
      tag,
      params: ofProject,
      body: z.strictObject({
        access: z.array(z.unknown()).min(1).max(10).openapi({
          description: 'As `access` of the configuration.',
        }),
        match: z
          .array(z.string().max(300))
          .max(20)
          .optional()
          .openapi({ example: ['customer.id'] }),
      }),
      answer: triedMappingShape,
      handle: async ({ tenant, body }) => ({ body: shown(await tryMapping(projects, tenant, body)) }),
    }),
    route(`GET ${base}/checks/{checkId}/preview`, {
      summary: 'What a dry run would have filed, and what speaks for a wrong mapping',
      tag: 'Checks',
      params: ofProject.extend({ checkId: z.string().min(1).max(40) }),
      answer: checkPreviewShape,
      handle: async ({ tenant, params }) => {
        const { database, clock } = projects
        const kept = await keptPreview(database, tenant, params.checkId)
        if (kept) return { body: shown(kept) }
        const check = await storeOf(routes, tenant).loadCheck(params.checkId)
        if (!check) throw notFound()
        const { config } = await recordsOf(routes, tenant)
        const made = await keepPreview({ database, tenant, config, clock }, params.checkId)
        if (made) return { body: shown(made) }
        throw noPreview(check.dryRun, check.finishedAt !== null)
      },
    }),
    route(`POST ${base}/webhooks/{provider}/test`, {
      summary: 'Send a test event to the address that the provider sends to, and see whether it arrives',
      description: 'Trueup signs it itself. What the provider sends is seen by its own first event.',
      tag: 'Webhooks',
      params: ofProject.extend({ provider: z.enum(providers) }),
      answer: testEventShape,
      handle: async ({ tenant, params }) => {
        const { endpoints, http, publicUrl } = routes
        const { database, clock, randomBytes } = projects
        const reach = { database, clock, randomBytes, endpoints, http, publicUrl }
        return { body: shown(await sendTestEvent(reach, tenant, params.provider)) }
      },
    }),
  ]
}

async function onboardingOf(
  routes: OnboardingRoutes,
  tenant: ProjectTenant,
): Promise<z.input<typeof onboardingShape>> {
  const facts = await readFacts(routes, tenant)
  const steps = judgeSteps(facts)
  const current = steps.find(({ state }) => state === 'not-started' || state === 'needs-something')
  const { dryRun, kept } = facts
  return {
    ...shown({
      projectId: tenant.projectId,
      current: current?.key ?? 'go-live',
      isDone: current === undefined,
      steps,
      answers: kept.answers,
      configVersion: facts.configVersion,
      dryRun: dryRun && {
        checkId: dryRun.id,
        startedAt: dryRun.startedAt,
        finishedAt: dryRun.finishedAt,
      },
      webhooks: facts.webhooks.map(({ provider, url, health, lastEventAt, lastTestAt }) => ({
        ...{ provider, url, lastEventAt, lastTestAt },
        hasSecret: health !== null && !health.alarms.includes('no-secret'),
      })),
    }),
    draft: kept.draft,
  }
}

/** Anything that was sent as JSON; left out: the draft stays. */
function draftOf(draft: unknown): JsonValue | undefined {
  if (draft === undefined) return undefined
  const text = JSON.stringify(draft)
  if (Buffer.byteLength(text) <= largestDraft) return JSON.parse(text) as JsonValue
  throw new ApiError({
    code: 'request-invalid',
    message: `The draft is larger than ${largestDraft} bytes.`,
    fix: 'Keep less in it: it is a configuration, and no more.',
  })
}

function readRoleOf({
  database,
  role,
  tables,
}: {
  readonly database: string
  readonly role: string
  readonly tables: readonly {
    readonly table: string
    readonly columns: readonly string[]
    readonly rowSecurity: boolean
  }[]
}) {
  const password = newPassword()
  const sql = readRoleSql({
    role,
    verifier: scramVerifier(password),
    database,
    tables: tables.map(({ table, columns, rowSecurity }) => ({
      ...requireTable(table),
      hasRowSecurity: rowSecurity,
      columns: columns.map((column) => ({ name: column, operatorSchema: null })),
    })),
  })
  const login = encodeURIComponent(role)
  return {
    sql,
    role,
    connectionString: `postgres://${login}:${password.reveal()}@HOST:5432/${encodeURIComponent(database)}`,
  }
}

function requireTable(text: string) {
  const table = parseTableName(text)
  if (table) return table
  throw new ApiError({
    code: 'request-invalid',
    message: `${JSON.stringify(text)} is not the name of a table.`,
    fix: 'Write it as users, or with its schema as app.users.',
  })
}

function noPreview(isDryRun: boolean, isFinished: boolean): ApiError {
  if (isDryRun && !isFinished) {
    return new ApiError({
      code: 'conflict',
      message: 'The dry run is not finished.',
      fix: 'Follow its progress, and ask again when it is.',
    })
  }
  return new ApiError({
    code: 'conflict',
    message: isDryRun
      ? 'What this dry run read is gone, or it was made under another configuration.'
      : 'This check was no dry run: what it found was filed as incidents.',
    fix: isDryRun ? 'Run another one.' : 'Look at the list of incidents.',
  })
}
