import type { CheckRun } from '@trueup/core'
import { sql } from 'kysely'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AlertWorld, driftOf } from '../../../../../test/support/alert-world.ts'
import { type MailServer, type Receiver, startMailServer, startReceiver } from '../../outgoing/receivers.ts'
import { addChannel } from '../channels.ts'
import { deliverAlert } from '../deliver-alert.ts'
import { slackShape } from '../render/vendor-shapes.ts'
import { sendDigest } from './send-digest.ts'

describe.each(['server', 'embedded'] as const)('the digest on the %s database', (place) => {
  let world: AlertWorld
  let receiver: Receiver
  let mail: MailServer
  beforeAll(async () => {
    world = await AlertWorld.open(place)
    receiver = await startReceiver()
    mail = await startMailServer()
  })
  afterAll(async () => {
    await Promise.all([receiver.close(), mail.close()])
    await world.close()
  })
  beforeEach(async () => {
    receiver.received.length = 0
    mail.received.length = 0
    await world.renew()
  })

  const at = (time: string) => {
    world.now = new Date(time)
  }
  const digest = () => sendDigest(world.dependencies, world.tenant, world.now)
  const deliverDue = async () => {
    for (const { deliveryId } of world.dueJobs('alert.deliver')) {
      await deliverAlert(world.dependencies, world.tenant, deliveryId)
    }
  }
  /** A full check that ended at this time. */
  const check = async (finishedAt: string, counts: NonNullable<CheckRun['counts']>, state = 'complete') => {
    const db = world.database.system
    const { projectId, workspaceId } = world.tenant
    const { rows } = await sql<{
      check_number: number
    }>`insert into trueup.check_run (project_id, workspace_id, kind,
        dry_run, as_of, started_at, finished_at, phase, config_fingerprint, packing_version, counts)
      values (${projectId}, ${workspaceId}, 'full', false, ${finishedAt}, ${finishedAt}, ${finishedAt}, 'finished', 'f', 1,
        ${JSON.stringify(counts)})
      returning check_number`.execute(db)
    await sql`insert into trueup.check_part (project_id, workspace_id, check_number, source, part, state)
      values (${projectId}, ${workspaceId}, ${rows[0]?.check_number}, 'stripe', 'subscriptions',
        ${JSON.stringify({ state })})`.execute(db)
  }
  const counts = (agrees: number, drifts: number) => ({
    customers: 0,
    subjects: 0,
    agrees,
    drifts,
    cannotTell: 0,
    settling: 0,
  })

  it('counts what happened within the seven days, by the clock of the project', async () => {
    // Sunday 22:59 and 23:00 UTC: Sunday and Monday in Berlin.
    at('2026-11-08T22:59:00Z')
    const [before] = await world.find(driftOf('user_before'))
    at('2026-11-08T23:00:00Z')
    const [first] = await world.find(driftOf('user_first'))
    at('2026-11-11T10:00:00Z')
    const [slow, quick] = await world.find(
      driftOf('user_slow'),
      driftOf('user_quick', { hurts: 'business', moneyAtRisk: { currency: 'eur', amount: 500 } }),
    )
    if (!before || !first || !slow || !quick) throw new Error('Four incidents were found.')
    at('2026-11-12T10:00:00Z')
    await world.resolve(quick)
    at('2026-11-13T12:00:00Z')
    await world.resolve(slow)
    at('2026-11-14T10:00:00Z')
    await world.find(
      driftOf('user_quick', { hurts: 'business', moneyAtRisk: { currency: 'eur', amount: 500 } }),
    )
    at('2026-11-15T23:00:00Z')
    await world.find(driftOf('user_after'))
    await check('2026-11-07T02:00:00Z', counts(90, 10))
    await check('2026-11-10T02:00:00Z', counts(98, 2), 'failed')
    await check('2026-11-15T02:00:00Z', counts(99, 1))
    at('2026-11-16T07:00:00Z')
    const numbers = await digest()
    expect(numbers?.week).toEqual({
      opened: 4,
      resolved: 2,
      checks: 2,
      incomplete: 1,
      parity: { agrees: 99, of: 100 },
      days: [
        { opened: 1, resolved: 0 },
        { opened: 0, resolved: 0 },
        { opened: 2, resolved: 0 },
        { opened: 0, resolved: 1 },
        { opened: 0, resolved: 1 },
        { opened: 1, resolved: 0 },
        { opened: 0, resolved: 0 },
      ],
    })
    expect(numbers?.before).toMatchObject({
      opened: 1,
      resolved: 0,
      checks: 1,
      incomplete: 0,
      parity: { agrees: 90, of: 100 },
    })
    expect(numbers?.openNow).toEqual({
      open: 4,
      moneyAtRisk: {
        customer: [{ currency: 'usd', amount: 6_000 }],
        business: [{ currency: 'eur', amount: 500 }],
        both: [],
      },
    })
    expect(
      numbers?.slowest.map(({ sentence, tookMs }) => `${sentence.split(' ')[0]} ${tookMs / 3_600_000} h`),
    ).toEqual(['user_slow 50 h', 'user_quick 24 h'])
  })

  it('is made once for a week, however often it is asked for', async () => {
    await addChannel(
      world.dependencies,
      world.tenant,
      { name: 'ops', config: { kind: 'slack', url: receiver.url } },
      'ann',
    )
    at('2026-11-16T07:00:00Z')
    expect(await digest()).not.toBeNull()
    at('2026-11-16T09:00:00Z')
    expect(await digest()).toBeNull()
    await deliverDue()
    expect(receiver.received).toHaveLength(1)
    at('2026-11-23T07:00:00Z')
    expect((await digest())?.openBefore).toEqual({
      open: 0,
      moneyAtRisk: { customer: [], business: [], both: [] },
    })
  })

  it('goes to the channels that get one', async () => {
    const add = (name: string, config: Parameters<typeof addChannel>[2]['config'], getsDigest?: boolean) =>
      addChannel(world.dependencies, world.tenant, { name, config, getsDigest }, 'ann')
    await add('slack', { kind: 'slack', url: receiver.url })
    await add('silent', { kind: 'discord', url: receiver.url }, false)
    await add('pager', { kind: 'pagerduty', routingKey: 'R'.repeat(32), region: 'us' })
    await add('mail', {
      kind: 'email',
      to: ['ops@acme.example'],
      from: 'trueup@acme.example',
      smtp: { host: '127.0.0.1', port: mail.port, security: 'none', user: null, password: null },
    })
    await expect(
      add('pager', { kind: 'pagerduty', routingKey: 'R'.repeat(32), region: 'us' }, true),
    ).rejects.toMatchObject({ code: 'digest-unsupported' })
    at('2026-11-16T07:00:00Z')
    await digest()
    await deliverDue()
    expect(receiver.received.map(({ body }) => slackShape.parse(JSON.parse(body)).blocks.length)).toEqual([5])
    const letter = await PostalMime.parse(mail.received[0]?.raw ?? '')
    expect(letter.subject).toBe('Week of 9 Nov – 15 Nov · Acme app')
    expect(letter.text).toContain('No check ended this week')
    expect(letter.html).toContain('Day by day')
  })
})
