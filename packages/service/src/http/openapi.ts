import { OpenAPIHono, z } from '@hono/zod-openapi'
import { namedShapes, withNullsApart } from './named-shapes.ts'
import { operationIdOf } from './operation-id.ts'
import { policyRows } from './policy.ts'
import type { Route } from './route.ts'

const problemShape = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string().openapi({ description: 'Closed and stable: decide by it.' }),
    detail: z.string().openapi({ description: 'What was found and what was needed.' }),
    fix: z.string().openapi({ description: 'What to do.' }),
    requestId: z.string(),
    problems: z
      .array(z.object({ at: z.string(), message: z.string() }))
      .optional()
      .openapi({ description: 'Everything that is wrong with what was sent, and where.' }),
    findings: z
      .array(
        z.object({
          name: z.string(),
          state: z.enum(['ok', 'missing', 'warning', 'failed']),
          found: z.string(),
          fix: z.string().nullable(),
        }),
      )
      .optional()
      .openapi({ description: 'What the test of a credential found.' }),
  })
  .openapi('Problem')

/** The reference of the API as an OpenAPI 3.1 document, from the shapes that requests are validated with. */
export function describeRoutes(routes: readonly Route[], version: string) {
  const app = new OpenAPIHono()
  const registry = app.openAPIRegistry
  registry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key, tu_…',
  })
  registry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-trueup.session_token',
    description: 'The session of a person who is signed in.',
  })
  const shapes = routes.flatMap(({ params, query, body, answer }) => [params, query, body, answer] as const)
  for (const [name, shape] of namedShapes(shapes.filter((shape) => shape !== undefined))) {
    registry.register(name, shape)
  }
  for (const route of routes) {
    const [method = '', path = ''] = route.key.split(' ')
    registry.registerPath({
      method: method.toLowerCase() as 'get',
      path,
      operationId: operationIdOf(route.key),
      tags: [route.tag],
      summary: route.summary,
      description: [route.description, whoMay(route)].filter(Boolean).join('\n\n'),
      security: securityOf(route),
      request: {
        ...(route.params ? { params: route.params } : {}),
        ...(route.query ? { query: route.query } : {}),
        ...(route.body ? { body: { content: { 'application/json': { schema: route.body } } } } : {}),
      },
      responses: {
        ...successOf(route),
        default: {
          description: 'A problem (RFC 9457).',
          content: { 'application/problem+json': { schema: problemShape } },
        },
      },
    })
  }
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Trueup',
      version,
      description: 'Keeps what people can use equal to what they paid for.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: '/' }],
  })
  return withNullsApart(document) as typeof document
}

function whoMay({ key }: Route): string {
  const { role, key: scope, fresh } = policyRows[key]
  if (role === 'nobody') return 'Needs no sign-in.'
  const person = role === 'anybody' ? 'Anybody who is signed in' : `Role ${role} or above`
  const confirmed = fresh ? ', confirmed a short time ago' : ''
  return scope === 'never'
    ? `${person}${confirmed}; no API key.`
    : `${person}${confirmed}; or a key with ${scope}.`
}

function securityOf({ key }: Route): Record<string, string[]>[] {
  const { role, key: scope } = policyRows[key]
  if (role === 'nobody') return []
  return scope === 'never' ? [{ session: [] }] : [{ key: [] }, { session: [] }]
}

function successOf(route: Route) {
  const status = String(route.status ?? (route.answer || route.produces ? 200 : 204))
  const content = route.answer
    ? { 'application/json': { schema: route.answer } }
    : route.produces
      ? { [route.produces]: { schema: z.string() } }
      : null
  return {
    [status]: { description: status === '202' ? 'Accepted.' : 'Done.', ...(content ? { content } : {}) },
  }
}
