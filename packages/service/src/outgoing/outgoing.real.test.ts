import { sql } from 'kysely'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AlertWorld, driftOf } from '../../../../test/support/alert-world.ts'
import { deliverMessage } from './deliver-message.ts'
import { listDeliveries, overdueDeliveries, replayDelivery, wholeDelivery } from './delivery/delivery-log.ts'
import { mostTries } from './delivery/retry-delay.ts'
import type { NewEndpoint } from './endpoints.ts'
import {
  addEndpoint,
  changeEndpoint,
  listEndpoints,
  loadEndpoint,
  outgoingDb,
  removeEndpoint,
  rollSecret,
} from './endpoints.ts'
import { outgoingTypes } from './message-types.ts'
import { type Receiver, startReceiver } from './receivers.ts'
import { routeMessages } from './route-messages.ts'

const day = 86_400

describe.each(['server', 'embedded'] as const)('outgoing webhooks on the %s database', (place) => {
  let world: AlertWorld
  let receiver: Receiver
  let disabled: string[]
  beforeAll(async () => {
    world = await AlertWorld.open(place)
    receiver = await startReceiver()
  })
  afterAll(async () => {
    await receiver.close()
    await world.close()
  })
  beforeEach(async () => {
    receiver.received.length = 0
    receiver.next.length = 0
    receiver.usual = { status: 200 }
    disabled = []
    await world.renew()
  })

  const add = (change: Partial<NewEndpoint> = {}) =>
    addEndpoint(
      world.dependencies,
      world.tenant,
      { url: `${receiver.url}/hook`, description: 'app', messageTypes: outgoingTypes, ...change },
      'ann',
    )
  const route = () => routeMessages(world.dependencies, world.tenant)
  const deliverDue = async () => {
    for (const { deliveryId } of world.dueJobs('outgoing.deliver')) {
      await deliverMessage(world.dependencies, world.tenant, deliveryId, async (_, { because }) => {
        disabled.push(because)
      })
    }
  }
  /** Delivers what is due, and what falls due later, until nothing is left or so many days have passed. */
  const deliverFor = async (days: number) => {
    const end = new Date(world.now.getTime() + days * day * 1000)
    for (;;) {
      await deliverDue()
      const next = world.jobs
        .filter(({ queue }) => queue === 'outgoing.deliver')
        .map(({ startAfter }) => startAfter)
      const first = next.toSorted((a, b) => a.getTime() - b.getTime())[0]
      if (!first || first > end) return
      world.now = first
    }
  }
  const log = () =>
    listDeliveries(outgoingDb(world.dependencies, world.tenant), world.tenant, {
      audience: 'webhook',
      limit: 100,
    })
  const types = () => receiver.received.map(({ body }) => JSON.parse(body).type)

  it('an incident is told from opening to end, each turn once and in the words of the ledger', async () => {
    await add()
    const incidents = await world.find(driftOf('user_1'))
    await world.acknowledge(...incidents)
    await route()
    await route()
    await deliverDue()
    await world.resolve(...incidents)
    await route()
    await deliverDue()
    expect(types()).toEqual(['incident.opened', 'incident.acknowledged', 'incident.resolved'])
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toEqual({
      type: 'incident.opened',
      timestamp: '2026-11-18T10:00:00.000Z',
      data: {
        ...world.tenant,
        sequence: 1,
        by: 'check:1',
        incident: expect.objectContaining({
          kind: 'paid-without-access',
          severity: 'critical',
          state: 'open',
          subject: 'user:user_1',
          customer: 'cus_user_1',
          sentence: 'user_1 pays for pro and is granted nothing paid.',
          moneyAtRisk: { currency: 'usd', amount: 2_000 },
        }),
        url: expect.stringMatching(/^https:\/\/trueup\.example\.com\/projects\/prj_\w+\/incidents\/inc_\w+$/),
      },
    })
  })

  it('nobody follows the ledger of a project that was erased', async () => {
    await add()
    await world.find(driftOf('user_1'))
    const db = outgoingDb(world.dependencies, world.tenant)
    await sql`update trueup.project set erased_at = now() where project_id = ${world.tenant.projectId}`.execute(
      db,
    )
    await route()
    const places =
      await sql`select from trueup.ledger_follower where project_id = ${world.tenant.projectId}`.execute(db)
    expect({ due: world.dueJobs('outgoing.deliver'), places: places.rows }).toEqual({ due: [], places: [] })
  })

  it('the official library takes the signature, and refuses a body that was changed', async () => {
    const { secret } = await add()
    world.now = new Date()
    await world.find(driftOf('user_1'))
    await route()
    await deliverDue()
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received
    const webhook = new Webhook(secret.reveal())
    expect(webhook.verify(body, headers)).toMatchObject({ type: 'incident.opened' })
    expect(() => webhook.verify(body.replace('critical', 'low'), headers)).toThrow()
  })

  it('after a secret was rolled both sign until the end of the time for it, then the new one alone', async () => {
    const { endpoint, secret: old } = await add()
    world.now = new Date()
    const { secret, endpoint: rolled } = await rollSecret(world.dependencies, world.tenant, endpoint.id, {
      overlapHours: 24,
      by: 'ann',
    })
    expect(rolled.secretHint).toBe(`whsec_…${secret.reveal().slice(-4)}`)
    const taken = (by: string) => {
      const { headers, body } = receiver.received.at(-1) ?? { headers: {}, body: '' }
      try {
        new Webhook(by).verify(body, headers)
        return true
      } catch {
        return false
      }
    }
    await world.find(driftOf('user_1'))
    await route()
    await deliverDue()
    expect([taken(old.reveal()), taken(secret.reveal())]).toEqual([true, true])
    await sql`update trueup.outgoing_endpoint set previous_until = ${world.now}
      where endpoint_id = ${endpoint.id}`.execute(world.database.system)
    await world.find(driftOf('user_2'))
    await route()
    await deliverDue()
    expect([taken(old.reveal()), taken(secret.reveal())]).toEqual([false, true])
  })

  it('an endpoint gets only what it asked for', async () => {
    await add({ messageTypes: ['incident.resolved'] })
    const incidents = await world.find(driftOf('user_1'))
    await world.resolve(...incidents)
    await route()
    await deliverDue()
    expect(types()).toEqual(['incident.resolved'])
  })

  it('what happened before an endpoint was added is not told to it', async () => {
    await world.find(driftOf('user_1'))
    world.after(60)
    await add()
    await world.find(driftOf('user_2'))
    await route()
    await deliverDue()
    expect(receiver.received).toHaveLength(1)
    expect(receiver.received[0]?.body).toContain('user_2')
  })

  it('checks and repairs are told by what stands in the ledger', async () => {
    await add()
    const at = world.now
    await world.stage(
      {
        key: 'check-finished:1',
        act: 'check-finished',
        at,
        by: 'check:1',
        about: { check: '1' },
        facts: { complete: true, counts: { drifts: 1 }, parts: {}, requests: {} },
        personal: null,
      },
      {
        key: 'repair:rep_1:1:repair-applied',
        act: 'repair-applied',
        at,
        by: 'ann',
        about: { repair: 'rep_1', incident: 'inc_1', source: 'app' },
        facts: { state: 'applied', kind: 'paid-without-access', how: 'function' },
        personal: {
          subject: 'user:user_1',
          changes: [{ field: 'plan', before: 'free', after: 'pro' }],
          note: null,
        },
      },
    )
    await route()
    await deliverDue()
    const [check, repair] = receiver.received.map(({ body }) => JSON.parse(body).data)
    expect(check).toMatchObject({ check: { id: '1', complete: true, counts: { drifts: 1 } } })
    expect(repair).toMatchObject({
      repair: { id: 'rep_1', incidentId: 'inc_1', state: 'applied', subject: 'user:user_1' },
    })
  })

  it('a message that fails is sent again with the same id and body, ever later, and then set aside', async () => {
    receiver.usual = { status: 500, body: 'down' }
    const { endpoint } = await add()
    await sql`update trueup.outgoing_endpoint set failing_since = null`.execute(world.database.system)
    await world.find(driftOf('user_1'))
    await route()
    const starts: number[] = []
    for (let tried = 0; tried < mostTries; tried++) {
      starts.push(world.now.getTime())
      await deliverDue()
      // So that it is about the tries alone: an endpoint that fails for days is switched off.
      await sql`update trueup.outgoing_endpoint set failing_since = null`.execute(world.database.system)
      const [next] = world.jobs
      if (next) world.now = next.startAfter
    }
    expect(starts.slice(1).map((at, place) => (at - (starts[place] ?? 0)) / 1000)).toEqual([
      5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400, 86_400, 86_400,
    ])
    const ids = receiver.received.map(({ headers, body }) => `${headers['webhook-id']} ${body}`)
    expect(new Set(ids).size).toBe(1)
    const [line] = await log()
    expect(line).toMatchObject({
      state: 'set-aside',
      tries: mostTries,
      problem: 'HTTP 500: down',
      targetId: endpoint.id,
    })
    expect(world.jobs).toEqual([])
  })

  it('a receiver that asks for time is given it', async () => {
    receiver.next.push({ status: 429, headers: { 'retry-after': '120' } })
    await add()
    await world.find(driftOf('user_1'))
    await route()
    await deliverDue()
    expect(world.jobs[0]?.startAfter.getTime()).toBe(world.now.getTime() + 120_000)
    world.after(119)
    await deliverDue()
    expect(receiver.received).toHaveLength(1)
    world.after(1)
    await deliverDue()
    expect((await log())[0]).toMatchObject({ state: 'sent', tries: 2, problem: null })
  })

  it('a redirect is a failure and is not followed', async () => {
    receiver.next.push({ status: 307, headers: { location: `${receiver.url}/elsewhere` } })
    await add()
    await world.find(driftOf('user_1'))
    await route()
    await deliverDue()
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook'])
    expect((await log())[0]).toMatchObject({ state: 'waiting', tries: 1 })
  })

  it('an endpoint that takes nothing for five days is switched off, with a word to people, once', async () => {
    receiver.usual = { status: 503 }
    const { endpoint } = await add()
    await world.find(driftOf('user_1'))
    await route()
    await deliverFor(6)
    expect(disabled).toEqual([expect.stringContaining('It has taken nothing for 5 days; last: HTTP 503')])
    expect(await loadEndpoint(world.dependencies, world.tenant, endpoint.id)).toMatchObject({
      enabled: false,
      disabledBecause: expect.stringContaining('5 days'),
    })
    await world.find(driftOf('user_2'))
    await route()
    expect(await log()).toHaveLength(1)
  })

  it('an endpoint that answers 410 is switched off at once, and nothing more is tried', async () => {
    receiver.usual = { status: 410 }
    await add()
    await world.find(driftOf('user_1'), driftOf('user_2'))
    await route()
    await deliverDue()
    expect(receiver.received).toHaveLength(1)
    expect(disabled).toEqual([expect.stringContaining('410 Gone')])
    expect((await log()).map(({ state }) => state)).toEqual(['set-aside', 'set-aside'])
  })

  it('what was set aside is sent again from the log, with its id and content', async () => {
    receiver.usual = { status: 410 }
    const { endpoint } = await add()
    await world.find(driftOf('user_1'))
    await route()
    await deliverDue()
    const [line] = await log()
    await changeEndpoint(world.dependencies, world.tenant, endpoint.id, { enabled: true }, 'ann')
    receiver.usual = { status: 200 }
    const db = outgoingDb(world.dependencies, world.tenant)
    await replayDelivery(db, world.tenant, 'webhook', line?.id ?? '', world.now)
    await deliverMessage(world.dependencies, world.tenant, line?.id ?? '', async () => {})
    const [first, second] = receiver.received
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
    expect(second?.body).toBe(first?.body)
    const whole = await wholeDelivery(db, world.tenant, 'webhook', line?.id ?? '')
    expect(whole.tried.map(({ outcome, status }) => `${outcome} ${status}`)).toEqual([
      'failed 410',
      'sent 200',
    ])
  })

  it('two workers at one message send it once', async () => {
    await add()
    await world.find(driftOf('user_1'))
    await route()
    const [job] = world.dueJobs('outgoing.deliver')
    const both = await Promise.all(
      [1, 2].map(() =>
        deliverMessage(world.dependencies, world.tenant, job?.deliveryId ?? '', async () => {}),
      ),
    )
    expect(both.map(({ kind }) => kind).toSorted()).toEqual(['not-mine', 'sent'])
    expect(receiver.received).toHaveLength(1)
  })

  it('a message whose job was lost, or whose worker died, is found again', async () => {
    await add()
    await world.find(driftOf('user_1'))
    await route()
    world.jobs.length = 0
    world.after(120)
    const overdue = await overdueDeliveries(world.database.system, world.now)
    const mine = overdue.filter(({ projectId }) => projectId === world.tenant.projectId)
    expect(mine).toHaveLength(1)
    // A worker took it and died: until its lease has ended nobody else does.
    const db = outgoingDb(world.dependencies, world.tenant)
    const own = sql`delivery_id = ${mine[0]?.deliveryId ?? ''}`
    await sql`update trueup.delivery set token = 1, leased_until = clock_timestamp() + interval '1 minute' where ${own}`.execute(
      db,
    )
    expect(
      await deliverMessage(world.dependencies, world.tenant, mine[0]?.deliveryId ?? '', async () => {}),
    ).toEqual({
      kind: 'not-mine',
    })
    await sql`update trueup.delivery set leased_until = clock_timestamp() - interval '1 second' where ${own}`.execute(
      db,
    )
    await deliverMessage(world.dependencies, world.tenant, mine[0]?.deliveryId ?? '', async () => {})
    expect(types()).toEqual(['incident.opened'])
  })

  it('a worker that was stopped for too long does not write over what another one did', async () => {
    await add()
    await world.find(driftOf('user_1'))
    await route()
    const [job] = world.dueJobs('outgoing.deliver')
    const db = outgoingDb(world.dependencies, world.tenant)
    const slow = {
      ...world.dependencies,
      vault: {
        seal: world.dependencies.vault.seal.bind(world.dependencies.vault),
        // While it is about to send, its lease ends and another worker delivers the message.
        open: async (...asked: Parameters<typeof world.dependencies.vault.open>) => {
          await sql`update trueup.delivery set leased_until = clock_timestamp() - interval '1 second'`.execute(
            db,
          )
          await deliverMessage(world.dependencies, world.tenant, job?.deliveryId ?? '', async () => {})
          receiver.next.push({ status: 500 })
          return await world.dependencies.vault.open(...asked)
        },
      },
    }
    const late = await deliverMessage(slow, world.tenant, job?.deliveryId ?? '', async () => {})
    expect(late).toEqual({ kind: 'not-mine' })
    expect((await log())[0]).toMatchObject({ state: 'sent', tries: 1, problem: null })
  })

  it('a message that cannot be sent for a reason on our side is set aside in the end, and each time it is heard of', async () => {
    await add()
    await world.find(driftOf('user_1'))
    await route()
    const [job] = world.dueJobs('outgoing.deliver')
    const sealedAway = {
      ...world.dependencies,
      vault: {
        seal: world.dependencies.vault.seal.bind(world.dependencies.vault),
        open: async () => {
          throw Object.assign(new Error('The key whsec_secret is gone.'), {
            name: 'VaultError',
            code: 'key-gone',
          })
        },
      },
    }
    for (let tried = 0; tried < mostTries; tried++) {
      await expect(
        deliverMessage(sealedAway, world.tenant, job?.deliveryId ?? '', async () => {}),
      ).rejects.toThrow('is gone')
      world.after(2 * day)
    }
    expect((await log())[0]).toMatchObject({
      state: 'set-aside',
      tries: mostTries,
      problem: 'It could not be sent, for a reason on this side (VaultError, key-gone).',
    })
    // The endpoint is not to blame for it.
    expect(await listEndpoints(world.dependencies, world.tenant)).toMatchObject([
      { enabled: true, failingSince: null },
    ])
  })

  it('no secret is in what is shown, kept or said', async () => {
    const { endpoint, secret } = await add()
    const rolled = await rollSecret(world.dependencies, world.tenant, endpoint.id, {
      overlapHours: 1,
      by: 'ann',
    })
    await route()
    const shown = JSON.stringify([await listEndpoints(world.dependencies, world.tenant), secret, rolled])
    const { rows } = await sql`select * from trueup.outgoing_endpoint`.execute(world.database.system)
    const { rows: entries } = await sql<{ entry: Buffer }>`select entry from trueup.ledger_entry`.execute(
      world.database.system,
    )
    const all = shown + JSON.stringify(rows) + entries.map(({ entry }) => entry.toString('utf8')).join('')
    for (const one of [secret, rolled.secret]) expect(all).not.toContain(one.reveal().slice(6, -4))
  })

  it('what is on its way to an endpoint that is removed is not sent', async () => {
    const { endpoint } = await add()
    await world.find(driftOf('user_1'))
    await route()
    await removeEndpoint(world.dependencies, world.tenant, endpoint.id, 'ann')
    await deliverDue()
    expect(receiver.received).toEqual([])
    await expect(loadEndpoint(world.dependencies, world.tenant, endpoint.id)).rejects.toMatchObject({
      code: 'endpoint-not-found',
    })
  })

  it('the endpoint of another project cannot be reached', async () => {
    const { endpoint } = await add()
    const other = { ...world.tenant }
    await world.renew()
    for (const reach of [
      () => loadEndpoint(world.dependencies, world.tenant, endpoint.id),
      () => changeEndpoint(world.dependencies, world.tenant, endpoint.id, { enabled: false }, 'eve'),
      () => rollSecret(world.dependencies, world.tenant, endpoint.id, { overlapHours: 0, by: 'eve' }),
      () => removeEndpoint(world.dependencies, world.tenant, endpoint.id, 'eve'),
    ]) {
      await expect(reach()).rejects.toMatchObject({ code: 'endpoint-not-found' })
    }
    expect((await listEndpoints(world.dependencies, other)).map(({ enabled }) => enabled)).toEqual([true])
  })
})
