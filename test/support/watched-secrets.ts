import { PlantedSecrets } from './planted-secrets.ts'

/*
 * Every test that runs a command or asks the API plants what it hands over: keys and passwords of the environment and of
 * bodies, and what an answer shows once. Whatever is said afterwards is searched for them, as they are and coded.
 */

const planted = new PlantedSecrets()
const known = new Map<string, string>()
/** Shorter ones, such as `postgres`, are words of their own. */
const shortest = 12

const secretVariables = new Set([
  'STRIPE_API_KEY',
  'CLERK_SECRET_KEY',
  'CLERK_REPAIR_SECRET_KEY',
  'CRON_SECRET',
  'TRUEUP_API_KEY',
  'TRUEUP_ENCRYPTION_KEY',
  'TRUEUP_LEDGER_KEY',
  'TRUEUP_METRICS_TOKEN',
  'TRUEUP_OIDC_CLIENT_SECRET',
  'TRUEUP_PUSH_SECRET',
  'TRUEUP_WEBHOOK_SECRET',
])
const secretFields = new Set([
  'password',
  'currentPassword',
  'newPassword',
  'key',
  'secret',
  'connectionString',
])
/** What is shown once, in the answer that makes it. */
const shownOnce = new Set(['key', 'secret', 'link', 'backupCodes', 'uri'])

/** Plants the secrets of a process's environment. */
export function plantEnvironment(environment: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value = ''] of Object.entries(environment)) {
    // A ring of keys: `new:…,old:…`.
    if (secretVariables.has(name)) for (const one of value.split(',')) plant(name, one.replace(/^\w+:/, ''))
    plantPassword(name, value)
  }
}

/** Plants what a request hands over. */
export function plantRequest(route: string, body: unknown): void {
  for (const [field, value] of fieldsOf(body)) {
    if (secretFields.has(field)) plant(`${field} of ${route}`, value)
    plantPassword(`${field} of ${route}`, value)
  }
}

/** Plants what an answer gives: sessions, and what the answer to something that makes it shows this once. */
export function plantAnswer(route: string, cookies: Iterable<string>, body: unknown): void {
  for (const cookie of cookies) plant(`session of ${route}`, decodeURIComponent(cookie.split('.')[0] ?? ''))
  if (!route.startsWith('POST ')) return
  for (const [field, value] of fieldsOf(body)) {
    // Whom a check is about has a key too, which opens nothing.
    if (field === 'key' && /^(user|organization|customer):/.test(value)) continue
    if (shownOnce.has(field)) plant(`${field} given by ${route}`, value.split('#')[1] ?? value)
  }
}

/** Fails where a secret stands that was planted before. */
export function refuseSecrets(place: string, text: string): void {
  const found = planted.foundIn({ place, text })
  if (found.length > 0) throw new Error(`A secret is shown.\n${found.join('\n')}`)
}

function plant(name: string, value: string): void {
  if (value.length < shortest || known.has(value)) return
  known.set(value, name)
  planted.plant(`${name} (${known.size})`, value)
}

function plantPassword(name: string, value: string): void {
  if (URL.canParse(value)) plant(`password of ${name}`, decodeURIComponent(new URL(value).password))
}

function* fieldsOf(value: unknown): Generator<readonly [field: string, text: string]> {
  if (typeof value !== 'object' || value === null) return
  for (const [field, inner] of Object.entries(value)) {
    if (typeof inner === 'string') yield [field, inner]
    else yield* fieldsOf(inner)
  }
}
