import { inspect } from 'node:util'
import { createClerkClient } from '@clerk/backend'
import type { AccessPart, AccessSource } from '@trueup/core'
import { SourceError } from '@trueup/core'
import type { FaultInput, Listening } from '@trueup/sandbox'
import { ClerkState, createClerkApp, Faults, listen, ManualClock, withFaults } from '@trueup/sandbox'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Secret } from '../../secret.ts'
import { accessSourceContract, StoredSubjects } from '../access-source-contract.ts'
import { clerkMapping, freeCatalogue } from '../example-mapping.ts'
import { systemRng, systemTimer } from '../system.ts'
import { createClerkSource } from './source.ts'

const secretKey = 'sk_test_monitorCanary9e2c'
const clock = new ManualClock(new Date('2026-06-01T12:00:00Z'))
const state = new ClerkState({ seed: 'clerk source', clock })
const faults = new Faults({ seed: 5 })
const parts = ['users', 'organizations'] as const
let server: Listening
let clerk: ReturnType<typeof createClerkClient>

beforeAll(async () => {
  server = await listen(withFaults(createClerkApp({ state, keys: [secretKey] }), { faults, vendor: 'clerk' }))
  clerk = createClerkClient({ secretKey, apiUrl: server.url, telemetry: { disabled: true } })
  for (let number = 0; number < 1210; number++) {
    // Many are made in the same millisecond, as an import makes them.
    if (number % 40 === 0) clock.advance(60_000)
    await clerk.users.createUser({
      emailAddress: [`person${number}@example.com`],
      publicMetadata: { stripe_customer_id: `cus_${number}`, plan: 'free' },
    })
    await clerk.organizations.createOrganization({ name: `Organization ${number}` })
  }
  faults.requests.clear()
})
afterAll(() => server.close())
afterEach(() => {
  faults.clear()
  faults.requests.clear()
})

/** Waits a twentieth of what it is asked for, so that back-off takes no minutes. */
const hurried = { sleep: (ms: number, signal?: AbortSignal) => systemTimer.sleep(ms / 20, signal) }

function open(key = secretKey): AccessSource {
  return createClerkSource({
    key: new Secret(key),
    apiUrl: server.url,
    clock: { now: () => new Date('2026-06-02T12:00:00Z') },
    timer: hurried,
    rng: systemRng,
    mappings: { user: clerkMapping, organization: clerkMapping },
    catalogue: freeCatalogue,
  })
}

const idsOf = (part: AccessPart) => state[part].all().map(({ id }) => id)

async function read(part: AccessPart, source: AccessSource): Promise<StoredSubjects> {
  const stored = new StoredSubjects(part)
  await stored.read(source)
  return stored
}

const failure = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  )

describe('Clerk', () => {
  accessSourceContract(async () => ({
    open,
    ids: { users: idsOf('users'), organizations: idsOf('organizations') },
    commonPath: 'public_metadata.stripe_customer_id',
    revokeKeyFrom: (from) => void faults.add({ kind: 'key-revoked', from }),
    restoreKey: () => faults.clear(),
  }))
})

describe('a Clerk that misbehaves is read whole', () => {
  const profiles: readonly { readonly name: string; readonly fault: FaultInput }[] = [
    { name: 'limits requests', fault: { kind: 'rate-limited', retryAfterSeconds: 1, rate: 0.2 } },
    { name: 'fails with 500', fault: { kind: 'server-error', rate: 0.2 } },
    { name: 'fails with 502 and a page of HTML', fault: { kind: 'server-error', status: 502, rate: 0.2 } },
    { name: 'fails to count users', fault: { kind: 'server-error', route: '/v1/users/count', rate: 0.3 } },
    { name: 'resets connections', fault: { kind: 'reset', rate: 0.2 } },
    { name: 'cuts bodies off', fault: { kind: 'cut-body', rate: 0.2 } },
    { name: 'answers slowly', fault: { kind: 'slow', delayMs: 20, where: 'middle', rate: 0.2 } },
    { name: 'gives half pages that look whole', fault: { kind: 'short-page', rate: 0.3 } },
    { name: 'is out of order for a while', fault: { kind: 'outage', from: 4, limit: 4 } },
  ]
  test.each(profiles)('when it $name, and every request is counted', async ({ fault }) => {
    faults.add(fault)
    const source = open()
    for (const part of parts) {
      const stored = await read(part, source)
      expect([...new Set(stored.ids)].toSorted()).toEqual(idsOf(part).toSorted())
    }
    expect(faults.list()[0]?.struck).toBeGreaterThan(0)
    expect(source.requests()).toBe(faults.requests.total)
  })
})

describe('a Clerk that cannot be read is said to be so', () => {
  const cases: readonly { readonly name: string; readonly fault: FaultInput; readonly code: string }[] = [
    { name: 'limits every request', fault: { kind: 'rate-limited', from: 3 }, code: 'rate-limited' },
    { name: 'is out of order', fault: { kind: 'outage', from: 3 }, code: 'source-failed' },
    { name: 'fails with HTML', fault: { kind: 'server-error', status: 502, from: 3 }, code: 'source-failed' },
    { name: 'resets every connection', fault: { kind: 'reset', from: 3 }, code: 'unreachable' },
    { name: 'cuts every body off', fault: { kind: 'cut-body', from: 3 }, code: 'unreachable' },
    { name: 'revokes the key', fault: { kind: 'key-revoked', from: 3 }, code: 'key-rejected' },
  ]
  test.each(cases)('when it $name: $code', async ({ fault, code }) => {
    faults.add(fault)
    const stored = new StoredSubjects('users')
    const error = await failure(stored.read(open()))
    expect(error).toBeInstanceOf(SourceError)
    expect(error).toMatchObject({ source: 'clerk', code })
    expect(stored.isDone).toBe(false)
  })

  test('the words for a refused key and for a limit are those of the guide', async () => {
    expect(await failure(open('sk_test_another').test())).toMatchObject({
      code: 'key-rejected',
      message: 'Clerk rejected the secret key (HTTP 401)',
      fix: expect.stringContaining('a publishable pk_ key or a Stripe key is not it'),
    })
    faults.add({ kind: 'rate-limited' })
    expect(await failure(open().test())).toMatchObject({
      code: 'rate-limited',
      message: 'Clerk rate limit hit (HTTP 429)',
      retryable: true,
    })
  })

  test('the key stands in no message, no cause and nothing that is printed, whatever goes wrong', async () => {
    const kinds = ['rate-limited', 'outage', 'reset', 'cut-body', 'key-revoked'] as const
    for (const kind of kinds) {
      faults.add({ kind })
      const source = open()
      const error = await failure(source.test())
      expect(inspect([error, source], { depth: null, showHidden: true })).not.toContain('Canary')
      expect(JSON.stringify([error, source])).not.toContain('Canary')
      faults.clear()
    }
  })
})

describe('subjects who are deleted while they are read', () => {
  test.each(parts)('hide none of the other %s', async (part) => {
    const source = open()
    const seen: string[] = []
    const gone: string[] = []
    for await (const page of source.read(part, [])) {
      seen.push(...page.rows.map(({ subject }) => subject.id))
      // The last one that was read is what the next page is read on from; those before it shift the offset.
      for (const id of [seen.at(-1), seen.at(0), seen.at(5)]) {
        if (id === undefined || gone.includes(id) || gone.length >= 9) continue
        gone.push(id)
        if (part === 'users') await clerk.users.deleteUser(id)
        else await clerk.organizations.deleteOrganization(id)
      }
    }
    expect(gone.length).toBeGreaterThan(2)
    const missed = idsOf(part).filter((id) => !seen.includes(id))
    expect(missed).toEqual([])
  })
})
