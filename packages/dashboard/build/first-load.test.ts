import { expect, test } from 'vitest'
import { firstLoad } from './first-load.ts'

const files = new Map([
  ['index.js', { isEntry: true, module: '/a/index.html', imports: ['react.js'] }],
  ['react.js', { isEntry: false, module: null, imports: [] }],
  ['overview.js', { isEntry: false, module: '/a/src/pages/overview.tsx', imports: ['index.js', 'chart.js'] }],
  ['chart.js', { isEntry: false, module: null, imports: ['react.js'] }],
  ['ledger.js', { isEntry: false, module: '/a/src/pages/ledger.tsx', imports: ['table.js'] }],
])

test('the first load of a page is the entry, the page, and what they import, each once', () => {
  expect(firstLoad(files, ['/src/pages/overview.tsx'])).toEqual([
    'chart.js',
    'index.js',
    'overview.js',
    'react.js',
  ])
})

test('a page that is loaded with everything else is found out', () => {
  expect(() => firstLoad(files, ['/src/pages/policy.tsx'])).toThrow(/policy\.tsx has no file of its own/)
})
