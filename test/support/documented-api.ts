import type { ErrorObject } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Answer, ApiClient } from './service.ts'

// biome-ignore lint/suspicious/noExplicitAny: a document of the standard, whose parts are looked for by name
type Part = any

/** What stands in the address of a request, and its body. */
export interface Given {
  readonly path?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/**
 * A client that knows nothing of the service but its OpenAPI document: it finds operations by their ids, fills addresses,
 * and holds every request and every answer to the shapes that the document gives.
 */
export class DocumentedApi {
  readonly operations: ReadonlyMap<string, { readonly route: string; readonly operation: Part }>
  /** The statuses that each operation was answered with. */
  readonly answered = new Map<string, number[]>()
  /** Answers and requests that the document does not describe. */
  readonly differences: string[] = []
  readonly #ajv: Ajv2020

  constructor(document: Part) {
    this.#ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false })
    addFormats.default(this.#ajv)
    this.#ajv.addSchema({ ...structuredClone(document), $id: 'api' })
    for (const schema of objectsOfAnswers(this.#ajv.getSchema('api')?.schema)) {
      // What is answered and stands in no shape would be known to nobody.
      schema.additionalProperties = false
    }
    this.operations = new Map(
      Object.entries<Part>(document.paths).flatMap(([path, methods]) =>
        Object.entries<Part>(methods).map(
          ([method, operation]) =>
            [operation.operationId, { route: `${method.toUpperCase()} ${path}`, operation }] as const,
        ),
      ),
    )
  }

  /** Calls an operation, whatever the answer. */
  async call(
    client: ApiClient,
    id: string,
    { path = {}, query = {}, body }: Given = {},
  ): Promise<Answer<Part>> {
    const found = this.operations.get(id)
    if (!found) throw new Error(`The document has no operation ${id}.`)
    const { route, operation } = found
    const address = route.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(path[name] ?? 'nothing'),
    )
    const search = new URLSearchParams(query).toString()
    const answer = await client.ask(search ? `${address}?${search}` : address, body)
    this.answered.set(id, [...(this.answered.get(id) ?? []), answer.status])
    const at = `api#/paths/${pointer(route.split(' ')[1] ?? '')}/${route.split(' ')[0]?.toLowerCase()}`
    if (body !== undefined && !operation.requestBody) {
      this.differences.push(`${id}: asked with a body, described without`)
    } else if (body !== undefined && answer.status < 300) {
      this.#hold(
        `${at}/requestBody/content/application~1json/schema`,
        body,
        `${id}, asked with ${JSON.stringify(body)}`,
      )
    }
    const responses: Part = operation.responses
    const status = responses[answer.status] ? String(answer.status) : 'default'
    if (answer.status < 300 && status === 'default')
      this.differences.push(`${id}: ${answer.status} is not described`)
    const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? ''
    const content = responses[status]?.content
    if (answer.status === 204) {
      if (content) this.differences.push(`${id}: described with content, answered without`)
    } else if (!content?.[type]) {
      this.differences.push(
        `${id}: ${answer.status} came as ${type}, described is ${Object.keys(content ?? {})}`,
      )
    } else {
      const schema = `${at}/responses/${status}/content/${pointer(type)}/schema`
      this.#hold(
        schema,
        answer.body,
        `${id}, answered ${answer.status} ${JSON.stringify(answer.body)?.slice(0, 300)}`,
      )
    }
    return answer
  }

  /** As {@link call}, for an answer that has to be a success. Whatever is none is among the differences. */
  async do(client: ApiClient, id: string, given: Given = {}): Promise<Part> {
    const { status, body } = await this.call(client, id, given)
    if (status >= 300) this.differences.push(`${id}: ${status} ${JSON.stringify(body)}`)
    return body
  }

  /** Every example of a shape that its own shape refuses. */
  wrongExamples(document: Part): readonly string[] {
    const wrong: string[] = []
    const visit = (schema: Part, at: string): void => {
      if (typeof schema !== 'object' || schema === null) return
      if ('example' in schema && ('type' in schema || 'enum' in schema)) {
        const validate = this.#ajv.compile({ ...schema, $id: undefined })
        if (!validate(schema.example))
          wrong.push(`${at}: ${JSON.stringify(schema.example)} ${told(validate.errors)}`)
      }
      for (const [name, inner] of Object.entries(schema)) visit(inner, `${at}/${name}`)
    }
    visit(document.paths, 'paths')
    visit(document.components.schemas, 'schemas')
    return wrong
  }

  #hold(schema: string, value: unknown, what: string): void {
    const validate = this.#ajv.compile({ $ref: schema })
    if (!validate(value)) this.differences.push(`${what}: ${told(validate.errors)}`)
  }
}

function told(errors: readonly ErrorObject[] | null | undefined): string {
  return (errors ?? [])
    .map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`)
    .join('; ')
}

function pointer(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))
}

/** Object shapes, but of those that are put together of several, each of which sees the fields of the others. */
function objectsOfAnswers(document: Part): Part[] {
  const found: Part[] = []
  const visit = (part: Part): void => {
    if (typeof part !== 'object' || part === null) return
    if (Array.isArray(part)) {
      for (const one of part) visit(one)
      return
    }
    if (part.type === 'object' && part.properties && part.additionalProperties === undefined) found.push(part)
    for (const [name, inner] of Object.entries(part)) {
      if (name !== 'allOf' && name !== 'requestBody' && name !== 'example') visit(inner)
    }
  }
  visit(document)
  const extended = new Set(
    JSON.stringify(document).match(/(?<="allOf":\[\{"\$ref":"#\/components\/schemas\/)\w+/g),
  )
  const open = new Set([...extended].map((name) => document.components.schemas[name]))
  return found.filter((schema) => !open.has(schema))
}
