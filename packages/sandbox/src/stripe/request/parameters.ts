import type { JsonObject } from '../objects/wire.ts'
import { missingParameter, StripeError } from '../stripe-error.ts'
import type { TimeRange } from '../table.ts'
import type { Decoded } from './decode.ts'

/**
 * The decoded parameters of a request, read by kind. The decoder has checked each against the operation's table, so a
 * read of the wrong kind is a mistake of the route and throws a plain Error.
 *
 * `undefined` is a parameter that was not given, `null` one that was unset by an empty string.
 */
export class Parameters {
  readonly values: { readonly [name: string]: Decoded }
  readonly #path: string

  constructor(values: { readonly [name: string]: Decoded }, path = '') {
    this.values = values
    this.#path = path
  }

  has(name: string): boolean {
    return this.values[name] !== undefined
  }

  /** A string, where unset and not given are one. */
  text(name: string): string | undefined {
    return this.textOrNull(name) ?? undefined
  }

  textOrNull(name: string): string | null | undefined {
    const value = this.values[name]
    if (value === undefined || value === null || typeof value === 'string') return value
    throw wrongRead(name, 'a string')
  }

  needText(name: string): string {
    const value = this.text(name)
    if (value === undefined) throw missingParameter(this.path(name))
    return value
  }

  number(name: string): number | undefined {
    return this.numberOrNull(name) ?? undefined
  }

  numberOrNull(name: string): number | null | undefined {
    const value = this.values[name]
    if (value === undefined || value === null || typeof value === 'number') return value
    throw wrongRead(name, 'a number')
  }

  /** A number, or a word that stands for one such as `now`. */
  numberOrWord<Word extends string>(name: string): number | Word | null | undefined {
    const value = this.values[name]
    if (value === undefined || value === null || typeof value === 'number') return value
    if (typeof value === 'string') return value as Word
    throw wrongRead(name, 'a number or a word')
  }

  flag(name: string): boolean | undefined {
    const value = this.values[name]
    if (value === undefined || typeof value === 'boolean') return value
    throw wrongRead(name, 'a boolean')
  }

  /** One of a closed list of words; the table has checked which. */
  word<Word extends string>(name: string): Word | undefined {
    return this.text(name) as Word | undefined
  }

  object(name: string): Parameters | undefined {
    return this.objectOrNull(name) ?? undefined
  }

  objectOrNull(name: string): Parameters | null | undefined {
    const value = this.values[name]
    if (value === undefined || value === null) return value
    if (typeof value === 'object' && !Array.isArray(value)) return new Parameters(value, this.path(name))
    // What the API description leaves open reaches the route as it came.
    throw new StripeError(400, 'Invalid object', { param: this.path(name) })
  }

  /** An object to keep as it is. */
  json(name: string): JsonObject | null | undefined {
    return this.objectOrNull(name)?.values as JsonObject | null | undefined
  }

  texts(name: string): string[] | undefined {
    const value = this.values[name]
    if (value === undefined || value === null) return undefined
    if (Array.isArray(value)) return value.map(String)
    throw wrongRead(name, 'a list')
  }

  objects(name: string): Parameters[] | undefined {
    const value = this.values[name]
    if (value === undefined || value === null) return undefined
    if (!Array.isArray(value)) throw wrongRead(name, 'a list')
    return value.map((row, at) => {
      if (typeof row !== 'object' || row === null || Array.isArray(row))
        throw wrongRead(name, 'a list of objects')
      return new Parameters(row, this.path(`${name}][${at}`))
    })
  }

  /** A moment or a range of them, in Unix seconds. */
  range(name: string): TimeRange | undefined {
    const value = this.values[name]
    if (typeof value === 'number') return { gte: value, lte: value }
    return this.object(name)?.values as TimeRange | undefined
  }

  /** The whole name of a parameter, such as `items[0][price]`. */
  path(name: string): string {
    return this.#path === ''
      ? name.replace('][', '[') + (name.includes('][') ? ']' : '')
      : `${this.#path}[${name}]`
  }
}

function wrongRead(name: string, kind: string): Error {
  return new Error(`The route reads "${name}" as ${kind}, which its parameter table does not make it.`)
}
