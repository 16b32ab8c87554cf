import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A place that was searched, and what stood there. */
export interface Searched {
  readonly place: string
  readonly text: string
}

/**
 * Secrets that a story hands to the service or is given by it. Each is looked for as it is and as programs commonly
 * write it: base64 (wherever in the coded text it begins), base64url, hexadecimal, percent-encoded, and as JSON.
 */
export class PlantedSecrets {
  readonly #forms = new Map<string, readonly string[]>()

  get count(): number {
    return this.#forms.size
  }

  /** Plants a secret and gives it back. */
  plant(name: string, secret: string): string {
    if (secret.length < 8) throw new Error(`${name} is too short to be told from other text.`)
    if (this.#forms.has(name)) throw new Error(`${name} is planted twice.`)
    this.#forms.set(name, formsOf(secret))
    return secret
  }

  /** Where which secret stands, one line each; of those that were meant to be there, nothing. */
  foundIn({ place, text }: Searched, meant: readonly string[] = []): readonly string[] {
    return [...this.#forms]
      .filter(([name]) => !meant.includes(name))
      .flatMap(([name, forms]) => forms.filter((form) => text.includes(form)).map((form) => ({ name, form })))
      .map(({ name, form }) => `${place} holds ${name}: …${around(text, form)}…`)
  }
}

function around(text: string, form: string): string {
  const at = text.indexOf(form)
  return text.slice(Math.max(0, at - 80), at + form.length + 20)
}

function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret)
  const coded = [0, 1, 2].flatMap((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset, 'x'), bytes])
    // What stands before and after it shares the first and the last characters.
    const text = padded.toString('base64').replace(/=+$/, '')
    const core = text.slice(offset === 0 ? 0 : offset + 1, -2)
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')]
  })
  const hex = bytes.toString('hex')
  return [
    ...new Set([
      secret,
      ...coded,
      hex,
      hex.toUpperCase(),
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
    ]),
  ]
}

/** Every file under a folder, as text. */
export async function filesUnder(folder: string): Promise<readonly Searched[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return await Promise.all(
    files.map(async (file) => {
      const place = join(file.parentPath, file.name)
      return { place, text: (await readFile(place)).toString('latin1') }
    }),
  )
}
