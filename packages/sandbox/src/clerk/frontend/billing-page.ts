import { type Context, Hono } from 'hono'
import { getCookie } from 'hono/cookie'
import { html } from 'hono/html'
import { layout } from '../../server/page-layout.ts'
import { findPlan } from '../billing/billing-control.ts'
import { cancelItem } from '../billing/cancel-item.ts'
import { useBillingCard } from '../billing/cards.ts'
import { checkOut } from '../billing/check-out.ts'
import { feeOf } from '../billing/plan-fee.ts'
import { ClerkRefusal } from '../clerk-error.ts'
import type { ClerkPlan, ClerkSession, ClerkSubscriptionItem } from '../objects/index.ts'
import type { ClerkInstance } from '../routes/route.ts'
import { clientCookie, sessionOfClient } from './cookies.ts'
import { redirectUrlOf } from './handshake.ts'

const manageBilling = 'org:sys_billing:manage'
const shown: readonly string[] = ['active', 'canceled', 'past_due', 'upcoming']

/**
 * Clerk's billing as its parts in an app show it, on a page of its own at `/billing`: the plans for whoever the session
 * acts for, a checkout with a test card, the card, what is subscribed to and its end, and what was paid. Buying leads
 * back to `redirect_url`. In an organization nobody buys or cancels without the permission `org:sys_billing:manage`.
 */
export function billingPages(instance: ClerkInstance): Hono {
  const { state } = instance
  const { billing } = state
  const app = new Hono()

  app.get('/billing', (context) => {
    const session = sessionOf(context)
    return session === null
      ? toSignIn(context)
      : show(context, session, context.req.query('redirect_url'), null)
  })
  app.post('/billing/:act', async (context) => {
    const session = sessionOf(context)
    if (session === null) return toSignIn(context)
    const form = await context.req.parseBody()
    const text = (name: string) => {
      const value = form[name]
      return typeof value === 'string' ? value.trim() : ''
    }
    try {
      if (!mayManage(session)) throw notAllowed()
      act(payerOf(session), context.req.param('act'), text)
    } catch (error) {
      if (!(error instanceof ClerkRefusal)) throw error
      return show(context, session, text('redirect_url'), error)
    }
    const url = redirectUrlOf(text('redirect_url'))
    if (context.req.param('act') === 'subscribe' && url !== null) return context.redirect(url.href, 303)
    return context.redirect(
      url === null ? '/billing' : `/billing?${new URLSearchParams({ redirect_url: url.href })}`,
      303,
    )
  })

  function sessionOf(context: Context): ClerkSession | null {
    return sessionOfClient(instance, getCookie(context, clientCookie))
  }

  function payerOf(session: ClerkSession): string {
    return session.last_active_organization_id ?? session.user_id
  }

  /** Who acts for themselves may; in an organization it takes a permission that its admins have. */
  function mayManage({ last_active_organization_id: id, user_id }: ClerkSession): boolean {
    if (id === null) return true
    const role = state.membership(id, user_id)?.role
    const permissions = role === undefined ? [] : (state.role(role)?.permissions ?? [])
    return permissions.some(({ key }) => key === manageBilling)
  }

  function act(payer: string, name: string, text: (name: string) => string): void {
    switch (name) {
      case 'subscribe': {
        const plan = findPlan(state, text('plan'))
        if (plan === undefined) throw notFound('plan')
        if (text('card') !== '') useBillingCard(state, payer, text('card'))
        checkOut(state, payer, { plan, period: text('period') === 'annual' ? 'annual' : 'month' })
        return
      }
      case 'cancel': {
        const own = billing.subscriptions.get(payer)?.subscription_items.find(({ id }) => id === text('item'))
        if (own === undefined) throw notFound('subscription item')
        cancelItem(state, own.id, false)
        return
      }
      case 'card':
        useBillingCard(state, payer, text('card'))
        return
      default:
        throw notFound('act')
    }
  }

  function show(
    context: Context,
    session: ClerkSession,
    asked: string | undefined,
    problem: ClerkRefusal | null,
  ) {
    const payer = payerOf(session)
    const organization = state.organizations.get(payer)
    const items = (billing.subscriptions.get(payer)?.subscription_items ?? []).filter(({ status }) =>
      shown.includes(status),
    )
    const plans = [...billing.plans.values()].filter(
      (plan) => (plan.for_payer_type === 'org') === (organization !== undefined) && plan.publicly_visible,
    )
    const attempts = [...billing.statements.values()]
      .filter((statement) => statement.payer.id === items[0]?.payer_id)
      .flatMap((statement) => billing.payments(statement))
    const card = billing.cards.get(payer)
    const redirect = redirectUrlOf(asked)?.href ?? ''
    const manages = mayManage(session)
    return context.html(
      layout(
        `Billing of ${organization?.name ?? 'your account'}`,
        html`
${problem === null ? '' : html`<p class="error" role="alert">${problem.item.long_message}</p>`}
${redirect === '' ? '' : html`<p><a href="${redirect}">Back to the app</a></p>`}
${manages ? '' : html`<p>Only those who may manage the organization's billing can change it.</p>`}
<h2>Subscription</h2>
${items.length === 0 ? html`<p>None.</p>` : items.map((item) => itemPart(item, manages, redirect))}
<h2>Plans</h2>
${plans.map((plan) => planPart(plan, { manages, needsCard: card === undefined, redirect }))}
<h2>Card</h2>
<p>${card === undefined ? 'None.' : `•••• ${card.last4}`}</p>
${
  manages
    ? html`<form method="post" action="/billing/card">
${redirectPart(redirect)}
<label>New card number <input name="card" required inputmode="numeric" autocomplete="off"></label>
<button type="submit">Change card</button>
</form>`
    : ''
}
<h2>Payments</h2>
<table>
${attempts.map((attempt) => html`<tr><td>${day(attempt.created_at)}</td><td>${attempt.status}</td><td>$${attempt.amount.amount_formatted}</td></tr>`)}
</table>`,
      ),
      problem === null ? 200 : problem.status === 403 ? 403 : 402,
    )
  }

  return app
}

function itemPart(item: ClerkSubscriptionItem, manages: boolean, redirect: string) {
  const ends = item.period_end === null ? '' : ` · ${endWord(item)} ${day(item.period_end)}`
  const mayCancel = manages && item.status === 'active' && feeOf(item.plan, item.plan_period) > 0
  return html`<form method="post" action="/billing/cancel">
<p><strong>${item.plan.name}</strong> · ${item.is_free_trial ? 'free trial' : item.status}${ends}</p>
<input type="hidden" name="item" value="${item.id}">
${redirectPart(redirect)}
${mayCancel ? html`<button type="submit" class="plain">Cancel ${item.plan.name}</button>` : ''}
</form>`
}

function endWord(item: ClerkSubscriptionItem): string {
  if (item.status === 'upcoming') return 'until'
  return item.status === 'canceled' || item.is_free_trial ? 'ends' : 'renews'
}

function redirectPart(redirect: string) {
  return redirect === '' ? '' : html`<input type="hidden" name="redirect_url" value="${redirect}">`
}

interface Shown {
  readonly manages: boolean
  readonly needsCard: boolean
  readonly redirect: string
}

function planPart(plan: ClerkPlan, { manages, needsCard, redirect }: Shown) {
  const periods = (['month', 'annual'] as const).filter((period) => feeOf(plan, period) > 0)
  if (periods.length === 0) return html`<p><strong>${plan.name}</strong> · free</p>`
  return html`<form method="post" action="/billing/subscribe">
<p><strong>${plan.name}</strong>${plan.free_trial_enabled ? ` · ${plan.free_trial_days} days free` : ''}</p>
<input type="hidden" name="plan" value="${plan.id}">
${redirectPart(redirect)}
<label>Billed <select name="period">
${periods.map((period) => html`<option value="${period}">by the ${period === 'month' ? 'month' : 'year'}, $${(feeOf(plan, period) / 100).toFixed(2)}</option>`)}
</select></label>
${needsCard ? html`<label>Card number <input name="card" required inputmode="numeric" autocomplete="off" value="4242 4242 4242 4242"></label>` : ''}
${manages ? html`<button type="submit">Subscribe to ${plan.name}</button>` : ''}
</form>`
}

function toSignIn(context: Context): Response {
  const here = new URL(context.req.url)
  here.pathname = '/billing'
  return context.redirect(`/sign-in?redirect_url=${encodeURIComponent(here.href)}`, 303)
}

function notAllowed(): ClerkRefusal {
  return new ClerkRefusal(
    403,
    'missing_permission',
    'not allowed',
    `The permission ${manageBilling} is needed to change the billing of an organization.`,
  )
}

function notFound(what: string): ClerkRefusal {
  return new ClerkRefusal(404, 'resource_not_found', 'not found', `There is no such ${what}.`)
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
