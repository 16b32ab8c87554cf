import type { Clock } from '@trueup/core'
import type { Secret } from '../secret.ts'
import type { Database } from '../store/database.ts'
import { smtpMail } from './mail/smtp.ts'
import { createLibrary } from './sign-in/library.ts'
import { provenByProvider } from './sign-in/provider.ts'
import type { Team } from './team.ts'
import type { OidcSettings, TeamSettings } from './team-settings.ts'

export interface TeamOptions {
  readonly database: Database
  readonly settings: TeamSettings
  /** What sessions are signed and second factors encrypted with: the one in use first, then those that it replaced. */
  readonly secrets: readonly Secret[]
  readonly clock: Clock
  readonly randomBytes: (count: number) => Uint8Array
  /** Goes on with a letter that nobody waits for, and tells the log where it fails. */
  readonly background: (work: Promise<void>) => void
}

/**
 * Puts together what acts on people stand on.
 *
 * @example
 * const team = await openTeam({ database, settings, secrets, clock, randomBytes, background })
 */
export async function openTeam({ secrets, ...options }: TeamOptions): Promise<Team> {
  const { database, settings, randomBytes } = options
  const libraryWith = (provider: OidcSettings | null) =>
    createLibrary({
      database,
      settings,
      provider,
      onLinked: (personId) => provenByProvider({ database }, personId),
      secrets,
      randomBytes,
    })
  return {
    ...options,
    sendMail: settings.mail ? smtpMail(settings.mail) : null,
    // Passwords are taken also while the identity provider is away.
    library: await libraryWith(null),
    providerLibrary: untilItIsThere(async () => {
      const library = await libraryWith(settings.oidc)
      const { socialProviders } = await library.$context
      return socialProviders.length > 0 ? library : null
    }),
  }
}

/** Makes something once for all who ask, and again when it could not be made. */
function untilItIsThere<Thing>(make: () => Promise<Thing | null>): () => Promise<Thing | null> {
  let made: Promise<Thing | null> | null = null
  return async () => {
    made ??= make()
    const thing = await made.catch(() => null)
    if (thing === null) made = null
    return thing
  }
}
