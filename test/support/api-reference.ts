/** The parts of an OpenAPI document that the written reference shows. */
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}
interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description?: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >
}
interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema: Schema
  readonly description?: string
}
interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly description?: string
  readonly default?: unknown
}

const head = `# API reference

Written from the document that a running service gives at \`/api/openapi.json\`, which says more: every shape, its limits and
examples. Requests carry \`Authorization: Bearer tu_…\`, or the cookie of somebody who is signed in. Errors are problem
details (RFC 9457) with a stable \`code\`, what was found, and a \`fix\`. Lists give \`items\` and \`next\`; give \`next\` as
\`after\` for the next page. A POST with an \`Idempotency-Key\` is carried out once in 24 hours.
`

/**
 * The reference of the API in Markdown.
 *
 * @example
 * await expect(referenceOf(document)).toMatchFileSnapshot('../docs/api.md')
 */
export function referenceOf(document: Document): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  const tags = [...new Set(operations.flatMap(({ operation }) => operation.tags))].toSorted()
  const parts = tags.map((tag) => {
    const own = operations.filter(({ operation }) => operation.tags[0] === tag)
    const sections = own.map(({ path, method, operation }) => sectionOf(method, path, operation))
    return `## ${tag}\n\n${sections.join('\n\n')}`
  })
  return `${head}\n${parts.join('\n\n')}\n`
}

function sectionOf(method: string, path: string, operation: Operation): string {
  const asked = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query')
  const body = operation.requestBody?.content['application/json']?.schema
  return [
    `### ${operation.summary}`,
    `\`${method} ${path}\` · \`${operation.operationId}\``,
    operation.description ?? '',
    asked.length > 0 ? listOf('Query', asked.map(lineOfParameter)) : '',
    body ? listOf('Body', linesOfBody(body)) : '',
    answersOf(operation),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function listOf(title: string, lines: readonly string[]): string {
  return `${title}:\n\n${lines.join('\n')}`
}

function lineOfParameter({ name, required, schema, description }: Parameter): string {
  return lineOf(name, schema, required ?? false, description ?? schema.description)
}

function linesOfBody(schema: Schema): readonly string[] {
  const { properties } = schema
  if (!properties) return [`- ${typeOf(schema)}`]
  return Object.entries(properties).map(([name, of]) =>
    lineOf(name, of, schema.required?.includes(name) ?? false, of.description),
  )
}

function lineOf(name: string, schema: Schema, isNeeded: boolean, description: string | undefined): string {
  const otherwise = schema.default === undefined ? '' : `, default ${JSON.stringify(schema.default)}`
  const needed = isNeeded ? ', needed' : ''
  const words = description ? `: ${description}` : ''
  return `- \`${name}\` (${typeOf(schema)}${needed}${otherwise})${words}`
}

function answersOf({ responses }: Operation): string {
  const lines = Object.entries(responses)
    .filter(([status]) => status !== 'default')
    .map(([status, { content = {} }]) => {
      const [shown] = Object.entries(content).map(([type, { schema }]) =>
        type === 'application/json' ? typeOf(schema) : `\`${type}\``,
      )
      return `${status}${shown ? `, ${shown}` : ''}`
    })
  return `Answers ${lines.join(' or ')}.`
}

function typeOf(schema: Schema): string {
  if (schema.$ref) return `\`${schema.$ref.split('/').at(-1)}\``
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``
  if (schema.enum) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' or ')
  const several = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (several) return [...new Set(several.map(typeOf))].join(' or ')
  if (schema.items) return `list of ${typeOf(schema.items)}`
  if (schema.properties) {
    const names = Object.keys(schema.properties).map((name) => `\`${name}\``)
    return `object of ${names.join(', ')}`
  }
  const { type = 'anything' } = schema
  return typeof type === 'string' ? type : type.join(' or ')
}
