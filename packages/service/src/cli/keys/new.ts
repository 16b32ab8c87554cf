import { Command } from 'commander'
import { addToKeyFile } from '../../vault/key-file.ts'
import { newMasterKey } from '../../vault/key-ring.ts'
import type { CommandContext } from '../command-context.ts'
import { ports } from './with-vault.ts'

interface NewOptions {
  readonly file?: string
}

/** `trueup keys new`: a new encryption key, printed or put into a file. */
export function newKeyCommand({ terminal }: CommandContext): Command {
  return new Command('new')
    .description('make an encryption key, and print it as it goes into TRUEUP_ENCRYPTION_KEY')
    .option('--file <file>', 'put it into this file instead, before the keys that are there (mode 0600)')
    .action(async ({ file }: NewOptions) => {
      const { id, line } = newMasterKey(ports.clock.now(), ports.randomBytes)
      if (file === undefined) {
        terminal.out(`${line}\n`)
        terminal.err(
          'Put it before the keys that TRUEUP_ENCRYPTION_KEY holds, and keep a copy where this machine cannot lose it.\n',
        )
        return
      }
      await addToKeyFile(file, line)
      terminal.out(`${id}\n`)
      terminal.err(`${file} holds it. Keep a copy where this machine cannot lose it.\n`)
    })
}
