import type { ProjectStore } from '@trueup/core'
import { LedgerError } from '../../ledger/ledger-error.ts'
import type { LedgerKeeper, LedgerState } from '../../ledger/ledger-keeper.ts'
import { openRecords } from '../../open-records.ts'
import { UsageError } from '../../usage-error.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-code.ts'
import type { PlaceOptions } from '../place.ts'
import { printError } from '../print-error.ts'

/** What commands on the ledger work with. */
export interface OpenedLedger {
  readonly project: ProjectStore
  readonly ledger: LedgerKeeper
  /** How the ledger stood when the command began: everything staged has its number and, where possible, is signed. */
  readonly state: LedgerState
}

/** Opens the ledger of this folder's project for as long as `act` runs. What could not be signed is told beside it. */
export async function withLedger<Answer>(
  context: CommandContext,
  act: (opened: OpenedLedger) => Promise<Answer>,
): Promise<Answer> {
  const { project, ledger, close } = await openRecords(context.environment())
  try {
    const state = await standing(context, project, ledger)
    for (const error of [...(state.unsigned ? [state.unsigned] : []), ...state.unsent]) {
      printError(error, context.terminal, false)
    }
    return await act({ project, ledger, state })
  } finally {
    await close()
  }
}

/** A ledger that is not what it was can still be looked at and exported, so that what was changed can be found. */
async function standing(
  context: CommandContext,
  project: ProjectStore,
  ledger: LedgerKeeper,
): Promise<LedgerState> {
  try {
    return await ledger.seal()
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    context.exitWith(exitCodes.couldNotTell)
    const [origin, head, checkpoint] = [
      await ledger.origin(),
      await project.ledgerHead(),
      await project.checkpoint(),
    ]
    return { origin, size: head.size, checkpoint, unsigned: error, unsent: [] }
  }
}

/** Whom a command is about, as entries are found by them. */
export interface PersonOptions extends PlaceOptions {
  readonly subject?: string
  readonly customer?: string
}

/**
 * The key that entries about somebody are found by; `null` when nobody was named.
 *
 * @throws UsageError when both were, or the subject says no type.
 */
export function personIn({ subject, customer }: PersonOptions): string | null {
  if (subject !== undefined && customer !== undefined) {
    throw new UsageError({
      code: 'option-invalid',
      message: '--subject and --customer were both given.',
      fix: 'Give one of them.',
    })
  }
  if (customer !== undefined) return `customer:${customer}`
  if (subject === undefined) return null
  if (/^(user|organization):./.test(subject)) return subject
  throw new UsageError({
    code: 'option-invalid',
    message: `${JSON.stringify(subject)} does not say what type of subject it is.`,
    fix: 'Write it as user:ID or organization:ID.',
  })
}
