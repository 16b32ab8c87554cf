import type { Drift } from '@trueup/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AlertWorld, driftOf } from '../../../../test/support/alert-world.ts'
import { type Receiver, startReceiver } from '../../../../test/support/receivers.ts'
import { type AlertRule, alertRule } from './alert-rule.ts'
import type { AlertChannel } from './channels.ts'
import { addChannel } from './channels.ts'
import { deliverAlert } from './deliver-alert.ts'
import { routeIncidents } from './route-incidents.ts'
import { addRule } from './rules.ts'

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
    await world.renew()
  })

  const slack = (name = 'ops'): Promise<AlertChannel> =>
    addChannel(
      world.dependencies,
      world.tenant,
      { name, config: { kind: 'slack', url: `${receiver.url}/${name}` } },
      'ann',
    )
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
  /** The headings that arrived. */
  const headings = () =>
    receiver.received.map(({ body }) => JSON.parse(body).blocks[0].text.text.replace(/^\P{L}+/u, ''))
  const find = async (...drifts: readonly Drift[]) => {
    const incidents = await world.find(...drifts)
    await route()
    world.after(10)
    await deliverDue()
    return incidents
  }

  it('tells of an incident once, however often it is routed and delivered', async () => {
    await rule(await slack())
    await find(driftOf('user_1'))
    await route()
    await route()
    world.after(3600)
    await deliverDue()
    expect(headings()).toEqual(['Critical: 1 paying customer without access · Acme app'])
  })

  it('makes one message of many incidents of one kind', async () => {
    await rule(await slack())
    await find(...Array.from({ length: 30 }, (_, number) => driftOf(`user_${number}`)))
    expect(headings()).toEqual(['Critical: 30 paying customers without access · Acme app'])
    expect(receiver.received[0]?.body).toContain('$600.00 a month')
    expect(receiver.received[0]?.body).toContain('and 25 more')
  })

  it('makes a message of each kind', async () => {
    await rule(await slack())
    await find(driftOf('user_1'), driftOf('user_2', { kind: 'plan-too-low', component: 'plan' }))
    expect(headings().toSorted()).toEqual([
      'Critical: 1 paying customer without access · Acme app',
      'High: 1 customer on a lower plan than paid for · Acme app',
    ])
  })
})
