import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LedgerDraft, ProjectStore, SequencedEntry } from '@trueup/core'
import { createMemoryStore, formatNoteKey, parseCheckpoint, toBase64, verifyExport } from '@trueup/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sampleDraft } from '../../../../test/support/ledger-samples.ts'
import { Secret } from '../secret.ts'
import { checkpointFolder } from './checkpoint-sink.ts'
import { sha256, verifyEd25519 } from './ed25519.ts'
import { exportWhole } from './export-ledger.ts'
import { LedgerKeeper } from './ledger-keeper.ts'
import { keyOfEnvironment, keysInHome, keysInMemory } from './signing-key.ts'

let home: string
let project: ProjectStore
let seconds: number
let chance: number
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'trueup-ledger-'))
  project = await createMemoryStore().project('my app')
  seconds = 0
  chance = 0
})
afterEach(() => rm(home, { recursive: true, force: true }))

const clock = { now: () => new Date(Date.UTC(2026, 0, 15, 12, 0, seconds)) }
/** The same in every run, and other bytes each time. */
const randomBytes = (count: number) => sha256(Buffer.from(`chance ${chance++}`)).slice(0, count)
const keysHere = () => keysInHome(home, randomBytes)
const sinkHere = () => checkpointFolder(join(home, 'sent'))
const keeperOf = (parts: Partial<ConstructorParameters<typeof LedgerKeeper>[0]> = {}) =>
  new LedgerKeeper({ project, keys: keysHere(), sinks: [sinkHere()], clock, randomBytes, ...parts })
const stage = (...places: number[]) => project.stageEntries(places.map((place) => sampleDraft(place)))
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, place) => from + place)

/** The store with entries that somebody changed behind its back. */
function withEntries(change: (entry: SequencedEntry) => SequencedEntry): ProjectStore {
  return {
    ...project,
    ledgerEntries: async (from, limit) => (await project.ledgerEntries(from, limit)).map(change),
  }
}

async function verified(keeper: LedgerKeeper, older: readonly string[] = []) {
  const { origin, checkpoint } = await keeper.seal()
  const publicKey = await keeper.publicKey()
  if (!origin || !checkpoint || !publicKey) throw new Error('The ledger is empty.')
  const lines: Uint8Array[] = []
  for await (const line of exportWhole({ project, origin, checkpoint, publicKey }))
    lines.push(Buffer.from(line))
  return await verifyExport(lines, { sha256, verify: verifyEd25519, keys: [publicKey], older })
}

describe('sealing a ledger', () => {
  test('begins it with the entry that names its key, numbers what was staged, and signs it', async () => {
    await stage(1, 2, 3)
    const { size, checkpoint, origin, unsigned, unsent } = await keeperOf().seal()
    expect({ size, unsigned, unsent }).toEqual({ size: 4, unsigned: null, unsent: [] })
    expect(origin).toMatch(/^trueup\/my%20app\/[0-9a-f]{8}$/)
    expect(parseCheckpoint(checkpoint?.note ?? '')).toMatchObject({ origin, size: 4 })
    const acts = (await project.ledgerEntries(0, 10)).map(({ act }) => act)
    expect(acts).toEqual(['project-created', 'incident-opened', 'incident-opened', 'incident-opened'])
    expect(await verified(keeperOf())).toMatchObject({ ok: true, entries: 4, disclosed: 2 })
  })

  test('of nothing does nothing, and makes no key', async () => {
    expect(await keeperOf().seal()).toMatchObject({ size: 0, checkpoint: null, origin: null })
    expect(await readdir(home)).toEqual([])
  })

  test('keeps its key in a file for its owner alone, and uses it again', async () => {
    await stage(1)
    await keeperOf().seal()
    const file = join(home, 'ledger-key')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const before = await readFile(file, 'utf8')
    await stage(2)
    expect((await keeperOf().seal()).size).toBe(3)
    expect(await readFile(file, 'utf8')).toBe(before)
  })

  test('sends each checkpoint away as a file of its own', async () => {
    await stage(1)
    const { origin } = await keeperOf().seal()
    await keeperOf().seal()
    await stage(2)
    await keeperOf().seal()
    const folder = join(home, 'sent', String(origin).replaceAll('/', '_'))
    expect(await readdir(folder)).toEqual(['0000000000000002.checkpoint', '0000000000000003.checkpoint'])
    const sent = await Promise.all(
      (await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8')),
    )
    expect(await verified(keeperOf(), sent)).toMatchObject({ ok: true, continues: 2 })
  })

  test('sends the checkpoint again where it could not be sent before', async () => {
    await writeFile(join(home, 'sent'), 'a file where a folder should be')
    await stage(1)
    const { unsent, checkpoint, unsigned } = await keeperOf().seal()
    expect(unsent.map(({ code }) => code)).toEqual(['sink-failed'])
    expect({ unsigned, size: checkpoint?.size }).toEqual({ unsigned: null, size: 2 })
    await rm(join(home, 'sent'))
    expect((await keeperOf().seal()).unsent).toEqual([])
    expect(await sinkHere().latest(String(await keeperOf().origin()))).toBe(checkpoint?.note)
  })

  test('numbers in more than one batch what is more than one batch', async () => {
    await stage(...range(1, 4_500))
    expect((await keeperOf().seal()).size).toBe(4_500)
    expect(await verified(keeperOf())).toMatchObject({ ok: true, entries: 4_500 })
  })

  test('goes on from what was only numbered, which nothing was signed for', async () => {
    await keeperOf().sequence()
    expect(await project.ledgerHead()).toEqual({ size: 0, hash: null })
    await stage(1, 2)
    await keeperOf().sequence()
    expect((await project.ledgerHead()).size).toBe(3)
    expect(await project.checkpoint()).toBeNull()
    await stage(3)
    expect(await verified(keeperOf())).toMatchObject({ ok: true, entries: 4 })
  })

  test('hides what is personal behind a salt of its own in every entry', async () => {
    const draft = (key: string): LedgerDraft => sampleDraft(1, { key })
    await project.stageEntries([draft('a'), draft('b')])
    await keeperOf().seal()
    const [, a, b] = await project.ledgerEntries(0, 10)
    expect(a?.personal?.text).toBe(b?.personal?.text)
    const commitment = (entry?: SequencedEntry) =>
      JSON.parse(Buffer.from(entry?.bytes ?? []).toString()).personal
    expect(commitment(a)).not.toBe(commitment(b))
    expect(Buffer.from(a?.bytes ?? []).toString()).not.toContain('u1')
  })
})

describe('while a process runs', () => {
  test('a checkpoint is signed after 60 seconds or 1,000 entries, not with each act', async () => {
    const keeper = keeperOf()
    await stage(1)
    expect((await keeper.advance()).checkpoint?.size).toBe(2)
    await stage(2)
    seconds = 59
    expect(await keeper.advance()).toMatchObject({ size: 3, checkpoint: { size: 2 } })
    seconds = 60
    expect((await keeper.advance()).checkpoint?.size).toBe(3)
    await stage(...range(3, 1_002))
    expect(await keeper.advance()).toMatchObject({ size: 1_002, checkpoint: { size: 3 } })
    await stage(1_002)
    expect((await keeper.advance()).checkpoint?.size).toBe(1_003)
  })
})

describe('nothing is signed', () => {
  const seal = (changed: ProjectStore) => keeperOf({ project: changed }).seal()
  const other = (place: number, change: (entry: SequencedEntry) => SequencedEntry) =>
    withEntries((entry) => (entry.sequence === place ? change(entry) : entry))
  const reword = (from: string, to: string) => (entry: SequencedEntry) => ({
    ...entry,
    bytes: Buffer.from(Buffer.from(entry.bytes).toString().replace(from, to)),
  })

  for (const [reason, change, message] of [
    ['an entry was changed', reword('1902', '1'), 'Entry 2'],
    [
      'an entry and its hash were changed',
      (e: SequencedEntry) => rehashed(reword('1902', '1')(e)),
      'Entry 3',
    ],
    ['an entry is no entry any more', reword('{', '['), 'Entry 2'],
    ['another entry stands in its place', reword('"sequence":2', '"sequence":1'), 'Entry 2'],
  ] as const) {
    test(`where ${reason}`, async () => {
      await stage(1, 2, 3)
      const sealed = seal(other(2, change))
      await expect(sealed).rejects.toMatchObject({ code: 'ledger-changed' })
      await expect(sealed).rejects.toThrow(message)
      expect(await project.checkpoint()).toBeNull()
    })
  }

  test('where a checkpoint was sent out over more entries than there are: an old copy was put back', async () => {
    await stage(1)
    await keeperOf().seal()
    const old = await project.ledgerEntries(0, 10)
    const checkpoint = await project.checkpoint()
    await stage(2, 3)
    await keeperOf().seal()
    const restored: ProjectStore = {
      ...project,
      ledgerHead: async () => ({ size: old.length, hash: old.at(-1)?.hash ?? null }),
      checkpoint: async () => checkpoint,
    }
    await expect(seal(restored)).rejects.toMatchObject({ code: 'ledger-forked' })
  })

  test('where a checkpoint of the same size was sent out over other entries', async () => {
    await stage(1)
    const { origin } = await keeperOf().seal()
    const fork = await createMemoryStore().project('my app')
    await fork.stageEntries([sampleDraft(2)])
    const forked = keeperOf({ project: fork })
    expect((await forked.seal().catch((error) => error)).code).toBe('ledger-forked')
    expect(origin).toBe(await forked.origin())
  })

  test('where the checkpoint in the database was changed', async () => {
    await stage(1)
    await keeperOf().seal()
    const last = await project.checkpoint()
    const changed: ProjectStore = {
      ...project,
      checkpoint: async () => last && { ...last, note: last.note.replace('\n2\n', '\n1\n') },
    }
    await stage(2)
    await expect(seal(changed)).rejects.toMatchObject({ code: 'ledger-changed' })
  })
})

describe('a checkpoint', () => {
  test('continues the last one whatever was done to the entries before it; an export then tells', async () => {
    await stage(1, 2)
    const { checkpoint: before } = await keeperOf().seal()
    const anew = await createMemoryStore().project('my app')
    await anew.stageEntries([1, 2, 3].map((place) => sampleDraft(place, { by: 'somebody else' })))
    await new LedgerKeeper({ project: anew, keys: keysHere(), sinks: [], clock, randomBytes }).seal()
    const real = project
    project = {
      ...anew,
      checkpoint: (size) => real.checkpoint(size),
      saveCheckpoint: (saved) => real.saveCheckpoint(saved),
    }
    const keeper = keeperOf({ project })
    expect((await keeper.seal()).checkpoint?.size).toBe(4)
    expect(await verified(keeper)).toMatchObject({ problem: { code: 'root-differs' } })
    expect(await verified(keeper, [before?.note ?? ''])).toMatchObject({ ok: false })
  })
})

describe('the signing key', () => {
  test('that is not here leaves entries unsigned, and makes no other', async () => {
    await stage(1)
    await keeperOf().seal()
    const elsewhere = keysInHome(join(home, 'elsewhere'), randomBytes)
    await stage(2)
    const { size, unsigned, checkpoint } = await keeperOf({ keys: elsewhere }).seal()
    expect({ size, code: unsigned?.code, signed: checkpoint?.size }).toEqual({
      size: 3,
      code: 'key-missing',
      signed: 2,
    })
    expect(await elsewhere.current()).toBeNull()
    expect((await keeperOf().seal()).checkpoint?.size).toBe(3)
  })

  test('of another ledger signs nothing here', async () => {
    await stage(1)
    await keeperOf().seal()
    const other = keysInMemory(randomBytes)
    await other.create()
    await stage(2)
    expect((await keeperOf({ keys: other }).seal()).unsigned?.code).toBe('key-differs')
  })

  test('may come from the environment', async () => {
    const seed = randomBytes(32)
    const keys = keyOfEnvironment(new Secret(toBase64(seed)))
    await stage(1)
    await keeperOf({ keys }).seal()
    expect(await verified(keeperOf({ keys }))).toMatchObject({ ok: true })
    await expect(keeperOf({ keys }).changeKey('me')).rejects.toMatchObject({ code: 'key-not-in-a-file' })
    expect(() => keyOfEnvironment(new Secret('short'))).toThrow('32 bytes')
  })

  test('is made once where two processes begin together', async () => {
    await stage(1)
    const both = await Promise.all([keysHere().create(), keysHere().create()])
    const [first = new Uint8Array(), second] = both
    expect(second && toBase64(second)).toBe(toBase64(first))
  })

  test('that follows is signed for by the old one, and both keys verify what came before and after', async () => {
    await stage(1)
    const keeper = keeperOf()
    await keeper.seal()
    const { from, to } = await keeper.changeKey('ada')
    await stage(2)
    expect((await keeper.seal()).unsigned).toBeNull()
    expect(formatNoteKey((await keeper.publicKey()) ?? from)).toBe(formatNoteKey(to))
    const { checkpoint, origin } = await keeper.seal()
    if (!checkpoint || !origin) throw new Error('The ledger is empty.')
    for (const key of [from, to]) {
      const lines: Uint8Array[] = []
      for await (const line of exportWhole({ project, origin, checkpoint, publicKey: to })) {
        lines.push(Buffer.from(line))
      }
      expect(await verifyExport(lines, { sha256, verify: verifyEd25519, keys: [key] })).toMatchObject({
        ok: true,
      })
    }
    expect(await readdir(home)).toEqual(['ledger-key', 'sent'])
  })

  for (const crash of ['before its checkpoint', 'after its checkpoint'] as const) {
    test(`that follows takes over where the process died ${crash}`, async () => {
      await stage(1)
      const keys = keysHere()
      await keeperOf({ keys }).seal()
      const power = new Error('power cut')
      const dying = keeperOf({
        keys: {
          ...keys,
          follow: async () => {
            throw power
          },
        },
        project: {
          ...project,
          saveCheckpoint: async (checkpoint) => {
            if (crash === 'before its checkpoint') throw power
            await project.saveCheckpoint(checkpoint)
          },
        },
      })
      await expect(dying.changeKey('ada')).rejects.toThrow('power cut')
      await stage(2)
      const keeper = keeperOf()
      expect((await keeper.seal()).unsigned).toBeNull()
      expect(await keys.pending()).toBeNull()
      expect(await verified(keeper)).toMatchObject({ ok: true })
    })
  }
})

function rehashed(entry: SequencedEntry): SequencedEntry {
  return { ...entry, hash: sha256(Buffer.concat([Buffer.of(0), entry.bytes])) }
}
