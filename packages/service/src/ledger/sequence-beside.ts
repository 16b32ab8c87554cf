import type { LedgerKeeper } from './ledger-keeper.ts'

/** Numbers what a command stages while it stages more, so that little is left when it seals the ledger at its end. */
export interface SequencingBeside {
  /** Something was staged. Whoever calls need not wait. */
  begin(): void
  /** Ends when nothing is being numbered. */
  settled(): Promise<void>
}

/**
 * What goes wrong is not told here: what was not numbered stays staged, and sealing the ledger meets it again.
 *
 * @example
 * const sequencing = sequencingBeside(ledger)
 * await file({ onFiled: () => sequencing.begin() })
 * await sequencing.settled()
 * await ledger.seal()
 */
export function sequencingBeside(ledger: Pick<LedgerKeeper, 'sequence'>): SequencingBeside {
  let underWay: Promise<void> | null = null
  return {
    begin() {
      underWay ??= ledger
        .sequence()
        .catch(() => {})
        .finally(() => {
          underWay = null
        })
    },
    async settled() {
      await underWay
    },
  }
}
