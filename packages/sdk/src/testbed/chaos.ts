import type { SubjectId } from '@trueup/core'
import { components, defaultPolicy, isAtMost, promiseOf, readStripeSubscription } from '@trueup/core'
import { seededRng } from '@trueup/sandbox'
import type pg from 'pg'
import type { Billing } from '../billing.ts'
import { ruleCatalogue } from '../catalogue/rule-catalogue.ts'
import { mirroredAccess } from '../mirror/mirror-access.ts'
import type { BillingOptions } from '../options.ts'
import type { SqlStore } from '../store/sql/sql-store.ts'
import { Mortal } from './killable.ts'
import { adminOf, startTestApp, testCatalogue } from './test-app.ts'

/** What a run went through and what was wrong at its end. */
export interface ChaosReport {
  readonly seed: number
  /** Sentences; none: everything held. */
  readonly wrong: readonly string[]
  /** How often each dangerous thing happened, so that a run that met none of them is noticed. */
  readonly met: Readonly<Record<string, number>>
}

export interface ChaosOptions {
  readonly seed: number
  readonly pool: pg.Pool
  readonly store: SqlStore<pg.PoolClient>
  readonly actions?: number
}

/** The tables of the app in a run: its teams, and what its hooks wrote in the transactions they were given. */
export const chaosTables = `
  create table teams (clerk_id text primary key, customer_id text, plan text, is_paid boolean, features jsonb);
  create table told (id text);
  create table changes (subject text, version integer);
  create table went_back (subject text, seen integer, written integer);
  create function note_stale() returns trigger language plpgsql as $$
  declare
    seen integer := (select coalesce(max(match[1]::integer), 0) from regexp_matches(old.record, '"seq":"(\\d+)"', 'g') as match);
    written integer := (select coalesce(max(match[1]::integer), 0) from regexp_matches(new.record, '"seq":"(\\d+)"', 'g') as match);
  begin
    if written < seen then insert into went_back values (new.key, seen, written); end if;
    return new;
  end $$;
  create trigger note_stale before update on trueup_billing.subjects for each row execute function note_stale();
`
export const chaosAppTable = {
  table: 'teams',
  key: 'clerk_id',
  customerId: 'customer_id',
  plan: 'plan',
  paid: 'is_paid',
  entitlements: { column: 'features', type: 'jsonb' },
} as const

const hourMs = 3_600_000
const admin = 'org:admin'

/**
 * Lets an app live through late, doubled, reordered and dropped webhooks, failing vendors, two processes that die
 * between any two steps and leases that run out under whoever holds them; then waits until nothing is left to do, and
 * says what does not hold.
 */
export async function runChaos({ seed, pool, store, actions = 60 }: ChaosOptions): Promise<ChaosReport> {
  await pool.query(
    'truncate trueup_billing.subjects, trueup_billing.events, trueup_billing.work, trueup_billing.cursors, teams, told, changes, went_back',
  )
  const rng = seededRng(`chaos:${seed}`)
  const met: Record<string, number> = {}
  const meet = (what: string) => {
    met[what] = (met[what] ?? 0) + 1
  }
  const chance = (share: number) => rng.next() < share
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(rng.next() * list.length)]

  const options: Partial<BillingOptions<pg.PoolClient>> = {
    whenDeleted: 'cancel',
    policy: { refunded: 'review' },
    onAccessChange: async ({ subject, version }, client) => {
      await client.query('insert into changes values ($1, $2)', [subject.id, version])
    },
    ...hooks(async (id, client) => {
      await client.query('insert into told values ($1)', [id])
    }),
  }
  const app = await startTestApp<pg.PoolClient>({ store, options, seed })
  const subjects = new Map<string, SubjectId>()
  const lost: string[] = []
  const given: string[] = []

  const born = () => {
    const mortal = new Mortal()
    const billing = app.another({
      stripe: app.stripeOver(mortal.http),
      clerk: mortal.clerk(app.clerk),
      store: mortal.store(store),
    })
    return { mortal, billing }
  }
  const processes = [born(), born()]
  const anyProcess = () => (chance(0.5) ? processes[0] : processes[1]) ?? born()
  const bury = async () => {
    for (const [place, { mortal }] of processes.entries()) {
      if (!mortal.isDead) continue
      meet('killed')
      processes[place] = born()
      await runOut()
    }
  }
  /**
   * What a dead process held is free once its lease has run out; and a slow one loses its lease while it works. Rows that
   * somebody writes just now are left out: waiting for several of them at once is what no part of the SDK does.
   */
  const runOut = () =>
    pool.query(`update trueup_billing.work set leased_until = null where key in (
      select key from trueup_billing.work where leased_until is not null for update skip locked)`)
  const attempt = async (act: (billing: Billing<pg.PoolClient>) => Promise<unknown>) => {
    const { mortal, billing } = anyProcess()
    if (chance(0.3)) mortal.dieIn(1 + Math.floor(rng.next() * 25))
    try {
      return await act(billing)
    } catch {
      // A call that failed or whose process died is what callers live with; what counts is the state at the end.
      meet('failed')
      return null
    } finally {
      await bury()
    }
  }

  app.receiver.take = async (request) => {
    const body = await request.clone().text()
    const { billing } = anyProcess()
    const response =
      new URL(request.url).pathname === '/stripe'
        ? await billing.webhooks.stripe(request)
        : await billing.webhooks.clerk(request)
    const id = request.headers.get('svix-id') ?? String(JSON.parse(body).id)
    if (!response.ok) meet(`answered ${response.status}`)
    else if (await isKept(id)) meet('acknowledged')
    else lost.push(id)
    return response
  }

  // The sandbox's truth has versions, as Stripe's has not: each change of a subscription is numbered.
  let changed = 0
  let turns = 0
  app.world.stripe.onEvent(({ type, data }) => {
    if (!type.startsWith('customer.subscription.')) return
    changed += 1
    const subscription = app.world.stripe.subscriptions.get(String(data.object.id))
    if (subscription) subscription.metadata = { ...subscription.metadata, seq: String(changed) }
  })
  const isKept = async (id: string) =>
    (await pool.query('select from trueup_billing.events where key = $1', [id])).rowCount === 1
  /** A call of the test's own, which a fault of the vendor may strike. */
  const struck = async <T>(act: () => Promise<T>): Promise<T | null> => {
    try {
      return await act()
    } catch {
      return null
    }
  }
  const aSubject = () => pick([...subjects.values()])
  const customersOf = (subject: SubjectId) =>
    app.world.stripe.customers.all().filter(({ metadata }) => metadata.organization_id === subject.id)
  const subscriptionsOf = (subject: SubjectId) =>
    customersOf(subject).flatMap(({ id }) => app.world.stripe.subscriptions.by('customer', id))
  const live = (subject: SubjectId) =>
    subscriptionsOf(subject).filter(({ status }) => status !== 'canceled' && status !== 'incomplete_expired')

  const deeds: Readonly<Record<string, () => Promise<unknown>>> = {
    async create() {
      const name = `Team ${subjects.size + 1}`
      const made = await struck(() =>
        app.clerk.organizations.createOrganization({ name, createdBy: user.id }),
      )
      if (!made) return
      subjects.set(made.id, { type: 'organization', id: made.id })
      if (chance(0.5)) await pool.query('insert into teams (clerk_id) values ($1)', [made.id])
    },
    async rename() {
      const subject = aSubject()
      if (!subject) return
      const name = `Renamed ${Math.floor(rng.next() * 1e6)}`
      await struck(() => app.clerk.organizations.updateOrganization(subject.id, { name }))
    },
    async remove() {
      const subject = aSubject()
      if (!subject || subjects.size < 3) return
      const done = await struck(() => app.clerk.organizations.deleteOrganization(subject.id))
      if (done) meet('deleted')
    },
    async checkout() {
      const subject = aSubject()
      if (!subject) return
      const plan = chance(0.7) ? 'pro' : 'team'
      const interval = chance(0.8) ? 'month' : 'year'
      const start = () =>
        attempt(async (billing) => {
          const begun = await billing.checkout({
            by: adminOf(subject, admin),
            plan,
            interval,
            successUrl: '/done',
            cancelUrl: '/',
          })
          if (begun.kind === 'checkout') given.push(begun.sessionId)
          return begun
        })
      await Promise.all(chance(0.4) ? [start(), start()] : [start()])
      if (chance(0.9)) for (const id of given) payIfOpen(id)
    },
    async card() {
      const subject = aSubject()
      const subscription = subject && pick(live(subject))
      const customer = app.world.stripe.customers.get(subscription?.customer ?? '')
      const method = subscription?.default_payment_method ?? customer?.invoice_settings.default_payment_method
      if (!method) return
      app.world.stripe.paymentOutcomes.set(method, chance(0.5) ? 'insufficient_funds' : 'succeeds')
    },
    async cancel() {
      const subject = aSubject()
      const subscription = subject && pick(live(subject))
      if (!subscription) return
      const { id } = subscription
      const atOnce = chance(0.5)
      await struck(() =>
        atOnce
          ? app.stripe.subscriptions.cancel(id)
          : app.stripe.subscriptions.update(id, { cancel_at_period_end: true }),
      )
    },
    async refund() {
      const subject = aSubject()
      const charge =
        subject && pick(customersOf(subject).flatMap(({ id }) => app.world.stripe.charges.by('customer', id)))
      if (charge && charge.status === 'succeeded' && !charge.disputed) app.engine.openDispute(charge)
    },
    async time() {
      app.clock.advance(hourMs * Math.floor(rng.next() * 24 * 12))
      app.engine.catchUp()
    },
    work: () => attempt((billing) => billing.work()),
    async resync() {
      const subject = aSubject()
      if (!subject) return
      const twice = chance(0.5)
      await Promise.all((twice ? [1, 2] : [1]).map(() => attempt((billing) => billing.resync(subject))))
    },
    /** An answer that was given before a change arrives after what was read after it. */
    async race() {
      const subject = pick([...subjects.values()].filter((each) => live(each).length > 0))
      const subscription = subject && pick(live(subject))
      if (!subscription) return
      const { id } = app.faults.stripe.add({
        kind: 'slow',
        delayMs: 150,
        where: 'middle',
        route: '/v1/subscriptions',
        limit: 1,
      })
      const first = attempt((billing) => billing.resync(subject))
      const isStruck = () => app.faults.stripe.list().find((fault) => fault.id === id)?.struck === 1
      for (let turn = 0; turn < 2_000 && !isStruck(); turn += 1) {
        await new Promise((resolve) => setImmediate(resolve))
      }
      await struck(() => app.stripe.subscriptions.update(subscription.id, { description: `At ${turns}` }))
      turns += 1
      await attempt((billing) => billing.resync(subject))
      await first
      app.faults.stripe.remove(id)
      meet('raced')
    },
    async lapse() {
      meet('lease ran out')
      await runOut()
    },
    drain: () => app.drain(),
  }
  const payIfOpen = (id: string) => {
    const session = app.world.stripe.checkoutSessions.get(id)
    if (session?.status !== 'open' || session.expires_at * 1000 <= app.clock.now().getTime()) return
    app.engine.completeCheckout(session, { paymentMethod: 'pm_card_visa', email: 'buyer@example.com' })
    meet('paid')
  }

  const user = await app.clerk.users.createUser({
    emailAddress: ['admin@example.com'],
    skipPasswordRequirement: true,
  })
  app.deliverers.stripe.faults.add({ kind: 'dropped', rate: 0.15 })
  app.deliverers.stripe.faults.add({ kind: 'doubled', rate: 0.2 })
  app.deliverers.stripe.faults.add({ kind: 'reordered', rate: 0.2, places: 3 })
  app.deliverers.stripe.faults.add({ kind: 'late', rate: 0.1, delayMs: 5_000 })
  app.deliverers.clerk.faults.add({ kind: 'doubled', rate: 0.2 })
  app.deliverers.clerk.faults.add({ kind: 'reordered', rate: 0.2, places: 2 })
  app.webhooks.stripe.twins.add({ rate: 0.2 })
  for (const faults of [app.faults.stripe, app.faults.clerk]) {
    faults.add({ kind: 'rate-limited', rate: 0.04, retryAfterSeconds: 1 })
    faults.add({ kind: 'server-error', status: 500, rate: 0.03, applied: false })
    faults.add({ kind: 'server-error', status: 500, rate: 0.03, applied: true })
    faults.add({ kind: 'reset', rate: 0.02, applied: true })
    faults.add({ kind: 'slow', delayMs: 40, where: 'middle', rate: 0.1 })
  }
  const weights: readonly (keyof typeof deeds)[] = [
    'create',
    'create',
    'rename',
    'remove',
    ...Array.from({ length: 6 }, () => 'checkout'),
    'card',
    'card',
    'cancel',
    'refund',
    ...Array.from({ length: 3 }, () => 'time'),
    ...Array.from({ length: 3 }, () => 'work'),
    'resync',
    'resync',
    'lapse',
    'race',
    'race',
    ...Array.from({ length: 4 }, () => 'drain'),
  ]
  try {
    for (let done = 0; done < actions; ) {
      // What happens at the same time overlaps: readings under way while something changes.
      const together = chance(0.4) ? 3 : 1
      await Promise.all(Array.from({ length: together }, () => deeds[pick(weights) ?? 'work']?.()))
      done += together
      await bury()
    }
    await quiet()
    return { seed, wrong: await findWrong(), met }
  } finally {
    await app.close()
  }

  /** Faults stop, and everything that waits is done. */
  async function quiet(): Promise<void> {
    app.faults.stripe.clear()
    app.faults.clerk.clear()
    app.deliverers.stripe.faults.clear()
    app.deliverers.clerk.faults.clear()
    app.webhooks.stripe.twins.clear()
    // Also for organizations whose making was answered by a failure and happened all the same.
    const { data } = await app.clerk.organizations.getOrganizationList({ limit: 500 })
    for (const { id } of data) {
      await pool.query('insert into teams (clerk_id) values ($1) on conflict do nothing', [id])
      subjects.set(id, { type: 'organization', id })
    }
    for (const place of processes.keys()) processes[place] = born()
    await runOut()
    app.engine.catchUp()
    for (let round = 0; round < 30; round += 1) {
      await app.drain()
      // Who was about to die may do so now, with a lease in hand.
      await runOut()
      app.clock.advance(11 * 60_000)
      for (const { billing } of processes) await billing.work()
      const left = (await app.billing.waiting(1_000)).filter(({ key }) => !key.endsWith(':planned'))
      if (left.length === 0 && round >= 3) return
    }
  }

  async function findWrong(): Promise<readonly string[]> {
    const wrong: string[] = []
    const catalogue = ruleCatalogue(testCatalogue)
    const waiting = (await app.billing.waiting(1_000)).filter(({ key }) => !key.endsWith(':planned'))
    for (const { key, lastError } of waiting) wrong.push(`${key} is still waiting: ${lastError}`)
    const { data: organizations } = await app.clerk.organizations.getOrganizationList({ limit: 500 })
    const existing = new Map(organizations.map((organization) => [organization.id, organization]))
    for (const subject of subjects.values()) {
      const customers = customersOf(subject)
      if (customers.length > 1) wrong.push(`${subject.id} has ${customers.length} customers`)
      const organization = existing.get(subject.id)
      if (live(subject).length > (organization ? 1 : 0)) {
        wrong.push(
          `${subject.id} has live subscriptions ${live(subject).map(({ id, status }) => `${id} ${status}`)}${organization ? '' : ' and was deleted'}`,
        )
      }
      const access = await app.billing.access(subject)
      const { rows } = await pool.query('select * from teams where clerk_id = $1', [subject.id])
      if (!organization) {
        if (access.paid) wrong.push(`${subject.id} was deleted and has ${access.plan}`)
        continue
      }
      const now = app.clock.now()
      const read = await Promise.all(
        customers.map(({ id }) =>
          app.stripe.subscriptions.list({
            customer: id,
            status: 'all',
            expand: ['data.latest_invoice.payments'],
          }),
        ),
      )
      const bought = read.flatMap(({ data }) => data.map((each) => readStripeSubscription(each, now)))
      const rules = { catalogue, policy: { ...defaultPolicy, refunded: 'keep' as const }, now }
      const { owed, allowed } = promiseOf(bought, rules)
      const disputed = app.world.stripe.disputes.all().length > 0
      for (const component of components) {
        if (component === 'trialEndsAt') continue
        const tolerance = { trialToleranceHours: 24 }
        // A dispute that is looked at leaves open what is owed, in this run's policy.
        const isEnough = disputed || isAtMost(component, owed, access, catalogue, tolerance)
        if (!isEnough || !isAtMost(component, access, allowed, catalogue, tolerance)) {
          wrong.push(
            `${subject.id} ${component}: owed ${JSON.stringify(owed[component])}, granted ${JSON.stringify(access[component])} (${access.reason}), allowed ${JSON.stringify(allowed[component])}`,
          )
        }
      }
      const mirrored: unknown = organization.publicMetadata?.billing
      // A merge patch leaves out what is null.
      const facts = Object.entries(mirroredAccess(access, access.reason))
      const wanted = Object.fromEntries(facts.filter(([, value]) => value !== null))
      const hasMirror = customers.length > 0 || mirrored !== undefined
      if (hasMirror && inOrder(mirrored) !== inOrder(wanted)) {
        wrong.push(
          `${subject.id} is mirrored as ${JSON.stringify(mirrored)}, and is ${JSON.stringify(wanted)}`,
        )
      }
      if (customers[0] && customers[0].name !== organization.name) {
        wrong.push(`${subject.id} is called ${organization.name}, and its customer ${customers[0].name}`)
      }
      const [row] = rows
      if (customers.length > 0 && (row?.plan !== access.plan || row?.customer_id !== customers[0]?.id)) {
        wrong.push(
          `the row of ${subject.id} says ${JSON.stringify(row)}, and it has ${access.plan} of ${customers[0]?.id}`,
        )
      }
    }
    const doubled = await pool.query(
      'select id, count(*)::int as times from told group by id having count(*) > 1',
    )
    for (const { id, times } of doubled.rows) wrong.push(`${id} was told ${times} times`)
    const versions = await pool.query(
      'select subject, version from changes group by subject, version having count(*) > 1',
    )
    for (const { subject, version } of versions.rows)
      wrong.push(`${subject} changed twice to version ${version}`)
    for (const id of lost) wrong.push(`${id} was acknowledged and is not kept`)
    const stale = await pool.query('select * from went_back')
    for (const { subject, seen, written } of stale.rows) {
      wrong.push(`${subject} went back from what was seen at ${seen} to what was so at ${written}`)
    }
    const told = await pool.query('select count(*)::int as told from told')
    met.told = told.rows[0].told
    met.subjects = subjects.size
    return wrong
  }
}

/** Metadata comes back with its keys in the order in which they were written. */
function inOrder(value: unknown): string {
  return JSON.stringify(Object.entries(Object(value)).sort())
}

function hooks(
  tell: (id: string, client: pg.PoolClient) => Promise<void>,
): Partial<BillingOptions<pg.PoolClient>> {
  return {
    onPaymentFailed: ({ id }, { transaction }) => tell(id, transaction),
    onTrialEnding: ({ id }, { transaction }) => tell(id, transaction),
    onRecovered: ({ id }, { transaction }) => tell(id, transaction),
    onCanceled: ({ id }, { transaction }) => tell(id, transaction),
  }
}
