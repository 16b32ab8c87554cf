import { formatMoney } from '@trueup/core'
import type { AlertMessage, IncidentMessage } from '../alert-message.ts'
import {
  capital,
  causeText,
  hurtsWords,
  isNotice,
  lengthWords,
  longestProjectName,
  moneyWords,
  titleOf,
} from '../alert-message.ts'
import { plainWords } from '../plain-words.ts'
import { buttonRow, htmlText, inks, mailPage, row } from './html.ts'
import { momentWords } from './moment.ts'

/** What a mail says: in HTML, and in text for clients and people who prefer it. */
export interface MailContent {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** A message as a mail. Words of others are escaped in HTML, and stand as they are in the text. */
export function renderEmail(
  message: AlertMessage,
  place: { readonly timeZone: string; readonly settingsLink: string },
): MailContent {
  const subject = titleOf(message)
  const footer = `Sent by Trueup. <a href="${htmlText(place.settingsLink)}" style="color:${inks.quiet};">Change who is told what</a>`
  if (isNotice(message)) {
    const sentence = plainWords(message.sentence, 1_500)
    return {
      subject,
      text: [sentence, '', message.link, '', ...signature(place.settingsLink)].join('\n'),
      html: mailPage({
        title: subject,
        preview: sentence,
        color: inks.low,
        body:
          row(heading(message.headline), '24px 24px 8px') +
          row(htmlText(sentence)) +
          buttonRow('Open Trueup', message.link),
        footer,
      }),
    }
  }
  const facts = factsOf(message, place.timeZone)
  const label = message.count === 1 ? 'Open the incident' : 'Open the incidents'
  return {
    subject,
    text: textOf(message, facts, place.settingsLink),
    html: mailPage({
      title: subject,
      preview: message.examples[0]?.sentence ?? '',
      color: message.what === 'opened' ? inks[message.severity] : inks.good,
      body: [
        row(badge(message) + heading(message.headline), '24px 24px 8px'),
        row(examplesHtml(message)),
        row(factsHtml(facts)),
        ...(message.what === 'opened' && message.cause
          ? [row(`<strong>Cause:</strong> ${htmlText(causeText(message.cause, message.count))}`)]
          : []),
        ...(message.what === 'opened'
          ? [row(`<strong>What to do:</strong> ${htmlText(message.whatToDo)}`)]
          : []),
        buttonRow(label, message.link),
      ].join('\n'),
      footer,
    }),
  }
}

type Facts = readonly (readonly [label: string, value: string])[]

function factsOf(message: IncidentMessage, timeZone: string): Facts {
  const money = moneyWords(message.moneyAtRisk, message.withoutSum)
  if (message.what === 'resolved') {
    return [
      ['Was at risk', money],
      ['Took', lengthWords(message.at.getTime() - message.since.getTime())],
      ['Of these still open', message.stillOpen === 0 ? 'none' : message.stillOpen.toLocaleString('en-US')],
    ]
  }
  return [
    ['At risk', money],
    ['Who is hurt', hurtsWords(message.hurts)],
    ['Since', momentWords(message.since, timeZone)],
  ]
}

function textOf(message: IncidentMessage, facts: Facts, settingsLink: string): string {
  const more = message.count - message.examples.length
  return [
    titleOf(message),
    '',
    ...message.examples.map(({ sentence, moneyAtRisk }) =>
      message.count === 1
        ? sentence
        : `- ${sentence}${moneyAtRisk ? ` (${formatMoney(moneyAtRisk)} a month)` : ''}`,
    ),
    ...(more > 0 ? [`- and ${more.toLocaleString('en-US')} more`] : []),
    '',
    ...facts.map(([label, value]) => `${label}: ${value}`),
    ...(message.what === 'opened' && message.cause
      ? ['', `Cause: ${causeText(message.cause, message.count)}`]
      : []),
    ...(message.what === 'opened' ? ['', `What to do: ${message.whatToDo}`] : []),
    '',
    message.link,
    '',
    ...signature(settingsLink),
  ].join('\n')
}

function signature(settingsLink: string): readonly string[] {
  return ['-- ', 'Sent by Trueup. Change who is told what:', settingsLink]
}

function examplesHtml({ examples, count }: IncidentMessage): string {
  if (count === 1) return htmlText(examples[0]?.sentence ?? '')
  const lines = examples.map(
    ({ sentence, moneyAtRisk, link }) =>
      `<tr><td style="padding:6px 12px 6px 0;border-bottom:1px solid ${inks.line};"><a href="${htmlText(link)}" style="color:${inks.text};text-decoration:none;">${htmlText(sentence)}</a></td>` +
      `<td align="right" style="padding:6px 0;border-bottom:1px solid ${inks.line};white-space:nowrap;">${moneyAtRisk ? htmlText(formatMoney(moneyAtRisk)) : ''}</td></tr>`,
  )
  const more = count - examples.length
  const rest =
    more > 0
      ? `<tr><td colspan="2" style="padding:6px 0;color:${inks.quiet};">and ${more.toLocaleString('en-US')} more</td></tr>`
      : ''
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="font-size:14px;line-height:20px;">${lines.join('')}${rest}</table>`
}

function factsHtml(facts: Facts): string {
  const lines = facts.map(
    ([label, value]) =>
      `<tr><td style="padding:3px 16px 3px 0;color:${inks.quiet};white-space:nowrap;vertical-align:top;">${htmlText(label)}</td><td style="padding:3px 0;">${htmlText(value)}</td></tr>`,
  )
  return `<table role="presentation" cellpadding="0" cellspacing="0" style="font-size:14px;line-height:20px;">${lines.join('')}</table>`
}

function badge(message: IncidentMessage): string {
  const color = message.what === 'opened' ? inks[message.severity] : inks.good
  return `<div style="font-size:12px;line-height:16px;font-weight:700;letter-spacing:0.04em;text-transform:uppercase;color:${color};padding-bottom:4px;">${htmlText(`${stateWord(message)} · ${plainWords(message.projectName, longestProjectName)}`)}</div>`
}

function stateWord({ what, severity }: IncidentMessage): string {
  return what === 'opened' ? capital(severity) : capital(what)
}

export function heading(text: string): string {
  return `<h1 style="margin:0;font-size:20px;line-height:28px;font-weight:700;">${htmlText(capital(text))}</h1>`
}
