import { Command } from 'commander'
import { fileUnusable, readKeyFile } from '../../vault/key-file.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-code.ts'
import { countText } from '../output/lay-out.ts'
import { lineOf } from './list.ts'
import { ports, requireRing, withKeys } from './with-vault.ts'

interface CheckOptions {
  readonly escrow?: string
  readonly json?: boolean
}

const help = `
Opens everything that is sealed and changes nothing. A copy that was never tried is not
known to be one: try the file that you keep elsewhere with --escrow.

Exit status: 0 everything opens, 2 something does not.`

/** `trueup keys check`: whether the keys, or a copy of them, open everything that is sealed. */
export function checkKeysCommand(context: CommandContext): Command {
  return new Command('check')
    .description('open everything that is sealed, and say what does not open')
    .option('--escrow <file>', 'try the keys of this file, in place of those in use')
    .option('--json', 'print one JSON object')
    .addHelpText('after', help)
    .action(async ({ escrow, json }: CheckOptions) => {
      const { checkKeys } = await import('../../vault/check-keys.ts')
      await withKeys(context, async ({ database, keys }) => {
        const ring = escrow === undefined ? await requireRing(keys) : await readEscrow(escrow)
        const checked = await checkKeys(database, ring, ports)
        if (checked.problems.length > 0) context.exitWith(exitCodes.couldNotTell)
        const { terminal } = context
        if (json) {
          terminal.out(`${JSON.stringify(checked, null, 2)}\n`)
          return
        }
        const lines = [
          ...checked.keys.map(lineOf),
          `${countText(checked.dataKeys)} data keys and ${countText(checked.values)} values open.`,
          ...checked.problems,
        ]
        terminal.out(lines.map((line) => `${line}\n`).join(''))
      })
    })
}

async function readEscrow(file: string) {
  const ring = await readKeyFile(file)
  if (ring) return ring
  throw fileUnusable(file, 'ENOENT')
}
