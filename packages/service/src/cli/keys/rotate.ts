import { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-code.ts'
import { countText } from '../output/lay-out.ts'
import { ports, withKeys } from './with-vault.ts'

interface RotateOptions {
  readonly reseal: boolean
  readonly retire: boolean
  readonly json?: boolean
}

const help = `
Wraps the data key of every workspace under the first key that is given. It is done in
small steps, each of which may be the last: run it again and it goes on. The service may
run meanwhile, if every process of it was given the first key already; the embedded
database belongs to one process, so stop the service there.

After a key leaked together with the database, put a new one first and say --reseal:
then every workspace gets a new data key too, and every value is sealed anew. An old data
key stays for a minute, for what is under way; run the command once more to take it away.`

/** `trueup keys rotate`: from the keys of before to the first one that is given. */
export function rotateKeysCommand(context: CommandContext): Command {
  return new Command('rotate')
    .description('seal everything under the first key that is given')
    .option('--reseal', 'replace data keys that were made under older keys, and seal every value anew', false)
    .option('--retire', 'then retire every other key, so that it need not be given any more', false)
    .option('--json', 'print one JSON object')
    .addHelpText('after', help)
    .action(async ({ reseal, retire, json }: RotateOptions) => {
      const { listKeys } = await import('../../vault/check-keys.ts')
      const { openVault } = await import('../../vault/open-vault.ts')
      const { retireMasterKey, rotateKeys } = await import('../../vault/rotate-keys.ts')
      await withKeys(context, async ({ database, keys }) => {
        const vault = await openVault({ database, keys, ...ports })
        const rotation = await rotateKeys({ database, vault, randomBytes: ports.randomBytes, reseal })
        const retired: string[] = []
        for (const { id, state } of retire ? await listKeys(database, vault.ring) : []) {
          if (state !== 'opens') continue
          await retireMasterKey({ database, vault, clock: ports.clock }, id)
          retired.push(id)
        }
        if (rotation.unopened.length > 0) context.exitWith(exitCodes.couldNotTell)
        const { terminal } = context
        if (json) {
          const primary = vault.ring.primary.id
          terminal.out(`${JSON.stringify({ primary, ...rotation, retiredKeys: retired }, null, 2)}\n`)
          return
        }
        const lines = [
          `${countText(rotation.rewrapped)} data keys were wrapped under ${vault.ring.primary.id}.`,
          ...(reseal
            ? [
                `${countText(rotation.resealed)} values were sealed anew, ${countText(rotation.retired)} old data keys taken away.`,
              ]
            : []),
          ...(rotation.staying > 0
            ? [
                `${countText(rotation.staying)} old data keys stay for now: run it with --reseal once more in a minute.`,
              ]
            : []),
          ...retired.map(
            (id) => `${id} is retired: take it out of the environment, and keep it with older backups.`,
          ),
          ...rotation.unopened.map((place) => `Does not open, and was left as it is: ${place}`),
        ]
        terminal.out(lines.map((line) => `${line}\n`).join(''))
      })
    })
}
