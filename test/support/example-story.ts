import { type Rng, seededRng } from '@trueup/sandbox'
import { Person } from './example-person.ts'
import type { ExampleWorld } from './example-world.ts'

const good = '4242 4242 4242 4242'

/** What is wrong with an answer: the app and the vendors' pages may refuse, and may not fail. */
export class Unexpected extends Error {}

/**
 * One organization of the example from its founding on, and what its people, and those who run the app, do to it. What
 * happens follows from the seed alone.
 */
export class Story {
  readonly person: Person
  readonly #world: ExampleWorld
  readonly #rng: Rng
  readonly #name: string
  readonly #met: (what: string) => void
  #id = ''
  #isGone = false

  constructor(world: ExampleWorld, seed: string, name: string, met: (what: string) => void) {
    this.#world = world
    this.#rng = seededRng(seed)
    this.#name = name
    this.#met = met
    this.person = new Person(world.example, name)
  }

  get id(): string {
    return this.#id
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + Math.floor(this.#rng.next() * (most - least + 1))
  }

  async begin(): Promise<void> {
    this.#id = await this.person.found(`Team ${this.#name}`)
    this.#met('founded')
  }

  /** The next thing that happens. */
  async goOn(): Promise<void> {
    if (this.#isGone) return
    const { price } = this.#subscription ?? {}
    const deeds = price === undefined ? this.#whenFree : this.#whenSubscribed
    const deed = deeds[this.between(0, deeds.length - 1)]
    if (deed) await deed.call(this)
  }

  readonly #whenFree = [
    this.#buy,
    this.#buy,
    this.#buy,
    this.#buyTwiceAtOnce,
    this.#write,
    this.#rename,
    this.#leaveCheckout,
    this.#letMemberTry,
    this.#end,
  ]

  readonly #whenSubscribed = [
    this.#buy,
    this.#write,
    this.#letMemberTry,
    this.#rename,
    this.#cancelInPortal,
    this.#cancelInPortal,
    this.#takeBackInPortal,
    this.#switchPlan,
    this.#switchPlan,
    this.#changeSeats,
    this.#failCard,
    this.#failCard,
    this.#failCard,
    this.#changeCard,
    this.#changeCard,
    this.#payOpenInvoices,
    this.#pause,
    this.#resume,
    this.#pauseCollection,
    this.#refundAndCancel,
    this.#end,
  ]

  get #stripe() {
    return this.#world.example.sandbox.world.stripe
  }

  get #customer() {
    return this.#stripe.customers.all().find(({ metadata }) => metadata.organization_id === this.#id)
  }

  /** What is subscribed to now, as the sandbox's Stripe has it. */
  get #subscription() {
    const row = this.#stripe.subscriptions
      .by('customer', this.#customer?.id ?? '')
      .find(({ status }) => status !== 'canceled' && status !== 'incomplete_expired')
    const item = row?.items.data[0]
    return row && item ? { ...row, item, price: item.price.id } : undefined
  }

  async #buy(): Promise<void> {
    const start = await this.#startCheckout()
    if (!start) return
    const form = { email: this.person.email, card: good }
    const how = this.between(1, 20)
    if (how <= 2) {
      const refused = await this.person.send(start, { ...form, card: '4000 0000 0000 0002' })
      if (refused.status !== 402) throw new Unexpected(`a declined card was answered ${refused.status}`)
      this.#met('a card declined at the checkout')
    }
    const delayed = how === 3 || how === 4
    const bank = how === 5 || how === 6
    const paid = await this.person.send(start, {
      ...form,
      ...(delayed ? { method: 'delayed' } : {}),
      ...(bank ? { card: '4000 0025 0000 3155', confirm: 'yes' } : {}),
    })
    if (paid.status !== 303 || !paid.location) throw new Unexpected(`paying was answered ${paid.status}`)
    this.#met(delayed ? 'bought by a delayed payment' : 'bought')
    // Some close the browser once they have paid.
    if (this.between(1, 10) <= 7) await this.#visit(paid.location)
    else this.#met('the page after the checkout never opened')
    if (delayed) await this.#settle(start)
  }

  async #settle(checkout: string): Promise<void> {
    const id = /\/c\/pay\/([^/?#]+)/.exec(checkout)?.[1] ?? ''
    const session = this.#stripe.checkoutSessions.get(id)
    if (session?.payment_status !== 'unpaid') return
    const arrived = this.between(1, 4) > 1
    await this.#world.control('stripe', 'POST', `stripe/checkout_sessions/${id}/settle`, { arrived })
    this.#met(arrived ? 'a delayed payment arrived' : 'a delayed payment failed')
  }

  async #buyTwiceAtOnce(): Promise<void> {
    const starts = await Promise.all([this.#startCheckout(), this.#startCheckout()])
    for (const start of new Set(starts)) {
      if (start) await this.person.send(start, { email: this.person.email, card: good })
    }
    this.#met('bought in two tabs at once')
  }

  async #leaveCheckout(): Promise<void> {
    if (await this.#startCheckout()) this.#met('a checkout left')
  }

  /** Where the checkout is; `null`: it led to the portal, since something is subscribed to. */
  async #startCheckout(): Promise<string | null> {
    const team = this.between(1, 3) === 1
    const interval = this.between(1, 5) === 1 ? 'year' : 'month'
    const yen = !team && interval === 'month' && this.between(1, 6) === 1
    const { status, body } = await this.person.ask('/api/checkout', {
      plan: team ? 'team' : 'pro',
      interval,
      currency: yen ? 'jpy' : 'usd',
      ...(team ? { seats: this.between(1, 6) } : {}),
    })
    const { kind, url } = Object(body)
    if (status !== 200 || typeof url !== 'string') {
      throw new Unexpected(`a checkout was answered ${status} ${JSON.stringify(body)}`)
    }
    if (kind === 'portal') this.#met('a second checkout led to the portal')
    return kind === 'checkout' ? url : null
  }

  /** Opens the portal, by a flow or at its front page; `null`: nothing was ever bought. */
  async #portal(flow?: string): Promise<{ readonly url: string; readonly text: string } | null> {
    const { status, body } = await this.person.ask('/api/portal', flow === undefined ? {} : { flow })
    const { url } = Object(body)
    if (status === 400 || status === 409 || status === 404) return null
    if (status !== 200 || typeof url !== 'string') {
      throw new Unexpected(`the portal was answered ${status} ${JSON.stringify(body)}`)
    }
    const page = await this.person.open(url)
    if (page.status !== 200) throw new Unexpected(`the portal showed ${page.status}`)
    return { url, text: page.text }
  }

  async #inPortal(act: string, form: Readonly<Record<string, string>>, flow?: string): Promise<boolean> {
    const portal = await this.#portal(flow)
    if (!portal) return false
    const { status } = await this.person.send(`${portal.url}/${act}`, form)
    if (status >= 500) throw new Unexpected(`${act} in the portal was answered ${status}`)
    return status === 303
  }

  async #cancelInPortal(): Promise<void> {
    const subscription = this.#subscription
    if (!subscription || subscription.cancel_at !== null) return
    if (await this.#inPortal('cancel', { subscription: subscription.id })) this.#met('canceled in the portal')
  }

  async #takeBackInPortal(): Promise<void> {
    const subscription = this.#subscription
    if (!subscription || subscription.cancel_at === null) return
    if (await this.#inPortal('renew', { subscription: subscription.id }))
      this.#met('a cancellation taken back')
  }

  async #switchPlan(): Promise<void> {
    const subscription = this.#subscription
    if (!subscription) return
    const offered = ['price_1ProMonthly', 'price_1TeamMonthly', 'price_1ProYearly', 'price_1TeamYearly']
    const others = offered.filter((price) => price !== subscription.price)
    const form = { subscription: subscription.id, price: others[this.between(0, others.length - 1)] ?? '' }
    if (await this.#inPortal('update', form)) this.#met('switched to another plan')
  }

  async #changeCard(): Promise<void> {
    if (await this.#inPortal('card', { card: good }, 'payment-method')) this.#met('a new card')
  }

  async #failCard(): Promise<void> {
    const customer = this.#customer
    const card =
      this.#subscription?.default_payment_method ?? customer?.invoice_settings.default_payment_method
    if (!card) return
    await this.#world.control('stripe', 'POST', `stripe/payment_methods/${card}/outcome`, {
      outcome: 'insufficient_funds',
    })
    this.#met('a card that will be declined')
  }

  async #payOpenInvoices(): Promise<void> {
    const portal = await this.#portal()
    for (const [, path] of portal?.text.matchAll(/href="(\/i\/[^"]+)"/g) ?? []) {
      const url = new URL(path ?? '', this.#world.example.sandbox.stripe.url).href
      const invoice = await this.person.open(url)
      if (!invoice.text.includes('>Pay ')) continue
      const paid = await this.person.send(url, { card: good })
      if (paid.status === 303) this.#met('an open invoice paid')
    }
  }

  async #write(): Promise<void> {
    const { status } = await this.person.ask('/api/notes', { text: 'A note' })
    if (status !== 201) throw new Unexpected(`a note was answered ${status}`)
    const reports = await this.person.ask('/api/reports')
    this.#met(reports.status === 200 ? 'reports opened' : 'reports refused')
    if (![200, 402, 403, 404].includes(reports.status)) {
      throw new Unexpected(`the reports were answered ${reports.status}`)
    }
  }

  async #visit(url: string): Promise<void> {
    await this.person.signIn()
    const page = await this.person.open(url)
    if (page.status >= 400) throw new Unexpected(`the page after the checkout was answered ${page.status}`)
  }

  async #letMemberTry(): Promise<void> {
    const { clerk } = this.#world.example
    const member = new Person(this.#world.example, `${this.#name}-member-${this.between(1, 1e9)}`)
    const { id } = await clerk.users.createUser({
      emailAddress: [member.email],
      skipPasswordRequirement: true,
    })
    await clerk.organizations.createOrganizationMembership({
      organizationId: this.#id,
      userId: id,
      role: 'org:member',
    })
    for (const path of ['/api/checkout', '/api/portal']) {
      const { status } = await member.ask(path, { plan: 'pro', interval: 'month', currency: 'usd' })
      if (status !== 403) throw new Unexpected(`${path} answered a member ${status}`)
    }
    await clerk.organizations.deleteOrganizationMembership({ organizationId: this.#id, userId: id })
    this.#met('a member refused')
  }

  async #rename(): Promise<void> {
    const { clerk } = this.#world.example
    await clerk.organizations.updateOrganization(this.#id, {
      name: `Team ${this.#name} ${this.between(1, 999)}`,
    })
    this.#met('renamed')
  }

  async #changeSeats(): Promise<void> {
    const subscription = this.#subscription
    if (!subscription?.price.includes('Team')) return
    await this.#world.stripe.subscriptionItems.update(subscription.item.id, { quantity: this.between(1, 9) })
    this.#met('seats changed')
  }

  async #pause(): Promise<void> {
    const subscription = this.#subscription
    if (subscription?.status !== 'active' || subscription.billing_mode.type !== 'flexible') return
    await this.#world.stripe.subscriptions.pause(subscription.id, { type: 'subscription' })
    this.#met('paused')
  }

  async #resume(): Promise<void> {
    const subscription = this.#subscription
    if (subscription?.status === 'paused') {
      await this.#world.stripe.subscriptions.resume(subscription.id)
      this.#met('resumed')
    } else if (subscription?.pause_collection) {
      await this.#world.stripe.subscriptions.update(subscription.id, { pause_collection: '' })
      this.#met('collection resumed')
    }
  }

  async #pauseCollection(): Promise<void> {
    const subscription = this.#subscription
    if (subscription?.status !== 'active') return
    await this.#world.stripe.subscriptions.update(subscription.id, { pause_collection: { behavior: 'void' } })
    this.#met('collection paused')
  }

  async #refundAndCancel(): Promise<void> {
    const subscription = this.#subscription
    if (!subscription) return
    const charge = this.#stripe.charges
      .by('customer', subscription.customer)
      .findLast(
        ({ status, refunded, amount_refunded }) =>
          status === 'succeeded' && !refunded && amount_refunded === 0,
      )
    await this.#world.stripe.subscriptions.cancel(subscription.id)
    if (charge) await this.#world.stripe.refunds.create({ charge: charge.id })
    this.#met('refunded and canceled at once')
  }

  async #end(): Promise<void> {
    await this.#world.example.clerk.organizations.deleteOrganization(this.#id)
    this.#isGone = true
    this.#met('deleted')
  }
}
