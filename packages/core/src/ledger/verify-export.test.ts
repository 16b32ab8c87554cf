import { describe, expect, test } from 'vitest'
import {
  asBytes,
  checkpointOf,
  enterSamples,
  exportOf,
  extractOf,
  sampleDraft,
  sampleLedger,
  sampleSigner,
  sha256,
  verifySignature,
} from '../../../../test/support/ledger-samples.ts'
import { projectCreated, signingKeyChanged } from './key-change.ts'
import type { LedgerProblemCode } from './verification.ts'
import type { VerifyOptions } from './verify-export.ts'
import { verifyExport } from './verify-export.ts'

const ledger = sampleLedger(12)
const lines = exportOf(ledger)
const other = sampleLedger(12, {
  drafts: Array.from({ length: 12 }, (_, place) => sampleDraft(place, { by: 'somebody else' })),
})

const verify = (given: readonly string[], options: Partial<VerifyOptions> = {}) =>
  verifyExport(asBytes(given), { sha256, verify: verifySignature, keys: [ledger.signer], ...options })
const lineOf = (sequence: number) =>
  lines.findIndex((line) => line.includes(`"sequence":${sequence},"version"`))
const without = (place: number) => lines.filter((_, at) => at !== place)
const changed = (place: number, from: string | RegExp, to: string) =>
  lines.map((line, at) => (at === place ? line.replace(from, to) : line))

describe('an export of a whole ledger', () => {
  test('that nobody touched is what was signed', async () => {
    expect(await verify(lines)).toMatchObject({
      ok: true,
      scope: 'whole',
      entries: 12,
      size: 12,
      disclosed: 8,
      withheld: 0,
    })
  })

  test('of a ledger without an entry is verified as well', async () => {
    expect(await verify(exportOf(sampleLedger(0)))).toMatchObject({ ok: true, entries: 0 })
  })

  test('stays whole where what is personal was erased', async () => {
    const erased = lines.filter((line) => !line.includes('"salt"'))
    expect(await verify(erased)).toMatchObject({ ok: true, entries: 12, disclosed: 0, withheld: 8 })
  })

  const beside5 = lineOf(5) + 1
  const table: readonly (readonly [string, readonly string[], LedgerProblemCode, number | null])[] = [
    ['an amount was changed', changed(lineOf(5), '1905', '1'), 'entry-changed', 5],
    ['the first entry was changed', changed(lineOf(0), 'trueup"', 'trueUp"'), 'entry-changed', 0],
    ['the last entry was changed', changed(lineOf(11), '1911', '1'), 'root-differs', null],
    [
      'the link of an entry was changed',
      changed(lineOf(5), /"previous":"./, '"previous":"_'),
      'entry-malformed',
      5,
    ],
    [
      'the link of an entry was changed to another',
      changed(lineOf(5), /"previous":"[^"]*"/, `"previous":"${'A'.repeat(43)}="`),
      'entry-changed',
      5,
    ],
    ['an entry was taken out', without(lineOf(6)), 'sequence-broken', 6],
    [
      'an entry was put in twice',
      lines.toSpliced(lineOf(6), 0, lines[lineOf(6)] ?? ''),
      'sequence-broken',
      7,
    ],
    [
      'two entries changed places',
      lines.with(lineOf(3), lines[lineOf(6)] ?? '').with(lineOf(6), lines[lineOf(3)] ?? ''),
      'sequence-broken',
      3,
    ],
    ['an entry says the same in another form', changed(lineOf(5), '{', '{ '), 'line-not-canonical', 5],
    ['an entry has a field more', changed(lineOf(5), '"about"', '"aaa":1,"about"'), 'entry-malformed', 5],
    [
      'an entry is of another version',
      changed(lineOf(5), '"version":1', '"version":2'),
      'entry-malformed',
      5,
    ],
    [
      'an entry has an act that nobody knows',
      changed(lineOf(5), 'incident-opened"', 'incident-open"'),
      'entry-malformed',
      5,
    ],
    ['an entry is of another ledger', changed(lineOf(5), 'sample', 'simple'), 'origin-differs', 5],
    ['a line is no JSON', changed(lineOf(5), '{', ''), 'line-malformed', 5],
    ['what stands beside an entry was changed', changed(beside5, 'u5', 'u6'), 'personal-differs', 5],
    ['the salt was changed', changed(beside5, /"salt":"../, '"salt":"AA'), 'personal-differs', 5],
    [
      'something was put beside an entry that has nothing',
      lines.toSpliced(lineOf(3) + 1, 0, (lines[beside5] ?? '').replace('"sequence":5', '"sequence":3')),
      'personal-differs',
      3,
    ],
    [
      'what is personal stands beside another entry',
      lines.toSpliced(lineOf(7), 0, lines[beside5] ?? ''),
      'line-unexpected',
      7,
    ],
    ['the file was cut', lines.slice(0, -1), 'checkpoint-missing', null],
    ['the last entries were cut', [...lines.slice(0, lineOf(10)), lines.at(-1) ?? ''], 'entries-missing', 10],
    ['a line was added', [...lines, lines[lineOf(3)] ?? ''], 'line-unexpected', null],
    ['the first line is missing', lines.slice(1), 'line-unexpected', null],
    [
      'the checkpoint is of fewer entries',
      exportOf(ledger, checkpointOf(ledger, 11)),
      'entries-unsigned',
      11,
    ],
    [
      'the checkpoint was changed',
      changed(lines.length - 1, '\\n12\\n', '\\n13\\n'),
      'checkpoint-unsigned',
      null,
    ],
    [
      'the checkpoint is another text',
      changed(lines.length - 1, '\\n12\\n', '\\n'),
      'checkpoint-malformed',
      null,
    ],
    ['the entries are others, hashed anew', exportOf(other, checkpointOf(ledger)), 'root-differs', null],
    [
      'somebody else signed it',
      exportOf(other, checkpointOf(other, 12, [sampleSigner('thief')])),
      'checkpoint-unsigned',
      null,
    ],
  ]
  for (const [reason, mangled, code, sequence] of table) {
    test(`is refused where ${reason}: ${code}`, async () => {
      expect(await verify(mangled)).toMatchObject({ ok: false, problem: { code, sequence } })
    })
  }
})

describe('an older checkpoint', () => {
  test('is continued by every later state of its ledger', async () => {
    const older = [0, 1, 7, 8, 11, 12].map((size) => checkpointOf(ledger, size))
    expect(await verify(lines, { older })).toMatchObject({ ok: true, continues: 6 })
  })

  test('tells that history was rewritten and signed anew, even with the right key', async () => {
    const rewritten = exportOf(other)
    expect(await verify(rewritten)).toMatchObject({ ok: true })
    const older = [checkpointOf(ledger, 4)]
    expect(await verify(rewritten, { older })).toMatchObject({ problem: { code: 'history-differs' } })
  })

  test('tells that entries were cut off or an old copy was put back', async () => {
    const restored = exportOf({ ...ledger, entries: ledger.entries.slice(0, 9) })
    expect(await verify(restored)).toMatchObject({ ok: true })
    const older = [checkpointOf(ledger, 11)]
    expect(await verify(restored, { older })).toMatchObject({ problem: { code: 'history-cut', sequence: 9 } })
  })

  test('counts only where a trusted key signed it, and where it is of this ledger', async () => {
    const stranger = checkpointOf(ledger, 4, [sampleSigner('thief')])
    expect(await verify(lines, { older: [stranger] })).toMatchObject({
      problem: { code: 'older-checkpoint-unsigned' },
    })
    expect(await verify(lines, { older: ['nonsense'] })).toMatchObject({
      problem: { code: 'older-checkpoint-malformed' },
    })
  })
})

describe('a change of the signing key', () => {
  const [first, second, third] = [sampleSigner('first'), sampleSigner('second'), sampleSigner('third')]
  const at = new Date('2026-02-01T00:00:00Z')
  const turned = (...changes: Parameters<typeof signingKeyChanged>[]) => ({
    ...ledger,
    entries: enterSamples([
      projectCreated(first, at),
      ...changes.map((change) => signingKeyChanged(...change)),
      sampleDraft(1),
    ]),
  })

  test('that both keys signed makes the new key as good as the old one', async () => {
    const rotated = { ...turned([first, second, at, 'me'], [second, third, at, 'me']), signer: third }
    for (const key of [first, second, third]) {
      expect(await verify(exportOf(rotated), { keys: [key] })).toMatchObject({ ok: true })
    }
    const stranger = sampleSigner('thief')
    expect(await verify(exportOf(rotated), { keys: [stranger] })).toMatchObject({
      problem: { code: 'checkpoint-unsigned' },
    })
  })

  test('lets an older checkpoint of the old key stand', async () => {
    const before = { ...turned([first, second, at, 'me']), signer: first }
    const older = [checkpointOf(before, 1)]
    expect(await verify(exportOf({ ...before, signer: second }), { older })).toMatchObject({ ok: true })
  })

  test('that the old key did not sign is refused', async () => {
    const forged = { ...first, sign: sampleSigner('thief').sign }
    const rotated = { ...turned([forged, second, at, 'me']), signer: second }
    expect(await verify(exportOf(rotated))).toMatchObject({
      problem: { code: 'key-change-unsigned', sequence: 1 },
    })
  })
})

describe('an extract', () => {
  const extract = extractOf(ledger, [2, 5, 11])

  test('proves each of its entries to be in the ledger', async () => {
    expect(await verify(extract)).toMatchObject({ ok: true, scope: 'extract', entries: 3, size: 12 })
  })

  test('is compared with an older checkpoint only where the sizes are the same', async () => {
    expect(await verify(extract, { older: [checkpointOf(ledger)] })).toMatchObject({ ok: true })
    expect(await verify(extract, { older: [checkpointOf(ledger, 5)] })).toMatchObject({
      problem: { code: 'history-not-shown' },
    })
    expect(await verify(extract, { older: [checkpointOf(other)] })).toMatchObject({
      problem: { code: 'history-differs' },
    })
  })

  const proofs = extract.flatMap((line, at) => (line.startsWith('{"proof"') ? [at] : []))
  const table: readonly (readonly [string, readonly string[], LedgerProblemCode, number | null])[] = [
    ['an entry was changed', extract.map((line) => line.replace('1905', '1')), 'proof-wrong', 5],
    ['a proof is missing', extract.filter((_, at) => at !== proofs[1]), 'proof-missing', 5],
    [
      'a proof is of another entry',
      extract.with(proofs[1] ?? 0, extract[proofs[0] ?? 0] ?? ''),
      'line-unexpected',
      null,
    ],
    [
      'a proof has another index',
      extract.map((line) => line.replace('index 5', 'index 6')),
      'proof-wrong',
      5,
    ],
    [
      'it calls itself whole',
      extract.map((line) => line.replace('"extract"', '"whole"')),
      'sequence-broken',
      0,
    ],
    [
      'its checkpoint is another one than that of its proofs',
      [...extract.slice(0, -1), exportOf(other).at(-1) ?? ''],
      'proof-wrong',
      null,
    ],
  ]
  for (const [reason, mangled, code, sequence] of table) {
    test(`is refused where ${reason}: ${code}`, async () => {
      expect(await verify(mangled)).toMatchObject({ ok: false, problem: { code, sequence } })
    })
  }

  test('that was signed by somebody else is refused', async () => {
    const thief = sampleSigner('thief')
    expect(await verify(extractOf({ ...ledger, signer: thief }, [2]))).toMatchObject({
      problem: { code: 'checkpoint-unsigned' },
    })
  })
})
