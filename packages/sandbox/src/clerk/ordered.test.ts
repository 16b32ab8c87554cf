import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IndexBy } from './index-by.ts'
import { Ordered } from './ordered.ts'

interface Thing {
  readonly id: string
  readonly created_at: number
  readonly tag: string
}

const thing = fc.record({
  id: fc.integer({ min: 0, max: 30 }).map((number) => `id_${number}`),
  created_at: fc.integer({ min: 0, max: 10 }),
  tag: fc.constantFrom('a', 'b', 'c'),
})
const step = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), thing }),
  fc.record({ kind: fc.constant('delete' as const), thing }),
  fc.record({ kind: fc.constant('read' as const), thing }),
)

test('whatever is put and deleted, all stand in order and are found by every key', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const ordered = new Ordered<Thing>()
      const byTag = new IndexBy(ordered, ({ tag }) => [tag])
      const model = new Map<string, Thing>()
      for (const { kind, thing } of steps) {
        if (kind === 'put') {
          byTag.change(ordered.get(thing.id), thing)
          ordered.put(thing)
          model.set(thing.id, thing)
        } else if (kind === 'delete') {
          byTag.change(ordered.get(thing.id), undefined)
          ordered.delete(thing.id)
          model.delete(thing.id)
        } else byTag.find(thing.tag)
      }
      const expected = [...model.values()].sort(
        (a, b) => a.created_at - b.created_at || (a.id < b.id ? -1 : 1),
      )
      expect(ordered.all()).toEqual(expected)
      expect(ordered.size).toBe(expected.length)
      for (const time of [0, 5, 11]) {
        expect(ordered.countBefore(time)).toBe(expected.filter(({ created_at }) => created_at < time).length)
        expect(ordered.countUntil(time)).toBe(expected.filter(({ created_at }) => created_at <= time).length)
      }
      for (const tag of ['a', 'b', 'c']) {
        expect(byTag.find(tag)).toEqual(expected.filter((each) => each.tag === tag))
      }
      for (const [index, each] of expected.entries()) expect(ordered.indexOf(each)).toBe(index)
    }),
  )
})
