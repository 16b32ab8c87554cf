import { expect, it } from 'vitest'
import { withoutTold } from './without-told.ts'

const slack = new URL('https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX')
const teams = new URL('https://example.com/workflows/x?sig=aGVsbG8gd29ybGQ%2B&api-version=1')

it.each([
  ['no route /services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX here', slack, 'no route [secret] here'],
  ['token XXXXXXXXXXXXXXXXXXXXXXXX is off', slack, 'token [secret] is off'],
  ['our services are down', slack, 'our services are down'],
  ['sig=aGVsbG8gd29ybGQ%2B is wrong', teams, 'sig=[secret] is wrong'],
  ['sig is aGVsbG8gd29ybGQ+', teams, 'sig is [secret]'],
  ['nothing here', new URL('https://example.com/'), 'nothing here'],
])('a receiver that says %j is told without its address', (said, url, told) => {
  expect(withoutTold(said, url)).toBe(told)
})

it('takes out what else was told, as it is and in base64', () => {
  const auth = Buffer.from('\0trueup\0hunter22').toString('base64')
  expect(withoutTold(`AUTH PLAIN ${auth}: hunter22`, null, ['hunter22', '\0trueup\0hunter22'])).toBe(
    'AUTH PLAIN [secret]: [secret]',
  )
})
