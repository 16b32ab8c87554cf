import { Command } from 'commander'
import type { ListedKey } from '../../vault/check-keys.ts'
import type { CommandContext } from '../command-context.ts'
import { requireRing, withKeys } from './with-vault.ts'

/** `trueup keys list`: which keys there are, and what is sealed under each; never a key itself. */
export function listKeysCommand(context: CommandContext): Command {
  return new Command('list')
    .description('list the encryption keys and what is sealed under each')
    .option('--json', 'print one JSON object')
    .action(async ({ json }: { readonly json?: boolean }) => {
      const { listKeys } = await import('../../vault/check-keys.ts')
      await withKeys(context, async ({ database, keys }) => {
        const listed = await listKeys(database, await requireRing(keys))
        const { terminal } = context
        terminal.out(
          json
            ? `${JSON.stringify({ keys: listed }, null, 2)}\n`
            : listed.map((key) => `${lineOf(key)}\n`).join(''),
        )
      })
    })
}

/** `20261121-3f9a  primary  3 workspaces`. */
export function lineOf({ id, state, given, workspaces, retiredAt }: ListedKey): string {
  const under =
    workspaces === 0 ? 'nothing is sealed under it' : `${workspaces} workspace${workspaces === 1 ? '' : 's'}`
  const known = { yes: '', no: ', NOT GIVEN', wrong: ', ANOTHER KEY IS GIVEN' }[retiredAt ? 'yes' : given]
  return `${id}  ${state}  ${under}${known}`
}
