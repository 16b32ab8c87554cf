import { z } from '@hono/zod-openapi'
import { signingKey } from '../push/signature.ts'
import { Secret } from '../secret.ts'

/** Where a person's messages can be posted: `https`, or `http` within one's own network. */
const address = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .refine((text) => {
    const url = URL.canParse(text) ? new URL(text) : null
    return url?.username === '' && url.password === ''
  }, 'write the address without a user and password')

const mailbox = z.email().max(254)

/** How mail is handed over: `tls` from the first byte (port 465), `starttls` (port 587), or `none` within one's own network. */
export const smtpSettings = z.strictObject({
  host: z.string().min(1).max(253),
  port: z.int().min(1).max(65_535),
  security: z.enum(['tls', 'starttls', 'none']),
  user: z.string().min(1).max(320).nullable().default(null),
  password: z.string().min(1).max(1_000).nullable().default(null),
})
export type SmtpSettings = z.output<typeof smtpSettings>

const slack = z.strictObject({ kind: z.literal('slack'), url: address })
const discord = z.strictObject({ kind: z.literal('discord'), url: address })
const teams = z.strictObject({ kind: z.literal('teams'), url: address })
const pagerduty = z.strictObject({
  kind: z.literal('pagerduty'),
  /** The integration key of an Events API v2 integration. */
  routingKey: z.string().regex(/^[A-Za-z0-9]{32}$/, 'an integration key has 32 letters and digits'),
  region: z.enum(['us', 'eu']).default('us'),
})
const webhook = z.strictObject({
  kind: z.literal('webhook'),
  url: address,
  /** `whsec_` and at least 24 bytes in base64. */
  secret: z
    .string()
    .max(200)
    .startsWith('whsec_')
    .refine(canSign, 'a secret is whsec_ and at least 24 bytes in base64'),
})
const email = z.strictObject({
  kind: z.literal('email'),
  to: z.array(mailbox).min(1).max(20),
  from: mailbox.nullable().default(null),
  /** `null`: the mail server of this service. */
  smtp: smtpSettings.nullable().default(null),
})

/** Everything that a channel needs to know, its secrets among it. One shape a kind. */
export const channelConfig = z.discriminatedUnion('kind', [slack, discord, teams, pagerduty, webhook, email])
export type ChannelConfig = z.output<typeof channelConfig>
export type ChannelKind = ChannelConfig['kind']

export const channelKinds = [
  'slack',
  'email',
  'discord',
  'teams',
  'pagerduty',
  'webhook',
] as const satisfies readonly ChannelKind[]

/** What may be shown of a channel: everything but its secrets, of which the last four characters are left. */
export type ShownSettings = { readonly [name: string]: string | number | null | readonly string[] }

/**
 * What of a configuration may be shown. An address such as `https://hooks.slack.com/services/T0/B0/x` is a secret
 * itself: whoever has it can post, so only its host and its last four characters are shown.
 *
 * @example
 * shownSettings({ kind: 'pagerduty', routingKey, region: 'eu' }) // { routingKey: '…9f3a', region: 'eu' }
 */
export function shownSettings(config: ChannelConfig): ShownSettings {
  switch (config.kind) {
    case 'slack':
    case 'discord':
    case 'teams':
      return { address: shownAddress(config.url) }
    case 'webhook':
      return { address: shownAddress(config.url), secret: lastFour(config.secret) }
    case 'pagerduty':
      return { routingKey: lastFour(config.routingKey), region: config.region }
    case 'email':
      return {
        to: config.to,
        from: config.from,
        ...(config.smtp === null
          ? { server: null }
          : {
              server: `${config.smtp.host}:${config.smtp.port}`,
              security: config.smtp.security,
              user: config.smtp.user,
              password: config.smtp.password && lastFour(config.smtp.password),
            }),
      }
  }
}

function canSign(secret: string): boolean {
  try {
    return signingKey(new Secret(secret)).length > 0
  } catch {
    return false
  }
}

function shownAddress(text: string): string {
  const url = new URL(text)
  return `${url.protocol}//${url.host}/${lastFour(text)}`
}

function lastFour(secret: string): string {
  return secret.length < 12 ? '…' : `…${secret.slice(-4)}`
}
