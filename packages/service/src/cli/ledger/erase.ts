import { Command } from 'commander'
import { UsageError } from '../../usage-error.ts'
import type { CommandContext } from '../command-context.ts'
import { countText } from '../output/lay-out.ts'
import { assertLocal } from '../place.ts'
import { confirmed } from '../repair/with-repairs.ts'
import type { PersonOptions } from './with-ledger.ts'
import { personIn, withLedger } from './with-ledger.ts'

interface EraseOptions extends PersonOptions {
  readonly yes: boolean
  readonly json?: boolean
}

/** `trueup ledger erase`: takes away what the ledger says of a person, and no entry. */
export function eraseCommand(context: CommandContext): Command {
  return new Command('erase')
    .description('erase what the ledger says of a person; entries and proofs stay as they are')
    .option('--subject <type:id>', 'the subject to forget')
    .option('--customer <id>', 'the customer to forget')
    .option('--yes', 'do not ask', false)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nIncidents and what was read of the person are kept elsewhere, and exports that were made stay where they are.',
    )
    .action(async (options: EraseOptions) => {
      const person = personIn(options)
      if (person === null) {
        throw new UsageError({
          code: 'option-invalid',
          message: 'Nobody was named.',
          fix: 'Give --subject TYPE:ID or --customer ID.',
        })
      }
      assertLocal(context, 'trueup ledger erase')
      await withLedger(context, async ({ project }) => {
        await confirmed(context, `Erase for good what the ledger says of ${person}?`, options.yes, '--yes')
        const entries = await project.erasePersonal(person)
        const { terminal } = context
        if (options.json) terminal.out(`${JSON.stringify({ person, entries }, null, 2)}\n`)
        else terminal.out(`Erased beside ${countText(entries)} entries. Every proof still holds.\n`)
      })
    })
}
