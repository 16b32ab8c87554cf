import type { Http } from '@trueup/core'
import { describe, expect, test } from 'vitest'
import type { CheckProgress } from '../check/progress.ts'
import { ApiClient } from './api-client.ts'
import { followCheck } from './follow-check.ts'
import type { ShownCheck } from './read-answer.ts'

const at = new Date('2026-11-21T09:00:00.000Z')
const begun: ShownCheck = {
  id: 'chk_1',
  kind: 'full',
  dryRun: false,
  asOf: at,
  startedAt: at,
  finishedAt: null,
  phase: 'read',
  parts: { 'stripe/customers': { state: 'reading' } },
  requests: {},
  counts: null,
  complete: false,
}
const refused = () => Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } })
const answer = (change: Partial<ShownCheck>) => () => Response.json({ ...begun, ...change })

/** Follows the check at a service that gives these answers, and gives what was told of it. */
async function follow(...answers: (() => Response | Error)[]) {
  const http: Http = async () => {
    const next = answers.shift()?.() ?? new Error('looked once more than was expected')
    if (next instanceof Error) throw next
    return next
  }
  const { signal } = new AbortController()
  const timer = {
    sleep: (ms: number) => (ms >= 30_000 ? new Promise<void>(() => {}) : Promise.resolve()),
  }
  const url = 'https://trueup.example.com'
  const client = new ApiClient({
    url,
    key: null,
    http,
    timer,
    randomBytes: (count) => new Uint8Array(count),
    signal,
  })
  const told: CheckProgress[] = []
  const reading: string[] = []
  const project = { client, id: 'prj_1', name: 'App', state: 'live', at: (path: string) => path }
  const check = await followCheck(project, begun, {
    timer,
    signal,
    onProgress: (progress) => told.push(progress),
    onReading: (parts) => reading.push(parts.join()),
  })
  return { check, told, reading }
}

describe('following a check at a service', () => {
  test('tells each phase and the end of each part once, and ends with the check', async () => {
    const read = { 'stripe/customers': { state: 'complete' } } as const
    const { check, told, reading } = await follow(
      answer({}),
      answer({ phase: 'compare', parts: read }),
      answer({
        phase: 'finished',
        parts: { ...read, 'clerk/users': { state: 'failed', code: 'unreachable', message: 'It is away.' } },
        finishedAt: new Date(at.getTime() + 1_000),
      }),
    )
    expect(check.finishedAt).toEqual(new Date('2026-11-21T09:00:01.000Z'))
    expect(reading).toEqual(['stripe/customers', 'stripe/customers', ''])
    expect(told).toEqual([
      { kind: 'phase', phase: 'read' },
      { kind: 'phase', phase: 'compare' },
      { kind: 'part', source: 'stripe', part: 'customers', state: 'complete', message: null },
      { kind: 'phase', phase: 'finished' },
      { kind: 'part', source: 'clerk', part: 'users', state: 'failed', message: 'It is away.' },
    ])
  })

  test('waits for a service that restarts', async () => {
    const { check } = await follow(
      refused,
      () => new Response('Bad gateway', { status: 502 }),
      refused,
      answer({ finishedAt: at }),
    )
    expect(check.finishedAt).toEqual(at)
  })

  test('gives up where the service stays away, and at once where the check is gone or the key is revoked', async () => {
    await expect(follow(...Array.from({ length: 30 }, () => refused))).rejects.toMatchObject({
      code: 'server-unreachable',
    })
    const problem = () => Response.json({ code: 'key-unknown', detail: 'It opens nothing.' }, { status: 401 })
    await expect(follow(problem, answer({ finishedAt: at }))).rejects.toMatchObject({ code: 'key-unknown' })
  })
})
