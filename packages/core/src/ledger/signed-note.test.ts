import { describe, expect, test } from 'vitest'
import { sampleSigner, sha256, verifySignature } from '../../../../test/support/ledger-samples.ts'
import { parseCheckpoint, signCheckpoint } from './checkpoint.ts'
import type { NoteKey } from './signed-note.ts'
import { formatNoteKey, keysThatSigned, parseNote, parseNoteKey, signNote } from './signed-note.ts'
import { formatTlogProof, parseTlogProof } from './tlog-proof.ts'

/** The example of Go's package `golang.org/x/mod/sumdb/note`, which the specification grew out of. */
const example = {
  key: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  note:
    'If you think cryptography is the answer to your problem,\n' +
    "then you don't know what your problem is.\n\n" +
    '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
}
const keyOf = (text: string): NoteKey => {
  const key = parseNoteKey(sha256, text)
  if (!key) throw new Error(`${text} is no key.`)
  return key
}
const signedBy = (note: string, keys: readonly NoteKey[]) => {
  const parsed = parseNote(note)
  return parsed && keysThatSigned(parsed, keys, verifySignature).map(({ name }) => name)
}

describe('a signed note', () => {
  test('of another implementation is verified with its key', () => {
    expect(signedBy(example.note, [keyOf(example.key)])).toEqual(['PeterNeumann'])
    expect(formatNoteKey(keyOf(example.key))).toBe(example.key)
  })

  test('says nothing once a letter of it was changed', () => {
    expect(signedBy(example.note.replace('think', 'thank'), [keyOf(example.key)])).toEqual([])
  })

  test('may hold empty lines: what is signed ends at the last one', () => {
    const signer = sampleSigner('first')
    const note = signNote('one\n\ntwo\n', [signer])
    expect(parseNote(note)?.text).toBe('one\n\ntwo\n')
    expect(signedBy(note, [signer])).toEqual([signer.name])
  })

  test('is signed by all who signed it, and others do not count', () => {
    const [first, second, third] = ['first', 'second', 'third'].map((name) =>
      sampleSigner(name, `log/${name}`),
    )
    if (!first || !second || !third) throw new Error('three signers')
    const note = signNote('text\n', [first, second])
    expect(signedBy(note, [first, second, third])).toEqual(['log/first', 'log/second'])
    expect(signedBy(note, [third])).toEqual([])
  })

  test('is worthless where a known key is claimed and did not sign', () => {
    const [first, second] = [sampleSigner('first', 'log/a'), sampleSigner('second', 'log/b')]
    const forged = { ...second, sign: () => new Uint8Array(64) }
    const note = signNote('text\n', [first, forged])
    expect(signedBy(note, [first, second])).toEqual([])
    expect(signedBy(note, [first])).toEqual(['log/a'])
  })

  for (const [reason, note] of [
    ['has no signature', 'text\n\n'],
    ['has no empty line', 'text\n\u2014 a AAAAAAA=\n'],
    ['does not end its last line', example.note.trimEnd()],
    ['has another dash', example.note.replace('\u2014', '-')],
    ['holds a control character', example.note.replace('If', 'I\tf')],
    ['has a signature that is no base64', example.note.replace('x08go', 'x08g*')],
    ['has two spaces', example.note.replace('PeterNeumann ', 'PeterNeumann  ')],
  ] as const) {
    test(`is none where it ${reason}`, () => expect(parseNote(note)).toBeNull())
  }

  for (const [reason, text] of [
    ['the id is not that of the key', example.key.replace('c74f20a3', 'c74f20a4')],
    ['the name is another', example.key.replace('Peter', 'Petra')],
    ['the type is another', 'PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
    ['it is cut', example.key.slice(0, -4)],
    ['it is empty', ''],
  ] as const) {
    test(`a key is refused where ${reason}`, () => expect(parseNoteKey(sha256, text)).toBeNull())
  }
})

describe('a checkpoint', () => {
  const signer = sampleSigner('first')
  const head = { origin: signer.name, size: 12, root: sha256(Buffer.from('root')) }

  test('reads the example of the specification', () => {
    const text =
      'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n' +
      '\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n'
    expect(parseCheckpoint(text)).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20852163 })
  })

  test('comes back as it was signed', () => {
    const parsed = parseCheckpoint(signCheckpoint(head, [signer]))
    expect(parsed).toMatchObject(head)
    expect(parsed && keysThatSigned(parsed.note, [signer], verifySignature)).toHaveLength(1)
  })

  for (const [reason, from, to] of [
    ['its size has a leading zero', '\n12\n', '\n012\n'],
    ['its size is negative', '\n12\n', '\n-1\n'],
    ['its size is beyond what can be counted', '\n12\n', '\n9999999999999999\n'],
    ['its origin is empty', signer.name, ''],
    ['a line is missing', '\n12\n', '\n'],
    ['an extension line is empty', '=\n\n', '=\n\nmore\n\n'],
  ] as const) {
    test(`is none where ${reason}`, () => {
      expect(parseCheckpoint(signCheckpoint(head, [signer]).replace(from, to))).toBeNull()
    })
  }
})

describe('a proof file', () => {
  const proof = { index: 5, path: [sha256(Uint8Array.of(1)), sha256(Uint8Array.of(2))], checkpoint: 'note\n' }

  test('has the form of the specification, and comes back as it was written', () => {
    const text = formatTlogProof(proof)
    const [one, two] = proof.path.map((hash) => Buffer.from(hash).toString('base64'))
    expect(text).toBe(`c2sp.org/tlog-proof@v1\nindex 5\n${one}\n${two}\n\nnote\n`)
    expect(parseTlogProof(text)).toEqual(proof)
    expect(parseTlogProof(formatTlogProof({ ...proof, index: 0, path: [] }))).toEqual({
      ...proof,
      index: 0,
      path: [],
    })
  })

  test('may carry extra data, which is passed over', () => {
    expect(parseTlogProof(formatTlogProof(proof).replace('index', 'extra AAAA\nindex'))).toEqual(proof)
  })

  for (const [reason, from, to] of [
    ['the first line is another', '@v1', '@v2'],
    ['the index has a leading zero', 'index 5', 'index 05'],
    ['the index is missing', 'index 5\n', ''],
    ['a hash is cut', '=\n\n', '\n\n'],
    ['the empty line is missing', '\n\n', '\n'],
  ] as const) {
    test(`is none where ${reason}`, () => {
      expect(parseTlogProof(formatTlogProof(proof).replace(from, to))).toBeNull()
    })
  }
})
