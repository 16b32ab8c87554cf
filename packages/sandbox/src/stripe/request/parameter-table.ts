import tables from '../specs/parameters.json' with { type: 'json' }

/** What a parameter may be. `clear`: an empty string unsets it. */
export interface ParameterNode {
  readonly type:
    | 'any'
    | 'any-of'
    | 'array'
    | 'boolean'
    | 'enum'
    | 'map'
    | 'number'
    | 'object'
    | 'ref'
    | 'string'
  readonly required?: boolean
  readonly clear?: boolean
  /** Of an enum. */
  readonly values?: readonly string[]
  /** Of an array or a map: the kind of each value; of any-of: the kinds to choose from. */
  readonly of?: ParameterNode | readonly ParameterNode[]
  /** Of an object. */
  readonly fields?: ParameterTable
  /** Of a ref: the shared node meant. */
  readonly to?: string
}

export interface ParameterTable {
  readonly [name: string]: ParameterNode
}

const OPERATIONS = tables.operations as unknown as { readonly [operation: string]: ParameterTable }
const SHARED = tables.shared as unknown as { readonly [name: string]: ParameterNode }

/** The parameters that Stripe's API description gives an operation such as `GET /v1/customers/{id}`. */
export function describedParameters(operation: string): ParameterTable | undefined {
  return OPERATIONS[operation]
}

/** The node that a ref means, with the ref's own `required` and `clear`. */
export function resolveNode(node: ParameterNode): ParameterNode {
  if (node.type !== 'ref') return node
  const shared = SHARED[node.to ?? '']
  if (shared === undefined) throw new Error(`The parameter tables have no shared node "${node.to}".`)
  const resolved = resolveNode(shared)
  return node.clear === true && resolved.clear !== true ? { ...resolved, clear: true } : resolved
}
