import { describe, expect, test } from 'vitest'
import { day, Life, lives, price, seconds } from './support/life-account.ts'
import { storeKinds } from './support/stores.ts'

/* What a check makes of a life that goes on: incidents that end and come back, and billing of unusual shapes. */

describe.each(storeKinds)('an incident (%s store)', (kind) => {
  test('ends when a later check no longer finds it, and comes back as the same', async () => {
    const life = await Life.begin({}, kind)
    try {
      const { user, customer } = await life.payingUser()
      await life.subscribe(customer, price.pro)
      const [opened] = (await life.check()).incidents
      await life.app.give(user, { plan: 'pro' })
      await life.agrees()
      await life.app.give(user, { plan: 'free' })
      const [again, ...others] = (await life.check()).incidents
      expect(others).toEqual([])
      expect(again).toMatchObject({ id: opened?.id, kind: 'paid-without-access', openings: 2, state: 'open' })
      expect(again?.history.map(({ act }) => act)).toEqual([
        'incident-opened',
        'incident-resolved',
        'incident-reopened',
      ])
    } finally {
      await life.end()
    }
  })

  test('is filed after both sides were read again, and not while a change may still be followed', async () => {
    const life = await Life.begin({}, kind)
    try {
      const { user, customer } = await life.payingUser()
      await life.subscribe(customer, price.pro)
      await life.app.give(user, { plan: 'free' })
      const settling = await life.check({ settleMinutes: 10 })
      expect(settling.incidents).toEqual([])
      expect(settling.check.counts).toMatchObject({ settling: 1, drifts: 0 })
      await life.until(day(1))
      const settled = await life.check({ settleMinutes: 10 })
      expect(settled.incidents.map((incident) => incident.kind)).toEqual(['paid-without-access'])
      await life.app.give(user, { plan: 'pro' })
      expect((await life.check({ settleMinutes: 10 })).incidents).toEqual([])
    } finally {
      await life.end()
    }
  })
})

describe('an open incident', () => {
  test(
    'stays open while a new change of its subject settles',
    lives(async (life) => {
      const { customer } = await life.payingUser()
      const { id } = await life.subscribe(customer, price.pro)
      await life.until(day(1))
      expect((await life.check({ settleMinutes: 10 })).incidents).toHaveLength(1)
      await life.stripe.subscriptionItems.create({ subscription: id, price: price.reportsPlus })
      expect((await life.check({ settleMinutes: 10 })).check.counts).toMatchObject({ settling: 1 })
      expect(await life.openIncidents()).toMatchObject([{ kind: 'paid-without-access' }])
    }),
  )

  test(
    'stays open while it cannot be told whether it is still there',
    lives(async (life) => {
      const { customer } = await life.payingUser()
      const { id } = await life.subscribe(customer, price.pro)
      await life.finds('paid-without-access')
      await life.stripe.subscriptions.update(id, {
        items: [{ id: await life.itemOf(id), price: price.unmapped }],
      })
      await life.finds('cannot-tell', 'price-unmapped')
      expect((await life.openIncidents()).map(({ kind }) => kind).toSorted()).toEqual([
        'paid-without-access',
        'price-unmapped',
      ])
    }),
  )

  test(
    'of a user who is deleted ends, and what they still pay is another',
    lives(async (life) => {
      const { user, customer } = await life.payingUser({ clock: false })
      await life.app.signUpUser()
      await life.subscribe(customer, price.pro)
      await life.finds('paid-without-access')
      await life.app.deleteUser(user)
      await life.finds('payer-deleted-subject')
      expect((await life.openIncidents()).map(({ kind }) => kind)).toEqual(['payer-deleted-subject'])
    }),
  )
})

describe('a subscription of unusual shape', () => {
  test(
    'with more items than one answer holds counts them all',
    lives(async (life) => {
      const { user, customer } = await life.payingUser({ clock: false })
      const filler = await Promise.all(
        Array.from({ length: 18 }, () =>
          life.stripe.prices.create({
            currency: 'usd',
            unit_amount: 100,
            recurring: { interval: 'month' },
            product: 'prod_1ReportsPlus',
          }),
        ),
      )
      const { items } = await life.subscribe(customer, filler[0]?.id ?? '', {
        items: [
          ...filler.map(({ id }) => ({ price: id })),
          { price: price.reportsPlus },
          { price: price.enterprise },
        ],
      })
      expect(items.data.length).toBeLessThanOrEqual(20)
      await life.app.give(user, { plan: 'pro' })
      const said = await life.says()
      expect(said.filter((each) => each === 'price-unmapped')).toHaveLength(18)
      expect(said.filter((each) => each !== 'price-unmapped')).toEqual([
        'entitlement-missing reports-plus',
        'plan-too-low',
      ])
    }),
  )

  test(
    'of a status not known cannot be told, and accuses nobody',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      const { id } = await life.subscribe(customer, price.pro)
      await life.app.give(user, { plan: 'pro' })
      const subscription = life.sandbox.world.stripe.subscriptions.get(id)
      if (!subscription) throw new Error('The subscription was made a moment ago.')
      Object.assign(subscription, { status: 'resting' })
      await life.finds('cannot-tell')
      await life.app.give(user, { plan: 'free' })
      await life.finds('cannot-tell')
    }),
  )

  test.each([
    ['price_1ProMonthlyJpy', 1, { currency: 'jpy', amount: 4400 }],
    ['price_1ProMonthlyKwd', 1, { currency: 'kwd', amount: 9000 }],
    ['price_1ProYearlyEur', 1, { currency: 'eur', amount: 2250 }],
    ['price_1TeamTiered', 30, { currency: 'usd', amount: 32_400 }],
  ])('at %s names what is at risk in its own currency, in minor units', async (priceId, quantity, money) => {
    await lives(async (life) => {
      const { customer } = await life.payingUser()
      await life.subscribe(customer, priceId, { items: [{ price: priceId, quantity }] })
      const { incidents } = await life.check()
      expect(incidents).toMatchObject([{ kind: 'paid-without-access', moneyAtRisk: money }])
    })()
  })

  test(
    'after a discount names what is really paid',
    lives(async (life) => {
      const { customer } = await life.payingUser()
      await life.subscribe(customer, price.proYearly, { discounts: [{ coupon: 'LAUNCH20' }] })
      const { incidents } = await life.check()
      // 290 dollars a year less a fifth, over twelve months.
      expect(incidents).toMatchObject([{ moneyAtRisk: { currency: 'usd', amount: 1933 } }])
    }),
  )

  test(
    'of no items bought owes nothing, and an app that opens it all the same is not accused',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      await life.subscribe(customer, price.pro, { items: [{ price: price.pro, quantity: 0 }] })
      await life.agrees()
      await life.app.give(user, { plan: 'pro' })
      await life.agrees()
    }),
  )

  test(
    'that was started in the past counts from now',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      await life.subscribe(customer, price.pro, { backdate_start_date: seconds(day(-10)) })
      await life.app.give(user, { plan: 'pro' })
      await life.agrees()
    }),
  )
})

describe('Stripe Entitlements', () => {
  test(
    'are owed beside those of the catalogue where the project switches them on',
    lives(
      async (life) => {
        const { user, customer } = await life.payingUser({ clock: false })
        const feature = await life.stripe.entitlements.features.create({ lookup_key: 'beta', name: 'Beta' })
        await life.stripe.products.createFeature('prod_1Pro', { entitlement_feature: feature.id })
        const { id } = await life.subscribe(customer, price.pro)
        await life.app.give(user, { plan: 'pro' })
        await life.finds('entitlement-missing beta')
        await life.app.give(user, { plan: 'pro', addOns: ['beta'] })
        await life.agrees()
        await life.stripe.subscriptions.cancel(id)
        await life.finds('entitlement-extra beta')
        await life.app.give(user, { plan: 'free' })
        await life.agrees()
      },
      { entitlements: true },
    ),
  )
})

describe('the brake', () => {
  const lockedOut = async (life: Life, users: number) => {
    for (let count = 0; count < users; count += 1) {
      const { customer } = await life.payingUser({ clock: false })
      await life.subscribe(customer, price.pro)
    }
  }

  test(
    'files one incident where too many drift the same way',
    lives(async (life) => {
      await lockedOut(life, 21)
      const { incidents, check } = await life.check()
      expect(incidents).toMatchObject([
        { kind: 'mass-drift', severity: 'critical', granted: 21, allowed: 21 },
      ])
      expect(check.counts).toMatchObject({ drifts: 21 })
    }),
  )

  test(
    'ends no incident that it stands in place of: the drift is still there',
    lives(async (life) => {
      await lockedOut(life, 5)
      const before = (await life.check()).incidents
      expect(before).toHaveLength(5)
      await lockedOut(life, 16)
      await life.finds('mass-drift')
      expect((await life.openIncidents()).map(({ kind }) => kind).toSorted()).toEqual([
        'mass-drift',
        ...before.map(({ kind }) => kind),
      ])
    }),
  )

  test(
    'files them all and holds their repairs where many newly drift',
    lives(
      async (life) => {
        await lockedOut(life, 4)
        await life.finds(...Array.from({ length: 4 }, () => 'paid-without-access'), 'mass-drift')
      },
      { policy: { brake: { hold: 3, collapse: 100 } } },
    ),
  )
})
