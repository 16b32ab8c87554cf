import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CheckedProject } from './support/checked-project.ts'
import { openCheckedProject } from './support/checked-project.ts'
import type { ApiClient } from './support/service.ts'

let world: CheckedProject
let viewer: ApiClient
/** Nothing is joined into one incident, so that each can be told apart. */
const brake = { hold: 100_000, collapse: 100_000 }
const ask = (body: object) => viewer.ask(world.at('POST /config/what-if'), body)
const told = (body: object) => viewer.do(world.at('POST /config/what-if'), body)

beforeAll(async () => {
  world = await openCheckedProject({ world: 'saas', customers: 150, drift: 0.2, seed: 11 })
  viewer = await world.invited('vera', 'viewer')
  await putConfig({ ...world.document, policy: { ...world.document.policy, brake } })
  await world.check()
})
afterAll(() => world?.close())

type Policy = Readonly<Record<string, unknown>>
type Config = Omit<CheckedProject['document'], 'policy'> & { readonly policy: Policy }
let document: Config
async function putConfig(changed: Config): Promise<void> {
  const version = await world.owner.ask(world.at('GET /config'))
  await world.owner.do(world.at('PUT /config'), {
    document: changed,
    expectedVersion: version.body.version,
  })
  document = changed
}

interface Change {
  readonly becomes: 'opens' | 'closes'
  readonly kind: string
  readonly component: string
  readonly subject: { readonly type: string; readonly id: string } | null
  readonly customerId: string | null
  readonly sentence: string
  readonly moneyAtRisk: { readonly currency: string; readonly amount: number } | null
  readonly incident: { readonly id: string; readonly state: string } | null
}
const nameOf = ({
  kind,
  component,
  subject,
  customerId,
}: Omit<Change, 'becomes' | 'sentence' | 'moneyAtRisk' | 'incident'>) =>
  [kind, component, subject ? `${subject.type}:${subject.id}` : customerId].join('|')

/** Every change, page by page. */
async function everyChange(body: object, limit = 7): Promise<readonly Change[]> {
  const items: Change[] = []
  for (let after: string | null = null; ; ) {
    const page: { items: Change[]; next: string | null; totals: unknown } = await told({
      ...body,
      after,
      limit,
    })
    expect(page.totals === null).toBe(after !== null)
    items.push(...page.items)
    if (page.next === null) return items
    after = page.next
  }
}

/** What stands open, as far as it is about one pair. */
async function standing(): Promise<readonly (Change & { readonly id: string })[]> {
  const query = 'limit=100&state=open&state=acknowledged'
  const items: (Change & { readonly id: string })[] = []
  for (let after = ''; ; ) {
    const page = await viewer.do(world.at(`GET /incidents?${query}${after}`))
    items.push(...page.items)
    if (page.next === null) break
    after = `&after=${page.next}`
  }
  const joint = ['mass-drift', 'source-unreadable', 'grant-client-writable', 'price-unmapped', 'plan-unknown']
  return items.filter(({ kind }) => !joint.includes(kind))
}

describe('what a candidate would open and close', () => {
  test('is nothing where it says the same', async () => {
    const answer = await told({ document })
    expect(answer).toMatchObject({ told: true, complete: true, items: [], next: null })
    expect(answer.totals).toMatchObject({ opens: { total: 0 }, closes: { total: 0 } })
    expect(answer.totals.verdicts.before).toEqual(answer.totals.verdicts.after)
    const { counts } = await viewer.do(world.at(`GET /checks/${answer.check.id}`))
    const { agrees, drifts, cannotTell, settling } = counts
    expect(answer.totals.verdicts.before).toEqual({ agrees, drifts, cannotTell, settling })
    expect(answer.totals.stays.total).toBeGreaterThanOrEqual((await standing()).length)
  })

  const policies: readonly (readonly [string, Policy])[] = [
    ['no grace at all', { pastDue: { mode: 'drop' } }],
    ['access kept while payment is late', { pastDue: { mode: 'keep' } }],
    ['trials that may run on for a month', { trialToleranceHours: 720 }],
  ]
  for (const [what, policy] of policies) {
    test(`is what a check under it then opens and closes: ${what}`, async () => {
      const start = document
      const before = await standing()
      const changes = await everyChange({ changes: { policy } })
      expect(changes.length).toBeGreaterThan(0)
      const { totals } = await told({ changes: { policy } })
      expect([totals.opens.total, totals.closes.total]).toEqual(
        ['opens', 'closes'].map((becomes) => changes.filter((change) => change.becomes === becomes).length),
      )
      await putConfig({ ...start, policy: { ...start.policy, ...policy } })
      await world.check()
      const after = await standing()
      const expected = new Set(before.map(nameOf))
      for (const change of changes) {
        if (change.becomes === 'opens') expected.add(nameOf(change))
        else expected.delete(nameOf(change))
      }
      expect(after.map(nameOf).toSorted()).toEqual([...expected].toSorted())
      await putConfig(start)
      await world.check()
    })
  }

  test('is asked for a price that is mapped to another plan, with the money in both directions', async () => {
    const [free, low, high, ...rest] = document.catalogue.plans
    if (!free || !low || !high) throw new Error('This world sells two plans.')
    const moved = low.prices ?? []
    expect(moved.length).toBeGreaterThan(0)
    const catalogue = {
      ...document.catalogue,
      plans: [free, { ...low, prices: [] }, { ...high, prices: [...(high.prices ?? []), ...moved] }, ...rest],
    }
    const { totals } = await told({ changes: { catalogue } })
    expect(totals.opens.total).toBeGreaterThan(0)
    const changes = await everyChange({ changes: { catalogue } }, 100)
    const sum = (becomes: string) =>
      changes.reduce(
        (all, change) => all + (change.becomes === becomes ? (change.moneyAtRisk?.amount ?? 0) : 0),
        0,
      )
    const total = (money: Record<string, readonly { amount: number }[]>) =>
      Object.values(money)
        .flat()
        .reduce((all, { amount }) => all + amount, 0)
    expect([total(totals.opens.money), total(totals.closes.money)]).toEqual([sum('opens'), sum('closes')])
    for (const { kind, count } of totals.opens.byKind) {
      expect(changes.filter((change) => change.becomes === 'opens' && change.kind === kind).length).toBe(
        count,
      )
    }
    // Whatever closes has the incident that was filed of it.
    const filed = new Map((await standing()).map((incident) => [nameOf(incident), incident.id]))
    for (const change of changes.filter(({ becomes }) => becomes === 'closes')) {
      expect(change.incident?.id).toBe(filed.get(nameOf(change)))
    }
  })

  test('names an unmapped price once, however many it touches', async () => {
    const [free, low, ...rest] = document.catalogue.plans
    if (!free || !low) throw new Error('This world sells a plan.')
    const catalogue = { ...document.catalogue, plans: [free, { ...low, prices: [], products: [] }, ...rest] }
    const { totals } = await told({ changes: { catalogue } })
    const prices = totals.shared.filter(({ kind }: Change) => kind === 'price-unmapped')
    expect(prices.length).toBe((low.prices ?? []).length)
    expect(totals.verdicts.after.cannotTell).toBeGreaterThan(totals.verdicts.before.cannotTell)
  })

  test('says where so many would drift alike that one incident would stand for them', async () => {
    const policy = { brake: { collapse: 1, hold: 1 } }
    const [free, low, high] = document.catalogue.plans
    if (!free || !low || !high) throw new Error('This world sells two plans.')
    const catalogue = { ...document.catalogue, plans: [free, { ...low, values: high.values ?? [high.id] }] }
    const answer = await ask({ changes: { policy, catalogue } })
    expect(answer.status).toBe(200)
    expect(answer.body.totals.brakes).toMatchObject({ holds: true, holdLimit: 1 })
    expect(answer.body.totals.brakes.collapsed.length).toBeGreaterThan(0)
  })

  test('lists only what is asked for', async () => {
    const policy = { pastDue: { mode: 'drop' as const } }
    const all = await everyChange({ changes: { policy } })
    expect(await everyChange({ changes: { policy }, becomes: 'closes' })).toEqual(
      all.filter(({ becomes }) => becomes === 'closes'),
    )
    const kind = all[0]?.kind ?? 'access-without-payment'
    expect(await everyChange({ changes: { policy }, kinds: [kind] })).toEqual(
      all.filter((change) => change.kind === kind),
    )
  })

  test('is told step by step to whoever waits for it', async () => {
    const { headers, body } = await viewer.ask<string>(
      world.at('POST /config/what-if'),
      { document },
      { accept: 'text/event-stream' },
    )
    expect(headers.get('content-type')).toBe('text/event-stream')
    const events = body.trim().split('\n\n')
    expect(events[0]).toMatch(/^event: progress\ndata: \{"pairs":\d+,"of":\d+\}$/)
    const [, data = ''] = /^event: answer\ndata: (.*)$/s.exec(events.at(-1) ?? '') ?? []
    expect(JSON.parse(data)).toEqual(await told({ document }))
  })

  test('leaves no trace', async () => {
    const count = async () => {
      const { rows } = await world.service.database.query(
        `select (select count(*) from trueup.check_run) as checks, (select count(*) from trueup.incident) as incidents,
           (select count(*) from trueup.ledger_entry) as entries, (select count(*) from trueup.ledger_draft) as drafts,
           (select count(*) from trueup.project_config) as versions`,
      )
      return rows
    }
    const before = await count()
    await told({ changes: { policy: { pastDue: { mode: 'drop' } } } })
    expect(await count()).toEqual(before)
  })
})

describe('what cannot be told is said so', () => {
  const users = { customerId: 'public_metadata.elsewhere', plan: 'public_metadata.plan' }
  const cases = [
    ['access-differs', () => ({ ...document, access: [{ clerk: { users } }] })],
    ['match-differs', () => ({ ...document, match: ['customer.id', 'customer.metadata.somebody'] })],
    ['billing-differs', () => ({ ...document, billing: { stripe: { entitlements: true } } })],
  ] as const
  for (const [code, candidate] of cases) {
    test(`where the last check read other things: ${code}`, async () => {
      const answer = await told({ document: candidate() })
      expect(answer).toMatchObject({ told: false, totals: null, items: [], check: null })
      expect(answer.because.map((obstacle: { code: string }) => obstacle.code)).toContain(code)
    })
  }

  test('where there was no check, or nobody knows what it read under, or it was forgotten', async () => {
    const { id } = await world.owner.do(`POST /api/v1/workspaces/${world.workspace}/projects`, {
      name: 'New',
    })
    const at = `/api/v1/projects/${id}/config`
    expect(await viewer.ask(`POST ${at}/what-if`, { document })).toMatchObject({ status: 409 })
    await world.owner.do(`PUT ${at}`, { document, expectedVersion: 0 })
    const codes = async (path: string) =>
      (await viewer.do(`POST ${path}/what-if`, { document })).because[0]?.code
    expect(await codes(at)).toBe('no-check')
    const run = async (text: string) =>
      world.service.database.query(`update trueup.check_run set config_fingerprint = ${text}`)
    await run("config_fingerprint || 'x'")
    expect(await codes(`/api/v1/projects/${world.project}/config`)).toBe('config-unknown')
    await run("rtrim(config_fingerprint, 'x')")
    for (const table of ['observed_subject', 'observed_customer', 'observed_fact', 'link']) {
      await world.service.database.query(`delete from trueup.${table}`)
    }
    expect(await codes(`/api/v1/projects/${world.project}/config`)).toBe('readings-gone')
    await world.check()
  })

  test('in a configuration that is wrong, with everything that is wrong with it', async () => {
    const answer = await ask({ changes: { policy: { pastDue: { mode: 'sometimes' } } } })
    expect(answer).toMatchObject({ status: 422, body: { code: 'config-invalid' } })
    expect(answer.body.problems[0].at).toBe('policy.pastDue.mode')
    expect(await ask({})).toMatchObject({ status: 422, body: { code: 'request-invalid' } })
    expect(await ask({ document, after: 'nonsense' })).toMatchObject({ status: 422 })
  })

  test('when another check finished behind the first page', async () => {
    const [free, ...plans] = document.catalogue.plans
    const changes = { catalogue: { ...document.catalogue, plans: [free, ...plans.toReversed()] } }
    const { next } = await told({ changes, limit: 1 })
    expect(next).not.toBeNull()
    await world.check()
    expect(await ask({ changes, limit: 1, after: next })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    })
  })
})
