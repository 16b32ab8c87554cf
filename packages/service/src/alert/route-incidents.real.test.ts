import type { Drift } from '@trueup/core'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AlertWorld, driftOf } from '../../../../test/support/alert-world.ts'
import { LedgerError } from '../ledger/ledger-error.ts'
import { listDeliveries } from '../outgoing/delivery/delivery-log.ts'
import { mostTries } from '../outgoing/delivery/retry-delay.ts'
import { type Receiver, startReceiver } from '../outgoing/receivers.ts'
import { type AlertRule, alertRule } from './alert-rule.ts'
import type { AlertChannel } from './channels.ts'
import { addChannel, alertDb, changeChannel, removeChannel } from './channels.ts'
import { deliverAlert } from './deliver-alert.ts'
import { quietHours } from './quiet-hours.ts'
import { pagerDutyShape, slackShape } from './render/vendor-shapes.ts'
import { routeIncidents } from './route-incidents.ts'
import { addRule, changeRule } from './rules.ts'

describe.each(['server', 'embedded'] as const)('alerts on the %s database', (place) => {
  let world: AlertWorld
  let receiver: Receiver
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
    await world.renew()
  })

  const slack = (name = 'ops', messagesPerHour = 30): Promise<AlertChannel> =>
    addChannel(
      world.dependencies,
      world.tenant,
      { name, config: { kind: 'slack', url: `${receiver.url}/${name}` }, messagesPerHour },
      'ann',
    )
  /** PagerDuty with the receiver in place of its servers. */
  const pager = async () => {
    const server = `${receiver.url}/v2/enqueue`
    Object.assign(world.dependencies, { pagerDuty: { us: server, eu: server } })
    return await addChannel(
      world.dependencies,
      world.tenant,
      { name: 'pager', config: { kind: 'pagerduty', routingKey: 'R'.repeat(32), region: 'us' } },
      'ann',
    )
  }
  const rule = (channel: AlertChannel, change: Partial<AlertRule> = {}) =>
    addRule(
      world.dependencies,
      world.tenant,
      alertRule.parse({ name: 'all', channels: [channel.id], minSeverity: 'low', ...change }),
      'ann',
    )
  const route = () => routeIncidents(world.dependencies, world.tenant)
  /** Works on what is due now. */
  const deliverDue = async () => {
    for (const { deliveryId } of world.dueJobs('alert.deliver')) {
      await deliverAlert(world.dependencies, world.tenant, deliveryId)
    }
  }
  /** Routes what happened, and delivers what is due once it was gathered. */
  const settle = async (seconds = 10) => {
    await route()
    world.after(seconds)
    await deliverDue()
  }
  const find = async (...drifts: readonly Drift[]) => {
    const incidents = await world.find(...drifts)
    await settle()
    return incidents
  }
  const payloads = () => receiver.received.map(({ body }) => slackShape.parse(JSON.parse(body)))
  /** The headings that arrived, without their sign. */
  const headings = () => payloads().map(({ text }) => text.replace(' · Acme app', ''))
  const log = () =>
    listDeliveries(alertDb(world.dependencies, world.tenant), world.tenant, { audience: 'alert', limit: 100 })

  describe('an incident', () => {
    it('is told once, however often it is routed and delivered', async () => {
      await rule(await slack())
      await find(driftOf('user_1'))
      await route()
      await Promise.all([route(), route()])
      world.after(3_600)
      await deliverDue()
      expect(headings()).toEqual(['Critical: 1 paying customer without access'])
      expect(await log()).toHaveLength(1)
    })

    it('is told once although each of several checks sees it again', async () => {
      await rule(await slack())
      for (let check = 0; check < 3; check++) {
        await find(driftOf('user_1', { sentence: `user_1 pays for pro, seen ${check} times.` }))
        world.after(3_600)
      }
      expect(headings()).toHaveLength(1)
    })

    it('is told with its cause, where that is worked out by then', async () => {
      await rule(await slack())
      const drifts = ['user_1', 'user_2', 'user_3'].map((id) => driftOf(id))
      const [first, second, third] = await world.find(...drifts)
      await route()
      for (const [incident, kind, on, confidence] of [
        [first, 'deploy', 'v2 <!channel>', 'likely'],
        [second, 'deploy', 'v2 <!channel>', 'possible'],
        [third, 'unknown', '', null],
      ] as const) {
        await sql`insert into trueup.incident_cause
            (workspace_id, project_id, incident_id, opening, opened_at, kind, cause_on, confidence, cause, found_at, findings, looks)
          values (${world.tenant.workspaceId}, ${world.tenant.projectId}, ${incident?.id}, 1, ${world.now}, ${kind}, ${on},
            ${confidence}, '{}', ${world.now}, 1, 1)`.execute(world.database.system)
      }
      world.after(10)
      await deliverDue()
      expect(receiver.received).toHaveLength(1)
      expect(receiver.received[0]?.body).toContain(
        'Cause: It began after the deploy v2 <!channel>. That is likely for 2 of 3.',
      )
    })

    it('is told again when it comes back', async () => {
      await rule(await slack())
      const incidents = await find(driftOf('user_1'))
      world.after(3_600)
      await world.resolve(...incidents)
      await settle()
      world.after(3_600)
      await find(driftOf('user_1'))
      expect(headings()).toEqual([
        'Critical: 1 paying customer without access',
        'Resolved: 1 paying customer without access',
        'Critical: 1 paying customer without access',
      ])
    })

    it('that opened and ended before anybody was told is not told', async () => {
      await rule(await slack())
      const incidents = await world.find(driftOf('user_1'))
      await route()
      await world.resolve(...incidents)
      await settle()
      world.after(3_600)
      await deliverDue()
      expect(headings()).toEqual([])
      expect((await log()).map(({ state }) => state)).toEqual(['dropped'])
    })

    it('that opened before the rule was there is not told by it', async () => {
      const channel = await slack()
      await world.find(driftOf('user_1'))
      world.after(1)
      await rule(channel)
      await find(driftOf('user_2'))
      expect(headings()).toEqual(['Critical: 1 paying customer without access'])
      expect(receiver.received[0]?.body).toContain('user_2')
    })

    it('that somebody is at work on already is not told', async () => {
      await rule(await slack())
      const incidents = await world.find(driftOf('user_1'))
      await world.acknowledge(...incidents)
      await settle()
      expect(headings()).toEqual([])
    })

    it('goes to a channel by the first rule that tells it, once', async () => {
      const channel = await slack()
      await rule(channel, { name: 'first' })
      await rule(channel, { name: 'second' })
      await find(driftOf('user_1'))
      expect(headings()).toHaveLength(1)
    })

    it('goes to every channel of the rules that tell it', async () => {
      const [ops, money] = [await slack('ops'), await slack('money')]
      await rule(ops, { channels: [ops.id, money.id] })
      await find(driftOf('user_1'))
      expect(receiver.received.map(({ path }) => path).toSorted()).toEqual(['/money', '/ops'])
    })

    it('is told to nobody where the rule or the channel is switched off', async () => {
      const [ops, money] = [await slack('ops'), await slack('money')]
      const { id } = await rule(ops)
      await rule(money)
      await changeRule(world.dependencies, world.tenant, id, { enabled: false }, 'ann')
      await changeChannel(world.dependencies, world.tenant, money.id, { enabled: false }, 'ann')
      await find(driftOf('user_1'))
      expect(receiver.received).toEqual([])
    })

    it('of another project is not told', async () => {
      await rule(await slack())
      const first = world.tenant
      await world.renew()
      await find(driftOf('user_1'))
      await routeIncidents(world.dependencies, first)
      expect(receiver.received).toEqual([])
    })
  })

  describe('a ledger that was changed', () => {
    const changed = () => {
      const { advanceLedger } = world.dependencies
      return {
        ...world.dependencies,
        advanceLedger: async (tenant: typeof world.tenant) => {
          await advanceLedger(tenant)
          throw new LedgerError({
            code: 'ledger-changed',
            message: 'Entry 7 differs.',
            fix: 'Verify an export.',
          })
        },
      }
    }

    it('keeps nobody from being told of incidents, and is told itself, once a day', async () => {
      await rule(await slack())
      await world.find(driftOf('user_1'))
      for (const hours of [0, 1, 24]) {
        world.after(hours * 3_600)
        await routeIncidents(changed(), world.tenant)
        world.after(10)
        await deliverDue()
      }
      expect(headings().toSorted()).toEqual([
        'Critical: 1 paying customer without access',
        'The Access Ledger is not what it was',
        'The Access Ledger is not what it was',
      ])
    })
  })

  describe('many incidents', () => {
    it('of one kind are one message, with their number, their sum and the dearest of them', async () => {
      await rule(await slack())
      await find(
        ...Array.from({ length: 30 }, (_, number) =>
          driftOf(`user_${number}`, { moneyAtRisk: { currency: 'usd', amount: 1_000 + number } }),
        ),
        driftOf('org_eu', { moneyAtRisk: { currency: 'eur', amount: 9_900 } }),
        driftOf('org_usage', { moneyAtRisk: null }),
      )
      expect(headings()).toEqual(['Critical: 32 paying customers without access'])
      const [{ body } = { body: '' }] = receiver.received
      expect(body).toContain('€99.00 + $304.35 a month, and 1 without a fixed sum')
      expect(body).toMatch(/org_eu.*user_29.*user_28.*user_27.*user_26.*and 27 more/)
    })

    it('of several kinds are a message each', async () => {
      await rule(await slack())
      await find(driftOf('user_1'), driftOf('user_2', { kind: 'plan-too-low', component: 'plan' }))
      expect(headings().toSorted()).toEqual([
        'Critical: 1 paying customer without access',
        'High: 1 customer on a lower plan than paid for',
      ])
    })

    it('that come one by one are a first message, and then one for all that came within a quarter of an hour', async () => {
      await rule(await slack())
      for (let number = 0; number < 6; number++) await find(driftOf(`user_${number}`))
      world.after(900)
      await deliverDue()
      expect(headings()).toEqual([
        'Critical: 1 paying customer without access',
        'Critical: 5 paying customers without access',
      ])
    })

    it('over pages of the ledger are one message', async () => {
      await rule(await slack())
      await find(...Array.from({ length: 1_201 }, (_, number) => driftOf(`user_${number}`)))
      expect(headings()).toEqual(['Critical: 1,201 paying customers without access'])
    })
  })

  describe('that it has ended', () => {
    it('is told with how many are still open', async () => {
      await rule(await slack())
      const incidents = await find(driftOf('user_1'), driftOf('user_2'), driftOf('user_3'))
      world.after(2_520)
      await world.resolve(...incidents.slice(0, 2))
      await settle()
      expect(headings().at(-1)).toBe('Resolved: 2 paying customers without access')
      expect(receiver.received.at(-1)?.body).toMatch(/Took\*\\n42 min/)
      expect(receiver.received.at(-1)?.body).toMatch(/Of these still open\*\\n1/)
    })

    it('is not told where the rule says so', async () => {
      await rule(await slack(), { recovery: false })
      const incidents = await find(driftOf('user_1'))
      await world.resolve(...incidents)
      await settle()
      expect(headings()).toHaveLength(1)
    })

    it('is told after the beginning, also where that arrives late', async () => {
      receiver.next.push({ status: 503 })
      await rule(await slack())
      const incidents = await find(driftOf('user_1'))
      await world.resolve(...incidents)
      receiver.next.push({ status: 503 })
      for (let second = 0; second < 120; second++) await settle(1)
      const taken = headings().slice(2)
      expect(taken).toEqual([
        'Critical: 1 paying customer without access',
        'Resolved: 1 paying customer without access',
      ])
    })

    it('is not told of what is ignored', async () => {
      await rule(await slack())
      const incidents = await find(driftOf('user_1'))
      await world.ignore(...incidents)
      await settle()
      expect(headings()).toHaveLength(1)
    })
  })

  describe('quiet hours', () => {
    const night = quietHours.parse({
      from: '22:00',
      to: '07:00',
      timeZone: 'Europe/Berlin',
      criticalPasses: false,
    })

    it('hold everything until they end, and then it is one message', async () => {
      await rule(await slack(), { quietHours: night })
      world.now = new Date('2026-11-18T22:00:00Z')
      const [first] = await find(driftOf('user_1'))
      world.after(3_600)
      await find(driftOf('user_2'))
      await find(driftOf('user_3'))
      if (first) await world.resolve(first)
      await settle()
      expect(headings()).toEqual([])
      expect((await log()).map(({ heldFor }) => heldFor)).toEqual(['quiet-hours'])
      world.now = new Date('2026-11-19T06:00:00Z')
      await deliverDue()
      expect(headings()).toEqual(['Critical: 2 paying customers without access'])
    })

    it('and what somebody acknowledges meanwhile is not told when they end', async () => {
      await rule(await slack(), { quietHours: night })
      world.now = new Date('2026-11-18T22:00:00Z')
      const [first] = await find(driftOf('user_1'), driftOf('user_2'))
      if (first) await world.acknowledge(first)
      await settle()
      world.now = new Date('2026-11-19T06:00:00Z')
      await deliverDue()
      expect(headings()).toEqual(['Critical: 1 paying customer without access'])
      expect(receiver.received[0]?.body).toContain('user_2')
      if (first) await world.resolve(first)
      await settle()
      expect(headings()).toHaveLength(1)
    })

    it('let pass what is critical, where the rule says so', async () => {
      await rule(await slack(), { quietHours: { ...night, criticalPasses: true } })
      world.now = new Date('2026-11-18T22:00:00Z')
      await find(driftOf('user_1'), driftOf('user_2', { kind: 'plan-too-low', component: 'plan' }))
      expect(headings()).toEqual(['Critical: 1 paying customer without access'])
    })
  })

  describe('a channel', () => {
    it('gets no more messages an hour than it takes; the rest wait, and are put together', async () => {
      await rule(await slack('ops', 2), { againAfterMinutes: 0 })
      for (let number = 0; number < 5; number++) {
        await find(driftOf(`user_${number}`))
        world.after(60)
      }
      expect(headings()).toHaveLength(2)
      expect((await log())[0]).toMatchObject({ state: 'waiting', heldFor: 'rate-limit', tries: 0 })
      world.after(3_600)
      await deliverDue()
      expect(headings()).toEqual([
        'Critical: 1 paying customer without access',
        'Critical: 1 paying customer without access',
        'Critical: 3 paying customers without access',
      ])
    })

    it('that fails gets the same message again, sooner than a webhook would, and then it is set aside', async () => {
      receiver.usual = { status: 500, body: 'no_text' }
      await rule(await slack())
      await find(driftOf('user_1'))
      const begun = world.now.getTime()
      while (world.jobs[0]) {
        world.now = world.jobs[0].startAfter
        await deliverDue()
      }
      expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1)
      expect(receiver.received).toHaveLength(mostTries)
      expect((world.now.getTime() - begun) / 3_600_000).toBeLessThan(4)
      expect((await log())[0]).toMatchObject({ state: 'set-aside', problem: 'HTTP 500: no_text' })
    })

    it.each([400, 403, 404, 410])('that answers %i is not asked again', async (status) => {
      receiver.usual = { status, body: 'channel_not_found' }
      await rule(await slack())
      await find(driftOf('user_1'))
      expect((await log())[0]).toMatchObject({ state: 'set-aside', tries: 1 })
      expect(world.jobs).toEqual([])
    })

    it('that was removed gets nothing, nor does what was under way fail', async () => {
      const channel = await slack()
      await rule(channel)
      await world.find(driftOf('user_1'))
      await route()
      await removeChannel(world.dependencies, world.tenant, channel.id, 'ann')
      world.after(10)
      await deliverDue()
      await find(driftOf('user_2'))
      expect(receiver.received).toEqual([])
      expect((await log()).map(({ state }) => state)).toEqual(['dropped'])
    })

    it('is held once by row-level security and once by its own conditions', async () => {
      const channel = await slack()
      const other = { workspaceId: 'wsp_1', projectId: 'prj_other' }
      const seen = await sql`select 1 from trueup.alert_channel where channel_id = ${channel.id}`.execute(
        world.database.scoped(other),
      )
      expect(seen.rows).toEqual([])
    })
  })

  describe('PagerDuty', () => {
    const events = () => receiver.received.map(({ body }) => pagerDutyShape.parse(JSON.parse(body)))

    it('has one incident for a cause: triggered, acknowledged, and resolved with the last of it', async () => {
      await rule(await pager(), { recovery: false })
      const [first, second] = await find(driftOf('user_1'), driftOf('user_2'))
      if (!first || !second) throw new Error('Two incidents were found.')
      await world.acknowledge(first)
      await settle()
      await world.resolve(first)
      await settle()
      expect(events().map(({ event_action }) => event_action)).toEqual(['trigger', 'acknowledge'])
      await world.resolve(second)
      await settle(0)
      expect(events().map(({ event_action }) => event_action)).toEqual(['trigger', 'acknowledge', 'resolve'])
      expect(new Set(events().map(({ dedup_key }) => dedup_key)).size).toBe(1)
    })

    it('adds what comes later to the incident that is open, and begins another after it has ended', async () => {
      await rule(await pager(), { againAfterMinutes: 0 })
      const first = await find(driftOf('user_1'))
      const second = await find(driftOf('user_2'))
      await world.resolve(...first, ...second)
      await settle()
      await find(driftOf('user_3'))
      const [one, two, end, next] = events().map(({ dedup_key }) => dedup_key)
      expect([two, end]).toEqual([one, one])
      expect(next).not.toBe(one)
    })

    it('ends its incident also where the drift is ignored', async () => {
      await rule(await pager())
      const incidents = await find(driftOf('user_1'))
      await world.ignore(...incidents)
      await settle()
      expect(events().map(({ event_action }) => event_action)).toEqual(['trigger', 'resolve'])
    })

    it('ends its incident also where the last of it was not told yet', async () => {
      await rule(await pager())
      const first = await find(driftOf('user_1'))
      const second = await find(driftOf('user_2'))
      await world.resolve(...first)
      await settle()
      await world.resolve(...second)
      await settle()
      world.after(3_600)
      await deliverDue()
      expect(events().map(({ event_action }) => event_action)).toEqual(['trigger', 'resolve'])
    })

    it('is not told of the end of what it was never told', async () => {
      await rule(await pager())
      const incidents = await world.find(driftOf('user_1'))
      await route()
      await world.resolve(...incidents)
      await settle()
      expect(events()).toEqual([])
    })
  })
})
