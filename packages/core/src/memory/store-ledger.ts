import type { LedgerDraft } from '../ledger/draft.ts'
import type { LedgerCheckpoint, SequencedEntry } from '../ledger/sequenced.ts'
import type { LedgerStore } from '../store.ts'

/** The ledger of one project. */
export class MemoryLedger {
  /** By key, in the order in which they were staged. */
  readonly #staged = new Map<string, LedgerDraft>()
  readonly #keys = new Set<string>()
  readonly #entries: SequencedEntry[] = []
  readonly #checkpoints = new Map<number, LedgerCheckpoint>()

  stage(drafts: readonly LedgerDraft[]): void {
    for (const draft of drafts) {
      if (!this.#keys.has(draft.key) && !this.#staged.has(draft.key)) this.#staged.set(draft.key, draft)
    }
  }

  methods(): LedgerStore {
    return {
      stageEntries: async (drafts) => this.stage(drafts),
      sequenceEntries: async (limit, enter) => {
        const drafts = [...this.#staged.values()].slice(0, limit)
        if (drafts.length === 0) return 0
        const entered = enter(drafts, this.#head())
        for (const entry of entered) {
          this.#entries.push(entry)
          this.#keys.add(entry.key)
        }
        for (const { key } of drafts) this.#staged.delete(key)
        return drafts.length
      },
      countStagedEntries: async () => this.#staged.size,
      ledgerHead: async () => this.#head(),
      ledgerEntries: async (from, limit) => this.#entries.slice(from, from + limit),
      ledgerEntriesAbout: async (about, from, limit) =>
        this.#entries
          .slice(from)
          .filter((entry) =>
            'person' in about ? entry.persons.includes(about.person) : entry.incident === about.incident,
          )
          .slice(0, limit),
      ledgerHashes: async (from, limit) => this.#entries.slice(from, from + limit).map(({ hash }) => hash),
      saveCheckpoint: async (checkpoint) => {
        if (!this.#checkpoints.has(checkpoint.size)) this.#checkpoints.set(checkpoint.size, checkpoint)
      },
      checkpoint: async (size) => {
        const largest = size ?? Math.max(...this.#checkpoints.keys())
        return this.#checkpoints.get(largest) ?? null
      },
      erasePersonal: async (person) => {
        const meant = this.#entries.filter(({ persons }) => persons.includes(person))
        for (const entry of meant) this.#entries[entry.sequence] = { ...entry, personal: null, persons: [] }
        return meant.length
      },
    }
  }

  #head() {
    return { size: this.#entries.length, hash: this.#entries.at(-1)?.hash ?? null }
  }
}
