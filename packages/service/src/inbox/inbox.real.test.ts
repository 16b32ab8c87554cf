import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestDatabase } from '../../../../test/support/database.ts'
import { createTestDatabase } from '../../../../test/support/database.ts'
import { systemRng } from '../adapters/system.ts'
import { Secret } from '../secret.ts'
import type { CheckDueOptions, CheckedTarget } from './check-due.ts'
import { checkDue, mostAttempts } from './check-due.ts'
import { isAnybodyDue, listDue, postponeDue, retrySetAside } from './due-targets.ts'
import {
  addEndpointSecret,
  closeEndpoint,
  listEndpointSecrets,
  openEndpoint,
  removeEndpointSecret,
} from './endpoint-secrets.ts'
import { clerkEvent, signedRequest, stripeEvent, stripeSecret, thinEvent } from './example-events.ts'
import { forgetOldEvents } from './forget-events.ts'
import { findEvent, listEvents, listRefusals } from './list-events.ts'
import { replayEvent } from './replay-event.ts'
import type { ProjectTenant } from './tables.ts'
import type { TestInbox } from './test-inbox.ts'
import { openTestInbox } from './test-inbox.ts'

const done = { kind: 'checked', againAt: null } as const

describe.each(['a server', 'the embedded database'])('webhooks in, on %s', (where) => {
  let server: TestDatabase | null = null
  let inbox: TestInbox
  let made = 0
  beforeAll(async () => {
    server = where === 'a server' ? await createTestDatabase() : null
    inbox = await openTestInbox({ databaseUrl: server?.url })
  })
  afterAll(async () => {
    await inbox.close()
    await server?.drop()
  })

  const project = () => inbox.project(`prj_${++made}`)
  const send = (tenant: ProjectTenant, ...request: Parameters<typeof signedRequest>) =>
    inbox.receive(signedRequest(...request), request[0], tenant.projectId)
  const statusAndCode = async (response: Response) => {
    const body: unknown = await response.json()
    return [response.status, typeof body === 'object' && body && 'code' in body ? body.code : null]
  }
  const events = async (tenant: ProjectTenant) =>
    (await listEvents(inbox.database, tenant, {}, { limit: 100 })).events
  const check = (tenant: ProjectTenant, options: Partial<CheckDueOptions> = {}) =>
    checkDue(
      {
        ...inbox,
        rng: systemRng,
        recheck: async () => done,
        payerOf: async () => null,
        ...options,
      },
      tenant,
      new AbortController().signal,
    )
  /** Checks what is due, and gives who that was. */
  const checked = async (tenant: ProjectTenant, options: Partial<CheckDueOptions> = {}) => {
    const targets: CheckedTarget[] = []
    await check(tenant, {
      ...options,
      recheck: async (_, target) => {
        targets.push(target)
        return done
      },
    })
    return targets
  }
  const acts = async ({ projectId }: ProjectTenant) => {
    const { rows } = await sql<{ readonly act: string }>`select draft->>'act' as act from trueup.ledger_draft
      where project_id = ${projectId} order by draft_number`.execute(inbox.database.system)
    return rows.map(({ act }) => act)
  }

  it('an event is stored and its customer is due before it is answered with success', async () => {
    const tenant = await project()
    const response = await send(tenant, 'stripe', stripeEvent({ id: 'evt_1' }))
    expect(response.status).toBe(200)
    expect(await events(tenant)).toMatchObject([
      {
        id: 'evt_1',
        verdict: 'acted-on',
        target: { kind: 'customer', id: 'cus_1' },
        deliveries: 1,
        checkedAt: null,
      },
    ])
    expect(await listDue(inbox.database, tenant, { limit: 10 })).toMatchObject([
      { target: { kind: 'customer', id: 'cus_1' }, state: 'due', attempts: 0 },
    ])
  })

  it('an event that comes again is answered with success, counted, and has no second effect', async () => {
    const tenant = await project()
    for (const _ of [1, 2]) await send(tenant, 'stripe', stripeEvent({ id: 'evt_1' }))
    expect(await checked(tenant)).toEqual([{ kind: 'customer', id: 'cus_1' }])
    expect((await send(tenant, 'stripe', stripeEvent({ id: 'evt_1' }))).status).toBe(200)
    expect(await checked(tenant)).toEqual([])
    expect(await events(tenant)).toMatchObject([{ deliveries: 3, checkedAt: expect.any(Date) }])
  })

  it('many events of one customer are one check, and each of them is told when it was', async () => {
    const tenant = await project()
    const responses = await Promise.all(
      Array.from({ length: 300 }, (_, n) =>
        send(tenant, 'stripe', stripeEvent({ id: `evt_${n}`, created: 1_795_000_000 + n })),
      ),
    )
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]))
    expect(await checked(tenant)).toEqual([{ kind: 'customer', id: 'cus_1' }])
    const { rows } =
      await sql`select from trueup.inbox_event where project_id = ${tenant.projectId} and effects = 1`.execute(
        inbox.database.system,
      )
    expect(rows).toHaveLength(300)
  })

  it('an event that comes while its customer is being checked has them checked again', async () => {
    const tenant = await project()
    await send(tenant, 'stripe', stripeEvent({ id: 'evt_1' }))
    const ids: string[] = []
    await check(tenant, {
      atOnce: 1,
      recheck: async (_, { id }) => {
        ids.push(id)
        if (ids.length === 1)
          await send(tenant, 'stripe', stripeEvent({ id: 'evt_2', created: 1_795_000_009 }))
        return done
      },
    })
    expect(ids).toEqual(['cus_1', 'cus_1'])
    expect((await events(tenant)).every(({ checkedAt }) => checkedAt)).toBe(true)
  })

  it('a check that fails is tried again later, set aside after 12 tries, and seen', async () => {
    const tenant = await project()
    await send(tenant, 'stripe', stripeEvent({ id: 'evt_1' }))
    const fail = () => check(tenant, { recheck: () => Promise.reject(new TypeError('of others')) })
    expect(await fail()).toMatchObject({ failed: 1 })
    expect(await fail()).toMatchObject({ failed: 0 })
    for (let tries = 1; tries < mostAttempts; tries++) {
      await sql`update trueup.due_check set not_before = now() where project_id = ${tenant.projectId}`.execute(
        inbox.database.system,
      )
      await fail()
    }
    expect(await listDue(inbox.database, tenant, { limit: 10 })).toMatchObject([
      { state: 'set-aside', attempts: 12, failure: { code: 'unexpected', message: 'TypeError' } },
    ])
    await retrySetAside(inbox, tenant, { kind: 'customer', id: 'cus_1' })
    expect(await checked(tenant)).toEqual([{ kind: 'customer', id: 'cus_1' }])
  })

  it('a worker that dies is followed by another, and its own late end counts for nothing', async () => {
    const tenant = await project()
    await send(tenant, 'stripe', stripeEvent({ id: 'evt_1' }))
    let second: readonly CheckedTarget[] = []
    const first = await check(tenant, {
      atOnce: 1,
      leaseSeconds: -1,
      recheck: async () => {
        second = await checked(tenant)
        return done
      },
    })
    expect(second).toEqual([{ kind: 'customer', id: 'cus_1' }])
    expect(first).toMatchObject({ completed: 0, superseded: 1 })
    const { rows } = await sql<{ effects: number }>`select effects from trueup.inbox_event
      where project_id = ${tenant.projectId}`.execute(inbox.database.system)
    expect(rows).toEqual([{ effects: 1 }])
  })

  it('whoever is due in a project that is not live waits until it is', async () => {
    const tenant = await project()
    const state = (text: string) =>
      sql`update trueup.project set state = ${text} where project_id = ${tenant.projectId}`.execute(
        inbox.database.system,
      )
    await state('paused')
    await send(tenant, 'stripe', stripeEvent({ id: 'evt_1' }))
    expect(await isAnybodyDue(inbox.database, tenant)).toBe(false)
    await state('live')
    expect(await isAnybodyDue(inbox.database, tenant)).toBe(true)
    await postponeDue(inbox.database, tenant, { seconds: 300 })
    expect(await isAnybodyDue(inbox.database, tenant)).toBe(false)
    expect(await listDue(inbox.database, tenant, { limit: 10 })).toMatchObject([
      { state: 'due', attempts: 0 },
    ])
  })

  it('a side that is settling is read again when its window ends, and the event has had its effect', async () => {
    const tenant = await project()
    await send(tenant, 'stripe', stripeEvent({ id: 'evt_1' }))
    const againAt = new Date(inbox.clock.now().getTime() + 600_000)
    await check(tenant, { recheck: async () => ({ kind: 'checked', againAt }) })
    expect(await events(tenant)).toMatchObject([{ checkedAt: expect.any(Date) }])
    expect(await listDue(inbox.database, tenant, { limit: 10 })).toMatchObject([
      { notBefore: againAt, attempts: 0 },
    ])
    await send(tenant, 'stripe', stripeEvent({ id: 'evt_2', created: 1_795_000_001 }))
    expect(await checked(tenant)).toEqual([{ kind: 'customer', id: 'cus_1' }])
  })

  it('a check that another of the same pair overtook is done again', async () => {
    const tenant = await project()
    await send(tenant, 'stripe', stripeEvent({ id: 'evt_1' }))
    const counts = await check(tenant, { recheck: async () => ({ kind: 'superseded' }) })
    expect(counts).toMatchObject({ completed: 0, superseded: 1 })
    expect(await events(tenant)).toMatchObject([{ checkedAt: null }])
    expect(await listDue(inbox.database, tenant, { limit: 10 })).toMatchObject([
      { state: 'due', attempts: 0 },
    ])
  })

  describe('two events of one change have one effect', () => {
    it.each<[string, string, string]>([
      ['a snapshot and then a thin event', stripeEvent({ id: 'evt_1' }), thinEvent({ id: 'evt_2' })],
      ['a thin event and then a snapshot', thinEvent({ id: 'evt_1' }), stripeEvent({ id: 'evt_2' })],
      ['two snapshots with the same data', stripeEvent({ id: 'evt_1' }), stripeEvent({ id: 'evt_2' })],
      [
        'a thin event of a finer type that names its snapshot',
        stripeEvent({ id: 'evt_1' }),
        thinEvent({ id: 'evt_2', type: 'v1.customer.subscription.item_added', snapshotEvent: 'evt_1' }),
      ],
    ])('%s', async (_, first, second) => {
      const tenant = await project()
      for (const body of [first, second]) expect((await send(tenant, 'stripe', body)).status).toBe(200)
      expect((await events(tenant)).map(({ id, verdict, twinOf }) => [id, verdict, twinOf])).toEqual([
        ['evt_2', 'twin', 'evt_1'],
        ['evt_1', 'acted-on', null],
      ])
    })

    it('also when both come in one batch', async () => {
      const tenant = await project()
      await Promise.all(
        [thinEvent({ id: 'evt_1' }), stripeEvent({ id: 'evt_2' })].map((body) =>
          send(tenant, 'stripe', body),
        ),
      )
      expect((await events(tenant)).map(({ verdict }) => verdict).toSorted()).toEqual(['acted-on', 'twin'])
    })
  })

  it.each<[string, string]>([
    ['data', stripeEvent({ id: 'evt_2', data: { previous_attributes: { status: 'past_due' } } })],
    ['second', stripeEvent({ id: 'evt_2', created: 1_795_000_001 })],
    ['type', stripeEvent({ id: 'evt_2', type: 'customer.subscription.deleted' })],
  ])('two snapshots that differ in their %s are two changes', async (_, second) => {
    const tenant = await project()
    for (const body of [stripeEvent({ id: 'evt_1' }), second]) await send(tenant, 'stripe', body)
    expect((await events(tenant)).map(({ verdict }) => verdict)).toEqual(['acted-on', 'acted-on'])
  })

  it('a thin event names an object, whose customer is asked for and then checked', async () => {
    const tenant = await project()
    await send(tenant, 'stripe', thinEvent({ id: 'evt_1' }))
    const targets = await checked(tenant, {
      atOnce: 1,
      payerOf: async (_, objectId) => (objectId === 'subscription:sub_1' ? 'cus_7' : null),
    })
    expect(targets).toEqual([{ kind: 'customer', id: 'cus_7' }])
    expect(await events(tenant)).toMatchObject([
      { target: { kind: 'customer', id: 'cus_7' }, checkedAt: expect.any(Date) },
    ])
  })

  it('an object that no customer has is shown as not acted on', async () => {
    const tenant = await project()
    await send(tenant, 'stripe', thinEvent({ id: 'evt_1' }))
    expect(await checked(tenant)).toEqual([])
    expect(await events(tenant)).toMatchObject([
      { verdict: 'not-acted-on', noEffect: 'nobody-named', target: null },
    ])
    expect(await listDue(inbox.database, tenant, { limit: 10 })).toEqual([])
  })

  it('an event of Clerk is known by its svix-id, and its subject is checked; a deletion is kept', async () => {
    const tenant = await project()
    const body = clerkEvent({ type: 'user.deleted', data: { id: 'user_9', object: 'user', deleted: true } })
    for (const _ of [1, 2]) await send(tenant, 'clerk', body, { messageId: 'msg_1' })
    await send(tenant, 'clerk', clerkEvent({ type: 'session.created', data: { id: 'sess_1' } }), {
      messageId: 'msg_2',
    })
    expect((await events(tenant)).map(({ id, verdict, deliveries }) => [id, verdict, deliveries])).toEqual([
      ['msg_2', 'not-acted-on', 1],
      ['msg_1', 'acted-on', 2],
    ])
    expect(await checked(tenant)).toEqual([{ kind: 'subject', id: 'user:user_9' }])
    const { rows } = await sql`select subject_key, event_id from trueup.deleted_subject
      where project_id = ${tenant.projectId}`.execute(inbox.database.system)
    expect(rows).toEqual([{ subject_key: 'user:user_9', event_id: 'msg_1' }])
  })

  it('a forged event is refused, leaves no row but a count, and tells nothing', async () => {
    const tenant = await project()
    const forged = signedRequest('stripe', stripeEvent({ id: 'evt_1' }), {
      secret: `${'whsec_'}${'x'.repeat(32)}`,
    })
    const response = await inbox.receive(forged, 'stripe', tenant.projectId)
    expect(await response.json()).toEqual({
      type: 'urn:trueup:problem:signature-invalid',
      title: 'The signature does not fit',
      status: 400,
      code: 'signature-invalid',
    })
    await inbox.refusals.flush()
    expect(await events(tenant)).toEqual([])
    expect(await listRefusals(inbox.database, tenant)).toMatchObject([
      { provider: 'stripe', reason: 'signature-invalid', count: 1 },
    ])
  })

  describe('an event that is not of this project is refused', () => {
    it.each<[string, string, 'mode-differs' | 'account-differs']>([
      ['of live mode', stripeEvent({ id: 'evt_1', livemode: true }), 'mode-differs'],
      ['of a connected account', stripeEvent({ id: 'evt_1', account: 'acct_2' }), 'account-differs'],
      ['of a connected account, thin', thinEvent({ id: 'evt_1', context: 'acct_2' }), 'account-differs'],
    ])('%s, and entered in the ledger once', async (_, body, code) => {
      const tenant = await project()
      for (const _ of [1, 2])
        expect(await statusAndCode(await send(tenant, 'stripe', body))).toEqual([400, code])
      expect(await events(tenant)).toEqual([])
      expect((await acts(tenant)).filter((act) => act === 'webhook-refused')).toEqual(['webhook-refused'])
    })

    it('of another instance of Clerk', async () => {
      const tenant = await project()
      await openEndpoint(inbox.secrets, tenant, 'clerk', { isLive: null, account: 'ins_2' })
      expect(await statusAndCode(await send(tenant, 'clerk', clerkEvent()))).toEqual([400, 'account-differs'])
    })

    it('signed with the secret of another project', async () => {
      const [mine, other] = [await project(), await project()]
      const secret = `whsec_${'b'.repeat(32)}`
      const given = { secret: new Secret(secret), by: 'person:a@example.com', replaces: false }
      await addEndpointSecret(inbox.secrets, other, 'stripe', given)
      expect(
        await statusAndCode(await send(mine, 'stripe', stripeEvent({ id: 'evt_1' }), { secret })),
      ).toEqual([400, 'signature-invalid'])
      expect((await send(other, 'stripe', stripeEvent({ id: 'evt_1' }), { secret })).status).toBe(200)
    })

    it('sent to a project that there is not', async () => {
      expect(
        await statusAndCode(
          await send({ workspaceId: '', projectId: 'prj_none' }, 'stripe', stripeEvent({ id: 'evt_1' })),
        ),
      ).toEqual([404, 'not-found'])
    })
  })

  it('an endpoint is opened by its first secret where the source is connected, and takes the mode and account of its key', async () => {
    const projectId = `prj_${++made}`
    const tenant = { workspaceId: 'default', projectId }
    const { system } = inbox.database
    await sql`insert into trueup.project (project_id) values (${projectId})`.execute(system)
    const given = { secret: new Secret(stripeSecret), by: 'person:a@example.com', replaces: false }
    await expect(addEndpointSecret(inbox.secrets, tenant, 'stripe', given)).rejects.toMatchObject({
      code: 'endpoint-unknown',
    })
    await sql`insert into trueup.project_source (workspace_id, project_id, name, kind, settings, place, is_live, findings,
        connected_at, connected_by, tested_at)
      values ('default', ${projectId}, 'stripe', 'stripe', '{}', 'acct_1', true, '[]', now(), 'ada', now())`.execute(
      system,
    )
    await addEndpointSecret(inbox.secrets, tenant, 'stripe', given)
    const codes: unknown[] = []
    for (const event of [
      { id: 'evt_1', livemode: true },
      { id: 'evt_2', livemode: false },
      { id: 'evt_3', livemode: true, account: 'acct_1' },
      { id: 'evt_4', livemode: true, account: 'acct_2' },
    ]) {
      codes.push((await statusAndCode(await send(tenant, 'stripe', stripeEvent(event))))[1])
    }
    expect(codes).toEqual([null, 'mode-differs', null, 'account-differs'])
    await closeEndpoint(system, tenant, 'stripe')
    inbox.endpoints.forget(projectId)
    expect((await send(tenant, 'stripe', stripeEvent({ id: 'evt_5', livemode: true }))).status).toBe(404)
  })

  describe('signing secrets', () => {
    const by = 'person:owner@example.com'

    it('several sign at once while one is rolled, and a removed one signs no more', async () => {
      const tenant = await project()
      const secret = `whsec_${'c'.repeat(32)}`
      const added = await addEndpointSecret(inbox.secrets, tenant, 'stripe', {
        secret: new Secret(secret),
        by,
        replaces: true,
      })
      const status = async (id: string, signedWith?: string) =>
        (await send(tenant, 'stripe', stripeEvent({ id }), signedWith ? { secret: signedWith } : {})).status
      expect([await status('evt_1'), await status('evt_2', secret)]).toEqual([200, 200])
      await removeEndpointSecret(inbox.secrets, tenant, 'stripe', { id: added.id, by })
      expect([await status('evt_3'), await status('evt_4', secret)]).toEqual([200, 400])
      expect(await acts(tenant)).toEqual([
        'webhook-secret-added',
        'webhook-secret-added',
        'webhook-secret-added',
        'webhook-secret-removed',
      ])
    })

    it('are shown by their beginning and last four characters', async () => {
      const tenant = await project()
      const shown = await listEndpointSecrets(inbox.database, tenant, 'stripe')
      expect(shown.map(({ label }) => label)).toEqual(['whsec_…c9Lr'])
    })

    it.each([
      ['is of the other provider', 'clerk', `whsec_${'-'.repeat(32)}`, 'secret-malformed'],
      ['is a key', 'stripe', 'rk_test_1234567890123456', 'secret-malformed'],
      ['is there already', 'stripe', 'whsec_4Nvq1xkzPpZ0o7yQm2sT8dWbE5hJc9Lr', 'secret-exists'],
    ] as const)('one that %s is refused', async (_, provider, text, code) => {
      const tenant = await project()
      await expect(
        addEndpointSecret(inbox.secrets, tenant, provider, { secret: new Secret(text), by, replaces: false }),
      ).rejects.toMatchObject({ code })
    })
  })

  describe('the log', () => {
    it('shows one event with its payload, without what is secret', async () => {
      const tenant = await project()
      const object = {
        id: 'cs_1',
        object: 'checkout.session',
        customer: 'cus_1',
        client_secret: 'cs_1_secret_abc',
      }
      await send(tenant, 'stripe', stripeEvent({ id: 'evt_1', type: 'checkout.session.completed', object }))
      const found = await findEvent(inbox.database, tenant, { provider: 'stripe', eventId: 'evt_1' })
      expect(found?.payload).toMatchObject({
        data: { object: { customer: 'cus_1', client_secret: '[secret]' } },
      })
    })

    it('is paged, and filtered by verdict, type and whom it is about', async () => {
      const tenant = await project()
      const object = (n: number) => ({ id: `sub_${n}`, customer: `cus_${n}` })
      for (const n of [1, 2, 3, 4, 5])
        await send(tenant, 'stripe', stripeEvent({ id: `evt_${n}`, object: object(n) }))
      await send(
        tenant,
        'stripe',
        stripeEvent({ id: 'evt_6', type: 'product.updated', object: { id: 'prod_1' } }),
      )
      const ids: string[] = []
      let cursor: string | null = null
      do {
        const page: Awaited<ReturnType<typeof listEvents>> = await listEvents(
          inbox.database,
          tenant,
          {},
          { limit: 2, cursor },
        )
        ids.push(...page.events.map(({ id }) => id))
        cursor = page.nextCursor
      } while (cursor)
      expect(ids).toEqual(['evt_6', 'evt_5', 'evt_4', 'evt_3', 'evt_2', 'evt_1'])
      const found = async (filter: Parameters<typeof listEvents>[2]) =>
        (await listEvents(inbox.database, tenant, filter, { limit: 10 })).events.map(({ id }) => id)
      expect(await found({ verdict: 'not-acted-on' })).toEqual(['evt_6'])
      expect(await found({ about: 'cus_3' })).toEqual(['evt_3'])
      expect(await found({ type: 'customer.*', pending: true })).toHaveLength(5)
    })

    it('replays an event, and says so in the ledger', async () => {
      const tenant = await project()
      await send(tenant, 'stripe', stripeEvent({ id: 'evt_1' }))
      await check(tenant)
      await replayEvent(inbox, tenant, { provider: 'stripe', eventId: 'evt_1', by: 'person:a@example.com' })
      expect(await checked(tenant)).toEqual([{ kind: 'customer', id: 'cus_1' }])
      expect((await acts(tenant)).at(-1)).toBe('event-replayed')
      expect(await events(tenant)).toMatchObject([{ replays: 1, checkedAt: expect.any(Date) }])
    })

    it.each([
      ['evt_none', 'event-unknown'],
      ['evt_1', 'event-not-acted-on'],
    ])('replays nothing that follows from nothing (%s)', async (eventId, code) => {
      const tenant = await project()
      await send(
        tenant,
        'stripe',
        stripeEvent({ id: 'evt_1', type: 'product.updated', object: { id: 'prod_1' } }),
      )
      await expect(
        replayEvent(inbox, tenant, { provider: 'stripe', eventId, by: 'person:a@example.com' }),
      ).rejects.toMatchObject({ code })
    })

    it('does not show the events of another project', async () => {
      const [mine, other] = [await project(), await project()]
      await send(other, 'stripe', stripeEvent({ id: 'evt_1' }))
      expect(await events(mine)).toEqual([])
      expect(await findEvent(inbox.database, mine, { provider: 'stripe', eventId: 'evt_1' })).toBeNull()
    })
  })

  it('forgets payloads after 30 days and events after 45, but none that somebody is due because of', async () => {
    const tenant = await project()
    for (const n of [1, 2])
      await send(tenant, 'stripe', stripeEvent({ id: `evt_${n}`, object: { id: 's', customer: `cus_${n}` } }))
    await check(tenant)
    await send(tenant, 'stripe', stripeEvent({ id: 'evt_3', object: { id: 's3', customer: 'cus_3' } }))
    const age = (id: string, days: number) =>
      sql`update trueup.inbox_event set received_at = now() - make_interval(days => ${days})
        where project_id = ${tenant.projectId} and event_id = ${id}`.execute(inbox.database.system)
    await age('evt_1', 31)
    await age('evt_2', 46)
    await age('evt_3', 46)
    await forgetOldEvents(inbox.database, inbox.clock.now())
    expect((await events(tenant)).map(({ id }) => id)).toEqual(['evt_3', 'evt_1'])
    expect(
      (await findEvent(inbox.database, tenant, { provider: 'stripe', eventId: 'evt_1' }))?.payload,
    ).toBeNull()
  })
})
