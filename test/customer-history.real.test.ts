import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CheckedProject } from './support/checked-project.ts'
import { openCheckedProject } from './support/checked-project.ts'
import type { ApiClient } from './support/service.ts'

let world: CheckedProject
let viewer: ApiClient
/** Somebody who pays, has it, and about whom nothing was filed. */
let payer: { readonly user: string; readonly customer: string; readonly subscription: string }

beforeAll(async () => {
  world = await openCheckedProject({ world: 'saas', customers: 150, drift: 0.2, seed: 3 })
  viewer = await world.invited('vera', 'viewer')
  const { stripe } = world.sandbox.world
  const active = stripe.subscriptions.all().filter(({ status }) => status === 'active')
  for (const { id, customer } of active) {
    const customerId = String(customer)
    const state = await viewer.ask(world.at(`GET /customers/customer:${customerId}/state`))
    const pair = state.body.pairs?.[0]
    if (pair?.verdict !== 'agrees' || pair.subject?.type !== 'user' || pair.customerIds.length !== 1) continue
    payer = { user: `user:${pair.subject.id}`, customer: customerId, subscription: id }
    break
  }
})
afterAll(() => world?.close())

const steps = async () => {
  const { rows } = await world.service.database.query(
    'select pair_key, state, ended_at from trueup.access_step order by pair_key, seen_at',
  )
  return rows as readonly {
    readonly pair_key: string
    readonly state: string | null
    readonly ended_at: Date | null
  }[]
}
const history = (name: string, query = '') => viewer.do(world.at(`GET /customers/${name}/history${query}`))
const cancel = () =>
  fetch(`${world.sandbox.stripe.url}/v1/subscriptions/${payer.subscription}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${world.sandbox.stripe.secretKey}` },
  })

describe('what was promised and granted over time', () => {
  test('has one step for each pair after a first check, and no other after a check that saw the same', async () => {
    const first = await steps()
    expect(new Set(first.map(({ pair_key }) => pair_key)).size).toBe(first.length)
    const { body } = await viewer.ask<string>(world.at('GET /customers/export?format=jsonl'))
    const listed = body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).key)
    expect(first.map(({ pair_key }) => pair_key).toSorted()).toEqual(listed.toSorted())
    await world.check()
    expect(await steps()).toEqual(first)
  })

  test('is known from the first check that saw it to the last one', async () => {
    const { levels, pairs } = await history(payer.user)
    expect(levels.map(({ rank }: { rank: number }) => rank)).toEqual(
      levels.map((_: unknown, at: number) => at),
    )
    const [{ stretches }] = pairs
    expect(
      stretches.map(({ known, because }: { known: boolean; because?: string }) => because ?? known),
    ).toEqual(['before-first-look', true, 'not-looked-since'])
    const { owed, allowed, granted } = stretches[1]
    expect(owed).toMatchObject({ paid: true })
    expect(owed.rank).toBeGreaterThan(0)
    expect([allowed, granted[0].least, granted[0].most]).toEqual([owed, owed, owed])
  })

  test('is the same for the customer as for the subject that it pays for', async () => {
    const window = '?from=2026-01-01T00:00:00Z&to=2026-12-01T00:00:00Z'
    const of = async (name: string) =>
      (await history(name, window)).pairs.map(({ key }: { key: string }) => key)
    expect(await of(payer.customer)).toEqual(await of(payer.user))
  })

  test('changes where billing did: nothing is put between, and the band parts from the line', async () => {
    const before = await steps()
    await cancel()
    await world.check()
    const after = await steps()
    const own = after.filter(({ pair_key }) => pair_key === payer.user)
    expect(after.length).toBe(before.length + 1)
    expect(own.map(({ ended_at }) => ended_at === null)).toEqual([false, true])
    const answer = await history(payer.user)
    const [{ stretches }] = answer.pairs
    const told = stretches.map(({ known, because }: { known: boolean; because?: string }) => because ?? known)
    expect(told).toEqual(['before-first-look', true, 'changed-between', true, 'not-looked-since'])
    const now = stretches[3]
    expect(now.owed).toMatchObject({ paid: false, rank: 0 })
    expect(now.granted[0].most).toMatchObject({ paid: true })
    for (const [place, stretch] of stretches.entries()) {
      if (place > 0) expect(stretch.from).toBe(stretches[place - 1].to)
    }
    expect(answer.marks.map(({ act }: { act: string }) => act)).toContain('config-version')
  })

  test('shows what happened as marks: exceptions, incidents, and what a person did to them', async () => {
    const [type, id] = payer.user.split(':')
    const allowed = { subject: { type, id }, allowed: { plan: 'free' }, reason: '<b>A friend</b>' }
    await world.owner.do(world.at('POST /exceptions'), { ...allowed, until: '2030-01-01T00:00:00Z' })
    const { items } = await viewer.do(world.at('GET /incidents?limit=100'))
    const incident = items.find(({ subject }: { subject: unknown }) => subject !== null)
    await world.owner.do(world.at(`POST /incidents/${incident.id}/acknowledge`), {})
    const acts = async (name: string) =>
      (await history(name)).marks.map(({ kind, act }: { kind: string; act: string }) => `${kind} ${act}`)
    expect(await acts(payer.user)).toContain('exception exception-created')
    const key = `${incident.subject.type}:${incident.subject.id}`
    expect(await acts(key)).toEqual(
      expect.arrayContaining(['incident incident-opened', 'incident incident-acknowledged']),
    )
  })

  test('is there for everybody whom an incident names, also for who was deleted while a customer pays', async () => {
    const { items } = await viewer.do(world.at('GET /incidents?limit=100'))
    expect(items.map(({ kind }: { kind: string }) => kind)).toContain('payer-deleted-subject')
    for (const { id, subject, customerId } of items) {
      for (const name of [subject && `${subject.type}:${subject.id}`, customerId]) {
        if (!name) continue
        const told = (await history(name)).marks.filter(({ kind }: { kind: string }) => kind === 'incident')
        expect(
          told.map((mark: { id: string }) => mark.id),
          name,
        ).toContain(id)
        const state = await viewer.do(world.at(`GET /customers/${name}/state`))
        expect(
          state.incidents.map((incident: { id: string }) => incident.id),
          name,
        ).toContain(id)
      }
    }
  })

  test('sees a change at a check of this customer alone', async () => {
    const user = world.sandbox.world.clerk.users.all().find(({ id }) => `user:${id}` === payer.user)
    expect(user).toBeDefined()
    const before = (await steps()).filter(({ pair_key }) => pair_key === payer.user).length
    await fetch(`${world.sandbox.clerk.url}/v1/users/${user?.id}/metadata`, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${world.sandbox.clerk.secretKey}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ public_metadata: { plan: null, is_premium: null, entitlements: null } }),
    })
    await world.owner.do(world.at('POST /checks'), { kind: 'single', customer: payer.user })
    const own = (await steps()).filter(({ pair_key }) => pair_key === payer.user)
    expect(own.length).toBe(before + 1)
    await world.owner.do(world.at('POST /checks'), { kind: 'single', customer: payer.user })
    await world.check()
    expect((await steps()).filter(({ pair_key }) => pair_key === payer.user)).toEqual(own)
  })

  test('is not there of nobody, and of another project', async () => {
    expect(await viewer.ask(world.at('GET /customers/user:nobody/history'))).toMatchObject({ status: 404 })
    const other = await world.owner.do(`POST /api/v1/workspaces/${world.workspace}/projects`, { name: 'B' })
    await world.owner.do(`PUT /api/v1/projects/${other.id}/config`, {
      document: world.document,
      expectedVersion: 0,
    })
    const elsewhere = `GET /api/v1/projects/${other.id}/customers/${payer.user}/history`
    expect(await viewer.ask(elsewhere)).toMatchObject({ status: 404 })
  })

  test('is asked for a window that begins before it ends', async () => {
    const window = '?from=2026-06-02T00:00:00Z&to=2026-06-01T00:00:00Z'
    expect(await viewer.ask(world.at(`GET /customers/${payer.user}/history${window}`))).toMatchObject({
      status: 422,
      body: { code: 'request-invalid' },
    })
  })
})

describe('a moment in the past', () => {
  const at = (name: string, time: Date | string) =>
    viewer.ask(world.at(`GET /customers/${name}/at?time=${encodeURIComponent(new Date(time).toISOString())}`))

  test('says what was had and owed then, and under the policy of now', async () => {
    const [first] = (await history(payer.user)).pairs[0].stretches.filter(
      ({ known }: { known: boolean }) => known,
    )
    const { body } = await at(payer.user, first.from)
    expect(body.pairs).toMatchObject([
      {
        key: payer.user,
        unknown: null,
        there: true,
        promised: { owed: { paid: true } },
        promisedNowUnknown: null,
      },
    ])
    expect(body.pairs[0].promisedNow).toEqual(body.pairs[0].promised)
    expect(body.policyThen).toEqual(body.policyNow)
  })

  test('says what is not known: before the first check, and between two that saw different things', async () => {
    const { stretches } = (await history(payer.user)).pairs[0]
    const [unseen, changing] = ['before-first-look', 'changed-between'].map((because) =>
      stretches.find((stretch: { because?: string }) => stretch.because === because),
    )
    const middle = (stretch: { from: string; to: string }) =>
      new Date((Date.parse(stretch.from) + Date.parse(stretch.to)) / 2)
    expect((await at(payer.user, middle(unseen))).body.pairs).toMatchObject([
      { unknown: 'before-first-look', promised: null, granted: [], promisedNowUnknown: 'not-known-then' },
    ])
    expect((await at(payer.user, middle(changing))).body.pairs).toMatchObject([
      { unknown: 'changed-between', promised: null },
    ])
    expect(await at('user:nobody', new Date())).toMatchObject({ status: 404 })
  })

  test('weighs what billing held then by another policy, where it was kept', async () => {
    const late = world.sandbox.world.stripe.subscriptions.all().find(({ status }) => status === 'past_due')
    expect(late).toBeDefined()
    const seen = (await history(`customer:${String(late?.customer)}`)).pairs
      .flatMap(({ stretches }: { stretches: { known: boolean; from: string }[] }) => stretches)
      .find(({ known }: { known: boolean }) => known)
    const { version } = await world.owner.do(world.at('GET /config'))
    const policy = { ...world.document.policy, pastDue: { mode: 'drop', days: 14 } }
    await world.owner.do(world.at('PUT /config'), {
      document: { ...world.document, policy },
      expectedVersion: version,
    })
    const { body } = await at(`customer:${String(late?.customer)}`, seen.from)
    const [pair] = body.pairs
    expect([body.policyThen.pastDue.mode, body.policyNow.pastDue.mode]).toEqual(['tolerate', 'drop'])
    expect(pair.promised.allowed.rank).toBeGreaterThan(0)
    expect(pair.promisedNow.allowed.rank).toBe(0)
    // Of one who plainly agreed, what billing held was not kept, and nothing is made up.
    const plain = (await history(payer.user)).pairs[0].stretches.find(
      ({ known }: { known: boolean }) => known,
    )
    expect((await at(payer.user, plain.from)).body.pairs[0]).toMatchObject({
      promised: { owed: { paid: true } },
      promisedNow: null,
      promisedNowUnknown: 'billing-not-kept',
    })
  })
})
