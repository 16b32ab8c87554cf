import { describe, expect, it } from 'vitest'
import type { Principal } from './principal.ts'
import { createRateLimits } from './rate-limits.ts'

const key = (keyId: string): Principal => ({
  kind: 'key',
  keyId,
  workspaceId: 'ours',
  projectId: null,
  scope: 'read',
})
const nobody: Principal = { kind: 'nobody' }

describe('limits', () => {
  it('say what is let through, what is left, and when it begins anew', async () => {
    const limits = createRateLimits({ ofAddress: 10, ofPrincipal: 3 })
    const left: string[] = []
    for (let turn = 0; turn < 3; turn++) {
      const headers = await limits.take(key('key_1'), '203.0.113.7')
      expect(headers['RateLimit-Limit']).toBe('3')
      expect(Number(headers['RateLimit-Reset'])).toBeGreaterThan(0)
      expect(Number(headers['RateLimit-Reset'])).toBeLessThanOrEqual(60)
      left.push(headers['RateLimit-Remaining'] ?? '')
    }
    expect(left).toEqual(['2', '1', '0'])
  })

  it('refuse what is beyond, with the seconds to wait', async () => {
    const limits = createRateLimits({ ofAddress: 10, ofPrincipal: 1 })
    await limits.take(key('key_1'), '203.0.113.7')
    const refused = await limits.take(key('key_1'), '203.0.113.7').catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'too-many-requests', fix: expect.stringMatching(/^Wait \d+ s/) })
    const { retryAfterSeconds } = refused as { readonly retryAfterSeconds: number }
    expect(retryAfterSeconds).toBeGreaterThanOrEqual(1)
    expect(retryAfterSeconds).toBeLessThanOrEqual(60)
  })

  it('count each key by itself, wherever it is used, and whoever is nobody by the address', async () => {
    const limits = createRateLimits({ ofAddress: 10, ofPrincipal: 1 })
    await limits.take(key('key_1'), '203.0.113.7')
    await limits.take(key('key_2'), '203.0.113.7')
    await expect(limits.take(key('key_1'), '203.0.113.8')).rejects.toMatchObject({
      code: 'too-many-requests',
    })
    await limits.take(nobody, '203.0.113.7')
    await limits.take(nobody, '203.0.113.8')
    await expect(limits.take(nobody, '203.0.113.7')).rejects.toMatchObject({ code: 'too-many-requests' })
  })

  it('count an address before anything is looked up, also for keys that do not exist', async () => {
    const limits = createRateLimits({ ofAddress: 2, ofPrincipal: 100 })
    await limits.beforeSignIn('203.0.113.7')
    await limits.beforeSignIn('203.0.113.7')
    await expect(limits.beforeSignIn('203.0.113.7')).rejects.toMatchObject({ code: 'too-many-requests' })
    await limits.beforeSignIn('203.0.113.8')
  })
})
