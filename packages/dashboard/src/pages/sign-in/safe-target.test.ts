import { expect, test } from 'vitest'
import { safeTarget } from './safe-target.ts'

test.each([
  [undefined, '/'],
  ['', '/'],
  ['/projects/prj_1/incidents?state=open#top', '/projects/prj_1/incidents?state=open#top'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['https://evil.example/', '/'],
  ['javascript:alert(1)', '/'],
  ['sign-in', '/'],
])('after signing in %j leads to %s', (to, target) => {
  expect(safeTarget(to)).toBe(target)
})
