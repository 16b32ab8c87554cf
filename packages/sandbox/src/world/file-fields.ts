import { Fields } from '../server/read-fields.ts'
import { SandboxError } from '../server/sandbox-error.ts'
import { day, hour, minute } from '../stripe/engine/calendar.ts'

const units: Readonly<Record<string, number>> = { m: minute, h: hour, d: day }

/**
 * An object of a world file. As {@link Fields}, with lists, free objects and moments besides; every error says where
 * in the file it is.
 */
export class FileFields {
  readonly #object: Readonly<Record<string, unknown>>
  readonly #plain: Fields
  readonly #where: string
  readonly #now: number
  readonly #unread: Set<string>

  /** @param now What relative moments count from, in seconds. */
  constructor(value: unknown, where: string, now: number) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw wrong(where, value, 'an object')
    }
    this.#object = { ...value }
    this.#plain = new Fields(value, where)
    this.#where = where
    this.#now = now
    this.#unread = new Set(Object.keys(value))
  }

  has(name: string): boolean {
    return this.#object[name] !== undefined
  }

  text(name: string): string | undefined {
    return this.#read(name, () => this.#plain.text(name))
  }

  whole(name: string, low: number): number | undefined {
    return this.#read(name, () => this.#plain.whole(name, low))
  }

  flag(name: string): boolean | undefined {
    return this.#read(name, () => this.#plain.flag(name))
  }

  oneOf<T extends string>(name: string, choices: readonly T[]): T | undefined {
    return this.#read(name, () => this.#plain.oneOf(name, choices))
  }

  /** A moment in seconds: ISO 8601, `now`, or so long before or after it: `-3d`, `+2h`, `-30m`. */
  moment(name: string): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    if (text === 'now') return this.#now
    const relative = /^([+-]\d+(?:\.\d+)?)([mhd])$/.exec(text)
    const unit = relative?.[2] === undefined ? undefined : units[relative[2]]
    if (relative !== null && unit !== undefined) return Math.round(this.#now + Number(relative[1]) * unit)
    const at = Date.parse(text)
    if (Number.isNaN(at)) {
      throw wrong(
        `${this.#where}.${name}`,
        text,
        'a moment such as 2026-11-21T12:00:00Z, now, -3d, +2h or -30m',
      )
    }
    return Math.floor(at / 1000)
  }

  /** The objects of a list, each read by `read`; none when the list is missing. */
  list<T>(name: string, read: (fields: FileFields, where: string) => T): T[] {
    this.#unread.delete(name)
    const value = this.#object[name]
    if (value === undefined) return []
    const where = `${this.#where}.${name}`
    if (!Array.isArray(value)) throw wrong(where, value, 'a list')
    return value.map((each: unknown, index) => {
      const place = `${where}[${index}]`
      const fields = new FileFields(each, place, this.#now)
      const result = read(fields, place)
      fields.end()
      return result
    })
  }

  /** An object inside this one, read by `read`. */
  part<T>(name: string, read: (fields: FileFields) => T): T | undefined {
    this.#unread.delete(name)
    const value = this.#object[name]
    if (value === undefined) return undefined
    const fields = new FileFields(value, `${this.#where}.${name}`, this.#now)
    const result = read(fields)
    fields.end()
    return result
  }

  /** An object with keys of its author's own; empty when missing. */
  free(name: string): Readonly<Record<string, unknown>> {
    this.#unread.delete(name)
    const value = this.#object[name] ?? {}
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
    throw wrong(`${this.#where}.${name}`, value, 'an object')
  }

  /** An object whose values are texts, as Stripe's metadata is. */
  texts(name: string): Readonly<Record<string, string>> {
    const found = this.free(name)
    const texts: Record<string, string> = {}
    for (const [key, value] of Object.entries(found)) {
      if (typeof value !== 'string') throw wrong(`${this.#where}.${name}.${key}`, value, 'text')
      texts[key] = value
    }
    return texts
  }

  /** Refuses what was given and never asked for. */
  end(): void {
    const [name] = this.#unread
    if (name === undefined) return
    throw new SandboxError(
      'invalid-input',
      `${this.#where} has a field ${name}, which means nothing there`,
      'Check its spelling against the table of fields in the README.',
    )
  }

  #read<T>(name: string, read: () => T): T {
    this.#unread.delete(name)
    try {
      return read()
    } catch (cause) {
      if (!(cause instanceof SandboxError)) throw cause
      throw new SandboxError(cause.code, `${this.#where}: ${cause.message}`, cause.fix, { cause })
    }
  }
}

function wrong(where: string, value: unknown, needed: string): SandboxError {
  const found = value === undefined ? 'missing' : (JSON.stringify(value)?.slice(0, 60) ?? typeof value)
  return new SandboxError('invalid-input', `${where} is ${found}; needed: ${needed}`, `Correct ${where}.`)
}
