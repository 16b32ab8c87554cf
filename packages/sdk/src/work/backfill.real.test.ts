import type { SubjectId } from '@trueup/core'
import { afterEach, expect, it } from 'vitest'
import type { Problem } from '../options.ts'
import { startTestApp, type TestApp } from '../testbed/test-app.ts'

let app: TestApp<never>
afterEach(() => app.close())

it('a backfill finds customers by their metadata, reads every subject, and gives nobody a second customer', async () => {
  const problems: Problem[] = []
  app = await startTestApp<never>({
    webhooks: false,
    options: { onProblem: (problem) => void problems.push(problem) },
  })
  const user = await app.clerk.users.createUser({
    emailAddress: ['a@example.com'],
    skipPasswordRequirement: true,
  })
  const subjects: SubjectId[] = []
  for (let n = 0; n < 5; n += 1) {
    const { id } = await app.clerk.organizations.createOrganization({ name: `Team ${n}`, createdBy: user.id })
    subjects.push({ type: 'organization', id })
  }
  const customerOf = async ({ id }: SubjectId) =>
    (await app.stripe.customers.create({ metadata: { organization_id: id } })).id
  const paying = subjects[0] ?? subjects[1]
  if (!paying) throw new Error('There are subjects.')
  const customer = await customerOf(paying)
  const method = await app.stripe.paymentMethods.attach('pm_card_visa', { customer })
  await app.stripe.subscriptions.create({
    customer,
    items: [{ price: 'price_1TeamMonthly', quantity: 4 }],
    default_payment_method: method.id,
  })
  app.clock.advance(1_000)
  const second = await customerOf(paying)
  await app.stripe.customers.create({ email: 'nobody@example.com' })

  const report = await app.billing.backfill()
  expect(report).toMatchObject({ customers: 2, adopted: 1, duplicates: 1, subjects: 5 })
  const kept = (await app.store.subject(paying))?.customerId ?? ''
  expect(problems.filter(({ code }) => code === 'customer-shared')).toHaveLength(1)
  expect([customer, second]).toContain(kept)
  expect(app.world.stripe.customers.size).toBe(2 + 1 + 4)

  expect(await app.billing.backfill()).toMatchObject({ adopted: 0, subjects: 5 })
  expect(app.world.stripe.customers.size).toBe(2 + 1 + 4)
})

it('a backfill that was stopped goes on where it was', async () => {
  app = await startTestApp<never>({ webhooks: false, options: { customers: 'on-demand' } })
  for (let n = 0; n < 120; n += 1) await app.stripe.customers.create({ email: `c${n}@example.com` })
  const lists = () =>
    app.faults.stripe.requests.routes().find(({ route }) => route === 'GET /v1/customers')?.total ?? 0
  app.faults.clerk.add({ kind: 'outage', route: '/v1/organizations' })
  await expect(app.billing.backfill()).rejects.toMatchObject({ code: 'vendor-failed' })
  const before = lists()
  app.faults.clerk.clear()
  await app.billing.backfill()
  expect(lists()).toBe(before)
})
