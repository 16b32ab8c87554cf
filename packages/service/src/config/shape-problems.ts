import type { z } from 'zod'
import type { ConfigProblem } from './config-error.ts'
import { knownKeysSeparator } from './config-schema.ts'
import { nearestWord } from './nearest-word.ts'

export type Place = readonly (string | number)[]

/** A part of the configuration and all that is wrong with its shape. */
export interface Shaped<T> {
  /** The part without the keys that nobody knows; `null` where more than that is wrong. */
  readonly value: T | null
  readonly problems: readonly ConfigProblem[]
}

/** Reads a part of the configuration that stands at `place`. */
export function readShape<T>(schema: z.ZodType<T>, input: unknown, place: Place): Shaped<T> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return { value: parsed.data, problems: [] }
  const { issues } = parsed.error
  const problems = issues.flatMap((issue) => problemsOf(issue, input, place))
  // A misspelt key must not hide what is wrong with the rest, so the rest is read without it.
  const known = issues.reduce<unknown>(
    (value, issue) =>
      issue.code === 'unrecognized_keys' ? withoutKeys(value, stepsOf(issue), issue.keys) : value,
    input,
  )
  const retried = schema.safeParse(known)
  return { value: retried.success ? retried.data : null, problems }
}

/** A place as it is written in code: `catalogue.plans[1].prices`. */
export function placeText(place: Place): string {
  return place
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`))
    .join('')
}

/** A connection string that was put where a name belongs: its password has no place in a message. */
const credentials = /([a-z][a-z0-9+]*):\/\/[^"]*@[^"]*/gi

/** A value of the configuration as it would be written, shortened. */
export function foundConfig(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'function') return 'a function'
  const text = jsonOrName(value).replace(credentials, '$1://…')
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`
}

/** A file may hand over what JSON cannot hold: a big integer, a symbol, an object that contains itself. */
function jsonOrName(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return typeof value === 'object' ? 'an object that cannot be shown' : String(value)
  }
}

function problemsOf(issue: z.core.$ZodIssue, root: unknown, place: Place): readonly ConfigProblem[] {
  const steps = stepsOf(issue)
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

function stepsOf(issue: z.core.$ZodIssue): Place {
  return issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
}

function withoutKeys(value: unknown, steps: Place, keys: readonly string[]): unknown {
  const [step, ...rest] = steps
  if (Array.isArray(value)) {
    return value.map((entry: unknown, index) => (index === step ? withoutKeys(entry, rest, keys) : entry))
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  if (step === undefined) return Object.fromEntries(entries.filter(([key]) => !keys.includes(key)))
  return Object.fromEntries(
    entries.map(([key, inner]) => [key, key === step ? withoutKeys(inner, rest, keys) : inner]),
  )
}

function valueAt(root: unknown, steps: Place): unknown {
  return steps.reduce<unknown>((value, step) => {
    if (typeof value !== 'object' || value === null) return undefined
    return (value as Readonly<Record<string | number, unknown>>)[step]
  }, root)
}
