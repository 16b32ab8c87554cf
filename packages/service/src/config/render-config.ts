import type { TrueupConfig } from './define-config.ts'

const lineWidth = 100

const sections: readonly { readonly key: keyof TrueupConfig; readonly comment: readonly string[] }[] = [
  { key: 'billing', comment: ['Where payments promise access.'] },
  { key: 'access', comment: ['Where your app keeps the access that it grants.'] },
  {
    key: 'catalogue',
    comment: [
      'What you sell, lowest plan first; the first plan is what everybody has for free.',
      '`prices` are Stripe price ids or lookup keys (lookup:pro_yearly); `values` are what your app writes.',
    ],
  },
  {
    key: 'match',
    comment: ['How a customer finds its user or organization; the first rule that answers wins.'],
  },
  { key: 'policy', comment: ['What you decide where billing leaves room.'] },
  { key: 'exceptions', comment: ['Accounts that may have more than they pay for, each with a reason.'] },
]

/**
 * Writes a configuration as a `trueup.config.ts` for people to read and change.
 *
 * @example
 * await writeFile('trueup.config.ts', renderConfig(config))
 */
export function renderConfig(config: TrueupConfig): string {
  const parts = sections.flatMap(({ key, comment }) => {
    const value = config[key]
    if (value === undefined) return []
    const lines = comment.map((line) => `  // ${line}`)
    return [[...lines, `  ${key}: ${literal(value, 1, key.length + 2)},`].join('\n')]
  })
  return [
    "import { defineConfig } from 'trueup'",
    '',
    '// Keys come from the environment: STRIPE_API_KEY, CLERK_SECRET_KEY, and ACCESS_DATABASE_URL for a database.',
    'export default defineConfig({',
    parts.join('\n\n'),
    '})',
    '',
  ].join('\n')
}

/**
 * A value as code, to be pasted into a configuration.
 *
 * @example
 * renderValue({ postgres: { table: 'users', key: 'id' } }) // "{ postgres: { table: 'users', key: 'id' } }"
 */
export function renderValue(value: unknown): string {
  return literal(value, 0, 0)
}

/** A value as code: on one line where it fits, else an entry a line. */
function literal(value: unknown, depth: number, used: number): string {
  const short = onOneLine(value)
  const hasRoom = depth * 2 + used + short.length < lineWidth
  if (hasRoom || typeof value !== 'object' || value === null || value instanceof Date) return short
  const indent = '  '.repeat(depth + 1)
  const close = '  '.repeat(depth)
  if (Array.isArray(value)) {
    const entries = value.map((entry) => `${indent}${literal(entry, depth + 1, 1)},`)
    return `[\n${entries.join('\n')}\n${close}]`
  }
  const entries = entriesOf(value).map(
    ([key, inner]) => `${indent}${keyText(key)}: ${literal(inner, depth + 1, key.length + 3)},`,
  )
  return `{\n${entries.join('\n')}\n${close}}`
}

function onOneLine(value: unknown): string {
  if (typeof value === 'string') return quoted(value)
  if (value instanceof Date) return quoted(value.toISOString())
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = entriesOf(value).map(([key, inner]) => `${keyText(key)}: ${onOneLine(inner)}`)
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}

function entriesOf(value: object): readonly (readonly [string, unknown])[] {
  return Object.entries(value).filter(([, inner]) => inner !== undefined)
}

function keyText(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key)
}

function quoted(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${escaped}'`
}
