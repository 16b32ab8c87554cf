import { createElement as h, type ReactElement, type ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import type { AccessAnswer, AccessReason } from '../access/access-answer.ts'
import * as react from './index.ts'
import {
  AccessProvider,
  BillingButton,
  Gate,
  type Offer,
  PaymentFailedBanner,
  PricingTable,
  readShownAccess,
  UpgradePrompt,
} from './index.ts'

const answer = (over: Partial<AccessAnswer> = {}): AccessAnswer => ({
  subject: { type: 'organization', id: 'org_1' },
  plan: 'pro',
  paid: true,
  trialEndsAt: null,
  entitlements: ['export', 'reports'],
  seats: null,
  reason: 'paid',
  asOf: new Date('2026-11-21T12:00:00Z'),
  ageMs: 0,
  endsAt: null,
  changesAt: null,
  ...over,
})
const plans = ['free', 'pro', 'team']
const price = (interval: 'month' | 'year', amount: number, currency = 'usd') => ({
  interval,
  amount,
  currency,
})
const offers: readonly Offer[] = [
  { plan: 'free', name: 'Free', features: ['export'], seats: null, trialDays: null, prices: [] },
  {
    plan: 'pro',
    name: 'Pro',
    features: ['export', 'reports'],
    seats: null,
    trialDays: 14,
    prices: [price('month', 2900), price('month', 4400, 'jpy'), price('year', 29_000)],
  },
  {
    plan: 'team',
    name: 'Team',
    features: ['sso'],
    seats: 'quantity',
    trialDays: null,
    prices: [price('month', 1200)],
  },
]

function within(access: unknown, children: ReactNode, more: object = {}): string {
  return renderToStaticMarkup(h(AccessProvider, { access, plans, ...more }, children))
}

/** The markup of one plan of a table. */
function planIn(markup: string, plan: string): string {
  const start = markup.indexOf(`data-plan="${plan}"`)
  expect(start).toBeGreaterThan(0)
  const end = markup.indexOf('data-plan=', start + 1)
  return markup.slice(start, end < 0 ? undefined : end)
}

it('offers what is meant to be offered, and nothing else', () => {
  expect(Object.keys(react).sort()).toEqual([
    'AccessProvider',
    'BillingButton',
    'Gate',
    'PaymentFailedBanner',
    'PricingTable',
    'UpgradePrompt',
    'readShownAccess',
    'useAccess',
  ])
})

describe('access in a page', () => {
  const shown = {
    plan: 'pro',
    paid: true,
    reason: 'trial',
    trialEndsAt: '2026-12-01T00:00:00.000Z',
    endsAt: '2026-12-01T00:00:00.000Z',
    entitlements: ['export', 'reports'],
    seats: 5,
  }
  const end = new Date('2026-12-01T00:00:00Z')
  const given = answer({ reason: 'trial', trialEndsAt: end, endsAt: end, seats: 5 })

  it.each([
    ['an answer of the server', given],
    ['the same as JSON', JSON.parse(JSON.stringify(given))],
    ['what Clerk mirrors', shown],
  ])('is read from %s', (_, value) => {
    expect(readShownAccess(value)).toEqual(shown)
  })

  it.each([undefined, null, 'pro', {}, { plan: 'pro', paid: true, reason: 'because' }, { plan: 'pro' }])(
    'is not known by %j',
    (value) => {
      expect(readShownAccess(value)).toBeNull()
    },
  )
})

describe('a gate in the page', () => {
  const gate = (props: object) => h(Gate, { ...props, fallback: 'closed', loading: 'loading' }, 'open')

  it.each<[string, object, Partial<AccessAnswer> | null, string]>([
    ['a feature that is had', { feature: 'reports' }, {}, 'open'],
    ['a feature that is not', { feature: 'sso' }, {}, 'closed'],
    ['every feature', { feature: 'sso' }, { entitlements: 'every' }, 'open'],
    ['the own plan', { plan: 'pro' }, {}, 'open'],
    ['a lower plan', { plan: 'free' }, {}, 'open'],
    ['a higher plan', { plan: 'team' }, {}, 'closed'],
    ['one of several plans', { plan: ['team', 'pro'] }, {}, 'open'],
    ['a plan that nobody knows', { plan: 'gold' }, {}, 'closed'],
    ['plan and feature, one of them missing', { plan: 'pro', feature: 'sso' }, {}, 'closed'],
    ['nothing at all', {}, {}, 'closed'],
    ['anything, where access is not known', { plan: 'free' }, null, 'closed'],
  ])('for %s', (_, props, access, expected) => {
    expect(within(access && answer(access), gate(props))).toBe(expected)
  })

  it('says that it loads while the endpoint of the app has not answered', () => {
    expect(within(undefined, gate({ feature: 'reports' }), { load: async () => answer() })).toBe('loading')
  })

  it('fails outside of a provider, rather than to open or close something', () => {
    expect(() => renderToStaticMarkup(gate({ feature: 'reports' }))).toThrow('AccessProvider')
  })
})

describe('a pricing table', () => {
  const table = (props: object = {}): ReactElement => h(PricingTable, { offers, act: '/checkout', ...props })

  it('is a form for each plan where the act is an address, so that it sells before its script has run', () => {
    const pro = planIn(within(answer({ plan: 'free', reason: 'free' }), table()), 'pro')
    expect(pro).toContain('<form data-part="form" action="/checkout" method="post">')
    for (const [name, value] of [
      ['plan', 'pro'],
      ['interval', 'month'],
      ['currency', 'usd'],
    ]) {
      expect(pro).toContain(`<input type="hidden" name="${name}" value="${value}"/>`)
    }
    expect(pro).toContain('$29.00')
  })

  it('marks the own plan and does not sell it again', () => {
    const markup = within(answer(), table())
    expect(planIn(markup, 'pro')).toContain('Current plan')
    expect(planIn(markup, 'pro')).not.toContain('<button')
    expect(planIn(markup, 'team')).not.toContain('Current plan')
    expect(planIn(markup, 'team')).toContain('<button')
  })

  it('says when the own plan ends, where it was canceled', () => {
    const ending = answer({ endsAt: new Date('2026-12-21T00:00:00Z') })
    expect(planIn(within(ending, table()), 'pro')).toContain('Current plan, ends on December 21, 2026')
    const trial = { reason: 'trial', trialEndsAt: ending.endsAt, endsAt: ending.endsAt } as const
    expect(planIn(within(answer(trial), table()), 'pro')).toContain('Current plan, ends on December 21, 2026')
  })

  it('says until when the own trial lasts', () => {
    const trial = answer({ reason: 'trial', trialEndsAt: new Date('2026-12-01T00:00:00Z') })
    expect(planIn(within(trial, table()), 'pro')).toContain('on trial until December 1, 2026')
  })

  it.each<[AccessReason, boolean]>([
    ['free', true],
    ['unseen', true],
    ['inactive', false],
    ['paid', false],
    ['grace', false],
    ['stale', false],
  ])('to whom is %s a trial is offered: %s', (reason, isOffered) => {
    const pro = planIn(within(answer({ plan: 'free', reason }), table()), 'pro')
    expect(pro.includes('14 days free')).toBe(isOffered)
    expect(pro.includes('Try Pro')).toBe(isOffered)
  })

  it('shows years and other currencies, and says where a plan is not sold so', () => {
    const yearly = renderToStaticMarkup(table({ interval: 'year' }))
    expect(planIn(yearly, 'pro')).toContain('$290.00')
    expect(planIn(yearly, 'pro')).toContain('Save 16 %')
    expect(planIn(yearly, 'team')).toContain('Not sold by the year')
    expect(planIn(yearly, 'team')).not.toContain('<button')
    expect(planIn(renderToStaticMarkup(table({ currency: 'jpy' })), 'pro')).toContain('¥4,400')
  })

  it('asks for seats where the plan is sold by the seat', () => {
    const markup = renderToStaticMarkup(table())
    expect(planIn(markup, 'team')).toContain('<input type="hidden" name="seats" value="1"/>')
    expect(planIn(markup, 'team')).toContain('a seat, a month')
    expect(planIn(markup, 'pro')).not.toContain('name="seats"')
  })

  it('lets those who may not manage billing look, and says who may', () => {
    const markup = renderToStaticMarkup(table({ allowed: false }))
    expect(markup).toContain('An administrator of the organization manages billing.')
    expect(markup.match(/<button[^>]*disabled=""/g)).toHaveLength(2)
  })

  it('takes the words, classes and slots of the app', () => {
    const markup = renderToStaticMarkup(
      table({
        labels: { choose: (plan: string) => `${plan} wählen`, free: 'Kostenlos' },
        classNames: { plan: 'card' },
        featureNames: { reports: 'Berichte' },
        slots: { footer: ({ offer }: { readonly offer: Offer }) => h('b', null, `slot ${offer.plan}`) },
        trial: false,
      }),
    )
    expect(planIn(markup, 'pro')).toContain('Pro wählen')
    expect(planIn(markup, 'pro')).toContain('<li>Berichte</li>')
    expect(planIn(markup, 'team')).toContain('<b>slot team</b>')
    expect(planIn(markup, 'free')).toContain('Kostenlos')
    expect(markup.match(/class="card"/g)).toHaveLength(3)
  })
})

describe('the banner of a failed payment', () => {
  it.each<[AccessReason, boolean]>([
    ['grace', true],
    ['paid', false],
    ['trial', false],
    ['free', false],
    ['inactive', false],
    ['unknown', false],
  ])('where access is %s it shows: %s', (reason, isShown) => {
    const markup = within(answer({ reason }), h(PaymentFailedBanner, { act: '/portal' }))
    expect(markup.includes('role="alert"')).toBe(isShown)
  })

  it('names the sum and the day of the next attempt, where the app kept them', () => {
    const payment = { amountDue: 4400, currency: 'jpy', nextAttemptAt: '2026-12-03T09:00:00Z' }
    const markup = within(answer({ reason: 'grace' }), h(PaymentFailedBanner, { act: '/portal', payment }))
    expect(markup).toContain('¥4,400 is due. It is tried again on December 3, 2026.')
  })

  it('names the day on which access ends', () => {
    const grace = answer({ reason: 'grace', endsAt: new Date('2026-12-05T09:00:00Z') })
    const banner = (props: object = {}) => within(grace, h(PaymentFailedBanner, { act: '/portal', ...props }))
    expect(banner()).toContain('Access ends on December 5, 2026 unless it is paid.')
    expect(banner({ ending: 'Bald ist Schluss.' })).toContain('<p>Bald ist Schluss.</p>')
  })

  it('leads only those to the portal who may manage billing', () => {
    const banner = h(PaymentFailedBanner, { act: '/portal', allowed: false })
    expect(within(answer({ reason: 'grace' }), banner)).not.toContain('<button')
  })
})

it('a prompt says what is closed and which plan opens it', () => {
  const markup = renderToStaticMarkup(h(UpgradePrompt, { plan: 'Pro', what: 'Reports', href: '/billing' }))
  expect(markup).toContain('<h2 data-part="title">Reports are part of Pro</h2>')
  expect(markup).toContain('<a data-part="button" href="/billing">Upgrade to Pro</a>')
})

it('the button to the portal says who may use it to those who may not', () => {
  const markup = renderToStaticMarkup(h(BillingButton, { act: '/portal', allowed: false }))
  expect(markup).toContain('disabled=""')
  expect(markup).toContain('An administrator of the organization manages billing.')
})
