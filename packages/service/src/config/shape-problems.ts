import type { z } from 'zod'
import type { ConfigProblem } from './config-error.ts'
import { knownKeysSeparator } from './config-schema.ts'
import { nearestWord } from './nearest-word.ts'

export type Place = readonly (string | number)[]

/** A part of the configuration, read by its schema; or everything that is wrong with its shape. */
export type Shaped<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] }

/** Reads a part of the configuration that stands at `place`. */
export function readShape<T>(schema: z.ZodType<T>, value: unknown, place: Place): Shaped<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return { ok: true, value: parsed.data }
  return { ok: false, problems: parsed.error.issues.flatMap((issue) => problemsOf(issue, value, place)) }
}

/** A place as it is written in code: `catalogue.plans[1].prices`. */
export function placeText(place: Place): string {
  return place
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`))
    .join('')
}

/** A value of the configuration as it would be written, shortened. */
export function foundConfig(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'function') return 'a function'
  const text = JSON.stringify(value) ?? String(value)
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`
}

function problemsOf(issue: z.core.$ZodIssue, root: unknown, place: Place): readonly ConfigProblem[] {
  const steps = issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
  if (issue.code === 'unrecognized_keys') {
    const known = issue.message.split(knownKeysSeparator)
    return issue.keys.map((key) => unknownKey(key, known, [...place, ...steps]))
  }
  return [
    {
      code: 'value-invalid',
      path: placeText([...place, ...steps]),
      found: foundConfig(valueAt(root, steps)),
      needed: issue.message,
      fix: 'Write the value as named.',
    },
  ]
}

function unknownKey(key: string, known: readonly string[], place: Place): ConfigProblem {
  const nearest = nearestWord(key, known)
  return {
    code: 'key-unknown',
    path: placeText([...place, key]),
    found: `the key ${JSON.stringify(key)}`,
    needed: `one of ${known.join(', ')}`,
    fix: nearest ? `Did you mean ${nearest}?` : 'Take the key out.',
  }
}

function valueAt(root: unknown, steps: Place): unknown {
  return steps.reduce<unknown>((value, step) => {
    if (typeof value !== 'object' || value === null) return undefined
    return (value as Readonly<Record<string | number, unknown>>)[step]
  }, root)
}
