import { expect, it } from 'vitest'
import { allowedRedirect, withSessionId } from './redirect.ts'

const origins = ['https://app.example', 'https://www.app.example:8443'] as const

it.each([
  ['/billing', 'https://app.example/billing'],
  ['/billing?tab=plan#top', 'https://app.example/billing?tab=plan#top'],
  ['https://app.example/billing', 'https://app.example/billing'],
  ['https://www.app.example:8443/', 'https://www.app.example:8443/'],
])('%s leads to %s', (target, url) => {
  expect(allowedRedirect(target, [...origins])).toBe(url)
})

it.each([
  'https://evil.example/billing',
  '//evil.example/billing',
  '\\\\evil.example/billing',
  '/\\evil.example',
  'https://app.example.evil.example/',
  'https://app.example@evil.example/',
  'https://user:password@app.example/',
  'http://app.example/',
  'https://app.example:444/',
  'javascript:alert(1)',
  'data:text/html,hello',
  'https://',
])('%s leads nowhere', (target) => {
  expect(() => allowedRedirect(target, [...origins])).toThrow(
    expect.objectContaining({ code: 'redirect-not-allowed' }),
  )
})

it.each([
  ['/done', 'https://app.example/done?session_id={CHECKOUT_SESSION_ID}'],
  ['/done?a=1#x', 'https://app.example/done?a=1&session_id={CHECKOUT_SESSION_ID}#x'],
  ['/done?id={CHECKOUT_SESSION_ID}', 'https://app.example/done?id={CHECKOUT_SESSION_ID}'],
  ['/done/{CHECKOUT_SESSION_ID}', 'https://app.example/done/{CHECKOUT_SESSION_ID}'],
])('after %s the browser comes back to %s', (target, url) => {
  expect(withSessionId(target, [...origins])).toBe(url)
})
