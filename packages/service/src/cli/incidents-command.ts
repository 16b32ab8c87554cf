import { Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import {
  acknowledgeCommand,
  assignCommand,
  commentCommand,
  ignoreCommand,
  reopenCommand,
} from './incidents/act.ts'
import { listCommand, showCommand } from './incidents/look.ts'

const help = `
An incident is the record of one drift, from first seen to resolved. A check opens it
and resolves it; what people do to it is entered in the ledger. What was done already
is done once, so a command may be run again.

  $ trueup incidents list --severity critical
  $ trueup incidents acknowledge inc_…
  $ trueup incidents ignore --kind plan-too-high --count 3 --reason 'a migration'`

/** `trueup incidents`: what drifts, and what people do about it. */
export function incidentsCommand(context: CommandContext): Command {
  const command = new Command('incidents')
    .description('look at incidents, acknowledge, ignore, reopen, assign and comment on them')
    .addHelpText('after', help)
  for (const subcommand of [
    listCommand,
    showCommand,
    acknowledgeCommand,
    ignoreCommand,
    reopenCommand,
    assignCommand,
    commentCommand,
  ]) {
    command.addCommand(subcommand(context))
  }
  return command
}
