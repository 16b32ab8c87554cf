import { expect, it } from 'vitest'
import { paymentFailedEmail } from './payment-failed-email.ts'

const notice = { amountDue: 2900, currency: 'usd', nextAttemptAt: new Date('2026-11-24T10:00:00Z') }
const options = { product: 'Acme', url: 'https://billing.example/p?a=1&b=2' }

it('says what is due, when it is tried again, and where the card is changed', () => {
  const { subject, text } = paymentFailedEmail(notice, options)
  expect(subject).toBe('Your payment for Acme did not go through')
  expect(text).toContain('$29.00')
  expect(text).toContain('on November 24, 2026')
  expect(text).toContain(options.url)
})

it.each([
  ['jpy', 4400, '¥4,400'],
  ['kwd', 9000, 'KWD 9.000'],
])('an amount in %s is told in its own units', (currency, amountDue, said) => {
  expect(
    paymentFailedEmail({ ...notice, currency, amountDue }, options).text.replaceAll('\u00a0', ' '),
  ).toContain(said)
})

it('says where it is not tried again', () => {
  expect(paymentFailedEmail({ ...notice, nextAttemptAt: null }, options).text).toContain('not tried again')
})

it('says nothing of a next try where Clerk Billing does not say, and nothing of a sum that is not one', () => {
  const { text } = paymentFailedEmail({ amountDue: 2900, currency: 'usd' }, options)
  expect(text).toContain('Your payment of $29.00 for Acme did not go through.\n')
  expect(text).not.toContain('tried again')
  expect(text).not.toContain('short time')
  const { text: unsure } = paymentFailedEmail({ amountDue: null, currency: 'usd' }, options)
  expect(unsure).toContain('Your payment for Acme did not go through.')
})

it('whatever the app is called is text and not markup', () => {
  const { html } = paymentFailedEmail(notice, { ...options, product: '<b onclick="x">Acme & Sons</b>' })
  expect(html).not.toContain('<b')
  expect(html).toContain('Acme &amp; Sons')
  expect(html).toContain('a=1&amp;b=2')
})
