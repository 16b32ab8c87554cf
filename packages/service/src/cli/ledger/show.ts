import type { LedgerStore, SequencedEntry } from '@trueup/core'
import { Command } from 'commander'
import { UsageError } from '../../usage-error.ts'
import type { CommandContext } from '../command-context.ts'
import { parseWholeNumber } from '../parse-options.ts'
import { remoteOf, withPlace } from '../place.ts'
import { entriesAtServer, standingOf } from './ledger-desk.ts'
import { entryJson, ledgerTable } from './ledger-output.ts'
import type { PersonOptions } from './with-ledger.ts'
import { personIn, withLedger } from './with-ledger.ts'

interface ShowOptions extends PersonOptions {
  readonly incident?: string
  readonly limit: number
  readonly json?: boolean
}

const entriesPerPage = 1_000

/** `trueup ledger show`: the latest entries, or those about somebody. */
export function showCommand(context: CommandContext): Command {
  return withPlace(
    new Command('show').description(
      'show the latest entries, of all or about one subject, customer or incident',
    ),
  )
    .option('--subject <type:id>', 'entries about this subject, such as user:user_1')
    .option('--customer <id>', 'entries about this customer')
    .option('--incident <id>', 'entries about this incident')
    .option('-n, --limit <count>', 'how many of the latest to show', parseWholeNumber, 20)
    .option('--json', 'print one JSON object')
    .action(async (options: ShowOptions) => {
      const remote = await remoteOf(context, options)
      if (remote) {
        const { entries, standing } = await entriesAtServer(remote, aboutOf(options), options.limit)
        const { terminal } = context
        terminal.out(
          options.json
            ? `${JSON.stringify({ ...standing, entries }, null, 2)}\n`
            : ledgerTable(entries, standing, terminal),
        )
        return
      }
      await withLedger(context, async ({ project, state }) => {
        const kept = await latestEntries(project, aboutOf(options), options.limit, state.size)
        const [standing, entries] = [standingOf(state), kept.map(entryJson)]
        const { terminal } = context
        if (options.json) {
          const shown = { ...standing, entries }
          terminal.out(`${JSON.stringify(shown, null, 2)}\n`)
        } else {
          terminal.out(ledgerTable(entries, standing, terminal))
        }
      })
    })
}

type About = Parameters<LedgerStore['ledgerEntriesAbout']>[0]

function aboutOf(options: ShowOptions): About | null {
  const person = personIn(options)
  if (options.incident === undefined) return person === null ? null : { person }
  if (person === null) return { incident: options.incident }
  throw new UsageError({
    code: 'option-invalid',
    message: '--incident was given together with somebody.',
    fix: 'Give one of --subject, --customer and --incident.',
  })
}

async function latestEntries(
  project: LedgerStore,
  about: About | null,
  limit: number,
  size: number,
): Promise<readonly SequencedEntry[]> {
  if (!about) return await project.ledgerEntries(Math.max(0, size - limit), limit)
  let latest: readonly SequencedEntry[] = []
  for (let from = 0; ; ) {
    const page = await project.ledgerEntriesAbout(about, from, entriesPerPage)
    latest = [...latest, ...page].slice(-limit)
    if (page.length < entriesPerPage) return latest
    from = (page.at(-1)?.sequence ?? 0) + 1
  }
}
