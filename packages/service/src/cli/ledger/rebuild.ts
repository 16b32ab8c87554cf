import { Command } from 'commander'
import type { RebuildReport } from '../../ledger/rebuild-ledger.ts'
import { rebuildIncidents } from '../../ledger/rebuild-ledger.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-code.ts'
import { countText } from '../output/lay-out.ts'
import { assertLocal } from '../place.ts'
import { withLedger } from './with-ledger.ts'

interface RebuildOptions {
  readonly check: boolean
  readonly json?: boolean
}

/** How many ids of a kind are named; `--json` names all. */
const named = 10

/** `trueup ledger rebuild`: the records of incidents built again from the ledger alone. */
export function rebuildCommand(context: CommandContext): Command {
  return new Command('rebuild')
    .description('build the records of incidents again from the ledger')
    .option('--check', 'change nothing; compare the records with what the ledger says', false)
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExit status: 0 the records are what the ledger says, 1 they are not.')
    .action(async (options: RebuildOptions) => {
      assertLocal(context, 'trueup ledger rebuild')
      await withLedger(context, async ({ project }) => {
        const report = await rebuildIncidents(project, !options.check)
        const { terminal } = context
        terminal.out(options.json ? `${JSON.stringify(report, null, 2)}\n` : told(report, options.check))
        if (!isSame(report, options.check)) context.exitWith(exitCodes.drifts)
      })
    })
}

/** Whether the records, as they are after the command, are what the ledger says. */
function isSame({ different, missing, unknown, written }: RebuildReport, isCheck: boolean): boolean {
  const differing = different.length + missing.length
  return unknown.length === 0 && (isCheck ? differing === 0 : differing === written)
}

function told(report: RebuildReport, isCheck: boolean): string {
  const line = (ids: readonly string[], what: string) => {
    if (ids.length === 0) return []
    const rest = ids.length > named ? ` and ${countText(ids.length - named)} more` : ''
    return [`  ${countText(ids.length)} ${what}: ${ids.slice(0, named).join(', ')}${rest}`]
  }
  const { entries, incidents, same, different, missing, unknown, erased, written } = report
  return `${[
    `${countText(entries)} entries tell of ${countText(incidents)} incidents; ${countText(same)} records say the same.`,
    ...line(different, 'say something else'),
    ...line(missing, 'have no record'),
    ...line(unknown, 'have a record that the ledger knows nothing of'),
    ...line(erased, 'had something personal erased, so that only the facts were compared'),
    ...(isCheck ? [] : [`${countText(written)} records written.`]),
  ].join('\n')}\n`
}
