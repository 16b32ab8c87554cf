import { describe, expect, test } from 'vitest'
import { discordShape, slackShape, teamsShape } from '../render/vendor-shapes.ts'
import type { DigestNumbers, WeekNumbers } from './digest-numbers.ts'
import { digestWords, parityWords } from './digest-words.ts'
import { renderDigest } from './render-digest.ts'
import { midnightsBefore } from './week.ts'

const at = new Date('2026-11-16T07:00:00Z')
const week: WeekNumbers = {
  opened: 31,
  resolved: 27,
  checks: 175,
  incomplete: 2,
  parity: { agrees: 99_612, of: 99_650 },
  days: [
    [2, 1],
    [0, 0],
    [19, 3],
    [5, 17],
    [3, 4],
    [0, 1],
    [2, 1],
  ].map(([opened = 0, resolved = 0]) => ({ opened, resolved })),
}
const numbers: DigestNumbers = {
  week,
  before: { ...week, opened: 12, resolved: 11, incomplete: 0 },
  openNow: {
    open: 9,
    moneyAtRisk: { customer: [{ currency: 'usd', amount: 18_000 }], business: [], both: [] },
  },
  openBefore: {
    open: 5,
    moneyAtRisk: { customer: [], business: [{ currency: 'eur', amount: 9_900 }], both: [] },
  },
  slowest: [{ incidentId: 'inc_1', sentence: '<b>Ann</b> *pays* for pro.', tookMs: 277_200_000 }],
}
const nothing: WeekNumbers = { opened: 0, resolved: 0, checks: 0, incomplete: 0, parity: null, days: [] }
const wordsOf = (change: Partial<DigestNumbers> = {}, projectName = 'Acme app') =>
  digestWords(
    { ...numbers, ...change },
    {
      projectName,
      timeZone: 'Europe/Berlin',
      midnights: midnightsBefore(at, 'Europe/Berlin'),
      link: 'https://trueup.example.com/projects/prj_1',
      settingsLink: 'https://trueup.example.com/projects/prj_1/settings/alerts',
    },
  )

describe('a digest', () => {
  test('says the week in a line, and each number beside the one of the week before', () => {
    const { title, sentence, figures } = wordsOf()
    expect(title).toBe('Week of 9 Nov – 15 Nov · Acme app')
    expect(sentence).toBe(
      '31 opened and 27 resolved. 9 still open. 2 of 175 checks could not read everything.',
    )
    expect(figures.map(({ label, value, before }) => `${label}: ${value} | ${before}`)).toEqual([
      'Opened: 31 | week before: 12',
      'Resolved: 27 | week before: 11',
      'Open now: 9 | week before: 5',
      'Parity: 99.96 % | week before: 99.96 %',
      'Paid for and missing: $180.00 a month | week before: none',
      'Open and unpaid: none | week before: €99.00 a month',
      'Checks: 175, 2 incomplete | week before: 175',
    ])
  })

  test.each<[string, Partial<DigestNumbers>, string]>([
    [
      'in which nothing happened is quiet',
      { week: { ...nothing, checks: 168 }, openNow: { ...numbers.openNow, open: 0 } },
      'A quiet week: nothing opened. Nothing is open.',
    ],
    [
      'without a check says that nothing is known, never that all is well',
      { week: nothing, openNow: { ...numbers.openNow, open: 0 } },
      'No check ended this week, so nothing is known. Look at the sources and the schedule.',
    ],
  ])('of a week %s', (_, change, sentence) => {
    expect(wordsOf(change).sentence).toBe(sentence)
  })

  test.each<[WeekNumbers['parity'], string]>([
    [null, 'not measured'],
    [{ agrees: 0, of: 0 }, 'not measured'],
    [{ agrees: 10, of: 10 }, '100 %'],
    [{ agrees: 999_999, of: 1_000_000 }, '99.99 %'],
    [{ agrees: 0, of: 10 }, '0.00 %'],
  ])('never rounds parity up: %j is %s', (parity, words) => {
    expect(parityWords(parity)).toBe(words)
  })

  test('compares nothing with a week of which there was no digest', () => {
    expect(wordsOf({ openBefore: null }).figures.find(({ label }) => label === 'Open now')?.before).toBe('')
  })

  test('is what each medium takes, also with great numbers and hostile names', () => {
    const great: WeekNumbers = {
      ...week,
      opened: 9_999_999,
      days: week.days.map(() => ({ opened: 1_234_567, resolved: 0 })),
    }
    const moneys = Array.from({ length: 20 }, (_, place) => ({
      currency: `${String.fromCharCode(97 + place)}zz`,
      amount: 9_007_199_254_740_991,
    }))
    for (const words of [
      wordsOf(),
      wordsOf({ week: nothing, before: nothing, slowest: [] }),
      wordsOf(
        {
          week: great,
          openNow: { open: 1, moneyAtRisk: { customer: moneys, business: moneys, both: moneys } },
          openBefore: { open: 1, moneyAtRisk: { customer: moneys, business: moneys, both: moneys } },
          slowest: Array.from({ length: 3 }, () => ({
            incidentId: 'inc_1',
            sentence: 'x'.repeat(240),
            tookMs: 1,
          })),
        },
        '<!channel> **x** '.repeat(50),
      ),
    ]) {
      const bodyOf = (kind: 'slack' | 'discord' | 'teams') => {
        const rendered = renderDigest(kind, words, at)
        return rendered.kind === 'body' ? JSON.parse(rendered.body) : null
      }
      expect(slackShape.safeParse(bodyOf('slack')).error).toBeUndefined()
      expect(discordShape.safeParse(bodyOf('discord')).error).toBeUndefined()
      expect(teamsShape.safeParse(bodyOf('teams')).error).toBeUndefined()
    }
  })

  test('draws its chart in a mail from cells alone: nothing is fetched, nothing runs', () => {
    const rendered = renderDigest('email', wordsOf(), at)
    const html = rendered.kind === 'mail' ? rendered.mail.html : ''
    expect(html).not.toMatch(/<(img|svg|script|link|style|iframe)/i)
    const widths = [...html.matchAll(/<td width="(\d+)" height="10" bgcolor/g)].map(([, width]) =>
      Number(width),
    )
    expect(Math.max(...widths)).toBe(140)
    expect(widths).toHaveLength(
      week.days.flatMap(({ opened, resolved }) => [opened, resolved]).filter(Boolean).length,
    )
    expect(html).toContain('&lt;b&gt;Ann&lt;/b&gt;')
  })
})
