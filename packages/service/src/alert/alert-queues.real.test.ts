import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AlertWorld, driftOf } from '../../../../test/support/alert-world.ts'
import { systemClock, systemTimer } from '../adapters/system.ts'
import { type RunningJobs, startJobs } from '../jobs/start-jobs.ts'
import { addEndpoint } from '../outgoing/endpoints.ts'
import { createOutgoingQueues } from '../outgoing/outgoing-queues.ts'
import { type Receiver, startReceiver } from '../outgoing/receivers.ts'
import type { AlertDependencies } from './alert-dependencies.ts'
import { createAlertQueues } from './alert-queues.ts'
import { alertRule } from './alert-rule.ts'
import { addChannel } from './channels.ts'
import { addRule } from './rules.ts'

describe.each(['server', 'embedded'] as const)('workers on the %s database', (place) => {
  let world: AlertWorld
  let receiver: Receiver
  let jobs: RunningJobs
  let dependencies: AlertDependencies
  const failures: unknown[] = []
  beforeAll(async () => {
    world = await AlertWorld.open(place)
    await world.renew()
    world.now = systemClock.now()
    receiver = await startReceiver()
    // The queues are made before what sends to them is there.
    const running: Pick<RunningJobs, 'send'> = { send: (...sent) => jobs.send(...sent) }
    dependencies = { ...world.dependencies, jobs: running, clock: systemClock }
    const queues = [...createAlertQueues(dependencies), ...createOutgoingQueues(dependencies)]
    jobs = await startJobs({
      database: world.database,
      timer: systemTimer,
      queues,
      supervises: true,
      onError: (error) => failures.push(error),
      onJobFailed: (_queue, _id, error) => failures.push(error),
    })
    await jobs.work(queues)
  })
  afterAll(async () => {
    await jobs.stop({ withinMs: 5_000 })
    await receiver.close()
    await world.close()
  })

  it('tell people and the app of an incident, and people of the week, through the queues alone', async () => {
    const channel = await addChannel(
      dependencies,
      world.tenant,
      { name: 'ops', config: { kind: 'slack', url: `${receiver.url}/slack` } },
      'ann',
    )
    const rule = alertRule.parse({ name: 'all', channels: [channel.id], gatherSeconds: 0 })
    await addRule(dependencies, world.tenant, rule, 'ann')
    await addEndpoint(
      dependencies,
      world.tenant,
      { url: `${receiver.url}/app`, description: '', messageTypes: ['incident.opened'] },
      'ann',
    )
    world.now = systemClock.now()
    await world.find(driftOf('user_1'))
    for (const queue of ['alert.route', 'outgoing.route'] as const) await jobs.send(queue, world.tenant)
    await jobs.send('alert.digest', { ...world.tenant, weekEndsAt: world.now.toISOString() })
    await receiver.arrived(3)
    const told = receiver.received.map(
      ({ path, body }) => `${path} ${JSON.parse(body).text ?? JSON.parse(body).type}`,
    )
    expect(told.toSorted()).toEqual([
      '/app incident.opened',
      '/slack Critical: 1 paying customer without access · Acme app',
      expect.stringMatching(/^\/slack Week of /),
    ])
    expect(failures).toEqual([])
  })
})
