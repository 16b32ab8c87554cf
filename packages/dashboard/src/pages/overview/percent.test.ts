import { expect, it } from 'vitest'
import { percentText } from './percent.ts'

it.each([
  [1, '100%'],
  [0.99996, '99.9%'],
  [0.8227, '82.3%'],
  [0.00001, '0.1%'],
  [0, '0%'],
])('a share of %s is written as %s: not quite all is never all', (share, text) => {
  expect(percentText(share)).toBe(text)
})
