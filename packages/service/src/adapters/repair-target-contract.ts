import type { RepairAnswer, RepairOrder, RepairTarget, StoredValue } from '@trueup/core'
import { SourceError } from '@trueup/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** What a target can do, as it says of itself. */
export interface TargetPowers {
  /**
   * `journal`: it remembers every order, and orders can be given up. `marker`: it knows the last order of a record.
   * `none`: what became of an order cannot be told.
   */
  readonly memory: 'journal' | 'marker' | 'none'
  /** Comparing and writing are one act, so that two orders at once cannot both be written. */
  readonly isAtomic: boolean
  /** It counts its writes. */
  readonly hasCap: boolean
  /** It knows which fields are mapped also where nothing is written. */
  readonly knowsMapping: boolean
}

type Fields = Readonly<Record<string, StoredValue>>

/** Records as a contract needs them. Each has `plan` (`free` or `pro` are allowed) and `premium` (a flag). */
export interface RepairWorld {
  /** A target that remembers nothing of its own, as after a restart. */
  open(): RepairTarget
  readonly container: string
  /** Makes a record with these fields, and no other, and says its key. */
  add(fields: { readonly plan: string; readonly premium: boolean }): Promise<string>
  /** The key of a record that is not there. */
  readonly missing: string
  /** The names by which orders know the two fields. */
  readonly fields: { readonly plan: string; readonly premium: string }
  /** A field that the target does not allow to be written. */
  readonly forbiddenField: string
  /** A record's fields by the names of orders, as the app itself sees them. */
  read(record: string): Promise<Fields>
  /** Writes a field as the app itself does. */
  write(record: string, field: string, value: StoredValue): Promise<void>
  now(): Date
  /** Lets the answer to the next write be lost after the write was made. */
  loseNextAnswer(): void
  close(): Promise<void>
}

/** What every repair target must do, whatever stands behind it. */
export function repairTargetContract(
  powers: TargetPowers,
  begin: (options: { readonly capAnHour: number }) => Promise<RepairWorld>,
): void {
  let world: RepairWorld
  let orders = 0
  beforeAll(async () => {
    world = await begin({ capAnHour: 10_000 })
  })
  afterAll(() => world.close())

  const orderFor = (record: string, more: Partial<RepairOrder> = {}): RepairOrder => ({
    repairId: `repair-${++orders}`,
    source: world.open().source,
    container: world.container,
    record,
    changes: [{ field: world.fields.plan, before: 'free', after: 'pro' }],
    deadline: new Date(world.now().getTime() + 60_000),
    token: orders,
    ...more,
  })
  const freeRecord = () => world.add({ plan: 'free', premium: false })
  const planOf = async (record: string) => (await world.read(record))[world.fields.plan]

  describe('inspecting', () => {
    test('tells the fields of the order as they are now, and no others', async () => {
      const { container } = world
      const record = await freeRecord()
      await world.write(record, world.fields.plan, 'pro')
      const changes = [{ field: world.fields.plan, before: 'free', after: 'pro' }]
      expect(await world.open().inspect({ container, record, changes })).toMatchObject({
        found: true,
        values: { [world.fields.plan]: 'pro' },
      })
    })

    test('says that a record is not there', async () => {
      const { container, missing: record } = world
      const changes = [{ field: world.fields.plan, before: 'free', after: 'pro' }]
      expect(await world.open().inspect({ container, record, changes })).toMatchObject({
        found: false,
        values: {},
      })
    })
  })

  if (powers.knowsMapping) {
    test('inspecting a field that is not mapped is an error, not an absent value', async () => {
      const { container } = world
      const changes = [{ field: world.forbiddenField, before: null, after: 'x' }]
      const inspected = world.open().inspect({ container, record: await freeRecord(), changes })
      await expect(inspected).rejects.toMatchObject({ name: 'SourceError', code: 'permission-missing' })
    })
  }

  describe('applying', () => {
    test('writes the fields of the order, and leaves the record otherwise and every other record alone', async () => {
      const [record, other] = [await freeRecord(), await freeRecord()]
      const before = await world.read(other)
      const answer = await world.open().apply(orderFor(record))
      expect(answer.kind).toBe('applied')
      expect(await world.read(record)).toEqual({ ...before, [world.fields.plan]: 'pro' })
      expect(await world.read(other)).toEqual(before)
    })

    test('writes all fields of an order together', async () => {
      const record = await freeRecord()
      const changes = [
        { field: world.fields.plan, before: 'free', after: 'pro' },
        { field: world.fields.premium, before: false, after: true },
      ]
      expect((await world.open().apply(orderFor(record, { changes }))).kind).toBe('applied')
      expect(await world.read(record)).toMatchObject({
        [world.fields.plan]: 'pro',
        [world.fields.premium]: true,
      })
    })

    test('writes nothing when one of the values is not what it was, and tells what stands there', async () => {
      const record = await freeRecord()
      await world.write(record, world.fields.premium, true)
      const changes = [
        { field: world.fields.plan, before: 'free', after: 'pro' },
        { field: world.fields.premium, before: false, after: true },
      ]
      expect(await world.open().apply(orderFor(record, { changes }))).toEqual({
        kind: 'conflict',
        found: { [world.fields.plan]: 'free', [world.fields.premium]: true },
      })
      expect(await planOf(record)).toBe('free')
    })

    test('a record that is not there is a conflict', async () => {
      expect(await world.open().apply(orderFor(world.missing))).toEqual({ kind: 'conflict', found: null })
    })

    test('writes nothing after the deadline', async () => {
      const record = await freeRecord()
      const deadline = new Date(world.now().getTime() - 1000)
      expect(await world.open().apply(orderFor(record, { deadline }))).toMatchObject({
        kind: 'refused',
        code: 'deadline-passed',
      })
      expect(await planOf(record)).toBe('free')
    })

    test.each([
      ['a value that is not allowed', { changes: [{ field: 'plan', before: 'free', after: 'platinum' }] }],
      ['a field that is not allowed', { changes: [{ field: 'forbidden', before: null, after: 'x' }] }],
      ['a container that is not allowed', { container: 'public.pg_authid' }],
      ['no change', { changes: [] }],
      [
        'a field twice',
        {
          changes: [
            { field: 'plan', before: 'free', after: 'pro' },
            { field: 'plan', before: 'free', after: 'pro' },
          ],
        },
      ],
    ])('refuses %s', async (_, more: Partial<RepairOrder>) => {
      const record = await freeRecord()
      const before = await world.read(record)
      const named = more.changes?.map((change) => ({
        ...change,
        field: change.field === 'plan' ? world.fields.plan : world.forbiddenField,
      }))
      const order = orderFor(record, { ...more, ...(named ? { changes: named } : {}) })
      expect(await world.open().apply(order)).toMatchObject({ kind: 'refused', code: 'not-allowed' })
      expect(await world.read(record)).toEqual(before)
    })

    if (powers.isAtomic) {
      test('of many orders for one record at once one is written, and the others are conflicts', async () => {
        const record = await freeRecord()
        const token = ++orders
        const target = world.open()
        const answers = await Promise.all(
          Array.from({ length: 6 }, () => target.apply(orderFor(record, { token }))),
        )
        expect(kindsOf(answers)).toEqual({ applied: 1, conflict: 5 })
      })
    }

    if (powers.hasCap) {
      test('stops at the cap of an hour', async () => {
        const capped = await begin({ capAnHour: 3 })
        try {
          const target = capped.open()
          const answers: RepairAnswer[] = []
          for (let written = 0; written < 5; written++) {
            const record = await capped.add({ plan: 'free', premium: false })
            const deadline = new Date(capped.now().getTime() + 60_000)
            answers.push(await target.apply(orderFor(record, { container: capped.container, deadline })))
          }
          expect(kindsOf(answers)).toEqual({ applied: 3, refused: 2 })
          expect(answers.at(-1)).toMatchObject({ code: 'cap-reached' })
        } finally {
          await capped.close()
        }
      })
    }
  })

  describe('an answer that was lost', () => {
    test('is an error that says so, never an answer', async () => {
      const record = await freeRecord()
      const order = orderFor(record)
      const target = world.open()
      world.loseNextAnswer()
      await expect(target.apply(order)).rejects.toBeInstanceOf(SourceError)
      expect(await planOf(record)).toBe('pro')
      expect(await world.open().settle(order)).toBe(powers.memory === 'none' ? 'cannot-be-told' : 'applied')
    })
  })

  if (powers.memory === 'none') {
    test('without a memory nothing can be settled', async () => {
      const order = orderFor(await freeRecord())
      expect(await world.open().settle(order)).toBe('cannot-be-told')
      expect(await world.open().abandon(order)).toBe('cannot-be-told')
    })
    return
  }

  describe('what it remembers', () => {
    test('an order that was written is answered as it was then, also after the value was put back', async () => {
      const record = await freeRecord()
      const order = orderFor(record)
      const first = await world.open().apply(order)
      await world.write(record, world.fields.plan, 'free')
      expect(await world.open().apply({ ...order, token: ++orders })).toEqual(first)
      expect(await planOf(record)).toBe('free')
    })

    test('the same order sent many times at once is written once and answered alike', async () => {
      const target = world.open()
      for (let round = 0; round < 5; round++) {
        const order = orderFor(await freeRecord())
        const answers = await Promise.all(Array.from({ length: 6 }, () => target.apply(order)))
        expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
        expect(answers[0]?.kind).toBe('applied')
      }
    })

    test('an earlier try that comes late is refused, even when the value is what it had been', async () => {
      const record = await freeRecord()
      const early = orderFor(record)
      await applied(orderFor(record))
      await world.write(record, world.fields.plan, 'free')
      expect(await world.open().apply(early)).toMatchObject({ kind: 'refused', code: 'token-superseded' })
      expect(await planOf(record)).toBe('free')
    })

    test('says of an order that it was applied, or that it was not', async () => {
      const order = orderFor(await freeRecord())
      expect(await world.open().settle(order)).toBe('not-applied')
      await applied(order)
      expect(await world.open().settle(order)).toBe('applied')
    })
  })

  if (powers.memory === 'marker') {
    test('an order is never said to be given up where a late request could still be done', async () => {
      const order = orderFor(await freeRecord())
      expect(await world.open().abandon(order)).toBe('cannot-be-told')
      await applied(order)
      expect(await world.open().abandon(order)).toBe('applied')
    })
    return
  }

  describe('the journal', () => {
    test('an id that was used for one order is refused for another', async () => {
      const { repairId } = await applied(orderFor(await freeRecord()))
      const other = await freeRecord()
      expect(await world.open().apply(orderFor(other, { repairId }))).toMatchObject({
        kind: 'refused',
        code: 'not-allowed',
      })
      expect(await planOf(other)).toBe('free')
    })

    test('an earlier try is refused also when the later one met a conflict', async () => {
      const record = await freeRecord()
      const early = orderFor(record)
      const changes = [{ field: world.fields.plan, before: 'pro', after: 'free' }]
      expect((await world.open().apply(orderFor(record, { changes }))).kind).toBe('conflict')
      expect(await world.open().apply(early)).toMatchObject({ kind: 'refused', code: 'token-superseded' })
    })

    test('an order that was given up is never written, however late it comes', async () => {
      const record = await freeRecord()
      const order = orderFor(record)
      expect(await world.open().abandon(order)).toBe('abandoned')
      expect(await world.open().abandon(order)).toBe('abandoned')
      expect(await world.open().settle(order)).toBe('abandoned')
      expect(await world.open().apply({ ...order, token: ++orders })).toMatchObject({
        kind: 'refused',
        code: 'abandoned',
      })
      expect(await planOf(record)).toBe('free')
    })

    test('an order that was written cannot be given up', async () => {
      const order = await applied(orderFor(await freeRecord()))
      expect(await world.open().abandon(order)).toBe('applied')
    })

    test('writing and giving up at once ends in one of the two', async () => {
      const target = world.open()
      for (let round = 0; round < 5; round++) {
        const record = await freeRecord()
        const order = orderFor(record)
        const [answer, settled] = await Promise.all([target.apply(order), target.abandon(order)])
        expect([answer.kind, settled, await planOf(record)]).toEqual(
          settled === 'applied' ? ['applied', 'applied', 'pro'] : ['refused', 'abandoned', 'free'],
        )
      }
    })
  })

  async function applied(order: RepairOrder): Promise<RepairOrder> {
    expect(await world.open().apply(order)).toMatchObject({ kind: 'applied' })
    return order
  }
}

function kindsOf(answers: readonly RepairAnswer[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { kind } of answers) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}
