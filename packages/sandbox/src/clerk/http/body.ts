import type { JsonObject } from '../objects/index.ts'
import { paramInvalid, paramMissing, paramUnknown } from './param-error.ts'

/** A request's JSON body, each field read once with a check; what was given and never read is refused at the end. */
export class Body {
  readonly #fields: Record<string, unknown>
  readonly #unread: Set<string>

  constructor(fields: Record<string, unknown>) {
    this.#fields = fields
    this.#unread = new Set(Object.keys(fields))
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined
  }

  #take(name: string): unknown {
    this.#unread.delete(name)
    return this.#fields[name]
  }

  /** Undefined where it is not given; null where null or empty text is given, which clears a field. */
  text(name: string): string | null | undefined {
    const value = this.#take(name)
    if (value === undefined) return undefined
    if (value === null || value === '') return null
    if (typeof value === 'string') return value
    throw paramInvalid(name, `${name} must be a string.`)
  }

  needText(name: string): string {
    const value = this.text(name)
    if (value === undefined || value === null) throw paramMissing(name)
    return value
  }

  flag(name: string): boolean | undefined {
    const value = this.#take(name)
    if (value === undefined || value === null) return undefined
    if (typeof value === 'boolean') return value
    throw paramInvalid(name, `${name} must be a boolean.`)
  }

  whole(name: string, low: number): number | null | undefined {
    const value = this.#take(name)
    if (value === undefined || value === null) return value
    if (Number.isSafeInteger(value) && (value as number) >= low) return value as number
    throw paramInvalid(name, `${name} must be an integer greater than or equal to ${low}.`)
  }

  texts(name: string): readonly string[] | undefined {
    const value = this.#take(name)
    if (value === undefined || value === null) return undefined
    if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value
    throw paramInvalid(name, `${name} must be an array of strings.`)
  }

  object(name: string): JsonObject | undefined {
    const value = this.#take(name)
    if (value === undefined || value === null) return undefined
    if (typeof value === 'object' && !Array.isArray(value)) return value as JsonObject
    throw paramInvalid(name, `${name} must be a JSON object.`)
  }

  /** An RFC 3339 time, in milliseconds. */
  time(name: string): number | undefined {
    const value = this.text(name)
    if (value === undefined || value === null) return undefined
    const time = Date.parse(value)
    if (Number.isNaN(time)) throw paramInvalid(name, `${name} must be a valid RFC3339 date.`)
    return time
  }

  oneOf<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.text(name)
    if (value === undefined || value === null) return undefined
    const found = choices.find((choice) => choice === value)
    if (found === undefined) throw paramInvalid(name, `${name} must be one of ${choices.join(', ')}.`)
    return found
  }

  /** Accepts fields of sign-in methods that the sandbox does not have, so that calls that carry them work. */
  accept(...names: readonly string[]): void {
    for (const name of names) this.#unread.delete(name)
  }

  end(): void {
    const [name] = this.#unread
    if (name !== undefined) throw paramUnknown(name)
  }
}
