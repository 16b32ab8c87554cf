import { userInfo } from 'node:os'
import { loadConfig } from '../../config/load-config.ts'
import { sealLedger } from '../../ledger/seal-ledger.ts'
import type { OpenedRepairs } from '../../repair/open-repairs.ts'
import { UsageError } from '../../usage-error.ts'
import type { CommandContext } from '../command-context.ts'
import type { PlaceOptions } from '../place.ts'
import { remoteOf } from '../place.ts'
import { printError } from '../print-error.ts'
import { remoteRepairs } from './remote-repairs.ts'
import type { RepairDesk } from './repair-desk.ts'

/** Options that every command on repairs has. */
export interface RepairOptions extends PlaceOptions {
  readonly config?: string
  readonly as?: string
  readonly json?: boolean
  readonly allowSecretKey?: boolean
}

/**
 * The repairs of the server that the environment names, or of this folder's project, which is open for as long as `act`
 * runs.
 *
 * @param onlyLocal options that mean nothing at a server, beside those that every command on repairs has
 */
export async function withRepairDesk<Answer>(
  context: CommandContext,
  options: RepairOptions,
  onlyLocal: readonly string[],
  act: (desk: RepairDesk) => Promise<Answer>,
): Promise<Answer> {
  const remote = await remoteOf(context, options, ['config', 'as', 'allowSecretKey', ...onlyLocal])
  if (remote) return await act(remoteRepairs(remote))
  const { localRepairs } = await import('./repair-desk.ts')
  const { clerkApiUrl } = context.environment()
  return await withRepairs(context, options, (repairs) =>
    act(localRepairs(repairs, () => actorOf(context, options), clerkApiUrl)),
  )
}

/** Opens the project of this folder with what its repairs may be written to, for as long as `act` runs. */
export async function withRepairs<Answer>(
  context: CommandContext,
  options: RepairOptions,
  act: (repairs: OpenedRepairs) => Promise<Answer>,
): Promise<Answer> {
  const { openRepairs } = await import('../../repair/open-repairs.ts')
  const environment = context.environment()
  const { config } = await loadConfig(options.config)
  const repairs = await openRepairs(environment, config, {
    allowSecretKey: options.allowSecretKey ?? false,
  })
  try {
    return await act(repairs)
  } finally {
    // What was done to a record stands, whatever became of the ledger, and its own error goes first.
    for (const error of await sealLedger(repairs.ledger)) printError(error, context.terminal, false)
    await repairs.close()
  }
}

/**
 * Who acts: `--as`, else TRUEUP_ACTOR, else the user of this machine. It is a name, not a proof: whoever can run the
 * command can give any.
 */
export function actorOf(context: CommandContext, options: RepairOptions): string {
  const named =
    options.as ?? context.environment().secretNamed('TRUEUP_ACTOR')?.reveal() ?? userInfo().username
  const actor = named.trim()
  if (actor !== '' && !/^(check|repair):/.test(actor)) return actor
  throw new UsageError({
    code: 'option-invalid',
    message: `${JSON.stringify(named)} cannot be the name of a person.`,
    fix: 'Say who you are: --as NAME, or TRUEUP_ACTOR.',
  })
}

/** Asks before something is done that cannot be taken for a look; where nobody can be asked, the option has to say it. */
export async function confirmed(
  context: CommandContext,
  question: string,
  said: boolean,
  option: string,
): Promise<void> {
  if (said) return
  if (!context.terminal.canAsk) {
    throw new UsageError({
      code: 'not-a-terminal',
      message: `${question} Nobody can be asked here.`,
      fix: `Say it with ${option}.`,
    })
  }
  const { confirm } = await import('@clack/prompts')
  const answer = await confirm({ message: question, initialValue: false })
  if (answer === true) return
  throw new UsageError({
    code: 'declined',
    message: 'Nothing was changed.',
    fix: 'Run it again when you are ready.',
  })
}

/** The count that the person types, so that nobody approves more than they believe. */
export async function typedCount(
  context: CommandContext,
  found: number,
  said: number | undefined,
): Promise<number> {
  if (said !== undefined || found === 1) return said ?? 1
  if (!context.terminal.canAsk) {
    throw new UsageError({
      code: 'not-a-terminal',
      message: `${found} repairs would be approved, and nobody can be asked here.`,
      fix: `Look at them, and say it with --count ${found}.`,
    })
  }
  const { text } = await import('@clack/prompts')
  const answer = await text({ message: `Type how many repairs you approve (there are ${found}).` })
  if (typeof answer === 'string' && /^\d+$/.test(answer.trim())) return Number(answer)
  throw new UsageError({
    code: 'declined',
    message: 'Nothing was approved.',
    fix: 'Run it again when you are ready.',
  })
}
