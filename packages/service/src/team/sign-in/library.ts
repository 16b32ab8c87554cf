import { createHash } from 'node:crypto'
import type { BetterAuthOptions } from 'better-auth'
import { betterAuth } from 'better-auth'
import { getAdapter } from 'better-auth/db/adapter'
import { genericOAuth, twoFactor } from 'better-auth/plugins'
import { newId } from '../../new-id.ts'
import type { Secret } from '../../secret.ts'
import type { Database } from '../../store/database.ts'
import type { OidcSettings, TeamSettings } from '../team-settings.ts'
import { hashSessions } from './hashed-sessions.ts'
import { passwordLength, resetMinutes, sessionDays } from './limits.ts'

/** The name of the identity provider in the library's tables and addresses. */
export const oidcProviderId = 'oidc'

/** The header in which the library is told where a request came from; it is ours alone to write. */
export const addressHeader = 'x-trueup-address'

export interface LibraryOptions {
  readonly database: Database
  readonly settings: TeamSettings
  /** Asked where it signs people in when the library is first used; `null`: none. */
  readonly provider: OidcSettings | null
  /** Called when an account of the provider was linked to a person for the first time. */
  readonly onLinked: (personId: string) => Promise<void>
  /** The first one signs and encrypts; the others, which it replaced, only open what they encrypted. */
  readonly secrets: readonly Secret[]
  readonly randomBytes: (count: number) => Uint8Array
}

export type SignInLibrary = Awaited<ReturnType<typeof createLibrary>>

/**
 * The library that signs people in (better-auth), on our tables. It is asked through `api`, with the checks of origin,
 * pace and role done before; none of its own routes is reachable but the one that the identity provider sends people
 * back to.
 */
export async function createLibrary({
  database,
  settings,
  provider,
  onLinked,
  secrets,
  randomBytes,
}: LibraryOptions) {
  const isSecure = settings.publicUrl.startsWith('https:')
  const options = {
    appName: 'Trueup',
    baseURL: settings.publicUrl,
    basePath: '/api/auth',
    trustedOrigins: [...settings.otherOrigins],
    secret: secrets[0]?.reveal() ?? '',
    secrets: secrets.map((secret) => ({ version: versionOf(secret), value: secret.reveal() })),
    telemetry: { enabled: false },
    // What it has to say is in the errors that it throws; its log lines hold addresses.
    logger: { disabled: true },
    onAPIError: { errorURL: `${settings.publicUrl}/sign-in` },
    rateLimit: { enabled: false },
    advanced: {
      // A cookie named so is for this host alone, over TLS; a browser refuses it otherwise.
      cookiePrefix: isSecure ? '__Host-trueup' : 'trueup',
      useSecureCookies: false,
      defaultCookieAttributes: { secure: isSecure, httpOnly: true, sameSite: 'lax', path: '/' },
      ipAddress: { ipAddressHeaders: [addressHeader] },
      database: { generateId: ({ model }: { model: string }) => newId(idPrefix(model), randomBytes) },
    },
    user: {
      modelName: 'person',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    session: {
      modelName: 'person_session',
      expiresIn: sessionDays * 86_400,
      disableSessionRefresh: true,
      // A session that was ended is dead at once; a cached one would not be.
      cookieCache: { enabled: false },
      freshAge: 0,
      fields: {
        userId: 'person_id',
        token: 'token_hash',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        expiresAt: 'expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
      additionalFields: {
        confirmedAt: { type: 'date', required: false, input: false, fieldName: 'confirmed_at' },
      },
    },
    account: {
      modelName: 'person_account',
      fields: {
        userId: 'person_id',
        providerId: 'provider_id',
        accountId: 'account_id',
        password: 'password_hash',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
      accountLinking: {
        enabled: true,
        trustedProviders: provider?.trustsAddresses ? [oidcProviderId] : [],
        // What an address that nobody had proven was signed in with before is taken from it: see provider.ts.
        requireLocalEmailVerified: false,
      },
      updateAccountOnSignIn: false,
    },
    verification: {
      modelName: 'person_check',
      storeIdentifier: 'hashed',
      fields: {
        identifier: 'identifier_hash',
        expiresAt: 'expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    emailAndPassword: {
      enabled: true,
      // People are made with their membership, in one transaction of ours.
      disableSignUp: true,
      minPasswordLength: passwordLength.least,
      maxPasswordLength: passwordLength.most,
      resetPasswordTokenExpiresIn: resetMinutes * 60,
      revokeSessionsOnPasswordReset: true,
    },
    plugins: [
      twoFactor({
        issuer: 'Trueup',
        schema: {
          user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
          twoFactor: {
            modelName: 'person_two_factor',
            fields: {
              userId: 'person_id',
              backupCodes: 'backup_codes',
              failedVerificationCount: 'failed_verification_count',
              lockedUntil: 'locked_until',
            },
          },
        },
        backupCodeOptions: { storeBackupCodes: 'encrypted' },
      }),
      ...(provider ? [genericOAuth({ config: [providerOf(provider)] })] : []),
    ],
  } satisfies BetterAuthOptions
  const tables = await getAdapter({
    ...options,
    database: { db: database.system.withSchema('trueup'), type: 'postgres', transaction: false },
  })
  return betterAuth({
    ...options,
    database: () => hashSessions(tables),
    databaseHooks: {
      account: {
        create: {
          // Whoever signed in is all that we want of the provider.
          before: async (account) => ({
            data: { ...account, accessToken: null, refreshToken: null, idToken: null },
          }),
          after: async ({ providerId, userId }) => {
            if (providerId === oidcProviderId) await onLinked(userId)
          },
        },
      },
    },
  })
}

function providerOf(oidc: OidcSettings) {
  return {
    providerId: oidcProviderId,
    name: oidc.name,
    discoveryUrl: `${oidc.issuer}/.well-known/openid-configuration`,
    requireIdTokenVerification: true,
    clientId: oidc.clientId,
    clientSecret: oidc.clientSecret.reveal(),
    scopes: ['openid', 'email', 'profile'],
    pkce: true,
    // Nobody becomes a person here by having an account there: they are invited.
    disableSignUp: true,
    mapProfileToUser: (profile: Readonly<Record<string, unknown>>) => ({
      emailVerified: profile.email_verified === true,
    }),
  }
}

function idPrefix(model: string): string {
  switch (model) {
    case 'user':
      return 'per'
    case 'session':
      return 'ses'
    default:
      return 'pac'
  }
}

/** Names a secret in what it encrypted. */
function versionOf(secret: Secret): number {
  return createHash('sha256').update(secret.reveal()).digest().readUInt32BE(0)
}
