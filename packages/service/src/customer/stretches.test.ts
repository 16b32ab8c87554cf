import { describe, expect, test } from 'vitest'
import { stretchesOf } from './stretches.ts'

/** Hours since the window began. */
const at = (hours: number) => new Date(Date.UTC(2026, 5, 1) + hours * 3_600_000)
const hour = (date: Date) => (date.getTime() - at(0).getTime()) / 3_600_000
const step = (hours: number, state: string | null) => ({
  pairKey: 'user:user_1',
  seenAt: at(hours),
  checkId: null,
  state,
  facts: null,
})
const look = (hours: number, complete = true) => ({ checkId: `chk_${hours}`, at: at(hours), complete })
const told = (...args: Parameters<typeof stretchesOf>) =>
  stretchesOf(...args).map((stretch) => [
    hour(stretch.from),
    hour(stretch.to),
    stretch.known ? stretch.step.state : stretch.because,
  ])
const window = { from: at(0), to: at(100) }

describe('what is known of a pair over time', () => {
  const cases = [
    ['nothing where nobody looked', [], [], [[0, 100, 'before-first-look']]],
    [
      'a moment where one check looked',
      [step(10, 'pro')],
      [look(10)],
      [
        [0, 10, 'before-first-look'],
        [10, 10, 'pro'],
        [10, 100, 'not-looked-since'],
      ],
    ],
    [
      'a stretch where several checks saw the same',
      [step(10, 'pro')],
      [look(10), look(34), look(58)],
      [
        [0, 10, 'before-first-look'],
        [10, 58, 'pro'],
        [58, 100, 'not-looked-since'],
      ],
    ],
    [
      'nothing between two checks that saw different things',
      [step(10, 'pro'), step(58, 'free')],
      [look(10), look(34), look(58), look(82)],
      [
        [0, 10, 'before-first-look'],
        [10, 34, 'pro'],
        [34, 58, 'changed-between'],
        [58, 82, 'free'],
        [82, 100, 'not-looked-since'],
      ],
    ],
    [
      'nothing from checks that did not read everything',
      [step(10, 'pro')],
      [look(10), look(34, false)],
      [
        [0, 10, 'before-first-look'],
        [10, 10, 'pro'],
        [10, 100, 'not-looked-since'],
      ],
    ],
    [
      'nothing between two checks that are too far apart, though both saw the same',
      [step(10, 'pro')],
      [look(10), look(20), look(90), look(95)],
      [
        [0, 10, 'before-first-look'],
        [10, 20, 'pro'],
        [20, 90, 'nobody-looked'],
        [90, 95, 'pro'],
        [95, 100, 'not-looked-since'],
      ],
    ],
    [
      'a moment that a reading of this pair alone saw',
      [step(10, 'pro'), step(40, 'free')],
      [look(10), look(34), look(58)],
      [
        [0, 10, 'before-first-look'],
        [10, 34, 'pro'],
        [34, 40, 'changed-between'],
        [40, 58, 'free'],
        [58, 100, 'not-looked-since'],
      ],
    ],
    [
      'that it is no more',
      [step(10, 'pro'), step(34, null)],
      [look(10), look(34), look(58)],
      [
        [0, 10, 'before-first-look'],
        [10, 10, 'pro'],
        [10, 34, 'changed-between'],
        [34, 58, null],
        [58, 100, 'not-looked-since'],
      ],
    ],
    [
      'what was seen before the window, into it',
      [step(-20, 'pro')],
      [look(-20), look(10)],
      [
        [0, 10, 'pro'],
        [10, 100, 'not-looked-since'],
      ],
    ],
  ] as const
  for (const [what, steps, looks, expected] of cases) {
    test(what, () => expect(told([...steps], [...looks], window)).toEqual(expected))
  }

  test('covers the whole window, without a gap and without saying two things of one moment', () => {
    const stretches = stretchesOf(
      [step(5, 'a'), step(30, 'b'), step(31, 'c'), step(90, null)],
      [look(5), look(30), look(40), look(95)],
      window,
    )
    expect([stretches.at(0)?.from, stretches.at(-1)?.to]).toEqual([window.from, window.to])
    for (const [place, stretch] of stretches.entries()) {
      if (place > 0) expect(stretch.from).toEqual(stretches[place - 1]?.to)
    }
  })
})
