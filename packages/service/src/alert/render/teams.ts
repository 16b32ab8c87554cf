import { formatMoney } from '@trueup/core'
import type { AlertMessage, IncidentMessage } from '../alert-message.ts'
import { causeText, hurtsWords, isNotice, lengthWords, moneyWords, titleOf } from '../alert-message.ts'
import { plainWords, shortened } from '../plain-words.ts'
import { momentWords } from './moment.ts'

/** https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using */
export const teamsLimits = { bytes: 28 * 1024 }

export type CardElement = { readonly type: string; readonly [field: string]: unknown }

/** What a workflow "When a Teams webhook request is received" takes. */
export interface TeamsPayload {
  readonly type: 'message'
  readonly attachments: readonly [
    {
      readonly contentType: 'application/vnd.microsoft.card.adaptive'
      readonly contentUrl: null
      readonly content: {
        readonly $schema: 'http://adaptivecards.io/schemas/adaptive-card.json'
        readonly type: 'AdaptiveCard'
        /** The newest that Teams shows everywhere. */
        readonly version: '1.4'
        readonly msteams: { readonly width: 'Full' }
        readonly body: readonly CardElement[]
        readonly actions: readonly CardElement[]
      }
    },
  ]
}

const colors = { critical: 'Attention', high: 'Attention', medium: 'Warning', low: 'Default' } as const

/** A message as an Adaptive Card. Words of others stand in text runs alone, in which no Markdown is read. */
export function renderTeams(message: AlertMessage, timeZone: string): TeamsPayload {
  if (isNotice(message)) {
    return teamsPayload(
      [run(titleOf(message), { size: 'Large', weight: 'Bolder' }), run(plainWords(message.sentence, 1_500))],
      message.link,
      'Open Trueup',
    )
  }
  const color = message.what === 'opened' ? colors[message.severity] : 'Good'
  return teamsPayload(
    [
      run(titleOf(message), { size: 'Large', weight: 'Bolder', color }),
      ...exampleRuns(message),
      { type: 'FactSet', facts: factsOf(message, timeZone) },
      ...(message.what === 'opened' && message.cause
        ? [run(`Cause: ${causeText(message.cause, message.count)}`)]
        : []),
      ...(message.what === 'opened' ? [run(`What to do: ${message.whatToDo}`, { isSubtle: true })] : []),
    ],
    message.link,
    message.count === 1 ? 'Open the incident' : 'Open the incidents',
  )
}

function exampleRuns({ examples, count }: IncidentMessage): readonly CardElement[] {
  const runs = examples.map(({ sentence, moneyAtRisk }) => {
    if (count === 1) return run(sentence)
    return run(moneyAtRisk ? `• ${sentence} (${formatMoney(moneyAtRisk)})` : `• ${sentence}`)
  })
  const more = count - examples.length
  return more > 0 ? [...runs, run(`… and ${more.toLocaleString('en-US')} more`)] : runs
}

function factsOf(message: IncidentMessage, timeZone: string): readonly object[] {
  const money = moneyWords(message.moneyAtRisk, message.withoutSum)
  const pairs: readonly (readonly [string, string])[] =
    message.what === 'resolved'
      ? [
          ['Was at risk', money],
          ['Took', lengthWords(message.at.getTime() - message.since.getTime())],
          ['Of these still open', message.stillOpen === 0 ? 'none' : String(message.stillOpen)],
        ]
      : [
          ['At risk', money],
          ['Who is hurt', hurtsWords(message.hurts)],
          ['Since', momentWords(message.since, timeZone)],
        ]
  return pairs.map(([title, value]) => ({ title, value: shortened(value, 1_000) }))
}

/** Text in which nothing is read as Markdown. */
export function run(text: string, style: Readonly<Record<string, unknown>> = {}): CardElement {
  return { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: shortened(text, 2_000), ...style }] }
}

export function teamsPayload(body: readonly CardElement[], link: string, label: string): TeamsPayload {
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          msteams: { width: 'Full' },
          body,
          actions: [{ type: 'Action.OpenUrl', title: label, url: link }],
        },
      },
    ],
  }
}
