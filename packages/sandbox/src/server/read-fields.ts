import { SandboxError } from './sandbox-error.ts'

/** The fields of a control request's JSON object, each read once with a check; unknown fields are refused at the end. */
export class Fields {
  readonly #object: Record<string, unknown>
  readonly #unread: Set<string>

  constructor(value: unknown, what: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new SandboxError(
        'invalid-input',
        `${what} is ${describe(value)}; a JSON object is needed`,
        'Send an object with the fields of the documentation.',
      )
    }
    this.#object = { ...value }
    this.#unread = new Set(Object.keys(value))
  }

  #take(name: string): unknown {
    this.#unread.delete(name)
    return this.#object[name]
  }

  text(name: string): string | undefined {
    const value = this.#take(name)
    if (value === undefined) return undefined
    if (typeof value === 'string' && value !== '') return value
    throw wrong(name, value, 'text that is not empty')
  }

  /** Text that must be given. */
  needText(name: string): string {
    const value = this.text(name)
    if (value === undefined) throw wrong(name, value, 'text that is not empty')
    return value
  }

  flag(name: string): boolean | undefined {
    const value = this.#take(name)
    if (value === undefined || typeof value === 'boolean') return value
    throw wrong(name, value, 'true or false')
  }

  number(name: string, low: number, high: number): number | undefined {
    const value = this.#take(name)
    if (value === undefined) return undefined
    if (typeof value === 'number' && value >= low && value <= high) return value
    throw wrong(name, value, `a number in ${low}..${high}`)
  }

  whole(name: string, low: number, high: number = Number.MAX_SAFE_INTEGER): number | undefined {
    const value = this.#take(name)
    if (value === undefined) return undefined
    if (Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high)
      return value as number
    throw wrong(
      name,
      value,
      high === Number.MAX_SAFE_INTEGER
        ? `a whole number of at least ${low}`
        : `a whole number in ${low}..${high}`,
    )
  }

  wholes(name: string, low: number): readonly number[] | undefined {
    const value = this.#take(name)
    if (value === undefined) return undefined
    if (Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && each >= low)) return value
    throw wrong(name, value, `a list of whole numbers of at least ${low}`)
  }

  texts(name: string): readonly string[] | undefined {
    const value = this.#take(name)
    if (value === undefined) return undefined
    if (Array.isArray(value) && value.every((each) => typeof each === 'string' && each !== '')) return value
    throw wrong(name, value, 'a list of text')
  }

  oneOf<T extends string | number>(name: string, choices: readonly T[]): T | undefined {
    const value = this.#take(name)
    if (value === undefined) return undefined
    const found = choices.find((choice) => choice === value)
    if (found !== undefined) return found
    throw wrong(name, value, `one of ${choices.join(', ')}`)
  }

  /** The fields of an object inside this one. */
  part(name: string): Fields | undefined {
    const value = this.#take(name)
    return value === undefined ? undefined : new Fields(value, name)
  }

  /** Refuses what was given but never asked for: a mistyped option must not be an option without effect. */
  end(): void {
    const [name] = this.#unread
    if (name !== undefined) {
      throw new SandboxError(
        'invalid-input',
        `${name} is not a field here`,
        'Check its spelling, and whether this kind takes it.',
      )
    }
  }
}

function wrong(name: string, value: unknown, needed: string): SandboxError {
  return new SandboxError(
    'invalid-input',
    `${name} is ${describe(value)}; needed: ${needed}`,
    `Correct ${name}.`,
  )
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing'
  return JSON.stringify(value)?.slice(0, 60) ?? typeof value
}
