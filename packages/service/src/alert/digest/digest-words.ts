import type { Money } from '@trueup/core'
import { formatMoney } from '@trueup/core'
import type { DigestNumbers, WeekNumbers } from './digest-numbers.ts'
import { dayOf, daysTold, type Midnights, weekdayOf } from './week.ts'

/** A number of the digest with the one of the week before beside it. */
export interface DigestFigure {
  readonly label: string
  readonly value: string
  /** `week before: 12`; empty: there is nothing to compare with. */
  readonly before: string
}

/** A day of the chart. */
export interface DigestDay {
  readonly day: string
  readonly opened: number
  readonly resolved: number
}

/** A digest in words, before it takes the form of a medium. */
export interface DigestWords {
  readonly title: string
  readonly sentence: string
  readonly figures: readonly DigestFigure[]
  readonly days: readonly DigestDay[]
  readonly slowest: DigestNumbers['slowest']
  readonly link: string
  readonly settingsLink: string
  readonly projectName: string
}

/** Puts the numbers of a week into words. */
export function digestWords(
  { week, before, openNow, openBefore, slowest }: DigestNumbers,
  place: {
    readonly projectName: string
    readonly timeZone: string
    readonly midnights: Midnights
    readonly link: string
    readonly settingsLink: string
  },
): DigestWords {
  const { midnights, timeZone } = place
  const starts = midnights.slice(daysTold, -1)
  const [first, last] = [starts[0], starts.at(-1)]
  if (!first || !last) throw new Error('A week of no days has no digest.')
  return {
    title: `Week of ${dayOf(first, timeZone)} – ${dayOf(last, timeZone)} · ${place.projectName}`,
    sentence: sentenceOf(week, openNow.open),
    figures: [
      { label: 'Opened', value: count(week.opened), before: weekBefore(count(before.opened)) },
      { label: 'Resolved', value: count(week.resolved), before: weekBefore(count(before.resolved)) },
      {
        label: 'Open now',
        value: count(openNow.open),
        before: openBefore ? weekBefore(count(openBefore.open)) : '',
      },
      {
        label: 'Parity',
        value: parityWords(week.parity),
        before: before.parity ? weekBefore(parityWords(before.parity)) : '',
      },
      {
        label: 'Paid for and missing',
        value: sums(openNow.moneyAtRisk.customer),
        before: openBefore ? weekBefore(sums(openBefore.moneyAtRisk.customer)) : '',
      },
      {
        label: 'Open and unpaid',
        value: sums(openNow.moneyAtRisk.business),
        before: openBefore ? weekBefore(sums(openBefore.moneyAtRisk.business)) : '',
      },
      ...(openNow.moneyAtRisk.both.length > 0
        ? [
            {
              label: 'At risk both ways',
              value: sums(openNow.moneyAtRisk.both),
              before: openBefore ? weekBefore(sums(openBefore.moneyAtRisk.both)) : '',
            },
          ]
        : []),
      { label: 'Checks', value: checksWords(week), before: weekBefore(checksWords(before)) },
    ],
    days: starts.map((start, day) => ({
      day: weekdayOf(start, timeZone),
      opened: week.days[day]?.opened ?? 0,
      resolved: week.days[day]?.resolved ?? 0,
    })),
    slowest,
    link: place.link,
    settingsLink: place.settingsLink,
    projectName: place.projectName,
  }
}

/** What a reader who reads one line has to know. */
function sentenceOf(week: WeekNumbers, open: number): string {
  if (week.checks === 0)
    return 'No check ended this week, so nothing is known. Look at the sources and the schedule.'
  const moved =
    week.opened === 0 && week.resolved === 0
      ? 'A quiet week: nothing opened.'
      : `${count(week.opened)} opened and ${count(week.resolved)} resolved.`
  const left = open === 0 ? 'Nothing is open.' : `${count(open)} still open.`
  const unread =
    week.incomplete === 0
      ? ''
      : ` ${count(week.incomplete)} of ${count(week.checks)} checks could not read everything.`
  return `${moved} ${left}${unread}`
}

/**
 * The share of those who have what they paid for. It is never rounded up to all of them.
 *
 * @example
 * parityWords({ agrees: 9_999, of: 10_000 }) // '99.99 %'
 */
export function parityWords(parity: WeekNumbers['parity']): string {
  if (parity === null || parity.of === 0) return 'not measured'
  if (parity.agrees === parity.of) return '100 %'
  return `${(Math.floor((parity.agrees / parity.of) * 10_000) / 100).toFixed(2)} %`
}

function checksWords({ checks, incomplete }: WeekNumbers): string {
  return incomplete === 0 ? count(checks) : `${count(checks)}, ${count(incomplete)} incomplete`
}

function sums(moneys: readonly Money[]): string {
  return moneys.length === 0 ? 'none' : `${moneys.map(formatMoney).join(' + ')} a month`
}

function weekBefore(value: string): string {
  return `week before: ${value}`
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}
