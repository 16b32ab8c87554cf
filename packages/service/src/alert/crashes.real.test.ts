import type { KyselyPlugin } from 'kysely'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AlertWorld, driftOf } from '../../../../test/support/alert-world.ts'
import { deliverMessage } from '../outgoing/deliver-message.ts'
import { overdueDeliveries } from '../outgoing/delivery/delivery-log.ts'
import { addEndpoint } from '../outgoing/endpoints.ts'
import { outgoingTypes } from '../outgoing/message-types.ts'
import { type Receiver, startReceiver } from '../outgoing/receivers.ts'
import { routeMessages } from '../outgoing/route-messages.ts'
import type { AlertDependencies } from './alert-dependencies.ts'
import { alertRule } from './alert-rule.ts'
import { addChannel } from './channels.ts'
import { deliverAlert } from './deliver-alert.ts'
import { routeIncidents } from './route-incidents.ts'
import { addRule } from './rules.ts'

class Death extends Error {}

describe('a process that dies before any of its statements', () => {
  let world: AlertWorld
  let receiver: Receiver
  beforeAll(async () => {
    world = await AlertWorld.open('server')
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

  /** The same dependencies in a process that dies before its `last`th statement. */
  const dying = (
    last: number,
  ): { readonly dependencies: AlertDependencies; readonly isDead: () => boolean } => {
    let said = 0
    const plugin: KyselyPlugin = {
      transformQuery: ({ node }) => {
        said++
        if (said >= last) throw new Death()
        return node
      },
      transformResult: async ({ result }) => result,
    }
    const { database } = world
    const dependencies = {
      ...world.dependencies,
      database: {
        ...database,
        scoped: (tenant: typeof world.tenant) => database.scoped(tenant).withPlugin(plugin),
      },
    }
    return { dependencies, isDead: () => said >= last }
  }
  const untilDead = async (work: () => Promise<void>) => {
    await work().catch((error) => {
      if (!(error instanceof Death)) throw error
    })
  }
  /** Everything that is due, found by jobs or, where those were lost, by looking. */
  const work = async (dependencies: AlertDependencies) => {
    await routeIncidents(dependencies, world.tenant)
    await routeMessages(dependencies, world.tenant)
    const due = [
      ...world.dueJobs('alert.deliver').map(({ deliveryId }) => ({ deliveryId, audience: 'alert' })),
      ...world.dueJobs('outgoing.deliver').map(({ deliveryId }) => ({ deliveryId, audience: 'webhook' })),
      ...(await overdueDeliveries(world.database.system, world.now)),
    ]
    for (const { audience, deliveryId } of due) {
      if (audience === 'alert') await deliverAlert(dependencies, world.tenant, deliveryId)
      else await deliverMessage(dependencies, world.tenant, deliveryId, async () => {})
    }
  }

  it('leaves every incident told to people and to the app, under one id each', {
    timeout: 240_000,
  }, async () => {
    let deaths = 0
    for (let last = 1; ; last++) {
      await world.renew()
      receiver.received.length = 0
      const channel = await addChannel(
        world.dependencies,
        world.tenant,
        {
          name: 'ops',
          config: {
            kind: 'webhook',
            url: `${receiver.url}/alert`,
            secret: `whsec_${Buffer.alloc(32, 5).toString('base64')}`,
          },
        },
        'ann',
      )
      const rule = alertRule.parse({
        name: 'all',
        channels: [channel.id],
        gatherSeconds: 0,
        againAfterMinutes: 0,
      })
      await addRule(world.dependencies, world.tenant, rule, 'ann')
      await addEndpoint(
        world.dependencies,
        world.tenant,
        { url: `${receiver.url}/app`, description: '', messageTypes: outgoingTypes },
        'ann',
      )
      const incidents = await world.find(driftOf('user_1'), driftOf('user_2'))
      const process = dying(last)
      await untilDead(() => work(process.dependencies))
      await world.resolve(...incidents)
      await untilDead(() => work(process.dependencies))
      // Another process takes over: leases have ended, and jobs of the dead one may be lost.
      for (let look = 0; look < 2; look++) {
        world.after(120)
        await sql`update trueup.delivery set leased_until = clock_timestamp() - interval '1 second'`.execute(
          world.database.system,
        )
        await work(world.dependencies)
      }
      const told = (path: string) =>
        receiver.received
          .filter((request) => request.path === path)
          .map(({ headers, body }) => ({ id: headers['webhook-id'], type: JSON.parse(body).type as string }))
      const idsOf = (path: string, type: string) =>
        new Set(told(path).flatMap((one) => (one.type === type ? [one.id] : []))).size
      expect(idsOf('/app', 'incident.opened'), `opened, dead before statement ${last}`).toBe(2)
      expect(idsOf('/app', 'incident.resolved'), `resolved, dead before statement ${last}`).toBe(2)
      // Where the process died before anybody was told, there is nothing left to tell people.
      expect(idsOf('/alert', 'alert.opened')).toBeLessThanOrEqual(1)
      expect(idsOf('/alert', 'alert.resolved')).toBe(idsOf('/alert', 'alert.opened'))
      const { rows } = await sql<{ state: string }>`select distinct state from trueup.delivery
        where project_id = ${world.tenant.projectId} and state not in ('sent', 'dropped')`.execute(
        world.database.system,
      )
      expect(rows).toEqual([])
      if (!process.isDead()) break
      deaths++
    }
    expect(deaths).toBeGreaterThan(40)
  })
})
