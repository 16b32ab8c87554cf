import { describe, expect, test } from 'vitest'
import type { AlertMessage, IncidentMessage } from '../alert-message.ts'
import { longestSentence, titleOf } from '../alert-message.ts'
import { plainWords } from '../plain-words.ts'
import { renderDiscord } from './discord.ts'
import { renderEmail } from './email.ts'
import { renderPagerDuty } from './pagerduty.ts'
import { renderSlack, slackText } from './slack.ts'
import { renderTeams } from './teams.ts'
import { discordShape, pagerDutyShape, slackShape, teamsShape } from './vendor-shapes.ts'
import { renderWebhook } from './webhook.ts'

const base = 'https://trueup.example.com/projects/prj_1/incidents'
const message: IncidentMessage = {
  what: 'opened',
  projectName: 'Acme app',
  severity: 'critical',
  kind: 'paid-without-access',
  count: 1,
  headline: '1 paying customer without access',
  hurts: 'customer',
  moneyAtRisk: [{ currency: 'usd', amount: 2_000 }],
  withoutSum: 0,
  examples: [
    {
      sentence: 'user_1 pays for pro and is granted nothing paid.',
      moneyAtRisk: { currency: 'usd', amount: 2_000 },
      link: `${base}/inc_1`,
    },
  ],
  since: new Date('2026-11-21T02:58:00Z'),
  at: new Date('2026-11-21T03:00:00Z'),
  stillOpen: 1,
  whatToDo: 'Open the incident, look at the proposed repair and approve it.',
  cause: { sentence: 'It began after the deploy v2 of 02:41.', confidence: 'likely', count: 1 },
  link: `${base}/inc_1`,
  episodeId: 'dlv_1',
}
/** What an end customer could call themselves. */
const hostile = [
  '<!channel> <!here> <@U1> <https://evil.example|click> & <b>',
  '@everyone @here <@&1> <#1> [click](https://evil.example) https://evil.example',
  '**bold** _it_ ~~no~~ `code` ```block``` # head > quote | a | b |',
  '<script>alert(1)</script><img src=x onerror=alert(1)>"\' onmouseover=x',
  '\u202egnirts\u200b \u0000\r\nSubject: other\r\nBcc: eve@evil.example',
  '{{DATE(2026-01-01)}} %s [link]: javascript:alert(1)',
  'x'.repeat(6_000),
  '😀'.repeat(3_000),
  '',
]
const many: IncidentMessage = {
  ...message,
  count: 123_456,
  headline: '123,456 paying customers without access',
  moneyAtRisk: Array.from({ length: 40 }, (_, place) => ({
    currency: `${String.fromCharCode(97 + (place % 26))}zz`,
    amount: Number.MAX_SAFE_INTEGER,
  })),
  withoutSum: 9_999,
}
const withWords = (words: string, from: IncidentMessage = message): IncidentMessage => ({
  ...from,
  projectName: words,
  cause: {
    sentence: plainWords(`It began after ${words}.`, longestSentence),
    confidence: 'likely',
    count: 1,
  },
  examples: Array.from({ length: 5 }, () => ({
    // As it is put together: bounded, on one line, not escaped.
    sentence: plainWords(`${words} pays for pro and is granted nothing paid.`, longestSentence),
    moneyAtRisk: { currency: 'usd', amount: 100 },
    link: `${base}/inc_1`,
  })),
})
const notice: AlertMessage = {
  what: 'test',
  projectName: 'Acme app',
  headline: 'Test message',
  sentence: 'ann sent this.',
  at: message.at,
  link: base,
}
const everyMessage: readonly AlertMessage[] = [
  message,
  many,
  { ...message, what: 'resolved', stillOpen: 2 },
  { ...message, what: 'acknowledged' },
  notice,
  ...hostile.flatMap((words): AlertMessage[] => [
    withWords(words),
    withWords(words, many),
    { ...withWords(words), what: 'resolved' },
    {
      ...notice,
      projectName: words,
      sentence: `${words} gets no more messages.`,
      headline: 'A webhook endpoint was switched off',
    },
  ]),
]
const key = 'a'.repeat(32)
const place = { timeZone: 'Europe/Berlin', settingsLink: `${base}/settings` }

describe('every message', () => {
  test('is what Slack takes, and calls, links and formats nothing that others wrote', () => {
    for (const one of everyMessage) {
      const payload = renderSlack(one, place.timeZone)
      expect(slackShape.safeParse(payload).error).toBeUndefined()
      for (const text of mrkdwnOf(payload)) {
        expect(text).not.toMatch(/<(?!!date\^\d+\^[^<>|]*\|[^<>]*>)/)
        expect(text).not.toContain('evil')
      }
      expect(payload.text).not.toMatch(/[<>]/)
    }
  })

  test('is what Discord takes, and what others wrote is shown sign by sign', () => {
    for (const one of everyMessage) {
      const payload = renderDiscord(one)
      expect(discordShape.safeParse(payload).error).toBeUndefined()
      expect(payload.allowed_mentions.parse).toEqual([])
      const [embed] = payload.embeds
      // Every sign that Markdown could read stands behind a backslash of its own.
      for (const line of embed?.description.split('\n') ?? []) {
        expect(line.replace(/^(• |… and [\d,]+ more)/, '')).toMatch(
          /^(\\[!-/:-@[-`{-~]|[^!-/:-@[-`{-~])*( \((\\[!-/:-@[-`{-~]|[^!-/:-@[-`{-~])*\))?…?$/,
        )
      }
      expect(embed?.title).not.toMatch(/(?<!\\)[<>[\]]/)
    }
  })

  test('is what Teams takes, and what others wrote stands where no Markdown is read', () => {
    for (const one of everyMessage) {
      const payload = renderTeams(one, place.timeZone)
      expect(teamsShape.safeParse(payload).error).toBeUndefined()
      const facts = payload.attachments[0].content.body.filter(({ type }) => type === 'FactSet')
      expect(JSON.stringify(facts)).not.toMatch(/evil|script|DATE/)
    }
  })

  test('is what PagerDuty takes', () => {
    for (const one of everyMessage) {
      expect(pagerDutyShape.safeParse(renderPagerDuty(one, key, 'msg_1')).error).toBeUndefined()
    }
  })

  test('is a mail whose HTML holds no tag that others wrote, and whose subject is one line', () => {
    const tags = new Set<string>()
    for (const one of everyMessage) {
      const { subject, html, text } = renderEmail(one, place)
      expect(subject).not.toMatch(/[\r\n\u202e\u200b]/)
      expect(subject.length).toBeLessThan(200)
      expect(text.length).toBeGreaterThan(0)
      for (const [, tag = ''] of html.matchAll(/<\/?([a-z!]+)/gi)) tags.add(tag.toLowerCase())
      expect(html).not.toMatch(/<[^>]*\son\w+=/)
    }
    expect([...tags].toSorted()).toEqual(
      [
        '!doctype',
        'a',
        'body',
        'div',
        'h',
        'head',
        'html',
        'meta',
        'strong',
        'table',
        'td',
        'title',
        'tr',
      ].toSorted(),
    )
  })

  test('is JSON for a program, as it was', () => {
    expect(JSON.parse(renderWebhook(message))).toMatchObject({
      type: 'alert.opened',
      timestamp: '2026-11-21T03:00:00.000Z',
      data: { kind: 'paid-without-access', count: 1, link: `${base}/inc_1` },
    })
  })
})

describe('whoever is woken by it', () => {
  test('reads in the first line how bad it is, what it is and where', () => {
    expect(titleOf(message)).toBe('Critical: 1 paying customer without access · Acme app')
  })

  test('hears over the phone who and how much as well', () => {
    expect(renderPagerDuty(message, key, 'msg_1')).toMatchObject({
      event_action: 'trigger',
      payload: {
        severity: 'critical',
        summary:
          'Critical: 1 paying customer without access · Acme app ($20.00 a month). user_1 pays for pro and is granted nothing paid.',
      },
    })
  })

  test('is told what to do and where to go', () => {
    for (const said of [
      JSON.stringify(renderSlack(message, place.timeZone)),
      JSON.stringify(renderDiscord(message)),
      JSON.stringify(renderTeams(message, place.timeZone)),
      renderEmail(message, place).text,
    ]) {
      expect(said).toContain('look at the proposed repair')
      expect(said).toContain(`${base}/inc_1`)
      expect(said).toMatch(/\$20\\*\.00/)
    }
  })

  test('is told what probably broke, where that is known', () => {
    const texts = (of: IncidentMessage) => [
      JSON.stringify(renderSlack(of, place.timeZone)),
      JSON.stringify(renderDiscord(of)).replaceAll('\\\\', ''),
      JSON.stringify(renderTeams(of, place.timeZone)),
      renderEmail(of, place).text,
      renderEmail(of, place).html,
      JSON.stringify(renderPagerDuty(of, key, 'msg_1')),
    ]
    for (const said of texts(message)) {
      expect(said).toContain('It began after the deploy v2 of 02:41. That is likely.')
    }
    for (const said of texts({ ...message, count: 5 })) expect(said).toContain('That is likely for 1 of 5.')
    for (const said of texts({ ...message, cause: null })) expect(said).not.toMatch(/cause/i)
  })

  test('is told when it ends how long it took, and whether all of it has', () => {
    const { text } = renderEmail({ ...message, what: 'resolved', stillOpen: 2 }, place)
    expect(text).toContain('Took: 2 min')
    expect(text).toContain('Of these still open: 2')
  })
})

test('one course of one cause is one incident of PagerDuty, from trigger to resolve', () => {
  const events = (['opened', 'acknowledged', 'resolved'] as const).map((what) =>
    renderPagerDuty({ ...message, what }, key, 'msg_1'),
  )
  expect(events.map(({ event_action }) => event_action)).toEqual(['trigger', 'acknowledge', 'resolve'])
  expect(new Set(events.map(({ dedup_key }) => dedup_key)).size).toBe(1)
})

test('Slack’s own signs are escaped as Slack says', () => {
  expect(slackText('a & b <c> &amp;')).toBe('a &amp; b &lt;c&gt; &amp;amp;')
})

function mrkdwnOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(mrkdwnOf)
  if (typeof value !== 'object' || value === null) return []
  if ('type' in value && value.type === 'mrkdwn' && 'text' in value) return [String(value.text)]
  return Object.values(value).flatMap(mrkdwnOf)
}
