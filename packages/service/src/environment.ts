import { Secret } from './secret.ts'

/** What Trueup takes from the environment, read once at the start. */
export interface Environment {
  readonly stripeApiKey: Secret | null
  readonly stripeApiBase: string | null
  readonly clerkSecretKey: Secret | null
  readonly clerkApiUrl: string
  readonly databaseUrl: string | null
  /** The folder of the embedded database, the ledger's signing key and its checkpoints. */
  readonly home: string
  /** The ledger's signing key, in place of the file in the home folder. */
  readonly ledgerKey: Secret | null
  /** Another folder that checkpoints of the ledger are sent to, such as a git checkout or a mounted bucket. */
  readonly ledgerCheckpoints: string | null
  /** The keys that secrets are sealed under, as `id:base64`, the newest first. */
  readonly encryptionKey: Secret | null
  /** A file that holds them in place of the variable. */
  readonly encryptionKeyFile: string | null
  /** A secret under a name that the configuration chose, such as ACCESS_DATABASE_URL; `null`: it is not set. */
  readonly secretNamed: (name: string) => Secret | null
}

export const clerkDefaultApiUrl = 'https://api.clerk.com'

/**
 * Reads the environment. What is missing is `null`; the command that needs it says so.
 *
 * @example
 * const environment = readEnvironment(process.env)
 */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const text = (name: string) => env[name]?.trim() || null
  const secret = (name: string) => {
    const value = text(name)
    return value === null ? null : new Secret(value)
  }
  return Object.freeze({
    stripeApiKey: secret('STRIPE_API_KEY'),
    stripeApiBase: text('STRIPE_API_BASE')?.replace(/\/+$/, '') ?? null,
    clerkSecretKey: secret('CLERK_SECRET_KEY'),
    clerkApiUrl: (text('CLERK_API_URL') ?? clerkDefaultApiUrl).replace(/\/+$/, ''),
    databaseUrl: text('DATABASE_URL'),
    home: text('TRUEUP_HOME') ?? '.trueup',
    ledgerKey: secret('TRUEUP_LEDGER_KEY'),
    ledgerCheckpoints: text('TRUEUP_LEDGER_CHECKPOINTS'),
    encryptionKey: secret('TRUEUP_ENCRYPTION_KEY'),
    encryptionKeyFile: text('TRUEUP_ENCRYPTION_KEY_FILE'),
    secretNamed: secret,
  })
}
