import type {
  LedgerDraft,
  ProjectStore,
  PushedRecord,
  PushedSubject,
  PushMode,
  PushResult,
} from '@trueup/core'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import type { NewProject } from './new-project.ts'
import { time } from './samples.ts'

const source = 'app'

/** What every store promises of subjects that the app pushes. Each test has a project of its own. */
export function pushedSubjectsContract(newProject: NewProject): void {
  describe('pushed subjects', () => {
    let project: ProjectStore
    beforeEach(async () => {
      project = await newProject()
    })

    const begin = (push: string, mode: PushMode = 'full', minute = 0) =>
      project.beginPush({ source, push, mode, at: time(minute) })
    const write = (push: string, sequence: number, ids: readonly (string | PushedSubject)[], digest = '') =>
      project.writePushPart({
        source,
        push,
        sequence,
        digest: `${digest}${ids.map((id) => (typeof id === 'string' ? id : id.subject.id)).join()}`,
        subjects: ids.map((id) => (typeof id === 'string' ? aRecord(id) : id)),
        at: time(1),
      })
    const finish = (push: string, options: Partial<Parameters<ProjectStore['finishPush']>[0]> = {}) =>
      project.finishPush({
        source,
        push,
        at: time(9),
        allowShrink: false,
        keepMissing: false,
        entriesOf: () => [],
        ...options,
      })
    const pushAll = async (push: string, ids: readonly (string | PushedSubject)[], mode?: PushMode) => {
      await begin(push, mode)
      await write(push, 1, ids)
      return await finish(push)
    }
    const held = async (of = source) =>
      (await project.pushedSubjects(of, 'user', null, 1000)).map(({ subject }) => subject.id)

    describe('a full push', () => {
      it('shows nothing of what it brought until it is finished, and then all at once', async () => {
        await pushAll('one', ['a', 'b'])
        await begin('two')
        await write('two', 1, ['b', 'c'])
        await write('two', 2, ['d'])
        expect(await held()).toEqual(['a', 'b'])
        expect(await finish('two')).toEqual({
          mode: 'full',
          received: 3,
          older: 0,
          kept: 0,
          before: 2,
          after: 3,
          finishedAt: time(9),
        })
        expect(await held()).toEqual(['b', 'c', 'd'])
      })

      it('is dated by its beginning, since what it holds was read then', async () => {
        expect(await project.pushedSource(source)).toBeNull()
        await begin('one', 'full', 3)
        expect(await project.pushedSource(source)).toEqual({
          lastFullAt: null,
          lastPushAt: null,
          subjects: 0,
        })
        await write('one', 1, ['a', aRecord('gone', { deleted: true })])
        await finish('one')
        expect(await project.pushedSource(source)).toEqual({
          lastFullAt: time(3),
          lastPushAt: time(9),
          subjects: 1,
        })
      })

      it('that is broken off changes nothing, and another one begins anew', async () => {
        await pushAll('one', ['a'])
        await begin('broken')
        await write('broken', 1, ['b'])
        await pushAll('three', ['c', 'd'])
        expect(await held()).toEqual(['c', 'd'])
      })

      it('is ended by a newer one, however far it has come', async () => {
        await begin('older')
        await write('older', 1, ['a'])
        await begin('newer')
        await write('newer', 1, ['b'])
        const superseded = { kind: 'refused', code: 'push-superseded' }
        expect(await write('older', 2, ['c'])).toEqual(superseded)
        expect(await finish('older')).toEqual(superseded)
        expect(await begin('older')).toEqual(superseded)
        await finish('newer')
        expect(await held()).toEqual(['b'])
      })

      it('goes on where it stopped', async () => {
        await begin('one')
        await write('one', 1, ['a'])
        await write('one', 2, ['b'])
        expect(await begin('one', 'full', 5)).toEqual({
          id: 'one',
          mode: 'full',
          begunAt: time(0),
          nextSequence: 3,
          received: 2,
          result: null,
        })
        await write('one', 3, ['c'])
        await finish('one')
        expect(await held()).toEqual(['a', 'b', 'c'])
      })

      it('refuses a subject that it brought before, in the same part or another, and keeps what it had', async () => {
        await begin('one')
        await write('one', 1, ['a'])
        const twice = (id: string) => ({
          kind: 'refused',
          code: 'subject-duplicate',
          subjects: [{ type: 'user', id }],
        })
        expect(await write('one', 2, ['b', 'a'])).toEqual(twice('a'))
        expect(await write('one', 2, ['b', 'b'])).toEqual(twice('b'))
        expect(await write('one', 2, ['b', aRecord('a', { type: 'organization' })])).toMatchObject({
          nextSequence: 3,
        })
        await finish('one')
        expect(await held()).toEqual(['a', 'b'])
      })

      it('that would leave less than half is refused, and taken when that is said to be right', async () => {
        await pushAll('one', ['a', 'b', 'c', 'd', 'e'])
        await begin('two')
        await write('two', 1, ['a', 'b', aRecord('c', { deleted: true })])
        expect(await finish('two')).toEqual({ kind: 'refused', code: 'push-too-small', before: 5, after: 2 })
        expect(await held()).toHaveLength(5)
        expect(await finish('two', { allowShrink: true })).toMatchObject({ before: 5, after: 2 })
        expect(await held()).toEqual(['a', 'b', 'c'])
      })

      it('that is empty is refused, the first one too', async () => {
        await begin('one')
        expect(await finish('one')).toEqual({ kind: 'refused', code: 'push-too-small', before: 0, after: 0 })
        expect((await project.pushedSource(source))?.lastFullAt).toBeNull()
      })

      it('that may have lost some keeps whom it did not bring', async () => {
        await pushAll('one', ['a', 'b', 'c'])
        await begin('two')
        await write('two', 1, [aRecord('b', { plan: 'pro' }), 'd'])
        expect(await finish('two', { keepMissing: true })).toMatchObject({ kept: 2, before: 3, after: 4 })
        const users = await project.pushedSubjects(source, 'user', null, 10)
        expect(users).toEqual([aRecord('a'), aRecord('b', { plan: 'pro' }), aRecord('c'), aRecord('d')])
      })

      it('does not undo what was pushed by increment while it was under way', async () => {
        await pushAll('one', ['a', 'b'])
        await begin('two')
        await write('two', 1, ['a'])
        await pushAll(
          'increment',
          [aRecord('a', { plan: 'pro' }), aRecord('b', { plan: 'pro' })],
          'incremental',
        )
        expect(await write('two', 2, ['b', 'c'])).toMatchObject({ nextSequence: 3 })
        await finish('two')
        expect(await project.pushedSubjects(source, 'user', null, 10)).toEqual([
          aRecord('a', { plan: 'pro' }),
          aRecord('b', { plan: 'pro' }),
          aRecord('c'),
        ])
      })
    })

    describe('an incremental push', () => {
      it('adds and replaces whom it brought, and leaves the others alone', async () => {
        await pushAll('one', ['a', 'b'])
        const pro = aRecord('b', { plan: 'pro' })
        expect(await pushAll('two', [pro, 'c'], 'incremental')).toMatchObject({
          mode: 'incremental',
          received: 2,
          before: 2,
          after: 3,
        })
        expect(await project.pushedSubjects(source, 'user', null, 10)).toEqual([
          aRecord('a'),
          pro,
          aRecord('c'),
        ])
      })

      it('marks as deleted, and does not make a source full', async () => {
        await pushAll('one', ['a', aRecord('b', { deleted: true })], 'incremental')
        expect(await project.pushedSource(source)).toEqual({
          lastFullAt: null,
          lastPushAt: time(9),
          subjects: 1,
        })
        expect(await held()).toEqual(['a', 'b'])
      })

      it('does not replace a record that was updated later', async () => {
        const at = (minute: number, plan: string) => aRecord('a', { plan, updatedAt: time(minute) })
        await pushAll('one', [at(5, 'pro')])
        expect(await pushAll('late', [at(4, 'free'), 'b'], 'incremental')).toMatchObject({
          received: 2,
          older: 1,
        })
        expect(await project.pushedSubjectsById(source, [{ type: 'user', id: 'a' }])).toEqual([at(5, 'pro')])
        expect(await pushAll('same', [at(5, 'team')], 'incremental')).toMatchObject({ older: 0 })
        expect(await project.pushedSubjectsById(source, [{ type: 'user', id: 'a' }])).toEqual([at(5, 'team')])
      })

      it('may be empty', async () => {
        await pushAll('one', ['a'])
        expect(await pushAll('two', [], 'incremental')).toMatchObject({ received: 0, before: 1, after: 1 })
      })

      it('is not ended by a full one', async () => {
        await begin('increment', 'incremental')
        await write('increment', 1, ['b'])
        await pushAll('full', ['a'])
        await finish('increment')
        expect(await held()).toEqual(['a', 'b'])
      })
    })

    describe('what is sent twice', () => {
      it('is answered as the first time, and written once', async () => {
        await begin('one')
        const first = await write('one', 1, ['a'])
        expect(await write('one', 1, ['a'])).toEqual(first)
        const finished = await finish('one')
        expect(await finish('one', { at: time(30) })).toEqual(finished)
        expect(await write('one', 1, ['a'])).toMatchObject({ received: 1, result: finished })
        expect(await begin('one')).toMatchObject({ result: finished })
        expect(await held()).toEqual(['a'])
      })

      it('is refused when it holds something else', async () => {
        await begin('one')
        await write('one', 1, ['a'])
        expect(await write('one', 1, ['b'])).toEqual({ kind: 'refused', code: 'part-differs' })
        expect(await begin('one', 'incremental')).toEqual({
          kind: 'refused',
          code: 'mode-differs',
          mode: 'full',
        })
        await finish('one')
        expect(await write('one', 2, ['b'])).toEqual({ kind: 'refused', code: 'push-finished' })
      })

      it('is remembered for a month', async () => {
        await pushAll('old', ['a'])
        await project.beginPush({ source, push: 'new', mode: 'full', at: aMonthLater })
        await write('new', 1, ['a'])
        await finish('new', { at: aMonthLater })
        expect(await write('old', 1, ['a'])).toEqual({ kind: 'refused', code: 'push-unknown' })
      })
    })

    it('refuses a part out of order and says which comes next', async () => {
      await begin('one')
      await write('one', 1, ['a'])
      expect(await write('one', 3, ['c'])).toEqual({
        kind: 'refused',
        code: 'sequence-unexpected',
        nextSequence: 2,
      })
    })

    it('refuses what was never begun', async () => {
      const unknown = { kind: 'refused', code: 'push-unknown' }
      expect(await write('one', 1, ['a'])).toEqual(unknown)
      expect(await finish('one')).toEqual(unknown)
    })

    it('forgets a push that is given up, unless it is finished', async () => {
      await begin('one')
      await write('one', 1, ['a'])
      await project.abandonPush({ source, push: 'one' })
      expect(await write('one', 2, ['b'])).toEqual({ kind: 'refused', code: 'push-unknown' })
      await pushAll('two', ['c'])
      await project.abandonPush({ source, push: 'two' })
      expect(await held()).toEqual(['c'])
      expect(await begin('two')).toMatchObject({ received: 1 })
    })

    it('takes two full pushes at once: the one that was begun last is shown, whole', async () => {
      const ids = (letter: string) => Array.from({ length: 50 }, (_, index) => `${letter}${index}`)
      const push = async (letter: string) => {
        await begin(letter)
        for (const [index, id] of ids(letter).entries()) await write(letter, index + 1, [id])
        return await finish(letter)
      }
      const answers = await Promise.all([push('x'), push('y')])
      const whole = answers.filter((answer) => !('kind' in answer))
      expect(whole).toHaveLength(1)
      expect(answers).toContainEqual({ kind: 'refused', code: 'push-superseded' })
      const shown = await held()
      expect([ids('x').toSorted(), ids('y').toSorted()]).toContainEqual(shown)
    })

    it('keeps sources and projects apart', async () => {
      await pushAll('one', ['a'])
      const other = await newProject()
      expect(await held('another')).toEqual([])
      expect(await other.pushedSubjects(source, 'user', null, 10)).toEqual([])
      expect(await other.pushedSource(source)).toBeNull()
      expect(await project.pushedSource('another')).toBeNull()
      const nobody = await other.beginPush({ source, push: 'one', mode: 'full', at: time(0) })
      expect(nobody).toMatchObject({ nextSequence: 1 })
    })

    it('reads a type in the order of its ids, a page at a time', async () => {
      const ids = ['B', 'a', 'ä', 'Z', '10', '9']
      await pushAll('one', [...ids, aRecord('org', { type: 'organization' })])
      const ordered = ['10', '9', 'B', 'Z', 'a', 'ä']
      expect(await held()).toEqual(ordered)
      const page = await project.pushedSubjects(source, 'user', 'B', 2)
      expect(page.map(({ subject }) => subject.id)).toEqual(['Z', 'a'])
    })

    it('reads those who are asked for and there, of both types', async () => {
      await pushAll('one', ['a', 'b', aRecord('a', { type: 'organization' })])
      const found = await project.pushedSubjectsById(source, [
        { type: 'user', id: 'a' },
        { type: 'organization', id: 'a' },
        { type: 'organization', id: 'b' },
      ])
      expect(found.map(({ subject }) => subject)).toEqual(
        expect.arrayContaining([
          { type: 'user', id: 'a' },
          { type: 'organization', id: 'a' },
        ]),
      )
      expect(found).toHaveLength(2)
    })

    it('samples those that were changed last', async () => {
      const at = (id: string, minute: number) => aRecord(id, { updatedAt: time(minute) })
      await pushAll('one', [at('a', 3), at('b', 9), at('c', 5)])
      const recent = await project.recentPushedSubjects(source, 'user', 2)
      expect(recent.map(({ subject }) => subject.id)).toEqual(['b', 'c'])
    })

    it('enters what a push came to, once, and nothing of one that was refused', async () => {
      const drafts: PushResult[] = []
      const entriesOf = (result: PushResult): readonly LedgerDraft[] => {
        drafts.push(result)
        return [aDraft(result)]
      }
      const staged = async () => {
        const seen: LedgerDraft[] = []
        await project.sequenceEntries(100, (given) => {
          seen.push(...given)
          return []
        })
        return seen
      }
      await begin('empty')
      await finish('empty', { entriesOf })
      expect(drafts).toEqual([])
      await begin('one')
      await write('one', 1, ['a'])
      const result = await finish('one', { entriesOf })
      await finish('one', { entriesOf })
      expect(drafts).toEqual([result])
      expect(await staged()).toEqual([aDraft(drafts[0] as PushResult)])
    })

    it('changes nothing when its entry cannot be made', async () => {
      await begin('one')
      await write('one', 1, ['a'])
      const failing = finish('one', {
        entriesOf: () => {
          throw new Error('no entry')
        },
      })
      await expect(failing).rejects.toThrow('no entry')
      expect(await held()).toEqual([])
      expect((await project.pushedSource(source))?.lastFullAt).toBeNull()
    })

    it('gives back whatever was pushed as it was', async () => {
      let pushes = 0
      await fc.assert(
        fc.asyncProperty(anySubject(), async (subject) => {
          const id = `push-${++pushes}`
          await begin(id)
          await write(id, 1, [subject])
          await finish(id, { allowShrink: true })
          expect(await project.pushedSubjectsById(source, [subject.subject])).toEqual([subject])
        }),
        { numRuns: 25 },
      )
    })
  })
}

const aMonthLater = new Date(time(0).getTime() + 31 * 86_400_000)

function aRecord(
  id: string,
  parts: {
    readonly type?: 'user' | 'organization'
    readonly plan?: string
    readonly deleted?: boolean
    readonly updatedAt?: Date
  } = {},
): PushedRecord {
  return {
    kind: 'record',
    subject: { type: parts.type ?? 'user', id },
    externalId: null,
    emails: [],
    name: null,
    deleted: parts.deleted ?? false,
    updatedAt: parts.updatedAt ?? null,
    values: { plan: parts.plan ?? 'free' },
  }
}

function aDraft(result: PushResult): LedgerDraft {
  return {
    key: `subjects-imported:${result.finishedAt.toISOString()}`,
    act: 'subjects-imported',
    at: result.finishedAt,
    by: 'test',
    about: { source },
    facts: { received: result.received },
    personal: null,
  }
}

function anySubject(): fc.Arbitrary<PushedSubject> {
  const text = fc.oneof(fc.string({ maxLength: 8 }), fc.string({ unit: 'binary', maxLength: 4 }))
  const scalar = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null))
  const features = fc.oneof(
    fc.array(scalar, { maxLength: 3 }),
    fc.dictionary(fc.oneof(text, fc.constantFrom('$date', '__proto__', 'constructor')), scalar, {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  )
  const subject = fc.record({
    type: fc.constantFrom('user' as const, 'organization' as const),
    id: fc.stringMatching(/^[A-Za-z0-9_äß漢-]{1,12}$/u),
  })
  const record = fc.record({
    kind: fc.constant('record' as const),
    subject,
    externalId: fc.option(text),
    emails: fc.array(text, { maxLength: 2 }),
    name: fc.option(text),
    deleted: fc.boolean(),
    updatedAt: fc.option(fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2199-12-31') })),
    values: fc.record({ plan: scalar, entitlements: features, customerId: scalar }, { requiredKeys: [] }),
  })
  const skipped = fc.record({ kind: fc.constant('unreadable' as const), subject, found: text, needed: text })
  return fc.oneof(record, skipped) as fc.Arbitrary<PushedSubject>
}
