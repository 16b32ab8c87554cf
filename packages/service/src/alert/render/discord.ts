import { formatMoney } from '@trueup/core'
import type { AlertMessage, IncidentMessage } from '../alert-message.ts'
import { causeText, hurtsWords, isNotice, lengthWords, moneyWords, titleOf } from '../alert-message.ts'
import { plainWords, shortened } from '../plain-words.ts'
import { unixSeconds } from './moment.ts'

/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
export const discordLimits = {
  content: 2_000,
  title: 256,
  description: 4_096,
  fieldName: 256,
  fieldValue: 1_024,
  total: 6_000,
}

export interface DiscordEmbed {
  readonly title: string
  readonly url: string
  readonly color: number
  readonly description: string
  readonly timestamp: string
  readonly fields: readonly { readonly name: string; readonly value: string; readonly inline: boolean }[]
}

/** What a webhook of Discord takes. */
export interface DiscordPayload {
  readonly username: string
  /** Nothing in it calls anybody, whatever it says. */
  readonly allowed_mentions: { readonly parse: readonly [] }
  readonly embeds: readonly DiscordEmbed[]
}

const colors = {
  critical: 0xd92d20,
  high: 0xf79009,
  medium: 0xfac515,
  low: 0x98a2b3,
  good: 0x12b76a,
} as const

/** A message as one embed. Words of others are escaped, so that Discord reads neither formatting nor links in them. */
export function renderDiscord(message: AlertMessage): DiscordPayload {
  if (isNotice(message)) {
    return discordPayload({
      title: discordTitle(titleOf(message)),
      url: message.link,
      color: colors.low,
      description: discordText(plainWords(message.sentence, 1_500)),
      timestamp: message.at.toISOString(),
      fields: [],
    })
  }
  return discordPayload({
    title: discordTitle(titleOf(message)),
    url: message.link,
    color: message.what === 'opened' ? colors[message.severity] : colors.good,
    description: shortened(exampleLines(message), discordLimits.description),
    timestamp: message.at.toISOString(),
    fields: fieldsOf(message).map(([name, value, inline]) => ({
      name,
      value: shortened(value, discordLimits.fieldValue),
      inline,
    })),
  })
}

function exampleLines({ examples, count }: IncidentMessage): string {
  const lines = examples.map(({ sentence, moneyAtRisk }) => {
    const said = discordText(sentence)
    if (count === 1) return said
    return moneyAtRisk ? `• ${said} (${discordText(formatMoney(moneyAtRisk))})` : `• ${said}`
  })
  const more = count - examples.length
  if (more > 0) lines.push(`… and ${more.toLocaleString('en-US')} more`)
  return lines.join('\n')
}

function fieldsOf(message: IncidentMessage): readonly (readonly [string, string, boolean])[] {
  const money = discordText(moneyWords(message.moneyAtRisk, message.withoutSum))
  if (message.what === 'resolved') {
    return [
      ['Was at risk', money, true],
      ['Took', lengthWords(message.at.getTime() - message.since.getTime()), true],
      ['Of these still open', message.stillOpen === 0 ? 'none' : String(message.stillOpen), true],
    ]
  }
  return [
    ['At risk', money, true],
    ['Who is hurt', hurtsWords(message.hurts), true],
    ['Since', `<t:${unixSeconds(message.since)}:f>`, true],
    ...(message.what === 'opened' && message.cause
      ? ([['Cause', discordText(causeText(message.cause, message.count)), false]] as const)
      : []),
    ['What to do', message.whatToDo, false],
  ]
}

/** A backslash before every sign keeps Discord from reading it, and is not shown. */
export function discordText(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, '\\$&')
}

/** A title is shown without formatting, but for the few signs of links and mentions. */
function discordTitle(text: string): string {
  return shortened(text.replace(/[\\*_~`|<>[\]()]/g, '\\$&'), discordLimits.title)
}

export function discordPayload(embed: DiscordEmbed): DiscordPayload {
  return { username: 'Trueup', allowed_mentions: { parse: [] }, embeds: [embed] }
}
