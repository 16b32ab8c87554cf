/** The fields of one JSON object, read one at a time. What is there in a shape not expected is put to `problems`. */
export interface Fields {
  /** Where the object stands, for the words of a problem: `items.data[0].price`. */
  readonly path: string
  /** Whether the field holds anything; absent, `null` and the empty text count as nothing. */
  has(key: string): boolean
  text(key: string): string | null
  /** A number that is finite. */
  number(key: string): number | null
  flag(key: string): boolean | null
  /** A moment given in seconds since 1970. */
  time(key: string): Date | null
  /** A decimal number as text: as the wire has it, or an object that says it by `toString`. */
  decimal(key: string): string | null
  /** The id of another object, whether it was expanded or not. */
  id(key: string): string | null
  object(key: string): Fields | null
  /** Another object where it was expanded; `null`, and no problem, where only its id stands. */
  expanded(key: string): Fields | null
  /** The objects of an array, or of a list object with `data`. Elements that are no objects are problems. */
  objects(key: string): readonly Fields[]
  /** The raw elements of an array, or of a list object with `data`. */
  elements(key: string): readonly unknown[]
  /** The value as it came; for readers that take `unknown`. */
  raw(key: string): unknown
  /** Records that this object could not be read as far as `said`. */
  problem(said: string): void
}

/**
 * Reads an object of a vendor's answer. Nothing is guessed and nothing throws: a field that is absent is `null`, and
 * a field of another shape than asked for is `null` and named in `problems`.
 *
 * @returns `null` when `json` is not an object.
 *
 * @example
 * const problems: string[] = []
 * const subscription = fieldsOf({ cancel_at: 'soon' }, '', problems)
 * subscription?.time('cancel_at') // null
 * problems // ['cancel_at is "soon", not a time']
 */
export function fieldsOf(json: unknown, path: string, problems: string[]): Fields | null {
  return isJsonObject(json) ? new FieldsOfObject(json, path, problems) : null
}

/** A class and not a closure a method: a full check reads some ten objects for each of its subscriptions. */
class FieldsOfObject implements Fields {
  readonly path: string
  readonly #json: Readonly<Record<string, unknown>>
  readonly #problems: string[]

  constructor(json: Readonly<Record<string, unknown>>, path: string, problems: string[]) {
    this.#json = json
    this.path = path
    this.#problems = problems
  }

  raw(key: string): unknown {
    return Object.hasOwn(this.#json, key) ? this.#json[key] : undefined
  }

  has(key: string): boolean {
    return !isNothing(this.raw(key))
  }

  text(key: string): string | null {
    return this.#read(key, 'a text', textOf)
  }

  number(key: string): number | null {
    return this.#read(key, 'a number', finiteNumber)
  }

  flag(key: string): boolean | null {
    return this.#read(key, 'true or false', flagOf)
  }

  time(key: string): Date | null {
    return this.#read(key, 'a time', timeOfSeconds)
  }

  decimal(key: string): string | null {
    return this.#read(key, 'a decimal number', decimalText)
  }

  id(key: string): string | null {
    return this.#read(key, 'an id', idOf)
  }

  object(key: string): Fields | null {
    return this.#read(key, 'an object', (value) => fieldsOf(value, this.#at(key), this.#problems))
  }

  expanded(key: string): Fields | null {
    return fieldsOf(this.raw(key), this.#at(key), this.#problems)
  }

  elements(key: string): readonly unknown[] {
    return this.#read(key, 'a list', listElements) ?? []
  }

  objects(key: string): readonly Fields[] {
    return this.elements(key).flatMap((element, index) => {
      const path = `${this.#at(key)}[${index}]`
      const fields = fieldsOf(element, path, this.#problems)
      if (!fields) this.#problems.push(`${path} is ${foundJson(element)}, not an object`)
      return fields ? [fields] : []
    })
  }

  problem(said: string): void {
    this.#problems.push(this.path ? `${this.path} ${said}` : said)
  }

  #at(key: string): string {
    return this.path ? `${this.path}.${key}` : key
  }

  #read<T>(key: string, needed: string, parse: (value: unknown) => T | null): T | null {
    const value = this.raw(key)
    if (isNothing(value)) return null
    const parsed = parse(value)
    if (parsed === null) this.#problems.push(`${this.#at(key)} is ${foundJson(value)}, not ${needed}`)
    return parsed
  }
}

/** An object with keys, as JSON has it: neither an array nor `null`. */
export function isJsonObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

/** What was found, as text short enough for a sentence. */
export function foundJson(json: unknown): string {
  const text = JSON.stringify(json) ?? String(json)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/** The id of an object that may stand as its id alone or expanded; `null` for anything else. */
export function idOf(json: unknown): string | null {
  if (typeof json === 'string') return json === '' ? null : json
  if (isJsonObject(json) && typeof json.id === 'string' && json.id !== '') return json.id
  return null
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function flagOf(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null
}

function finiteNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

function timeOfSeconds(value: unknown): Date | null {
  const seconds = finiteNumber(value)
  if (seconds === null) return null
  const time = new Date(seconds * 1000)
  return Number.isNaN(time.getTime()) ? null : time
}

function listElements(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value
  return isJsonObject(value) && Array.isArray(value.data) ? value.data : null
}

/** Bounded, far beyond any sum of money, so that no text of a few characters stands for a number of endless digits. */
const decimalPattern = /^[+-]?\d{1,30}(\.\d{1,40})?([eE][+-]?\d{1,2})?$/

/** The SDK turns decimals of the wire into objects of its own, which say themselves by `toString`. */
function decimalText(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number' && !isJsonObject(value)) return null
  if (isJsonObject(value) && typeof value.toString !== 'function') return null
  const text = String(value)
  return decimalPattern.test(text) ? text : null
}
