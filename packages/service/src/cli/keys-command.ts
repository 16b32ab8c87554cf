import { Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import { checkKeysCommand } from './keys/check.ts'
import { listKeysCommand } from './keys/list.ts'
import { newKeyCommand } from './keys/new.ts'
import { rotateKeysCommand } from './keys/rotate.ts'

const help = `
What projects are connected with is kept sealed, under keys that stand outside of the
database: whoever has only the database, or a backup of it, can open nothing.

  TRUEUP_ENCRYPTION_KEY       the keys as id:base64, separated by commas. The first one
                              seals, the others open what was sealed before
  TRUEUP_ENCRYPTION_KEY_FILE  a file that holds them instead, one a line

Without either the embedded database has its keys in encryption-keys in TRUEUP_HOME.
Keep a copy where this machine cannot lose it: without the key nothing can be opened.

To change to a new key, while the service goes on:
  1. trueup keys new, and give it to every process behind the old one: old,new
  2. put it first everywhere: new,old
  3. trueup keys rotate --retire, then take the old one away`

/** `trueup keys`: the encryption keys of the service. */
export function keysCommand(context: CommandContext): Command {
  const command = new Command('keys')
    .description('make, list, change and check the keys that secrets are sealed under')
    .addHelpText('after', help)
  for (const subcommand of [newKeyCommand, listKeysCommand, rotateKeysCommand, checkKeysCommand]) {
    command.addCommand(subcommand(context))
  }
  return command
}
