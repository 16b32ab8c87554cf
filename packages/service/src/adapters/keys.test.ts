import { inspect } from 'node:util'
import { SourceError } from '@trueup/core'
import { describe, expect, test } from 'vitest'
import { Secret, withoutKeys } from '../secret.ts'
import { acceptClerkKey } from './clerk/key.ts'
import { acceptStripeKey } from './stripe/key.ts'

function refusalOf(accept: () => void): SourceError | null {
  try {
    accept()
    return null
  } catch (error) {
    if (error instanceof SourceError) return error
    throw error
  }
}

describe('what is pasted in place of a Stripe key', () => {
  const pasted: readonly (readonly [name: string, text: string, code: string | null, words: RegExp])[] = [
    ['a restricted key of test mode', 'rk_test_51Abcd', null, /^$/],
    ['a restricted key of live mode', 'rk_live_51Abcd', null, /^$/],
    ['nothing', '', 'key-malformed', /is empty/],
    ['blanks', '  ', 'key-malformed', /is empty/],
    ['a key with a line break', 'rk_test_51Ab\ncd', 'key-malformed', /white space/],
    ['a key with its middle left out', 'rk_live_…abcd', 'key-malformed', /middle left out/],
    ['a key with stars', 'rk_test_*****qs8Kgd', 'key-malformed', /middle left out/],
    ['a publishable key', 'pk_live_51Abcd', 'key-malformed', /publishable key, which can read nothing/],
    ['a webhook secret', 'whsec_abcd', 'key-malformed', /webhook signing secret/],
    ['a full secret key', 'sk_live_51Abcd', 'key-too-powerful', /full Stripe secret key/],
    ['a secret key of Clerk', 'sk_test_Abcd', 'key-too-powerful', /or a key of another vendor/],
    ['a customer id', 'cus_Abcd1234', 'key-malformed', /does not look like a Stripe key/],
    ['a key too short to be one', 'rk_test_1', 'key-malformed', /does not look like a Stripe key/],
  ]
  test.each(pasted)('%s', (_, text, code, words) => {
    const refusal = refusalOf(() => acceptStripeKey(new Secret(text), { allowSecretKey: false }))
    expect(refusal?.code ?? null).toBe(code)
    expect(refusal?.message ?? '').toMatch(words)
    if (refusal) expect(refusal.fix).not.toBe('')
  })

  test('a full secret key is taken where the operator says so, and one with its middle left out is not', () => {
    const refusal = (text: string) =>
      refusalOf(() => acceptStripeKey(new Secret(text), { allowSecretKey: true }))
    expect(refusal('sk_live_51Abcd')).toBeNull()
    expect(refusal('sk_live_…Abcd')?.code).toBe('key-malformed')
  })
})

describe('what is pasted in place of a Clerk key', () => {
  const pasted: readonly (readonly [name: string, text: string, fix: RegExp | null])[] = [
    ['a secret key of development', 'sk_test_Abcd', null],
    ['a secret key of production', 'sk_live_Abcd', null],
    ['nothing', '', /Copy it from the Clerk dashboard/],
    ['a publishable key', 'pk_test_Y2xlcmsk', /publishable key, which cannot read users/],
    ['a restricted key of Stripe', 'rk_live_51Abcd', /restricted key of Stripe/],
    ['a webhook secret', 'whsec_abcd', /webhook signing secret/],
    ['a key with its middle left out', 'sk_test_…abcd', /middle left out/],
    ['a key with a blank in it', 'sk_test_Ab cd', /white space/],
    ['a user id', 'user_2abc', /Copy it from the Clerk dashboard/],
  ]
  test.each(pasted)('%s', (_, text, fix) => {
    const refusal = refusalOf(() => acceptClerkKey(new Secret(text)))
    if (fix === null) expect(refusal).toBeNull()
    else {
      expect(refusal?.code).toBe('key-malformed')
      expect(refusal?.message).toBe('Enter a Clerk Backend API secret key (sk_test_… or sk_live_…)')
      expect(refusal?.fix).toMatch(fix)
    }
  })
})

describe('a secret', () => {
  const secret = new Secret('rk_live_51Canary1234')

  test('prints nowhere', () => {
    const printed = [
      `${secret}`,
      String(secret),
      JSON.stringify({ secret }),
      inspect({ secret }, { showHidden: true }),
    ]
    for (const text of printed) expect(text).not.toContain('Canary')
    expect(inspect(new Error('failed', { cause: secret }))).not.toContain('Canary')
  })

  test('shows its kind and its last four characters, and nothing of a short one', () => {
    expect(secret.label()).toBe('rk_live_…1234')
    expect(new Secret('rk_live_1234567').label()).toBe('[secret]')
    expect(new Secret('correct horse battery').label()).toBe('…tery')
  })

  test('is taken out of the words of others', () => {
    expect(withoutKeys('Invalid header value: "Bearer sk_test_Canary", 3')).toBe(
      'Invalid header value: "Bearer [secret]", 3',
    )
  })
})
