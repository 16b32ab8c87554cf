import { lengthWords } from '../alert-message.ts'
import type { ChannelKind } from '../channel-config.ts'
import { plainWords, shortened } from '../plain-words.ts'
import { discordPayload, discordText } from '../render/discord.ts'
import type { MailContent } from '../render/email.ts'
import { heading } from '../render/email.ts'
import { buttonRow, htmlText, inks, mailPage, row } from '../render/html.ts'
import { actions, button, header, payload, plain, slackLimits, slackText } from '../render/slack.ts'
import { run, teamsPayload } from '../render/teams.ts'
import type { RenderedMessage } from '../send/send-message.ts'
import type { DigestFigure, DigestWords } from './digest-words.ts'

/** A digest in the form of a kind of channel that shows one. */
export function renderDigest(kind: ChannelKind, words: DigestWords, at: Date): RenderedMessage {
  switch (kind) {
    case 'email':
      return { kind: 'mail', mail: mailOf(words), inReplyTo: null }
    case 'slack':
      return { kind: 'body', body: JSON.stringify(slackOf(words)) }
    case 'discord':
      return { kind: 'body', body: JSON.stringify(discordOf(words, at)) }
    case 'teams':
      return { kind: 'body', body: JSON.stringify(teamsOf(words)) }
    case 'pagerduty':
    case 'webhook':
      throw new Error(`A channel of kind ${kind} shows no digest.`)
  }
}

/** The longest bar, in signs and in pixels. */
const mostSigns = 12
const mostPixels = 140
/** More currencies than fit are cut off: the page has them all. */
const mostOfFigure = 300

function scaled(value: number, most: number, room: number): number {
  return value === 0 ? 0 : Math.max(1, Math.round((value / most) * room))
}

function mostOf({ days }: DigestWords): number {
  return Math.max(1, ...days.flatMap(({ opened, resolved }) => [opened, resolved]))
}

/** The chart where there are only letters, in columns. */
function textChart(words: DigestWords): string {
  const most = mostOf(words)
  const bar = (value: number) => `${'█'.repeat(scaled(value, most, mostSigns))} ${value}`
  const line = (day: string, opened: string, resolved: string) =>
    `${day.padEnd(4)} ${opened.padEnd(mostSigns + 7)} ${resolved}`.trimEnd()
  return [
    line('', 'opened', 'resolved'),
    ...words.days.map(({ day, opened, resolved }) => line(day, bar(opened), bar(resolved))),
  ].join('\n')
}

function slowestLines({ slowest }: DigestWords): readonly string[] {
  return slowest.map(({ sentence, tookMs }) => `${lengthWords(tookMs)}: ${sentence}`)
}

function figureText({ value, before }: DigestFigure): string {
  return before === '' ? value : `${value} (${before})`
}

function titleOf({ title }: DigestWords): string {
  return plainWords(title, 140)
}

function slackOf(words: DigestWords) {
  const title = shortened(titleOf(words), slackLimits.header)
  return payload(`${title}: ${words.sentence}`, [
    header(title),
    plain(words.sentence),
    {
      type: 'section',
      fields: words.figures.slice(0, slackLimits.fields).map(({ label, value, before }) => ({
        type: 'mrkdwn',
        text: `*${slackText(label)}*\n${shortened(slackText(value), mostOfFigure)}${before === '' ? '' : `\n_${shortened(slackText(before), mostOfFigure)}_`}`,
        verbatim: true,
      })),
    },
    { type: 'section', text: { type: 'mrkdwn', text: `\`\`\`${textChart(words)}\`\`\``, verbatim: true } },
    ...(words.slowest.length > 0 ? [plain(['Slowest to resolve', ...slowestLines(words)].join('\n'))] : []),
    actions([button('Open the project', words.link, false)]),
  ])
}

function discordOf(words: DigestWords, at: Date) {
  const slowest = slowestLines(words).map((line) => discordText(line))
  return discordPayload({
    title: shortened(discordText(titleOf(words)), 256),
    url: words.link,
    color: 0x475467,
    description: shortened(
      [
        discordText(words.sentence),
        `\`\`\`\n${textChart(words)}\n\`\`\``,
        ...(slowest.length > 0 ? ['**Slowest to resolve**', ...slowest] : []),
      ].join('\n'),
      4_096,
    ),
    timestamp: at.toISOString(),
    fields: words.figures.map((figure) => ({
      name: figure.label,
      value: shortened(discordText(figureText(figure)), mostOfFigure),
      inline: true,
    })),
  })
}

function teamsOf(words: DigestWords) {
  return teamsPayload(
    [
      run(titleOf(words), { size: 'Large', weight: 'Bolder' }),
      run(words.sentence),
      {
        type: 'FactSet',
        facts: words.figures.map((figure) => ({
          title: figure.label,
          value: shortened(figureText(figure), mostOfFigure),
        })),
      },
      ...textChart(words)
        .split('\n')
        .map((line) => ({
          ...run(line.replaceAll(' ', '\u00a0'), { fontType: 'Monospace' }),
          spacing: 'None',
        })),
      ...(words.slowest.length > 0
        ? [run('Slowest to resolve', { weight: 'Bolder' }), ...slowestLines(words).map((line) => run(line))]
        : []),
    ],
    words.link,
    'Open the project',
  )
}

function mailOf(words: DigestWords): MailContent {
  const subject = titleOf(words)
  return {
    subject,
    text: [
      words.sentence,
      '',
      ...words.figures.map((figure) => `${figure.label}: ${figureText(figure)}`),
      '',
      textChart(words),
      ...(words.slowest.length > 0
        ? ['', 'Slowest to resolve', ...slowestLines(words).map((line) => `- ${line}`)]
        : []),
      '',
      words.link,
      '',
      '-- ',
      'Sent by Trueup. Change who gets the digest:',
      words.settingsLink,
    ].join('\n'),
    html: mailPage({
      title: subject,
      preview: words.sentence,
      color: inks.link,
      body: [
        row(heading(subject), '24px 24px 4px'),
        row(htmlText(words.sentence)),
        row(figuresHtml(words)),
        row(chartHtml(words)),
        ...(words.slowest.length > 0 ? [row(slowestHtml(words))] : []),
        buttonRow('Open the project', words.link),
      ].join('\n'),
      footer: `Sent by Trueup once a week. <a href="${htmlText(words.settingsLink)}" style="color:${inks.quiet};">Change who gets it</a>`,
    }),
  }
}

function figuresHtml({ figures }: DigestWords): string {
  const cells = figures.map(({ label, value, before }, place) => {
    const isAlone = place === figures.length - 1 && place % 2 === 0
    return (
      `<td ${isAlone ? 'colspan="2"' : 'width="50%"'} valign="top" style="padding:10px 12px;border:1px solid ${inks.line};"><div style="font-size:12px;line-height:16px;color:${inks.quiet};">${htmlText(label)}</div>` +
      `<div style="font-size:18px;line-height:24px;font-weight:700;">${htmlText(value)}</div>` +
      `<div style="font-size:12px;line-height:16px;color:${inks.quiet};">${before === '' ? '&nbsp;' : htmlText(before)}</div></td>`
    )
  })
  const rows = cells.flatMap((cell, place) =>
    place % 2 === 0 ? [`<tr>${cell}${cells[place + 1] ?? ''}</tr>`] : [],
  )
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse;">${rows.join('')}</table>`
}

/** Bars are cells with a width and a colour: every mail client draws them, those of Word's engine too. */
function chartHtml(words: DigestWords): string {
  const most = mostOf(words)
  const bar = (value: number, color: string, name: string) => {
    const width = scaled(value, most, mostPixels)
    const drawn =
      width === 0
        ? ''
        : `<td width="${width}" height="10" bgcolor="${color}" style="width:${width}px;height:10px;line-height:10px;font-size:1px;background:${color};border-bottom:2px solid #ffffff;">&nbsp;</td>`
    return `<table role="presentation" cellpadding="0" cellspacing="0"><tr>${drawn}<td style="padding-left:${width === 0 ? 0 : 6}px;font-size:12px;line-height:14px;white-space:nowrap;color:${inks.quiet};">${value} ${name}</td></tr></table>`
  }
  const lines = words.days.map(
    ({ day, opened, resolved }) =>
      `<tr><th scope="row" align="left" valign="middle" width="48" style="padding:4px 12px 4px 0;font-size:13px;font-weight:600;color:${inks.quiet};">${htmlText(day)}</th>` +
      `<td style="padding:4px 0;">${bar(opened, inks.critical, 'opened')}${bar(resolved, inks.good, 'resolved')}</td></tr>`,
  )
  return `<div style="font-weight:700;padding-bottom:6px;">Day by day</div><table cellpadding="0" cellspacing="0">${lines.join('')}</table>`
}

function slowestHtml(words: DigestWords): string {
  const lines = words.slowest.map(
    ({ sentence, tookMs, incidentId }) =>
      `<tr><td style="padding:4px 12px 4px 0;white-space:nowrap;vertical-align:top;font-weight:600;">${htmlText(lengthWords(tookMs))}</td>` +
      `<td style="padding:4px 0;"><a href="${htmlText(`${words.link}/incidents/${encodeURIComponent(incidentId)}`)}" style="color:${inks.text};text-decoration:none;">${htmlText(sentence)}</a></td></tr>`,
  )
  return `<div style="font-weight:700;padding-bottom:6px;">Slowest to resolve</div><table role="presentation" cellpadding="0" cellspacing="0" style="font-size:14px;line-height:20px;">${lines.join('')}</table>`
}
