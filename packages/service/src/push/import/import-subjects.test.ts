import type { ProjectStore, PushedMappings } from '@trueup/core'
import { createMemoryStore } from '@trueup/core'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { freeCatalogue as catalogue } from '../../adapters/example-mapping.ts'
import type { ImportRow } from './import-row.ts'
import type { ImportOptions } from './import-subjects.ts'
import { importSubjects } from './import-subjects.ts'
import type { CsvOptions } from './read-csv.ts'
import { readCsv } from './read-csv.ts'
import { readNdjson } from './read-ndjson.ts'

const mappings: PushedMappings = {
  user: { components: ['plan'] },
  organization: { components: ['plan', 'seats'] },
}
const plain: CsvOptions = { columns: {}, ignored: [], delimiter: ',' }

let project: ProjectStore
let minute: number
beforeEach(async () => {
  project = await createMemoryStore().project('app')
  minute = 0
})

const clock = { now: () => new Date(Date.UTC(2026, 5, 1, 12, minute)) }
const run = (rows: AsyncIterable<ImportRow>, options: Partial<ImportOptions> = {}) => {
  minute++
  return importSubjects(rows, {
    target: { name: 'app', mappings },
    catalogue,
    store: project,
    clock,
    mode: 'full',
    type: null,
    skipBad: false,
    dryRun: false,
    allowShrink: false,
    by: 'ada',
    ...options,
  })
}
const lines = (...records: readonly (object | string)[]) =>
  ndjson(records.map((record) => (typeof record === 'string' ? record : JSON.stringify(record))).join('\n'))
const ndjson = (text: string | Uint8Array, size?: number) => readNdjson(inChunks(text, size))
const csv = (text: string | Uint8Array, options: Partial<CsvOptions> = {}, size?: number) =>
  readCsv(inChunks(text, size), { ...plain, ...options })
const aUser = (id: string, parts: object = {}) => ({ type: 'user', id, plan: 'free', ...parts })
const held = async () =>
  (await project.pushedSubjects('app', 'user', null, 10_000)).map(({ subject }) => subject.id)

describe('an import', () => {
  it('of a file replaces what is held, and says how much came and went', async () => {
    await run(lines(aUser('a'), aUser('b')))
    expect(await run(lines(aUser('b'), aUser('c'), aUser('d')))).toMatchObject({
      state: 'imported',
      refusal: null,
      records: 3,
      good: 3,
      before: 2,
      after: 3,
    })
    expect(await held()).toEqual(['b', 'c', 'd'])
  })

  it('that is incremental adds to what is held', async () => {
    await run(lines(aUser('a'), aUser('b')))
    await run(lines(aUser('c'), { type: 'user', id: 'b', deleted: true }), { mode: 'incremental' })
    expect(await held()).toEqual(['a', 'b', 'c'])
    expect((await project.pushedSource('app'))?.subjects).toBe(2)
  })

  it('of one bad line imports nothing, and names the line, the field and the fix', async () => {
    await run(lines(aUser('a')))
    const outcome = await run(lines(aUser('b'), aUser('c', { plam: 'pro' }), '{"type":"us'))
    expect(outcome).toMatchObject({
      state: 'refused',
      refusal: 'bad-lines',
      records: 3,
      bad: 2,
      after: null,
      problems: [
        { line: 2, code: 'field-unknown', found: 'the field "plam"', fix: 'Did you mean plan?' },
        { line: 3, code: 'line-not-json' },
      ],
    })
    expect(await held()).toEqual(['a'])
  })

  it('lists the first twenty of many problems and counts them all', async () => {
    const { problems, problemCount } = await run(
      lines(...Array.from({ length: 50 }, () => ({ type: 'user' }))),
    )
    expect([problems.length, problemCount]).toEqual([20, 100])
  })

  it('that skips a bad record counts it as unreadable, not as gone', async () => {
    await run(lines(aUser('a'), aUser('b')))
    const outcome = await run(lines(aUser('a'), aUser('b', { plam: 'pro' })), { skipBad: true })
    expect(outcome).toMatchObject({ state: 'imported', good: 1, bad: 1, unidentified: 0, after: 2 })
    expect(await project.pushedSubjectsById('app', [{ type: 'user', id: 'b' }])).toEqual([
      {
        kind: 'unreadable',
        subject: { type: 'user', id: 'b' },
        found: 'the field "plam", in line 2',
        needed: expect.stringContaining('plan'),
      },
    ])
  })

  it('that skips a record of nobody knows whom keeps everybody who was held', async () => {
    await run(lines(aUser('a'), aUser('b'), aUser('c')))
    const outcome = await run(lines(aUser('d'), 'half a li'), { skipBad: true })
    expect(outcome).toMatchObject({ state: 'imported', unidentified: 1, kept: 3, after: 4 })
    expect(await held()).toEqual(['a', 'b', 'c', 'd'])
  })

  it('of the same subject twice imports nothing, though bad lines are skipped', async () => {
    const many = Array.from({ length: 2_500 }, (_, index) => aUser(`u${index}`))
    for (const records of [
      [aUser('a'), aUser('a', { plan: 'pro' })],
      [...many, aUser('u7')],
    ]) {
      const outcome = await run(lines(...records), { skipBad: true })
      expect(outcome).toMatchObject({
        state: 'refused',
        refusal: 'bad-lines',
        problems: [{ line: records.length, code: 'subject-duplicate', field: 'id' }],
      })
    }
    expect(await held()).toEqual([])
  })

  it('of nobody, or of less than half, needs to be said to be right', async () => {
    expect(await run(lines())).toMatchObject({ state: 'refused', refusal: 'push-too-small' })
    await run(lines(aUser('a'), aUser('b'), aUser('c')))
    expect(await run(lines(aUser('a')))).toMatchObject({ refusal: 'push-too-small', before: 3 })
    expect(await run(lines(aUser('a')), { allowShrink: true })).toMatchObject({ after: 1 })
    expect(await held()).toEqual(['a'])
  })

  it('that is tried imports nothing, and says what it would do', async () => {
    await run(lines(aUser('a'), aUser('b'), aUser('c')))
    const open = { source: 'app', push: 'open', mode: 'full' as const, at: clock.now() }
    await project.beginPush(open)
    expect(await run(lines(aUser('d'), aUser('e')), { dryRun: true })).toMatchObject({
      state: 'would-import',
      good: 2,
      before: 3,
      after: null,
    })
    expect(await run(lines(aUser('d')), { dryRun: true })).toMatchObject({ refusal: 'push-too-small' })
    expect(await run(lines(aUser('d'), aUser('d')), { dryRun: true })).toMatchObject({ refusal: 'bad-lines' })
    expect(await held()).toEqual(['a', 'b', 'c'])
    expect(await project.beginPush(open)).toMatchObject({ nextSequence: 1 })
  })

  it('that is stopped half-way changes nothing', async () => {
    await run(lines(aUser('a')))
    const stop = new AbortController()
    async function* stopping(): AsyncGenerator<ImportRow> {
      for (let line = 1; line <= 3_000; line++) yield { line, json: aUser(`u${line}`) }
      stop.abort(new Error('stopped'))
      yield { line: 3_001, json: aUser('late') }
    }
    await expect(run(stopping(), { signal: stop.signal })).rejects.toThrow('stopped')
    expect(await held()).toEqual(['a'])
  })

  it('that another one overtakes is refused', async () => {
    async function* overtaken(): AsyncGenerator<ImportRow> {
      yield { line: 1, json: aUser('a') }
      await run(lines(aUser('b')))
    }
    expect(await run(overtaken())).toMatchObject({ state: 'refused', refusal: 'push-superseded' })
    expect(await held()).toEqual(['b'])
  })

  it('says which values no check will be able to read', async () => {
    const { state, unreadable, unreadableCount } = await run(
      lines(aUser('a', { plan: 'gold', customerId: 'sub_1' }), aUser('b', { premium: 'perhaps' })),
    )
    expect([state, unreadableCount]).toEqual(['imported', 2])
    expect(unreadable).toEqual([
      expect.objectContaining({ line: 1, field: 'customerId', found: '"sub_1"' }),
      expect.objectContaining({ line: 1, field: 'plan', found: '"gold"' }),
    ])
  })

  it('gives records without a type the type that is said', async () => {
    await run(lines({ id: 'a', plan: 'pro' }, { id: 'o', type: 'organization', plan: 'pro', seats: 3 }), {
      type: 'user',
    })
    expect(await held()).toEqual(['a'])
  })

  it('stands in the ledger, with nobody named', async () => {
    await run(lines(aUser('a')))
    await run(lines({ type: 'user' }))
    await run(lines(aUser('b')), { mode: 'incremental' })
    const acts: unknown[] = []
    await project.sequenceEntries(10, (drafts) => {
      acts.push(...drafts.map(({ act, by, about, facts, personal }) => ({ act, by, about, facts, personal })))
      return []
    })
    const of = (mode: string, before: number, after: number) => ({
      act: 'subjects-imported',
      by: 'ada',
      about: { source: 'app' },
      facts: { mode, received: 1, older: 0, kept: 0, before, after },
      personal: null,
    })
    expect(acts).toEqual([of('full', 0, 1), of('incremental', 1, 2)])
  })
})

describe('NDJSON', () => {
  const text = `\uFEFF${JSON.stringify(aUser('a'))}\r\n\n  \n${JSON.stringify(aUser('ä漢😀'))}`

  it('may have a byte order mark, CRLF, blank lines and no end of the last line', async () => {
    await run(ndjson(text))
    expect(await held()).toEqual(['a', 'ä漢😀'])
  })

  it('is read the same however it comes in', async () => {
    const whole = await listed(ndjson(text))
    for (let size = 1; size < 20; size++) expect(await listed(ndjson(text, size))).toEqual(whole)
  })

  it.each([
    ['a line that is cut off', '{"type":"user","id":"b"', 'line-not-json'],
    ['a line that is a word', 'undefined', 'line-not-json'],
    ['a line that is a number', '7', 'record-not-object'],
    ['a line of brackets without end', '['.repeat(60_000), 'line-not-json'],
    ['a line that is too long', `"${'x'.repeat(70_000)}"`, 'line-too-long'],
    ['two records on a line', `${JSON.stringify(aUser('b'))}${JSON.stringify(aUser('c'))}`, 'line-not-json'],
    ['U+0000', '\u0000', 'line-not-json'],
  ])('with %s is refused at that line', async (_what, line, code) => {
    const outcome = await run(lines(aUser('a'), line, aUser('z')))
    expect(outcome).toMatchObject({ state: 'refused', records: 3, bad: 1, problems: [{ line: 2, code }] })
  })

  it('in another encoding is refused at that line', async () => {
    const bytes = Buffer.concat([Buffer.from(`${JSON.stringify(aUser('a'))}\n"`), Buffer.of(0xe4, 0x22)])
    expect(await run(ndjson(bytes))).toMatchObject({ problems: [{ line: 2, code: 'line-not-utf8' }] })
  })

  it('of any bytes gives rows or refuses lines, and never more than there are lines', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 1, max: 50 }),
        async (bytes, size) => {
          const rows = await listed(ndjson(bytes, size))
          const count = bytes.filter((byte) => byte === 0x0a).length + 1
          expect(rows.every(({ line }) => line >= 1 && line <= count)).toBe(true)
        },
      ),
    )
  })
})

describe('CSV', () => {
  const jsonOf = async (rows: AsyncIterable<ImportRow>) =>
    (await listed(rows)).map((row) => ('json' in row ? row.json : row.problem.code))

  it('names its columns in the first line, in whatever case and spelling', async () => {
    expect(
      await jsonOf(csv('TYPE,Id,Customer_ID,Trial Ends At,plan\nuser,a,cus_1,2027-01-31,pro\n')),
    ).toEqual([{ type: 'user', id: 'a', customerId: 'cus_1', trialEndsAt: '2027-01-31', plan: 'pro' }])
  })

  it('may have a byte order mark, CRLF, and quotes around delimiters, quotes and line breaks', async () => {
    const text = '\uFEFF"id",name\r\na,"Smith, Ada ""the first""\r\nof her name"\r\n\r\nb,Bob\r\n'
    const rows = await listed(csv(text))
    expect(rows).toEqual([
      { line: 2, json: { id: 'a', name: 'Smith, Ada "the first"\r\nof her name' } },
      { line: 5, json: { id: 'b', name: 'Bob' } },
    ])
    for (let size = 1; size < 9; size++) expect(await listed(csv(text, {}, size))).toEqual(rows)
  })

  it('takes other names, leaves columns out, and other delimiters', async () => {
    const options = { columns: { plan: 'tier', id: 'uid' }, ignored: ['notes'], delimiter: ';' }
    expect(await jsonOf(csv('uid;tier;Notes\na;pro;"x;y"', options))).toEqual([{ id: 'a', plan: 'pro' }])
  })

  it.each([
    ['premium', 't', true],
    ['premium', 'No', false],
    ['premium', '0', false],
    ['premium', 'maybe', 'maybe'],
    ['deleted', 'TRUE', true],
    ['deleted', '', null],
    ['plan', '  pro ', 'pro'],
    ['plan', '   ', null],
    ['seats', '5', '5'],
    ['emails', 'a@b.c; d@e.f', ['a@b.c', 'd@e.f']],
    ['entitlements', 'sso;reports', ['sso', 'reports']],
    ['entitlements', '"[""sso""]"', ['sso']],
    ['entitlements', '"{""sso"":true}"', { sso: true }],
    ['entitlements', '"{sso,reports}"', ['sso', 'reports']],
    ['entitlements', '{}', {}],
    ['entitlements', '"{""sso"":"', '{"sso":'],
    ['entitlements', '', null],
  ])('reads %s %s as %j', async (field, cell, value) => {
    expect(await jsonOf(csv(`id,${field}\na,${cell}`))).toEqual([{ id: 'a', [field]: value }])
  })

  it.each([
    ['too few columns', 'a', 'columns-differ'],
    ['too many columns', 'a,pro,x', 'columns-differ'],
    ['a quote in the middle', 'a,p"r"o', 'file-broken'],
    ['a quote that is not closed', 'a,"pro', 'file-broken'],
    ['text after a quote', 'a,"pro"x', 'file-broken'],
    ['a record that is too long', `a,"${'x\n'.repeat(40_000)}"`, 'file-broken'],
  ])('with %s is refused at that line', async (_what, line, code) => {
    const rows = await listed(csv(`id,plan\nz,pro\n${line}\ny,pro\n`))
    expect(rows[0]).toEqual({ line: 2, json: { id: 'z', plan: 'pro' } })
    expect(rows[1]).toMatchObject({ line: 3, problem: { code, line: 3 } })
    expect(rows).toHaveLength(code === 'columns-differ' ? 3 : 2)
  })

  it('that is broken cannot be skipped over, since what follows is nobody’s guess', async () => {
    const outcome = await run(csv('type,id,plan\nuser,a,pro\nuser,b,"pro\nuser,c,pro\n'), { skipBad: true })
    expect(outcome).toMatchObject({
      state: 'refused',
      refusal: 'bad-lines',
      problems: [{ code: 'file-broken' }],
    })
    expect(await held()).toEqual([])
  })

  it.each<[string, string | Uint8Array, RegExp, Partial<CsvOptions>?]>([
    ['an unknown column', 'id,plam\na,pro', /"plam" is not known \(did you mean plan\?\)/],
    ['no id', 'plan\npro', /no column holds id/],
    ['two columns for one field', 'id,email,emails\na,b,c', /two columns hold emails/],
    [
      'a mapped column that is not there',
      'id,plan\na,pro',
      /no column is named "tier"/,
      { columns: { premium: 'tier' } },
    ],
    ['another delimiter', 'id;plan\na;pro', /it has one column, "id;plan"/],
    ['nothing', '', /it is empty/],
    ['another encoding', Buffer.from('id,name\na,\xe4', 'latin1'), /it is not UTF-8/],
    ['a prototype as a column', 'id,__proto__\na,x', /"__proto__" is not known/],
    ['control characters in a column', 'id,\u001b[2J\na,x', /"\\u001b\[2J" is not known/],
  ])('with %s is refused as a file', async (_what, text, message, options = {}) => {
    await expect(run(csv(text, options))).rejects.toMatchObject({
      name: 'UsageError',
      code: 'file-unreadable',
      message: expect.stringMatching(message),
    })
    expect(
      await project.beginPush({
        source: 'app',
        push: `import-${clock.now().toISOString()}`,
        mode: 'full',
        at: clock.now(),
      }),
    ).toMatchObject({ received: 0 })
  })

  it('comes back as it was written, whatever is in its cells', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\r', '\n', ';', ' ', 'ä', '😀') })
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
    await fc.assert(
      fc.asyncProperty(
        fc.array(cell, { minLength: 1 }),
        fc.integer({ min: 1, max: 9 }),
        async (names, size) => {
          const text = `id,name\n${names.map((name, index) => `${index},${quoted(name)}`).join('\n')}`
          const expected = names.map((name, index) => ({ id: String(index), name: name.trim() || null }))
          expect(await jsonOf(csv(text, {}, size))).toEqual(expected)
        },
      ),
    )
  })
})

/** A text as it comes in from a file or a pipe: in pieces that end anywhere. */
async function* inChunks(text: string | Uint8Array, size = 64 * 1024): AsyncGenerator<Uint8Array> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function listed(rows: AsyncIterable<ImportRow>): Promise<readonly ImportRow[]> {
  const all: ImportRow[] = []
  for await (const row of rows) all.push(row)
  return all
}
