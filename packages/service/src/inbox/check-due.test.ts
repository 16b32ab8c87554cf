import { expect, it } from 'vitest'
import { mostAttempts, pauseAfter } from './check-due.ts'

it.each([
  [1, 5],
  [2, 10],
  [5, 80],
  [10, 2_560],
  [11, 3_600],
  [mostAttempts, 3_600],
])('after try %i the pause is %i seconds, less up to a half by chance', (tries, seconds) => {
  expect(pauseAfter(tries, { next: () => 0 })).toBe(seconds)
  expect(pauseAfter(tries, { next: () => 0.5 })).toBe(seconds * 0.75)
})
