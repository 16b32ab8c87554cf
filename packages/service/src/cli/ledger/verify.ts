import { readFile } from 'node:fs/promises'
import type { LedgerVerification, NoteKey } from '@trueup/core'
import { parseNoteKey, toBase64, verifyExport } from '@trueup/core'
import { Command } from 'commander'
import { sha256, verifyEd25519 } from '../../ledger/ed25519.ts'
import { LedgerError } from '../../ledger/ledger-error.ts'
import { readLines, unreadable } from '../../ledger/read-lines.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-code.ts'
import { blockWidth, countText, printable, wrap } from '../output/lay-out.ts'
import type { Terminal } from '../terminal.ts'

interface VerifyOptions {
  readonly key: string
  readonly checkpoint: readonly string[]
  readonly json?: boolean
}

/** Not what was given is wrong, but what was given to compare it with. */
const cannotTell: readonly string[] = ['older-checkpoint-malformed', 'history-not-shown']

/** `trueup ledger verify`: whether an export is what was signed. Needs no database, no configuration and no network. */
export function verifyCommand(context: CommandContext): Command {
  return new Command('verify')
    .description('verify an export with the public key alone, and name the first entry that was changed')
    .argument('<file>', 'what trueup ledger export wrote')
    .requiredOption('--key <key>', 'the public key as trueup ledger key prints it, or a file that holds it')
    .option(
      '--checkpoint <file>',
      'a checkpoint kept from earlier, which the export must continue; may be given again',
      (file: string, files: readonly string[]) => [...files, file],
      [],
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExit status: 0 it is what was signed, 1 it is not, 2 it cannot be told: a file or key that cannot be read.',
    )
    .action(async (file: string, options: VerifyOptions) => {
      const keys = await readKeys(options.key)
      const older = await Promise.all(options.checkpoint.map(readText))
      const found = await verifyExport(readLines(file), { sha256, verify: verifyEd25519, keys, older })
      const { terminal } = context
      terminal.out(options.json ? `${JSON.stringify(jsonOf(found), null, 2)}\n` : tell(found, file, terminal))
      if (found.ok) return
      context.exitWith(cannotTell.includes(found.problem.code) ? exitCodes.couldNotTell : exitCodes.drifts)
    })
}

/** A key given as text, or a file with one key a line. */
async function readKeys(given: string): Promise<readonly NoteKey[]> {
  const direct = parseNoteKey(sha256, given)
  if (direct) return [direct]
  const text = given.includes('+') ? '' : await readText(given)
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const keys = lines.map((line) => parseNoteKey(sha256, line))
  if (keys.length > 0 && !keys.includes(null)) return keys.flatMap((key) => key ?? [])
  throw new LedgerError({
    code: 'key-malformed',
    message: `${given} is no public key of a ledger.`,
    fix: 'Give the line that trueup ledger key prints, in quotes, or a file that holds it.',
  })
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw unreadable(path, cause instanceof Error ? cause.message : String(cause), cause)
  }
}

function jsonOf(found: LedgerVerification) {
  return found.ok ? { ...found, root: toBase64(found.root) } : found
}

function tell(
  found: LedgerVerification,
  file: string,
  { color, columns }: Pick<Terminal, 'color' | 'columns'>,
): string {
  const width = blockWidth(columns)
  const lines = (texts: readonly string[]) =>
    `${texts.flatMap((text) => wrap(printable(text), width)).join('\n')}\n`
  if (!found.ok) {
    const { code, sequence, line, found: seen, needed } = found.problem
    const where = [
      ...(sequence === null ? [] : [`entry ${sequence}`]),
      ...(line === null ? [] : [`line ${line}`]),
    ].join(', ')
    return `${color.bold(color.red('NOT WHAT WAS SIGNED'))}  ${printable(file)}\n${lines([
      `  ${where === '' ? '' : `${where}: `}found ${seen}, needed ${needed} [${code}]`,
    ])}`
  }
  const { scope, entries, size, origin, disclosed, withheld, continues, signedBy } = found
  const what =
    scope === 'whole'
      ? `All ${countText(entries)} entries of ${origin} are what was signed.`
      : `${countText(entries)} entries are proven to be among the ${countText(size)} of ${origin}. Whether others were left out is not.`
  return `${color.bold(color.green('VERIFIED'))}  ${printable(file)}\n${lines([
    `  ${what}`,
    `  ${countText(disclosed)} with what they say of a person, ${countText(withheld)} without.`,
    ...(continues > 0
      ? [`  It continues ${countText(continues)} older checkpoint${continues > 1 ? 's' : ''}.`]
      : []),
    `  Signed by ${signedBy.join(', ')}`,
  ])}`
}
