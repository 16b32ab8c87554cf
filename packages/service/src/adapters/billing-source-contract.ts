import type { BillingPart, BillingRows, BillingSource, Cursor, ReversalReading } from '@trueup/core'
import { SourceError } from '@trueup/core'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'

/** Billing as a contract needs it: what is in it, a source on it, and ways to make it fail. */
export interface BillingWorld {
  /** A source that has read nothing yet. */
  open(): BillingSource
  /** The ids of all rows of each part; more than a page of most. */
  readonly ids: Readonly<Record<BillingPart, readonly string[]>>
  /** A customer with facts, and those who are there no more or never were. */
  readonly customers: {
    readonly payer: string
    /** `null`: the vendor does not tell who was deleted from who never was. */
    readonly deleted: string | null
    readonly unknown: string
  }
  /** Makes every request from this one on fail as when a key was revoked, counted from 1. */
  revokeKeyFrom(request: number): void
  restoreKey(): void
}

const parts = ['prices', 'refunds', 'disputes', 'subscriptions', 'customers', 'purchases'] as const

/** What every billing source must do, whatever stands behind it. */
export function billingSourceContract(begin: () => Promise<BillingWorld>): void {
  let world: BillingWorld
  beforeAll(async () => {
    world = await begin()
  })
  afterEach(() => world.restoreKey())

  describe.each(parts)('%s', (part) => {
    test('every row is read once, and its cursors end done', async () => {
      const stored = new Stored(part)
      await stored.read(world.open())
      expect(stored.ids.toSorted()).toEqual(world.ids[part].toSorted())
      expect(stored.isDone).toBe(true)
    })

    test('cut off after any page and resumed by another process, every row is stored once', async () => {
      const whole = new Stored(part)
      await whole.read(world.open())
      for (let pages = 0; pages < whole.pages; pages++) {
        const stored = new Stored(part)
        await stored.read(world.open(), pages)
        await stored.read(world.open())
        expect(stored.ids.toSorted()).toEqual(world.ids[part].toSorted())
        expect(stored.isDone).toBe(true)
      }
    })

    test('what is done costs no request', async () => {
      const stored = new Stored(part)
      await stored.read(world.open())
      const again = world.open()
      const pages = stored.pages
      await stored.read(again)
      expect(stored.pages).toBe(pages)
      // Purchases are read by the prices, which are listed first.
      if (part !== 'purchases') expect(again.requests()).toBe(0)
    })
  })

  test('a cut costs no more than one page for each cursor', async () => {
    const whole = world.open()
    const all = new Stored('subscriptions')
    await all.read(whole)
    const sources = [world.open(), world.open(), world.open()] as const
    const stored = new Stored('subscriptions')
    await stored.read(sources[0], 3)
    await stored.read(sources[1], 2)
    const cursors = stored.cursors.length
    await stored.read(sources[2])
    const spent = sources.reduce((sum, source) => sum + source.requests(), 0)
    expect(spent).toBeLessThanOrEqual(whole.requests() + 2 * cursors)
  })

  test('a source that fails half-way says so, and what it gave before stays good', async () => {
    world.revokeKeyFrom(3)
    const stored = new Stored('subscriptions')
    const failed = await stored.read(world.open()).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(SourceError)
    expect(failed).toMatchObject({ code: 'key-rejected', retryable: false })
    expect(stored.isDone).toBe(false)
    world.restoreKey()
    await stored.read(world.open())
    expect(stored.ids.toSorted()).toEqual(world.ids.subscriptions.toSorted())
  })

  test('one customer is read with all its facts, the same as the lists hold', async () => {
    const { payer } = world.customers
    const source = world.open()
    const facts: string[] = []
    for (const part of ['subscriptions', 'purchases'] as const) {
      for await (const page of source.read(part, [])) {
        facts.push(...page.rows.filter(({ fact }) => fact.customerId === payer).map(({ fact }) => fact.id))
      }
    }
    const answer = await source.readCustomer(payer)
    expect(answer.pointed).toEqual({ id: payer, found: 'read' })
    expect(answer.customer?.id).toBe(payer)
    expect(facts.length).toBeGreaterThan(0)
    expect(answer.facts.map(({ id }) => id).toSorted()).toEqual(facts.toSorted())
  })

  test('a customer who was deleted or never was is told apart, and neither is an error', async () => {
    const source = world.open()
    const { deleted, unknown } = world.customers
    if (deleted !== null) {
      expect(await source.readCustomer(deleted)).toMatchObject({
        pointed: { id: deleted, found: 'deleted' },
        customer: null,
        facts: [],
      })
    }
    expect(await source.readCustomer(unknown)).toMatchObject({
      pointed: { id: unknown, found: 'unknown' },
      customer: null,
      facts: [],
    })
  })

  test('a customer who cannot be read for want of a key is an error, not an unknown one', async () => {
    world.revokeKeyFrom(1)
    await expect(world.open().readCustomer(world.customers.payer)).rejects.toMatchObject({
      name: 'SourceError',
      code: 'key-rejected',
    })
  })

  test('testing the connection names the key, and fails where the key is refused', async () => {
    const source = world.open()
    expect(await source.test()).toContainEqual(expect.objectContaining({ name: 'key', state: 'ok' }))
    expect(source.requests()).toBeGreaterThan(0)
    world.revokeKeyFrom(1)
    await expect(world.open().test()).rejects.toMatchObject({ name: 'SourceError', code: 'key-rejected' })
  })

  test('what went back of a payment is what the lists of refunds and disputes say of it', async () => {
    const source = world.open()
    if (!source.readReversals) return
    const listed: ReversalReading[] = []
    for (const part of ['refunds', 'disputes'] as const) {
      for await (const { rows } of source.read(part, [])) listed.push(...rows)
    }
    const inOrder = (rows: readonly ReversalReading[]) => rows.map((row) => JSON.stringify(row)).toSorted()
    const [first] = listed
    if (!first) throw new Error('The world has refunds.')
    const own = listed.filter(({ paymentId }) => paymentId === first.paymentId)
    expect(inOrder(await source.readReversals([first.paymentId, 'pi_unknown']))).toEqual(inOrder(own))
    const all = listed.map(({ paymentId }) => paymentId)
    expect(inOrder(await source.readReversals(all))).toEqual(inOrder(listed))
  })

  test('it has no method but those that read', () => {
    const optional = ['changedSince', 'divisible', 'readReversals']
    const found = Object.keys(world.open()).filter((key) => !optional.includes(key))
    expect(found.toSorted()).toEqual(['name', 'read', 'readCustomer', 'requests', 'test'])
  })
}

/** A consumer that stores each page with its cursors, and can die with a page in hand. */
export class Stored<P extends BillingPart> {
  readonly ids: string[] = []
  readonly #part: P
  readonly #cursors = new Map<string, Cursor>()
  pages = 0

  constructor(part: P) {
    this.#part = part
  }

  get cursors(): readonly Cursor[] {
    return [...this.#cursors.values()]
  }

  get isDone(): boolean {
    return this.cursors.length > 0 && this.cursors.every(({ done }) => done)
  }

  async read(source: BillingSource, pagesAtMost = Number.POSITIVE_INFINITY): Promise<void> {
    let pages = 0
    for await (const page of source.read(this.#part, this.cursors)) {
      if (pages++ >= pagesAtMost) return
      this.pages++
      this.ids.push(...page.rows.map(billingRowId))
      for (const cursor of page.cursors) this.#cursors.set(cursor.id, cursor)
    }
  }
}

/** By what a contract tells rows apart. */
export function billingRowId(row: BillingRows[BillingPart]): string {
  if ('fact' in row) return row.fact.id
  return 'paymentId' in row ? row.ids.join(' ') : row.id
}
