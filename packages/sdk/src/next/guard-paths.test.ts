import { expect, it } from 'vitest'
import type { Gate } from '../gate/gate-answer.ts'
import { refuse } from '../gate/judge.ts'
import { guardPaths } from './guard-paths.ts'

const closed: Gate<string> = async (auth) =>
  auth === 'nobody' ? refuse('signed-out', null) : refuse('plan-upgrade-required', null)
const at = (path: string) => new Request(`https://app.example${path}`)

it.each([
  ['/reports', true],
  ['/reports/', true],
  ['/reports/2026', true],
  ['/reports?from=/other', true],
  ['/%72eports', true],
  ['/reports%2f2026', true],
  ['//reports', true],
  ['/_next/data/build-1/reports.json', true],
  ['/_next/data/build-1/reports/2026.json', true],
  ['/reports-public', false],
  ['/', false],
  ['/other/reports', false],
])('the guard of /reports asked for %s closes: %s', async (path, closes) => {
  const response = await guardPaths([{ path: '/reports', gate: closed }])(at(path), 'member')
  expect(response?.status).toBe(closes ? 403 : undefined)
})

it('answers 400 to a path that no router can read', async () => {
  expect((await guardPaths([{ path: '/reports', gate: closed }])(at('/%ff'), 'member'))?.status).toBe(400)
})

it('sends a browser where the app says, by what was refused', async () => {
  const guard = guardPaths([
    { path: '/a', gate: closed, redirectTo: '/pricing?from=a' },
    { path: '/b', gate: closed, redirectTo: ({ status }) => (status === 401 ? '/sign-in' : null) },
  ])
  const to = async (path: string, auth: string) => {
    const response = await guard(at(path), auth)
    return [response?.status, response?.headers.get('location') ?? null]
  }
  expect(await to('/a', 'member')).toEqual([307, 'https://app.example/pricing?from=a'])
  expect(await to('/b', 'nobody')).toEqual([307, 'https://app.example/sign-in'])
  expect(await to('/b', 'member')).toEqual([403, null])
})

it('has all gates open where a path stands below several', async () => {
  const open: Gate<string> = async () => ({
    open: true,
    status: 200,
    access: {
      subject: { type: 'user', id: 'user_1' },
      ...{ plan: 'pro', paid: true, trialEndsAt: null, entitlements: [], seats: null },
      ...{ reason: 'paid', asOf: null, ageMs: null, endsAt: null, changesAt: null },
    },
  })
  const guard = guardPaths([
    { path: '/reports', gate: open },
    { path: '/reports/secret', gate: closed },
  ])
  expect(await guard(at('/reports/2026'), 'member')).toBeUndefined()
  expect((await guard(at('/reports/secret'), 'member'))?.status).toBe(403)
})
