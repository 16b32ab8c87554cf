import { z } from '@hono/zod-openapi'
import { parseTableName } from '@trueup/core'
import { connectSource } from '../../project/connect-source.ts'
import type { Credential } from '../../project/credential.ts'
import { disconnectSource } from '../../project/disconnect-source.ts'
import { listSources } from '../../project/list-sources.ts'
import {
  listMappedPrices,
  lookIntoDatabase,
  proposeConfig,
  repairSqlOf,
  sampleClerk,
} from '../../project/look-around.ts'
import { readProject } from '../../project/manage-projects.ts'
import { ProjectError } from '../../project/project-error.ts'
import type { ProjectService, ProjectTenant } from '../../project/project-service.ts'
import { useRetentionDays } from '../../project/secret-uses.ts'
import { testSource } from '../../project/test-source.ts'
import { Secret } from '../../secret.ts'
import { tellOwner } from '../../team/mail/security-letters.ts'
import type { Team } from '../../team/team.ts'
import { projectIdParam } from '../paging.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { moment } from '../shown/access.ts'
import { shown } from '../shown/shown.ts'
import { personOf } from './auth.ts'
import { nameOf } from './project-routes.ts'

const base = '/api/v1/projects/{projectId}'
const tag = 'Sources'
const setUp = 'Setting up'
const ofProject = z.object({ projectId: projectIdParam })
const ofSource = ofProject.extend({
  name: z.string().max(60).openapi({ example: 'stripe', description: 'As the list of sources names it.' }),
})

const findingShape = z
  .object({
    name: z.string(),
    state: z.enum(['ok', 'missing', 'warning', 'failed']),
    found: z.string(),
    fix: z.string().nullable(),
  })
  .openapi('ConnectionFinding')

const sourceShape = z
  .object({
    name: z.string().openapi({
      description:
        '`stripe`, `clerk`, `callback`, the name of a database, or `repair:` and the source that it repairs.',
    }),
    kind: z.enum(['stripe', 'clerk', 'postgres', 'clerk-repairs', 'postgres-repairs', 'callback']),
    label: z.string().openapi({
      description: 'The credential by its prefix and last four characters, or role and place of a database.',
    }),
    place: z.string(),
    isLive: z.boolean().nullable(),
    settings: z.object({
      ca: z.string().nullable(),
      allowWriteRole: z.boolean(),
      url: z.string().nullable(),
    }),
    connectedAt: moment,
    connectedBy: z.string(),
    testedAt: moment,
    findings: z.array(findingShape),
    failure: z
      .object({ code: z.string(), message: z.string(), fix: z.string() })
      .nullable()
      .openapi({ description: 'What the last test failed with; null: it passed.' }),
    lastUsedAt: moment.nullable(),
    lastUsedFor: z.string().nullable(),
    uses: z.number(),
  })
  .openapi('Source')

const secret = z
  .string()
  .max(8192)
  .openapi({ format: 'password', description: 'Written only: never given back.' })
const ca = z
  .string()
  .max(100_000)
  .nullable()
  .default(null)
  .openapi({ description: 'Certificates to pin, as PEM text.' })
const source = z
  .string()
  .max(60)
  .default('postgres')
  .openapi({ description: 'As the configuration names the database.' })
const acceptOtherAccount = z.boolean().default(false).openapi({
  description: 'Take a credential of another account, or of the other mode, than the one before.',
})

const credentialShape = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('stripe'), key: secret, acceptOtherAccount }),
    z.strictObject({ kind: z.literal('clerk'), key: secret, acceptOtherAccount }),
    z.strictObject({ kind: z.literal('clerk-repairs'), key: secret, acceptOtherAccount }),
    z.strictObject({
      kind: z.literal('postgres'),
      source,
      url: secret,
      ca,
      allowWriteRole: z.boolean().default(false),
      acceptOtherAccount,
    }),
    z.strictObject({ kind: z.literal('postgres-repairs'), source, url: secret, acceptOtherAccount }),
    z.strictObject({ kind: z.literal('callback'), url: z.string().max(2000), secret, acceptOtherAccount }),
  ])
  .openapi('Credential')

const sampledShape = z.object({
  sampled: z.number(),
  fields: z.array(
    z.object({ path: z.string(), seen: z.number(), sampled: z.number(), examples: z.array(z.string()) }),
  ),
  proposals: z.array(z.object({ field: z.string(), path: z.string(), reason: z.string() })),
})

const columnProposalShape = z.object({
  field: z.string(),
  column: z.string(),
  evidence: z.array(z.string()).openapi({ description: 'Why, the strongest first.' }),
  weight: z.number(),
})
const relatedShape = z
  .object({ shape: z.record(z.string(), z.string()), evidence: z.array(z.string()), weight: z.number() })
  .nullable()
const tableProposalShape = z
  .object({
    type: z.enum(['user', 'organization']),
    schema: z.string(),
    table: z.string(),
    evidence: z.array(z.string()).openapi({ description: 'Why this table.' }),
    key: columnProposalShape,
    fields: z.array(columnProposalShape.extend({ alternatives: z.array(columnProposalShape) })),
    entitlementRows: relatedShape,
    members: relatedShape,
    shape: z
      .unknown()
      .openapi({ description: 'As `users` or `organizations` of the configuration takes it.' }),
    missing: z.array(z.string()),
    weight: z.number(),
  })
  .openapi('TableProposal')

function noKeys(who: 'users' | 'organizations'): string {
  return `No metadata keys were found on your Clerk ${who}.`
}

/** What a project is connected to, and what setting it up wants to know of that. */
export function sourceRoutes({
  projects,
  team,
}: {
  readonly projects: ProjectService
  readonly team: Pick<Team, 'database' | 'settings' | 'sendMail' | 'background'>
}): Route[] {
  return [
    route(`GET ${base}/sources`, {
      summary: 'What the project is connected to',
      tag,
      params: ofProject,
      answer: z.object({ items: z.array(sourceShape) }),
      handle: async ({ tenant }) => {
        await projects.uses.flush()
        return { body: shown({ items: await listSources(projects, tenant) }) }
      },
    }),
    route(`POST ${base}/sources`, {
      summary: 'Connect a source, or connect it anew with another credential',
      description:
        'The credential is tried first. Where it does not pass nothing is kept, and the one before stays in use.',
      tag,
      params: ofProject,
      body: credentialShape,
      isShownOnce: true,
      answer: sourceShape,
      handle: async ({ tenant, principal, body }) => {
        const { acceptOtherAccount: isMeant } = body
        await assertNoDemo(projects, tenant)
        const options = { by: nameOf(principal), acceptOtherAccount: isMeant }
        const source = await connectSource(projects, tenant, credentialOf(body), options)
        const { name: project } = await readProject(projects, tenant)
        tellOwner(team, tenant.workspaceId, personOf(principal), {
          kind: 'credential-entered',
          source: source.name,
          project,
        })
        return { body: shown(source) }
      },
    }),
    route(`DELETE ${base}/sources`, {
      summary: 'Take every credential of the project away at once, for good',
      description:
        'For the day that one leaks: nothing is reached from here any more until it is connected anew.',
      tag,
      params: ofProject,
      answer: z.object({ disconnected: z.array(z.string()) }),
      handle: async ({ tenant, principal }) => {
        await assertNoDemo(projects, tenant)
        const disconnected = (await listSources(projects, tenant)).map(({ name }) => name)
        for (const name of disconnected)
          await disconnectSource(projects, tenant, name, { by: nameOf(principal) })
        return { body: { disconnected } }
      },
    }),
    route(`POST ${base}/sources/{name}/test`, {
      summary: 'Try the credential of a source once more',
      tag,
      params: ofSource,
      answer: sourceShape,
      handle: async ({ tenant, params }) => ({
        body: shown(await testSource(projects, tenant, params.name)),
      }),
    }),
    route(`DELETE ${base}/sources/{name}`, {
      summary: 'Take the credential of a source away for good',
      tag,
      params: ofSource,
      handle: async ({ tenant, principal, params }) => {
        await assertNoDemo(projects, tenant)
        await disconnectSource(projects, tenant, params.name, { by: nameOf(principal) })
        return { status: 204 }
      },
    }),
    route(`GET ${base}/secret-uses`, {
      summary: 'When credentials were used and for what',
      description: `A line an hour, the latest first, of the last ${useRetentionDays} days; also of credentials that are gone.`,
      tag,
      params: ofProject,
      query: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(200) }),
      answer: z.object({
        items: z.array(
          z.object({
            id: z.string(),
            field: z.string(),
            name: z.string(),
            usedFor: z.string(),
            hour: moment,
            uses: z.number(),
            lastAt: moment,
          }),
        ),
      }),
      handle: async ({ tenant, query }) => ({
        body: shown({ items: await projects.uses.uses(tenant, query.limit) }),
      }),
    }),
    route(`GET ${base}/setup/prices`, {
      summary: 'Every price of the connected Stripe account, with what it is mapped to and who pays it',
      tag: setUp,
      params: ofProject,
      query: z.object({
        usage: z.enum(['true', 'false']).default('false').openapi({
          description: 'Count who pays each price: reads up to 5,000 subscriptions.',
        }),
      }),
      answer: z.object({
        counted: z
          .object({ subscriptions: z.number().int(), isWhole: z.boolean() })
          .nullable()
          .openapi({ description: 'What was counted; null: nothing was asked to be.' }),
        unmapped: z.object({
          prices: z.number().int(),
          customers: z.number().int().nullable().openapi({
            description: 'How many times a customer pays one of them; null: not counted.',
          }),
        }),
        items: z.array(
          z.object({
            id: z.string(),
            lookupKey: z.string().nullable(),
            productId: z.string(),
            productName: z.string().nullable(),
            nickname: z.string().nullable(),
            currency: z.string(),
            active: z.boolean(),
            recurring: z
              .object({
                interval: z.enum(['day', 'week', 'month', 'year']),
                count: z.number(),
                metered: z.boolean(),
              })
              .nullable(),
            unitAmount: z
              .string()
              .nullable()
              .openapi({ description: 'In minor units; null where it depends.' }),
            mapping: z
              .object({ kind: z.enum(['plan', 'add-on', 'seat-pack', 'lifetime']), id: z.string() })
              .nullable()
              .openapi({ description: 'By the configuration in force; null: it is in no plan.' }),
            usage: z
              .object({ subscriptions: z.number().int(), customers: z.number().int() })
              .nullable()
              .openapi({ description: 'Who pays it now; null: not counted.' }),
          }),
        ),
      }),
      handle: async ({ tenant, query }) => ({
        body: await mappedPrices(projects, tenant, { countsUsage: query.usage === 'true' }),
      }),
    }),
    route(`GET ${base}/setup/clerk-fields`, {
      summary: 'Metadata fields of the most recent users and organizations',
      tag: setUp,
      params: ofProject,
      answer: z.object({
        users: sampledShape,
        organizations: sampledShape,
        message: z.string().nullable().openapi({ description: 'Says so where nothing was found.' }),
        messages: z
          .object({ users: z.string().nullable(), organizations: z.string().nullable() })
          .openapi({ description: 'The same for each by itself.' }),
      }),
      handle: async ({ tenant }) => {
        const { users, organizations } = await sampleClerk(projects, tenant)
        const isEmpty = users.fields.length === 0 && organizations.fields.length === 0
        const messages = {
          users: users.fields.length > 0 ? null : noKeys('users'),
          organizations: organizations.fields.length > 0 ? null : noKeys('organizations'),
        }
        return {
          body: shown({ users, organizations, message: isEmpty ? messages.users : null, messages }),
        }
      },
    }),
    route(`POST ${base}/setup/databases/{name}`, {
      summary: 'What is in a database, how it may be mapped, and the SQL for a role that can only read',
      tag: setUp,
      params: ofSource,
      body: z.strictObject({
        table: z
          .string()
          .max(130)
          .nullable()
          .default(null)
          .openapi({ description: 'Propose this table only.' }),
      }),
      isShownOnce: true,
      answer: z.object({
        ok: z.boolean(),
        connection: z.array(findingShape),
        role: z.object({ role: z.string(), canWrite: z.boolean(), findings: z.array(findingShape) }),
        proposals: z.object({
          user: z.array(tableProposalShape),
          organization: z.array(tableProposalShape),
        }),
        reading: z.array(findingShape),
        configuration: z.string().nullable(),
        readRole: z.object({ sql: z.string(), connectionString: z.string() }).nullable(),
      }),
      handle: async ({ tenant, params, body }) => {
        const table = body.table === null ? null : parseTableName(body.table)
        const { urlVariable: _, ...report } = await lookIntoDatabase(projects, tenant, params.name, { table })
        return { body: shown(report) }
      },
    }),
    route(`POST ${base}/setup/databases/{name}/repair-sql`, {
      summary: 'The SQL that lets single rows of a database be repaired, for its owner to run',
      tag: setUp,
      params: ofSource,
      body: z.strictObject({
        plain: z.boolean().default(false).openapi({
          description: 'A role that may update the mapped columns, without functions and limits of its own.',
        }),
      }),
      isShownOnce: true,
      answer: z.object({ sql: z.string(), uninstall: z.string(), connectionString: z.string() }),
      handle: async ({ tenant, params, body }) => ({
        body: await repairSqlOf(projects, tenant, params.name, body),
      }),
    }),
    route(`POST ${base}/setup/config`, {
      summary: 'Propose a configuration from everything that is connected',
      tag: setUp,
      params: ofProject,
      answer: z.object({ document: z.unknown(), notes: z.array(z.string()), learnedFrom: z.number() }),
      handle: async ({ tenant }) => ({ body: shown(await proposeConfig(projects, tenant)) }),
    }),
  ]
}

/** A demo is given no other credentials than its own: they would be sent to accounts that are made up. */
async function assertNoDemo(projects: ProjectService, tenant: ProjectTenant): Promise<void> {
  const { demo } = await readProject(projects, tenant)
  if (!demo) return
  throw new ProjectError({
    code: 'demo-fixed',
    message: 'This is a demo: its sources are made up, and a part of it.',
    fix: 'Make a project of your own, and connect it there.',
  })
}

function credentialOf(sent: z.output<typeof credentialShape>): Credential {
  switch (sent.kind) {
    case 'stripe':
    case 'clerk':
    case 'clerk-repairs':
      return { kind: sent.kind, key: new Secret(sent.key) }
    case 'postgres': {
      const { kind, ca: authority, allowWriteRole } = sent
      return { kind, source: sent.source, url: new Secret(sent.url), ca: authority, allowWriteRole }
    }
    case 'postgres-repairs':
      return { kind: sent.kind, source: sent.source, url: new Secret(sent.url) }
    case 'callback':
      return { kind: sent.kind, url: sent.url, secret: new Secret(sent.secret) }
  }
}

async function mappedPrices(
  projects: ProjectService,
  tenant: ProjectTenant,
  wanted: { readonly countsUsage: boolean },
) {
  const { prices, usage } = await listMappedPrices(projects, tenant, wanted)
  const unmapped = prices.filter(({ mapping }) => mapping === null)
  return {
    counted: usage && { subscriptions: usage.subscriptions, isWhole: usage.isWhole },
    unmapped: {
      prices: unmapped.length,
      customers: usage && unmapped.reduce((sum, { usage: own }) => sum + (own?.customers ?? 0), 0),
    },
    items: prices.map(({ price: { amount, recurring, ...price }, mapping, usage: own }) => ({
      ...price,
      recurring: recurring && { ...recurring },
      unitAmount: amount.kind === 'per-unit' ? amount.unitAmount : null,
      mapping,
      usage: own,
    })),
  }
}
