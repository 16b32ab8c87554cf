import { paramInvalid, paramUnknown } from './param-error.ts'

/** Ids or values to include and to leave out, as Clerk's `+` and `-` prefixes say. */
export interface Selection {
  readonly included: ReadonlySet<string>
  readonly excluded: ReadonlySet<string>
}

/** An order as `order_by` gives it. */
export interface OrderBy<Field extends string> {
  readonly field: Field
  readonly descending: boolean
}

const listMax = 100

/** A request's query, each parameter read once with a check; what was given and never read is refused at the end. */
export class Query {
  readonly #params: URLSearchParams
  readonly #unread: Set<string>

  constructor(url: string) {
    const start = url.indexOf('?')
    this.#params = new URLSearchParams(start === -1 ? '' : url.slice(start + 1))
    this.#unread = new Set(this.#params.keys())
  }

  text(name: string): string | null {
    this.#unread.delete(name)
    return this.#params.get(name)
  }

  whole(name: string, low: number, high: number = Number.MAX_SAFE_INTEGER): number | null {
    const text = this.text(name)
    if (text === null) return null
    const value = Number(text)
    if (text.trim() !== '' && Number.isSafeInteger(value) && value >= low && value <= high) return value
    throw paramInvalid(
      name,
      high === Number.MAX_SAFE_INTEGER
        ? `${name} must be an integer greater than or equal to ${low}.`
        : `${name} must be an integer between ${low} and ${high}.`,
    )
  }

  flag(name: string): boolean | null {
    const text = this.text(name)
    if (text === null) return null
    if (text === 'true' || text === '1') return true
    if (text === 'false' || text === '0') return false
    throw paramInvalid(name, `${name} must be true or false.`)
  }

  oneOf<T extends string>(name: string, choices: readonly T[]): T | null {
    const text = this.text(name)
    if (text === null) return null
    const found = choices.find((choice) => choice === text)
    if (found === undefined) throw paramInvalid(name, `${name} must be one of ${choices.join(', ')}.`)
    return found
  }

  /** A repeated parameter; at most 100 values. */
  list(name: string): readonly string[] | null {
    this.#unread.delete(name)
    const values = this.#params.getAll(name)
    if (values.length === 0) return null
    if (values.length > listMax) throw paramInvalid(name, `${name} accepts up to ${listMax} values.`)
    return values
  }

  /** A repeated parameter whose values may say `+` (include, as without a sign) or `-` (leave out). */
  selection(name: string): Selection | null {
    const values = this.list(name)
    if (values === null) return null
    const included = new Set<string>()
    const excluded = new Set<string>()
    for (const value of values) {
      if (value.startsWith('-')) excluded.add(value.slice(1))
      else included.add(unsigned(value))
    }
    return { included, excluded }
  }

  orderBy<Field extends string>(fields: readonly Field[], fallback: OrderBy<Field>): OrderBy<Field> {
    const text = this.text('order_by')
    if (text === null || text === '') return fallback
    const name = text.startsWith('-') ? text.slice(1) : unsigned(text)
    const field = fields.find((each) => each === name)
    if (field === undefined) throw paramInvalid('order_by', `order_by must be one of ${fields.join(', ')}.`)
    return { field, descending: text.startsWith('-') }
  }

  /** `limit` (1 to 500, default 10) and `offset`; `paginated`, which the SDK sends to every list, is accepted. */
  page(): { readonly limit: number; readonly offset: number; readonly paginated: boolean } {
    return {
      limit: this.whole('limit', 1, 500) ?? 10,
      offset: this.whole('offset', 0) ?? 0,
      paginated: this.flag('paginated') ?? false,
    }
  }

  end(): void {
    const [name] = this.#unread
    if (name !== undefined) throw paramUnknown(name)
  }
}

/** A plus sign that a client did not escape arrives as a space. */
function unsigned(value: string): string {
  return value.startsWith('+') || value.startsWith(' ') ? value.slice(1) : value
}
