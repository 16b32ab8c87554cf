import { Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import { offCommand, onCommand, releaseCommand } from './repair/brake.ts'
import { applyCommand, settleCommand } from './repair/carry-out.ts'
import { approveCommand, rejectCommand, undoCommand } from './repair/decide.ts'
import { listCommand, proposeCommand, showCommand } from './repair/look.ts'
import { sqlCommand } from './repair/sql.ts'

const help = `
A repair changes one record, after a person approved exactly that change, and is
read again afterwards. Without credentials for repairs it is steps for a person.
Who acts is a name that you give (--as), not a proof of who you are.

  ACCESS_REPAIR_DATABASE_URL  the connection string that repairs write with; the
                              name follows that of the source's own variable
  CLERK_REPAIR_SECRET_KEY     a Clerk secret key that only repairs use
  TRUEUP_ACTOR                who acts, where --as does not say`

/** `trueup repair`: what may be changed, by whose word, and what came of it. */
export function repairCommand(context: CommandContext): Command {
  const command = new Command('repair')
    .description('look at, approve, apply and undo the changes that end drift')
    .addHelpText('after', help)
  for (const subcommand of [
    listCommand,
    showCommand,
    proposeCommand,
    approveCommand,
    rejectCommand,
    applyCommand,
    settleCommand,
    undoCommand,
    releaseCommand,
    offCommand,
    onCommand,
    sqlCommand,
  ]) {
    command.addCommand(subcommand(context))
  }
  return command
}
