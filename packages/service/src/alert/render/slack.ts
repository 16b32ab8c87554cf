import { formatMoney } from '@trueup/core'
import type { AlertMessage, IncidentMessage } from '../alert-message.ts'
import { causeText, hurtsWords, isNotice, lengthWords, moneyWords, titleOf } from '../alert-message.ts'
import { plainWords, shortened } from '../plain-words.ts'
import { momentWords, unixSeconds } from './moment.ts'

/** https://docs.slack.dev/reference/block-kit/blocks */
export const slackLimits = {
  blocks: 50,
  header: 150,
  section: 3_000,
  field: 2_000,
  fields: 10,
  button: 75,
  url: 3_000,
}

export type SlackBlock = { readonly type: string; readonly [field: string]: unknown }

/** What an incoming webhook of Slack takes. */
export interface SlackPayload {
  /** What notifications and screen readers say. */
  readonly text: string
  readonly blocks: readonly SlackBlock[]
  readonly unfurl_links: false
  readonly unfurl_media: false
}

const emoji = { critical: '🔴', high: '🟠', medium: '🟡', low: '⚪' } as const

/**
 * A message as Block Kit. Words of others stand in `plain_text` alone, where Slack reads neither mentions nor links
 * nor formatting.
 */
export function renderSlack(message: AlertMessage, timeZone: string): SlackPayload {
  const title = shortened(titleOf(message), slackLimits.header)
  if (isNotice(message)) {
    return payload(title, [
      header(title),
      plain(plainWords(message.sentence, slackLimits.section)),
      actions([button('Open Trueup', message.link, false)]),
    ])
  }
  const mark = message.what === 'opened' ? emoji[message.severity] : message.what === 'resolved' ? '✅' : '👀'
  const headed = shortened(`${mark} ${titleOf(message)}`, slackLimits.header)
  return payload(title, [
    header(headed),
    ...(message.examples.length > 0 ? [plain(exampleLines(message))] : []),
    fields(message, timeZone),
    ...(message.what === 'opened' && message.cause
      ? [plain(`Cause: ${causeText(message.cause, message.count)}`)]
      : []),
    ...(message.what === 'opened' ? [ownWords(`*What to do:* ${slackText(message.whatToDo)}`)] : []),
    actions([
      button(
        message.count === 1 ? 'Open the incident' : 'Open the incidents',
        message.link,
        message.what === 'opened',
      ),
    ]),
  ])
}

function exampleLines({ examples, count }: IncidentMessage): string {
  if (count === 1) return examples[0]?.sentence ?? ''
  const lines = examples.map(({ sentence, moneyAtRisk }) =>
    moneyAtRisk ? `• ${sentence} (${formatMoney(moneyAtRisk)})` : `• ${sentence}`,
  )
  const more = count - examples.length
  if (more > 0) lines.push(`… and ${more.toLocaleString('en-US')} more`)
  return shortened(lines.join('\n'), slackLimits.section)
}

function fields(message: IncidentMessage, timeZone: string): SlackBlock {
  const moment = (at: Date) =>
    `<!date^${unixSeconds(at)}^{date_short_pretty} {time}|${slackText(momentWords(at, timeZone))}>`
  const pairs: (readonly [string, string])[] =
    message.what === 'resolved'
      ? [
          ['Was at risk', slackText(moneyWords(message.moneyAtRisk, message.withoutSum))],
          ['Took', lengthWords(message.at.getTime() - message.since.getTime())],
          [
            'Of these still open',
            message.stillOpen === 0 ? 'none' : message.stillOpen.toLocaleString('en-US'),
          ],
        ]
      : [
          ['At risk', slackText(moneyWords(message.moneyAtRisk, message.withoutSum))],
          ['Who is hurt', hurtsWords(message.hurts)],
          ['Since', moment(message.since)],
        ]
  return {
    type: 'section',
    fields: pairs.map(([label, value]) => ({
      type: 'mrkdwn',
      text: shortened(`*${label}*\n${value}`, slackLimits.field),
      verbatim: true,
    })),
  }
}

/** https://docs.slack.dev/messaging/formatting-message-text#escaping */
export function slackText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

export function payload(text: string, blocks: readonly SlackBlock[]): SlackPayload {
  // The notification is read as mrkdwn.
  return { text: slackText(text), blocks, unfurl_links: false, unfurl_media: false }
}

export function header(text: string): SlackBlock {
  return { type: 'header', text: { type: 'plain_text', text, emoji: true } }
}

export function plain(text: string): SlackBlock {
  return {
    type: 'section',
    text: { type: 'plain_text', text: shortened(text, slackLimits.section), emoji: false },
  }
}

/** @param text words of our own, already escaped */
function ownWords(text: string): SlackBlock {
  return {
    type: 'section',
    text: { type: 'mrkdwn', text: shortened(text, slackLimits.section), verbatim: true },
  }
}

export function actions(elements: readonly object[]): SlackBlock {
  return { type: 'actions', elements }
}

export function button(text: string, url: string, isPrimary: boolean): object {
  return {
    type: 'button',
    text: { type: 'plain_text', text: shortened(text, slackLimits.button), emoji: false },
    url: shortened(url, slackLimits.url),
    ...(isPrimary ? { style: 'primary' } : {}),
  }
}
