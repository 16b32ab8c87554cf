import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunningTestService } from '../../../../test/support/running-service.ts'
import { startTestService } from '../../../../test/support/running-service.ts'
import type { ApiClient } from '../../../../test/support/service.ts'

const password = 'correct horse battery staple'

/** Asks until the answer is what is waited for. */
async function until<Body>(ask: () => Promise<Body>, isIt: (body: Body) => boolean): Promise<Body> {
  let last: Body | undefined
  await expect
    .poll(
      async () => {
        last = await ask()
        return isIt(last)
      },
      { timeout: 60_000, interval: 200 },
    )
    .toBe(true)
  return last as Body
}

describe('the demo of a workspace', () => {
  let service: RunningTestService
  let ada: ApiClient
  let workspace: string
  let project: string
  const at = (path: string) => path.replace(' ', ` /api/v1/projects/${project}`)
  const demo = () => ada.do(`GET /api/v1/workspaces/${workspace}/demo`)

  beforeAll(async () => {
    service = await startTestService()
    ada = service.person()
    await ada.do('POST /api/v1/sign-up', {
      email: 'ada@example.com',
      name: 'Ada',
      password,
      workspaceName: 'Engines',
    })
    workspace = (await ada.do('GET /api/v1/workspaces')).items[0].workspaceId
  })
  afterAll(() => service?.stop())

  test('is made without a key, and is marked as a demo wherever it is shown', async () => {
    expect(await demo()).toEqual({ allowed: true, state: 'none', failure: null, project: null })
    const made = await ada.do(`POST /api/v1/workspaces/${workspace}/demo`)
    expect(made).toMatchObject({ state: 'preparing', project: { demo: true, state: 'live' } })
    project = made.project.id
    const { items } = await ada.do('GET /api/v1/projects')
    expect(items).toMatchObject([{ id: project, demo: true }])
  })

  test('is the only one of its workspace', async () => {
    const again = await ada.do(`POST /api/v1/workspaces/${workspace}/demo`)
    expect(again.project.id).toBe(project)
  })

  test('has incidents of many kinds, in every state, and a history', async () => {
    await until(demo, ({ state }) => state !== 'preparing')
    expect(await demo()).toMatchObject({ state: 'ready', failure: null })
    const counts = await ada.do(at('GET /incidents/counts'))
    expect(Object.keys(counts.byKind).length).toBeGreaterThan(12)
    expect(counts.byState).toMatchObject({
      open: expect.any(Number),
      acknowledged: 1,
      ignored: 1,
      resolved: expect.any(Number),
    })
    const { items } = await ada.do(at('GET /repairs?state=verified'))
    expect(items.length).toBeGreaterThan(0)
  })

  test('takes webhooks of its own Stripe, from which incidents follow', async () => {
    const found = await until(
      () => ada.do(at('GET /events?provider=stripe&verdict=acted-on')),
      ({ items }) =>
        items.length > 0 && items.every(({ checkedAt }: { checkedAt: string | null }) => checkedAt !== null),
    )
    expect(found.items[0].type).toMatch(/^customer\.subscription/)
  })

  test('is really repaired: what is written stands in its Clerk, and stays when the service is started anew', async () => {
    // Events of the demo go on meanwhile: the check that one causes may take the place of its customer's repair.
    const repair = await until(
      async () => {
        const { items } = await ada.do(at('GET /repairs?state=proposed&limit=100'))
        const { id } = items.find(({ takesAway }: { takesAway: boolean }) => !takesAway)
        await ada.ask(at(`POST /repairs/${id}/approve`), { count: 1 })
        await ada.ask(at(`POST /repairs/${id}/apply`))
        return ada.do(at(`GET /repairs/${id}`))
      },
      ({ state }) => state !== 'superseded',
    )
    expect(repair).toMatchObject({ state: 'verified' })
    const subject = `${repair.subject.type}:${repair.subject.id}`
    const before = await ada.do(at(`GET /customers/${subject}/state?fresh=true`))

    await service.restart()
    const after = await until(
      () => ada.ask(at(`GET /customers/${subject}/state?fresh=true`)),
      ({ status }) => status === 200,
    )
    expect(after.body.pairs[0].verdict).toBe(before.pairs[0].verdict)
    expect(after.body.pairs[0].granted[0].least).toEqual(before.pairs[0].granted[0].least)
    const { check } = await ada.do(at('POST /checks'), { kind: 'full' })
    const done = await until(
      () => ada.do(at(`GET /checks/${check.id}`)),
      ({ finishedAt }) => finishedAt !== null,
    )
    expect(done.complete).toBe(true)
    const counts = await ada.do(at('GET /incidents/counts?kind=mass-drift'))
    expect(counts.total).toBe(0)
  })

  test('takes no credentials of anybody: what it reaches is its own', async () => {
    const given = { kind: 'stripe', key: 'rk_test_somebodysrealkey' }
    expect((await ada.ask(at('POST /sources'), given)).body).toMatchObject({ code: 'demo-fixed' })
    expect((await ada.ask(at('DELETE /sources/stripe'))).body).toMatchObject({ code: 'demo-fixed' })
  })

  test('gives no other project a way to its accounts', async () => {
    const { id } = await ada.do(`POST /api/v1/workspaces/${workspace}/projects`, { name: 'App' })
    const refused = await ada.ask(`POST /api/v1/projects/${id}/sources`, {
      kind: 'postgres',
      url: 'postgres://reader:secret@127.0.0.1:5432/app',
    })
    expect(refused.status).toBe(422)
    expect(JSON.stringify(refused.body)).toMatch(/private|loopback|127\.0\.0\.1/)
  })

  test('begins anew as on its first day, and leaves nothing of what was done in it', async () => {
    const old = project
    const made = await ada.do(`POST /api/v1/workspaces/${workspace}/demo/reset`)
    project = made.project.id
    expect(project).not.toBe(old)
    expect((await ada.ask(`GET /api/v1/projects/${old}`)).status).toBe(404)
    await until(demo, ({ state }) => state === 'ready')
    const { rows } = await service.database.query(
      'select count(*)::int as rows from trueup.incident where project_id = $1',
      [old],
    )
    expect(rows[0].rows).toBe(0)
  })

  test('is refused where whoever runs the service keeps none', async () => {
    await service.restart({ TRUEUP_DEMO: 'off' })
    expect((await demo()).allowed).toBe(false)
    const refused = await ada.ask(`POST /api/v1/workspaces/${workspace}/demo/reset`)
    expect(refused).toMatchObject({ status: 403, body: { code: 'demo-not-allowed' } })
    const check = await ada.ask(at('GET /customers/user:user_1/state?fresh=true'))
    expect(check.body.code).toBe('demo-not-allowed')
  })
})
