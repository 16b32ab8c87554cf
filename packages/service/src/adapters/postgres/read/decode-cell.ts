import type { ColumnState } from '../schema/table-state.ts'

/** How the text of a cell becomes the value that rows are read from. */
export type CellKind = 'text' | 'flag' | 'number' | 'json'

export function cellKindOf({ base: { schema, name, category } }: ColumnState): CellKind {
  if (schema !== 'pg_catalog') return category === 'A' ? 'json' : 'text'
  if (category === 'A' || name === 'json' || name === 'jsonb') return 'json'
  if (name === 'bool') return 'flag'
  return numberTypes.includes(name) ? 'number' : 'text'
}

const numberTypes = ['int2', 'int4', 'int8', 'float4', 'float8', 'numeric']

/**
 * The value of a cell. What cannot be turned into more stays the text that it is, which is read as a value that means
 * nothing, never as no value.
 *
 * @example
 * decodeCell('t', 'flag')  // true
 */
export function decodeCell(text: string | null, kind: CellKind): unknown {
  if (text === null) return null
  switch (kind) {
    case 'text':
      return text
    case 'flag':
      return text === 't' ? true : text === 'f' ? false : text
    case 'number':
      return numberOf(text)
    case 'json':
      return jsonOf(text)
  }
}

/** Beyond 2^53 a number would be another one. */
function numberOf(text: string): number | string {
  const number = Number(text)
  return Number.isFinite(number) && Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : text
}

const longestJson = 65_536
const deepestJson = 64

/** Documents beyond any list of features are left as text: they come from the app's users, and cost time to walk. */
export function jsonOf(text: string): unknown {
  if (text.length > longestJson) return text
  try {
    const value: unknown = JSON.parse(text)
    return isWithinDepth(value, deepestJson) ? value : text
  } catch {
    return text
  }
}

function isWithinDepth(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depth > 0 && Object.values(value).every((inner) => isWithinDepth(inner, depth - 1))
}
