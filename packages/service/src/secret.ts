import { inspect } from 'node:util'

const hidden = '[secret]'

/**
 * The text with everything that looks like a key taken out, for words of others that may have been told one.
 *
 * @example
 * withoutKeys('Invalid API Key provided: rk_test_1234') // 'Invalid API Key provided: [secret]'
 */
export function withoutKeys(text: string): string {
  return text.replaceAll(/\b(?:sk|rk|pk|whsec)_[^\s'",;]+/g, hidden)
}

/**
 * A key or password. It does not print: not as a string, not in JSON, not when inspected. Whoever has to send it asks
 * for it by name.
 *
 * @example
 * const key = new Secret('rk_test_1234')
 * `${key}`       // '[secret]'
 * key.label()    // 'rk_test_…1234'
 * key.reveal()   // 'rk_test_1234'
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The secret itself, for the one place that sends it. */
  reveal(): string {
    return this.#value
  }

  /** What may be shown: the kind of key and its last four characters; nothing of a short one. */
  label(): string {
    const prefix = /^[a-z]+_(test|live)_/.exec(this.#value)?.[0] ?? ''
    return this.#value.length < prefix.length + 8 ? hidden : `${prefix}…${this.#value.slice(-4)}`
  }

  toString(): string {
    return hidden
  }

  toJSON(): string {
    return hidden
  }

  [inspect.custom](): string {
    return hidden
  }
}
