import { formatNoteKey } from '@trueup/core'
import { Command } from 'commander'
import { LedgerError } from '../../ledger/ledger-error.ts'
import type { CommandContext } from '../command-context.ts'
import type { PlaceOptions } from '../place.ts'
import { remoteOf, withPlace } from '../place.ts'
import { actorOf } from '../repair/with-repairs.ts'
import { keyAtServer } from './ledger-desk.ts'
import { withLedger } from './with-ledger.ts'

interface KeyOptions extends PlaceOptions {
  readonly rotate: boolean
  readonly as?: string
  readonly json?: boolean
}

/** `trueup ledger key`: the public key to hand out, and the change to a new one. */
export function keyCommand(context: CommandContext): Command {
  return withPlace(new Command('key').description('print the public key that exports are verified with'))
    .option('--rotate', 'sign with a new key from now on; the old one signs that it follows', false)
    .option('--as <name>', 'who you are (default: TRUEUP_ACTOR, else the user of this machine)')
    .option('--json', 'print one JSON object')
    .action(async (options: KeyOptions) => {
      const remote = await remoteOf(context, options, ['rotate', 'as'])
      if (remote) {
        const key = await keyAtServer(remote)
        context.terminal.out(options.json ? `${JSON.stringify(key, null, 2)}\n` : `${key.publicKey}\n`)
        return
      }
      await withLedger(context, async ({ ledger }) => {
        const rotated = options.rotate ? await ledger.changeKey(actorOf(context, options)) : null
        const key = rotated?.to ?? (await ledger.publicKey())
        if (!key) {
          throw new LedgerError({
            code: 'ledger-empty',
            message: 'The ledger has no entry yet, and so no key.',
            fix: 'Run trueup check first: the key is made with the first entry.',
          })
        }
        const publicKey = formatNoteKey(key)
        const { terminal } = context
        if (options.json) terminal.out(`${JSON.stringify({ origin: key.name, publicKey }, null, 2)}\n`)
        else terminal.out(`${publicKey}\n`)
        if (rotated && !options.json) {
          terminal.err('Hand out this key too. Whoever has the old one can still verify everything.\n')
        }
      })
    })
}
