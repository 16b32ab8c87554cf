import { LedgerError } from './ledger-error.ts'
import type { LedgerKeeper } from './ledger-keeper.ts'

/**
 * Seals the ledger at the end of a command and gives what could not be done, instead of throwing it: what the command
 * did stands all the same, and is told first.
 */
export async function sealLedger(ledger: LedgerKeeper): Promise<readonly LedgerError[]> {
  try {
    const { unsigned, unsent } = await ledger.seal()
    return [...(unsigned ? [unsigned] : []), ...unsent]
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    return [error]
  }
}
