import type { EnterDrafts, LedgerDraft, ProjectStore, SequencedEntry } from '@trueup/core'
import { beforeEach, describe, expect, it } from 'vitest'
import type { NewProject } from './new-project.ts'
import { anIncident, beginCheck, time } from './samples.ts'

/** What every store promises of the ledger. Hashes are made up: the store keeps them and knows nothing of them. */
export function ledgerContract(newProject: NewProject): void {
  describe('the ledger', () => {
    let project: ProjectStore
    beforeEach(async () => {
      project = await newProject()
    })
    const keys = async (from = 0) => (await project.ledgerEntries(from, 100)).map(({ key }) => key)
    const sequenceAll = async () => {
      while ((await project.sequenceEntries(100, enter)) > 0);
    }

    it('shows an act only once it has its number', async () => {
      await project.stageEntries([aDraft('a'), aDraft('b')])
      expect(await keys()).toEqual([])
      expect(await project.ledgerHead()).toEqual({ size: 0, hash: null })
      expect(await project.countStagedEntries()).toBe(2)
      expect(await project.sequenceEntries(1, enter)).toBe(1)
      expect(await keys()).toEqual(['a'])
      expect(await project.countStagedEntries()).toBe(1)
      expect(await project.sequenceEntries(10, enter)).toBe(1)
      expect(await project.sequenceEntries(10, enter)).toBe(0)
      expect(await keys()).toEqual(['a', 'b'])
      expect(await project.ledgerHead()).toEqual({ size: 2, hash: hashOf(1) })
    })

    it('numbers acts in the order in which they were staged, each batch from where the last one ended', async () => {
      await project.stageEntries(Array.from({ length: 25 }, (_, place) => aDraft(`k${place}`)))
      const heads: number[] = []
      const watched: EnterDrafts = (drafts, head) => {
        heads.push(head.size)
        return enter(drafts, head)
      }
      while ((await project.sequenceEntries(10, watched)) > 0);
      expect(heads).toEqual([0, 10, 20])
      expect(await keys()).toEqual(Array.from({ length: 25 }, (_, place) => `k${place}`))
      expect(await project.ledgerHashes(3, 2)).toEqual([hashOf(3), hashOf(4)])
    })

    it('enters an act once, however often it is handed over', async () => {
      await project.stageEntries([aDraft('a'), aDraft('a', { by: 'twin' })])
      await project.stageEntries([aDraft('a')])
      await sequenceAll()
      await project.stageEntries([aDraft('a'), aDraft('b')])
      await sequenceAll()
      expect(await keys()).toEqual(['a', 'b'])
    })

    it('gives back an entry as it was entered, to the byte', async () => {
      const personal = { subject: 'user:u1', note: "o'neil {,} \u0000 \u{1F600}" }
      await project.stageEntries([aDraft('a', { personal, about: { incident: 'inc_1' } })])
      let entered: readonly SequencedEntry[] = []
      await project.sequenceEntries(10, (drafts, head) => {
        expect(drafts).toEqual([aDraft('a', { personal, about: { incident: 'inc_1' } })])
        entered = enter(drafts, head)
        return entered
      })
      const kept = await project.ledgerEntries(0, 10)
      expect(kept.map(plain)).toEqual(entered.map(plain))
      expect(kept[0]?.personal?.text).toContain('"user:u1"')
    })

    it('finds the entries about a subject, a customer or an incident, in order', async () => {
      await project.stageEntries([
        aDraft('a', { personal: { subject: 'user:u1', customer: 'cus_1' } }),
        aDraft('b', { about: { incident: 'inc_1' } }),
        aDraft('c', { personal: { customer: 'cus_1' }, about: { incident: 'inc_1' } }),
        aDraft('d', { personal: { subject: 'user:u1' } }),
      ])
      await sequenceAll()
      const about = async (of: Parameters<ProjectStore['ledgerEntriesAbout']>[0], from = 0, limit = 10) =>
        (await project.ledgerEntriesAbout(of, from, limit)).map(({ key }) => key)
      expect(await about({ person: 'user:u1' })).toEqual(['a', 'd'])
      expect(await about({ person: 'customer:cus_1' })).toEqual(['a', 'c'])
      expect(await about({ incident: 'inc_1' })).toEqual(['b', 'c'])
      expect(await about({ incident: 'inc_1' }, 2)).toEqual(['c'])
      expect(await about({ person: 'user:u1' }, 0, 1)).toEqual(['a'])
      expect(await about({ person: 'user:nobody' })).toEqual([])
    })

    it('erases what stands beside the entries about a person, and no entry', async () => {
      await project.stageEntries([
        aDraft('a', { personal: { subject: 'user:u1', customer: 'cus_1' } }),
        aDraft('b', { personal: { subject: 'user:u2' } }),
      ])
      await sequenceAll()
      const before = await project.ledgerEntries(0, 10)
      expect(await project.erasePersonal('user:u1')).toBe(1)
      expect(await project.erasePersonal('user:u1')).toBe(0)
      const [first, second] = before.map(plain)
      const after = (await project.ledgerEntries(0, 10)).map(plain)
      expect(after).toEqual([{ ...first, personal: null, persons: [] }, second])
      expect(await project.ledgerEntriesAbout({ person: 'customer:cus_1' }, 0, 10)).toEqual([])
    })

    it('keeps each checkpoint, the first of a size for good', async () => {
      expect(await project.checkpoint()).toBeNull()
      const checkpoint = (size: number, note: string) => ({
        size,
        root: hashOf(size),
        range: [hashOf(1), hashOf(2)],
        note,
        signedAt: time(size),
      })
      await project.saveCheckpoint(checkpoint(2, 'two\n'))
      await project.saveCheckpoint(checkpoint(5, 'five\n'))
      await project.saveCheckpoint(checkpoint(5, 'another\n'))
      expect((await project.checkpoint())?.note).toBe('five\n')
      const found = await project.checkpoint(2)
      expect(found && { ...found, root: hex(found.root), range: found.range.map(hex) }).toEqual({
        size: 2,
        root: hex(hashOf(2)),
        range: [hex(hashOf(1)), hex(hashOf(2))],
        note: 'two\n',
        signedAt: time(2),
      })
      expect(await project.checkpoint(3)).toBeNull()
    })

    it('stages with a check and its incidents what they say of themselves', async () => {
      const check = await project.startCheck(
        { kind: 'full', dryRun: false, asOf: time(0), startedAt: time(1), configFingerprint: 'c' },
        (run) => [aDraft(`started:${run.id}`, { about: { check: run.id } })],
      )
      await project.saveIncidents([anIncident('inc_1')], check.id, [aDraft('opened')])
      await project.saveIncidents([], null, [aDraft('nothing')])
      const counts = { customers: 0, subjects: 0, agrees: 0, drifts: 0, cannotTell: 0, settling: 0 }
      await project.finishCheck(check.id, counts, time(9), [aDraft('finished')])
      await sequenceAll()
      expect(await keys()).toEqual([`started:${check.id}`, 'opened', 'nothing', 'finished'])
    })

    it('enters nothing of an act that could not be kept', async () => {
      await beginCheck(project)
      const twin = anIncident('inc_2', { identity: anIncident('inc_1').identity })
      await project.saveIncidents([anIncident('inc_1')], null, [])
      await expect(project.saveIncidents([twin], null, [aDraft('refused')])).rejects.toThrow()
      const counts = { customers: 0, subjects: 0, agrees: 0, drifts: 0, cannotTell: 0, settling: 0 }
      await expect(project.finishCheck('chk_999999', counts, time(9), [aDraft('never')])).rejects.toThrow()
      await sequenceAll()
      expect(await keys()).toEqual([])
    })

    it('numbers without a gap and without a double when several number at once', async () => {
      const batch = (name: string) => Array.from({ length: 40 }, (_, place) => aDraft(`${name}${place}`))
      const work = ['a', 'b', 'c'].flatMap((name) => [
        project.stageEntries(batch(name)),
        sequenceAll(),
        project.stageEntries(batch(name)),
      ])
      await Promise.all(work)
      await sequenceAll()
      const entries = await project.ledgerEntries(0, 1000)
      expect(entries.map(({ sequence }) => sequence)).toEqual(
        Array.from({ length: 120 }, (_, place) => place),
      )
      expect(new Set(entries.map(({ key }) => key)).size).toBe(120)
    })

    it('leaves a draft staged when entering it failed', async () => {
      await project.stageEntries([aDraft('a')])
      await expect(
        project.sequenceEntries(10, () => {
          throw new Error('no salt')
        }),
      ).rejects.toThrow('no salt')
      await sequenceAll()
      expect(await keys()).toEqual(['a'])
    })

    it('shows no entry of another project', async () => {
      await project.stageEntries([aDraft('a', { personal: { subject: 'user:u1' } })])
      await sequenceAll()
      const other = await newProject()
      expect(await other.ledgerEntries(0, 10)).toEqual([])
      expect(await other.ledgerEntriesAbout({ person: 'user:u1' }, 0, 10)).toEqual([])
      expect(await other.erasePersonal('user:u1')).toBe(0)
      expect((await project.ledgerEntries(0, 1))[0]?.personal).not.toBeNull()
    })
  })
}

export function aDraft(key: string, parts: Partial<LedgerDraft> = {}): LedgerDraft {
  return {
    key,
    act: 'incident-opened',
    at: time(3),
    by: 'check:chk_1',
    about: {},
    facts: { kind: 'plan-too-low', amount: 1900 },
    personal: null,
    ...parts,
  }
}

const hashOf = (sequence: number) => Buffer.alloc(32, sequence + 1)
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** Entries whose bytes say enough to tell them apart. */
const enter: EnterDrafts = (drafts, head) =>
  drafts.map((draft, place) => {
    const sequence = head.size + place
    const { subject, customer } = draft.personal ?? {}
    return {
      sequence,
      key: draft.key,
      act: draft.act,
      at: draft.at,
      incident: draft.about.incident ?? null,
      bytes: Buffer.from(`${draft.key} \u0000 é`),
      hash: hashOf(sequence),
      persons: [
        ...(customer === undefined ? [] : [`customer:${customer}`]),
        ...(subject === undefined ? [] : [String(subject)]),
      ],
      personal: draft.personal && { salt: hashOf(99), text: JSON.stringify(draft.personal) },
    }
  })

/** An entry with its bytes as text, so that buffers of different kinds compare. */
function plain(entry: SequencedEntry) {
  return {
    ...entry,
    bytes: hex(entry.bytes),
    hash: hex(entry.hash),
    personal: entry.personal && { salt: hex(entry.personal.salt), text: entry.personal.text },
  }
}
