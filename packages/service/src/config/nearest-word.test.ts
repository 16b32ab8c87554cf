import { describe, expect, it } from 'vitest'
import { nearestWord } from './nearest-word.ts'

const known = ['customerId', 'plan', 'premium', 'trialEndsAt', 'entitlements', 'seats']

describe('the word that was probably meant', () => {
  it.each([
    ['customerID', 'customerId'],
    ['customer_id', 'customerId'],
    ['plans', 'plan'],
    ['pln', 'plan'],
    ['entitlments', 'entitlements'],
    ['trial_ends_at', 'trialEndsAt'],
    ['seat', 'seats'],
    ['isPremium', 'premium'],
    ['x', null],
    ['', null],
    ['postgres', null],
    ['color', null],
  ])('by %j is %s', (word, expected) => {
    expect(nearestWord(word, known)).toBe(expected)
  })

  it('is none where none is known', () => {
    expect(nearestWord('plan', [])).toBeNull()
  })
})
