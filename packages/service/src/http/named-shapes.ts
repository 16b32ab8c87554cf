import { OpenAPIHono, type z } from '@hono/zod-openapi'

/** What the definition of a shape may be made of. Relies on the form that zod gives its definitions. */
interface Definition {
  readonly type: string
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly options?: readonly z.ZodType[]
  readonly items?: readonly z.ZodType[]
  readonly element?: z.ZodType
  readonly innerType?: z.ZodType
  readonly valueType?: z.ZodType
  readonly left?: z.ZodType
  readonly right?: z.ZodType
  readonly in?: z.ZodType
  readonly out?: z.ZodType
}

/** What a name can stand for. What stands around such a shape, that it may be null, say, has its name without being it. */
const namable: readonly string[] = ['object', 'enum', 'union', 'array', 'record', 'intersection']

/**
 * The shapes that have a name of their own in the reference, each as it is and not as some route may leave it out or
 * null: whichever of these the generator met first would be what the name stands for everywhere.
 */
export function namedShapes(roots: readonly z.ZodType[]): ReadonlyMap<string, z.ZodType> {
  const found = [...reached(roots)].filter((shape) => namable.includes(definitionOf(shape).type))
  const app = new OpenAPIHono()
  for (const [place, schema] of found.entries()) {
    app.openAPIRegistry.registerPath({
      method: 'get',
      path: `/${place}`,
      responses: { 200: { description: 'It', content: { 'application/json': { schema } } } },
    })
  }
  const { paths = {} } = app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: 'It', version: '0' } })
  const named = new Map<string, z.ZodType>()
  for (const [place, shape] of found.entries()) {
    const text = JSON.stringify(paths[`/${place}`]?.get?.responses?.['200'] ?? {})
    const name = /"schema":\{"\$ref":"#\/components\/schemas\/(\w+)"\}/.exec(text)?.[1]
    if (name && !named.has(name)) named.set(name, shape)
  }
  return named
}

function reached(roots: readonly z.ZodType[]): ReadonlySet<z.ZodType> {
  const seen = new Set<z.ZodType>()
  const visit = (shape: z.ZodType | undefined): void => {
    if (!shape || seen.has(shape)) return
    seen.add(shape)
    const { shape: fields = {}, options = [], items = [], ...one } = definitionOf(shape)
    for (const part of [...Object.values(fields), ...options, ...items]) visit(part)
    for (const part of [one.element, one.innerType, one.valueType, one.left, one.right, one.in, one.out]) {
      visit(part)
    }
  }
  for (const root of roots) visit(root)
  return seen
}

function definitionOf(shape: z.ZodType): Definition {
  return shape._zod.def as unknown as Definition
}

/**
 * Says of a name that may be null what JSON Schema means by it. The generator writes that both hold at once, the shape
 * and null, which nothing ever is.
 */
export function withNullsApart(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withNullsApart)
  if (!isObject(node)) return node
  const apart = nullApart(node)
  if (apart) return apart
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withNullsApart(value)]))
}

function nullApart(node: Readonly<Record<string, unknown>>): unknown {
  const [reference, rest] = Array.isArray(node.allOf) && node.allOf.length === 2 ? node.allOf : []
  if (!isObject(reference) || !isObject(rest) || typeof reference.$ref !== 'string') return null
  const { type, ...said } = rest
  if (!Array.isArray(type) || !type.includes('null')) return null
  return { anyOf: [reference, { type: 'null' }], ...said }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
