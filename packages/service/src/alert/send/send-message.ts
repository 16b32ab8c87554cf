import type { Outcome } from '../../outgoing/delivery/outcome.ts'
import { outcomeOf, outcomeOfError } from '../../outgoing/delivery/outcome.ts'
import { OutgoingError } from '../../outgoing/outgoing-error.ts'
import { post } from '../../outgoing/post/post.ts'
import { signedHeaders } from '../../outgoing/signed-headers.ts'
import { Secret } from '../../secret.ts'
import type { AlertDependencies } from '../alert-dependencies.ts'
import type { ChannelConfig } from '../channel-config.ts'
import type { MailContent } from '../render/email.ts'
import { sendEmail } from './send-email.ts'
import { smtpOfUrl } from './smtp-of-url.ts'

/** A message in the form of its medium, as it is kept before the first try. Keys and addresses are not in it. */
export type RenderedMessage =
  /** The body of Slack, Discord and Teams, and of a signed webhook. */
  | { readonly kind: 'body'; readonly body: string }
  /** The event without its routing key. */
  | { readonly kind: 'pagerduty'; readonly event: object }
  | { readonly kind: 'mail'; readonly mail: MailContent; readonly inReplyTo: string | null }

/** https://developer.pagerduty.com/docs/events-api-v2/overview */
const pagerDutyServers = {
  us: 'https://events.pagerduty.com/v2/enqueue',
  eu: 'https://events.eu.pagerduty.com/v2/enqueue',
} as const

/** What the vendors answer when the address or the message will not do, today or tomorrow. */
const vendorRefusals = [400, 401, 403, 404, 410, 413]

/** Sends a message to a channel, once. */
export async function sendMessage(
  config: ChannelConfig,
  messageId: string,
  message: RenderedMessage,
  dependencies: AlertDependencies,
): Promise<Outcome> {
  const { clock, publicUrl } = dependencies
  try {
    switch (config.kind) {
      case 'slack':
      case 'discord':
      case 'teams':
        return outcomeOf(
          await post(config.url, { body: bodyOf(message) }, dependencies),
          clock.now(),
          vendorRefusals,
        )
      case 'webhook': {
        const body = bodyOf(message)
        const headers = signedHeaders([new Secret(config.secret)], { id: messageId, body, now: clock.now() })
        return outcomeOf(await post(config.url, { headers, body }, dependencies), clock.now())
      }
      case 'pagerduty': {
        if (message.kind !== 'pagerduty') throw wrongForm(config.kind, message.kind)
        const body = JSON.stringify({ routing_key: config.routingKey, ...message.event })
        const server = (dependencies.pagerDuty ?? pagerDutyServers)[config.region]
        const sent = { body, secrets: [config.routingKey] }
        return outcomeOf(await post(server, sent, dependencies), clock.now(), vendorRefusals)
      }
      case 'email': {
        if (message.kind !== 'mail') throw wrongForm(config.kind, message.kind)
        const smtp = config.smtp ?? (dependencies.mail && smtpOfUrl(dependencies.mail.server))
        const from = config.from ?? dependencies.mail?.from
        if (!smtp || !from) throw noMailServer()
        const host = new URL(publicUrl).hostname
        return await sendEmail(
          smtp,
          {
            from,
            to: config.to,
            messageId: `${messageId}@${host}`,
            inReplyTo: message.inReplyTo && `${message.inReplyTo}@${host}`,
          },
          message.mail,
          // The operator's own server stands where the operator says.
          config.smtp ? dependencies : { ...dependencies, addresses: { privateHosts: 'all', ports: 'all' } },
        )
      }
    }
  } catch (error) {
    return outcomeOfError(error)
  }
}

function bodyOf(message: RenderedMessage): string {
  if (message.kind === 'body') return message.body
  throw wrongForm('http', message.kind)
}

function wrongForm(channel: string, form: string): Error {
  return new Error(`A message in the form of ${form} was kept for a channel of kind ${channel}.`)
}

function noMailServer(): OutgoingError {
  return new OutgoingError({
    code: 'unreachable',
    message: 'This service has no mail server any more, and the channel names none.',
    fix: 'Name a mail server in the channel, or set TRUEUP_SMTP_URL and TRUEUP_MAIL_FROM.',
    retryable: true,
  })
}
