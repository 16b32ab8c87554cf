import { z } from '@hono/zod-openapi'
import { ConfigError } from '../../config/config-error.ts'
import { parseConfig } from '../../config/parse-config.ts'
import {
  diffVersions,
  listConfigVersions,
  putConfig,
  requireConfigVersion,
  revertConfig,
} from '../../project/config-versions.ts'
import type { ProjectService } from '../../project/project-service.ts'
import { pageOf, pageQuery, projectIdParam } from '../paging.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { moment } from '../shown/access.ts'
import { shown } from '../shown/shown.ts'
import { nameOf } from './project-routes.ts'

const base = '/api/v1/projects/{projectId}/config'
const tag = 'Configuration'
const ofProject = z.object({ projectId: projectIdParam })
const versionNumber = z.coerce.number().int().min(1).max(1_000_000_000)
const ofVersion = ofProject.extend({ version: versionNumber })

const document = z.unknown().openapi({ description: 'The same document as `trueup.config.ts`, as JSON.' })
const note = z
  .string()
  .max(2000)
  .nullable()
  .default(null)
  .openapi({ description: 'Why, for those who look at it later.' })
const expectedVersion = z.number().int().min(0).openapi({
  description:
    'The version that the change was made on; 0: there was none. Refused where it is another by now.',
})

const listedShape = z
  .object({
    version: z.number(),
    fingerprint: z.string().openapi({ description: 'Equal for versions that mean the same.' }),
    author: z.string(),
    note: z.string().nullable(),
    madeAt: moment,
    revertsTo: z.number().nullable().openapi({ description: 'The version that was brought back.' }),
  })
  .openapi('ConfigVersionListed')
const versionShape = listedShape.extend({ document }).openapi('ConfigVersion')

const problemShape = z
  .object({ code: z.string(), path: z.string(), found: z.string(), needed: z.string(), fix: z.string() })
  .openapi('ConfigProblem')

/** A project's configuration: the version that holds, earlier ones, and what differs between them. */
export function configRoutes({ projects }: { readonly projects: ProjectService }): Route[] {
  return [
    route(`GET ${base}`, {
      summary: 'The configuration as it holds',
      tag,
      params: ofProject,
      answer: versionShape,
      handle: async ({ tenant }) => ({ body: shown(await requireConfigVersion(projects, tenant)) }),
    }),
    route(`PUT ${base}`, {
      summary: 'Change the configuration',
      description:
        'Makes a new version. Approvals of repairs that were given under another meaning are void. A document that says the same makes none.',
      tag,
      params: ofProject,
      body: z.strictObject({ document, expectedVersion, note }),
      answer: versionShape,
      handle: async ({ tenant, principal, body }) => {
        const options = { expectedVersion: body.expectedVersion, note: body.note, by: nameOf(principal) }
        return { body: shown(await putConfig(projects, tenant, body.document, options)) }
      },
    }),
    route(`POST ${base}/validate`, {
      summary: 'Say what is wrong with a configuration, and keep nothing',
      tag,
      params: ofProject,
      body: z.strictObject({ document }),
      answer: z.object({
        valid: z.boolean(),
        fingerprint: z.string().nullable(),
        problems: z.array(problemShape),
      }),
      handle: async ({ body }) => {
        try {
          const { fingerprint } = parseConfig(body.document)
          return { body: { valid: true, fingerprint, problems: [] } }
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error
          return { body: { valid: false, fingerprint: null, problems: [...error.problems] } }
        }
      },
    }),
    route(`GET ${base}/diff`, {
      summary: 'What differs from one version to another',
      tag,
      params: ofProject,
      query: z.object({
        from: z.coerce.number().int().min(0).openapi({ description: '0: from nothing.' }),
        to: versionNumber,
      }),
      answer: z.object({
        items: z.array(
          z.object({
            path: z.string().openapi({ example: 'catalogue.plans[pro].prices' }),
            before: z.unknown().openapi({ description: 'Left out where it was not there.' }),
            after: z.unknown(),
          }),
        ),
      }),
      handle: async ({ tenant, query }) => ({
        body: shown({ items: await diffVersions(projects, tenant, query) }),
      }),
    }),
    route(`GET ${base}/versions`, {
      summary: 'Every version, the newest first',
      tag,
      params: ofProject,
      query: pageQuery.extend({ after: versionNumber.optional() }),
      answer: pageOf(listedShape),
      handle: async ({ tenant, query: { after, limit } }) => {
        const found = await listConfigVersions(projects, tenant, {
          limit: limit + 1,
          ...(after === undefined ? {} : { before: after }),
        })
        const items = found.slice(0, limit)
        const next = found.length > limit ? String(items.at(-1)?.version) : null
        return { body: shown({ items, next }) }
      },
    }),
    route(`GET ${base}/versions/{version}`, {
      summary: 'One version',
      tag,
      params: ofVersion,
      answer: versionShape,
      handle: async ({ tenant, params }) => ({
        body: shown(await requireConfigVersion(projects, tenant, params.version)),
      }),
    }),
    route(`POST ${base}/versions/{version}/revert`, {
      summary: 'Bring an earlier version back, as a new one',
      tag,
      params: ofVersion,
      body: z.strictObject({ expectedVersion, note }),
      answer: versionShape,
      handle: async ({ tenant, principal, params, body }) => {
        const options = { expectedVersion: body.expectedVersion, note: body.note, by: nameOf(principal) }
        return { body: shown(await revertConfig(projects, tenant, params.version, options)) }
      },
    }),
  ]
}
