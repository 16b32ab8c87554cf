import type { AlertMessage } from '../alert-message.ts'
import type { ChannelKind } from '../channel-config.ts'
import type { RenderedMessage } from '../send/send-message.ts'
import { renderDiscord } from './discord.ts'
import { renderEmail } from './email.ts'
import { renderPagerDuty } from './pagerduty.ts'
import { renderSlack } from './slack.ts'
import { renderTeams } from './teams.ts'
import { renderWebhook } from './webhook.ts'

export interface RenderPlace {
  /** The project's, for media that cannot show a moment in the reader's own. */
  readonly timeZone: string
  readonly settingsLink: string
  /** What names this message, for a test to PagerDuty. */
  readonly messageId: string
  /** The id of the first mail of the same course; `null`: this is it. */
  readonly inReplyTo: string | null
}

/** A message in the form of a kind of channel. */
export function renderMessage(kind: ChannelKind, message: AlertMessage, place: RenderPlace): RenderedMessage {
  switch (kind) {
    case 'slack':
      return { kind: 'body', body: JSON.stringify(renderSlack(message, place.timeZone)) }
    case 'discord':
      return { kind: 'body', body: JSON.stringify(renderDiscord(message)) }
    case 'teams':
      return { kind: 'body', body: JSON.stringify(renderTeams(message, place.timeZone)) }
    case 'webhook':
      return { kind: 'body', body: renderWebhook(message) }
    case 'pagerduty': {
      const { routing_key: _, ...event } = renderPagerDuty(message, '', place.messageId)
      return { kind: 'pagerduty', event }
    }
    case 'email':
      return { kind: 'mail', mail: renderEmail(message, place), inReplyTo: place.inReplyTo }
  }
}
