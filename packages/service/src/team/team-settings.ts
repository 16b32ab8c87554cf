import { Secret } from '../secret.ts'
import { TeamError } from './team-error.ts'

/** Who may make an account: anybody, whoever was invited, or nobody. The very first person always may. */
export type SignUpRule = 'open' | 'invite' | 'closed'

/** An OpenID Connect provider that people may sign in with. */
export interface OidcSettings {
  /** Where `/.well-known/openid-configuration` stands. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: Secret
  /** What its button says. */
  readonly name: string
  /** Take the address that it gives for the person's own, also where it does not say that it verified it. */
  readonly trustsAddresses: boolean
}

export interface MailSettings {
  /** `smtp://user:password@host:587`, or `smtps://` for TLS from the first byte. */
  readonly server: Secret
  readonly from: string
}

/** What an operator decides about people. */
export interface TeamSettings {
  /** Where people reach the service, without a slash at the end: https://trueup.example.com. */
  readonly publicUrl: string
  /** Other origins whose pages may act for whoever is signed in. Usually none. */
  readonly otherOrigins: readonly string[]
  readonly signUp: SignUpRule
  readonly mail: MailSettings | null
  readonly oidc: OidcSettings | null
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads what the environment says about people.
 *
 * - `TRUEUP_PUBLIC_URL`: where people reach the service; `defaultUrl` where it is not set
 * - `TRUEUP_ALLOWED_ORIGINS`: other origins, with commas between
 * - `TRUEUP_SIGN_UP`: `open`, `invite` (default) or `closed`
 * - `TRUEUP_SMTP_URL`, `TRUEUP_MAIL_FROM`: the mail server, and whom its mail is from
 * - `TRUEUP_OIDC_ISSUER`, `TRUEUP_OIDC_CLIENT_ID`, `TRUEUP_OIDC_CLIENT_SECRET`, `TRUEUP_OIDC_NAME`,
 *   `TRUEUP_OIDC_TRUST_ADDRESSES` (`true`: the provider's addresses are right although it does not say that they are
 *   verified, as with a directory of your own)
 *
 * @throws TeamError `setting-invalid`, with the name of the variable and never with its value where that is a secret
 * @example
 * const settings = readTeamSettings(process.env, 'http://localhost:7310')
 */
export function readTeamSettings(environment: Environment, defaultUrl: string): TeamSettings {
  const text = (name: string) => environment[name]?.trim() || null
  const mail = readMail(text)
  const signUp = readSignUp(text('TRUEUP_SIGN_UP') ?? 'invite')
  if (signUp === 'open' && !mail) {
    throw invalid(
      'TRUEUP_SIGN_UP is open, but no mail server is set, and an address is proven by mail.',
      'Set TRUEUP_SMTP_URL and TRUEUP_MAIL_FROM, or TRUEUP_SIGN_UP=invite.',
    )
  }
  return {
    publicUrl: readOrigin('TRUEUP_PUBLIC_URL', text('TRUEUP_PUBLIC_URL') ?? defaultUrl),
    otherOrigins: (text('TRUEUP_ALLOWED_ORIGINS') ?? '')
      .split(',')
      .map((origin) => origin.trim())
      .filter((origin) => origin !== '')
      .map((origin) => readOrigin('TRUEUP_ALLOWED_ORIGINS', origin)),
    signUp,
    mail,
    oidc: readOidc(text),
  }
}

type Text = (name: string) => string | null

function readSignUp(rule: string): SignUpRule {
  if (rule === 'open' || rule === 'invite' || rule === 'closed') return rule
  throw invalid(`TRUEUP_SIGN_UP is ${JSON.stringify(rule)}.`, 'Set it to open, invite or closed.')
}

/** An origin and nothing more: cookies are for the whole of it. */
function readOrigin(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url && (url.protocol === 'https:' || url.protocol === 'http:') && url.pathname === '/' && !url.search) {
    return url.origin
  }
  throw invalid(`${name} holds ${JSON.stringify(text)}.`, 'Write an address like https://trueup.example.com.')
}

function readMail(text: Text): MailSettings | null {
  const server = text('TRUEUP_SMTP_URL')
  const from = text('TRUEUP_MAIL_FROM')
  if (!server && !from) return null
  if (!server || !from) {
    throw invalid(
      `${server ? 'TRUEUP_MAIL_FROM' : 'TRUEUP_SMTP_URL'} is missing.`,
      'Set both TRUEUP_SMTP_URL (smtp://user:password@host:587) and TRUEUP_MAIL_FROM, or neither.',
    )
  }
  if (!/^smtps?:\/\/[^\s]+$/.test(server) || !URL.canParse(server)) {
    throw invalid(
      'TRUEUP_SMTP_URL is not the address of a mail server.',
      'Write smtp://user:password@host:587.',
    )
  }
  return { server: new Secret(server), from }
}

function readOidc(text: Text): OidcSettings | null {
  const names = ['TRUEUP_OIDC_ISSUER', 'TRUEUP_OIDC_CLIENT_ID', 'TRUEUP_OIDC_CLIENT_SECRET'] as const
  const [issuer, clientId, clientSecret] = names.map(text)
  if (!issuer && !clientId && !clientSecret) return null
  if (!issuer || !clientId || !clientSecret) {
    const missing = names.filter((name) => !text(name))
    throw invalid(
      `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing.`,
      'Set all three, or none.',
    )
  }
  if (!URL.canParse(issuer) || !/^https?:$/.test(new URL(issuer).protocol)) {
    throw invalid('TRUEUP_OIDC_ISSUER is not an address.', 'Write the issuer as your provider shows it.')
  }
  return {
    issuer: issuer.replace(/\/+$/, ''),
    clientId,
    clientSecret: new Secret(clientSecret),
    name: text('TRUEUP_OIDC_NAME') ?? 'Single sign-on',
    trustsAddresses: readSwitch('TRUEUP_OIDC_TRUST_ADDRESSES', text),
  }
}

function readSwitch(name: string, text: Text): boolean {
  const value = text(name) ?? 'false'
  if (value === 'true' || value === 'false') return value === 'true'
  throw invalid(`${name} is ${JSON.stringify(value)}.`, 'Set it to true or false.')
}

function invalid(message: string, fix: string): TeamError {
  return new TeamError({ code: 'setting-invalid', message, fix })
}
