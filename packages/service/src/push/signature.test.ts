import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Secret } from '../secret.ts'
import { refuseSignature, signingKey, signPush } from './signature.ts'

const text = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const otherText = `whsec_${Buffer.alloc(32, 8).toString('base64')}`
const [key, other] = [signingKey(new Secret(text)), signingKey(new Secret(otherText))]
const now = new Date('2026-06-01T12:00:00Z')
const body = '{"push":{"id":"p1"}}'

const headersOf = (headers: object) => new Headers(Object.entries(headers))
const bytes = (of: string) => new TextEncoder().encode(of)
const seconds = (count: number) => new Date(now.getTime() + count * 1000)
const signed = (parts: Partial<Parameters<typeof signPush>[0]> = {}) =>
  signPush({ secret: text, id: 'p1', body, now, ...parts })
const verdict = (headers: object, of = body, keys = [key], at = now) =>
  refuseSignature(keys, headersOf(headers), bytes(of), at)

describe('a signed push', () => {
  it('is taken as it was signed', () => {
    expect(verdict(signed())).toBeNull()
  })

  it.each([
    ['another body', signed(), `${body} `, 'signature-invalid'],
    ['another id', { ...signed(), 'webhook-id': 'p2' }, body, 'signature-invalid'],
    ['another time', { ...signed(), 'webhook-timestamp': '1780315201' }, body, 'signature-invalid'],
    ['another key', signed({ secret: otherText }), body, 'signature-invalid'],
    [
      'another version',
      { ...signed(), 'webhook-signature': `v2,${signed()['webhook-signature'].slice(3)}` },
      body,
      'signature-invalid',
    ],
    ['a time that is no number', { ...signed(), 'webhook-timestamp': '1e9' }, body, 'signature-invalid'],
    [
      'a signature that is no base64',
      { ...signed(), 'webhook-signature': 'v1,???' },
      body,
      'signature-invalid',
    ],
    ['an empty signature', { ...signed(), 'webhook-signature': 'v1,' }, body, 'signature-invalid'],
    ['no id', { ...signed(), 'webhook-id': '' }, body, 'signature-missing'],
    ['no time', { ...signed(), 'webhook-timestamp': '' }, body, 'signature-missing'],
    ['no signature', { ...signed(), 'webhook-signature': '' }, body, 'signature-missing'],
    ['no header at all', {}, body, 'signature-missing'],
  ])('with %s is refused', (_what, headers, of, refusal) => {
    expect(verdict(headers, of)).toBe(refusal)
  })

  it.each([
    [-301, 'signature-expired'],
    [-300, null],
    [300, null],
    [301, 'signature-expired'],
  ])('is taken within five minutes: %d seconds from now is %s', (offset, refusal) => {
    expect(verdict(signed({ now: seconds(offset) }))).toBe(refusal)
  })

  it('may be signed with the old secret or the new one, while both are there', () => {
    expect(verdict(signed({ secret: otherText }), body, [key, other])).toBeNull()
    expect(verdict(signed(), body, [key, other])).toBeNull()
  })

  it('may carry several signatures, of which one fits', () => {
    const both = `${signed({ secret: otherText })['webhook-signature']} ${signed()['webhook-signature']}`
    expect(verdict({ ...signed(), 'webhook-signature': both })).toBeNull()
  })

  it('is refused whichever byte of its body or signature is changed', () => {
    const headers = signed()
    const flip = (of: string, at: number) => {
      const flipped = bytes(of)
      flipped[at] = (flipped[at] ?? 0) ^ 1
      return flipped
    }
    fc.assert(
      fc.property(fc.nat(body.length - 1), (at) => {
        expect(refuseSignature([key], headersOf(headers), flip(body, at), now)).toBe('signature-invalid')
      }),
    )
  })
})

describe('signatures and the reference of Standard Webhooks', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('agree, whoever signs', () => {
    const reference = new Webhook(text)
    const texts = fc.oneof(fc.string({ unit: 'grapheme' }), fc.json())
    fc.assert(
      fc.property(texts, fc.stringMatching(/^[a-zA-Z0-9_-]{1,40}$/), (of, id) => {
        const ours = signPush({ secret: text, id, body: of, now })
        expect(() => reference.verify(of, { ...ours }, { jsonParse: false })).not.toThrow()
        const theirs = { ...ours, 'webhook-signature': reference.sign(id, now, of) }
        expect(verdict(theirs, of)).toBeNull()
      }),
    )
  })
})

describe('a secret for pushes', () => {
  it.each([
    ['is too short', `whsec_${Buffer.alloc(23).toString('base64')}`],
    ['is no base64', 'whsec_this is not base64 at all, is it?'],
    ['is empty', ''],
  ])('that %s is refused, without being shown', (_what, value) => {
    const act = () => signingKey(new Secret(value))
    expect(act).toThrow(expect.objectContaining({ code: 'option-invalid' }))
    expect(act).not.toThrow(value.slice(6, 20) || 'whsec_this')
  })
})
