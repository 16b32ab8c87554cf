import { Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import { eraseCommand } from './ledger/erase.ts'
import { exportCommand } from './ledger/export.ts'
import { keyCommand } from './ledger/key.ts'
import { rebuildCommand } from './ledger/rebuild.ts'
import { showCommand } from './ledger/show.ts'
import { verifyCommand } from './ledger/verify.ts'

const help = `
Every check, incident and repair is entered in the Access Ledger, which only grows.
Each command signs a checkpoint over it; keep checkpoints and the public key where
this machine cannot reach them, and nobody can rewrite what came before unseen.

  TRUEUP_LEDGER_KEY          the signing key, 32 bytes in base64; without it the
                             file ledger-key in TRUEUP_HOME
  TRUEUP_LEDGER_CHECKPOINTS  another folder for checkpoints, such as a git checkout`

/** `trueup ledger`: what was done, who did it, and the proof that nobody changed the record since. */
export function ledgerCommand(context: CommandContext): Command {
  const command = new Command('ledger')
    .description('look at, export and verify the record of everything that was found and done')
    .addHelpText('after', help)
  for (const subcommand of [
    showCommand,
    exportCommand,
    verifyCommand,
    keyCommand,
    rebuildCommand,
    eraseCommand,
  ]) {
    command.addCommand(subcommand(context))
  }
  return command
}
