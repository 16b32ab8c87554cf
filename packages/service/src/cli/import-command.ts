import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { extname } from 'node:path'
import type { PushedField, SubjectType } from '@trueup/core'
import { pushedFields } from '@trueup/core'
import { Command, InvalidArgumentError, Option } from 'commander'
import { systemClock } from '../adapters/system.ts'
import { loadConfig } from '../config/load-config.ts'
import { nearestWord } from '../config/nearest-word.ts'
import type { ProjectConfig, PushedSourceConfig } from '../config/project-config.ts'
import { sealLedger } from '../ledger/seal-ledger.ts'
import { openRecords } from '../open-records.ts'
import type { ImportRow } from '../push/import/import-row.ts'
import { importSubjects } from '../push/import/import-subjects.ts'
import { readNdjson } from '../push/import/read-ndjson.ts'
import { UsageError } from '../usage-error.ts'
import type { CommandContext } from './command-context.ts'
import { exitCodes } from './exit-code.ts'
import type { ImportProgress } from './import-progress.ts'
import { importProgress, noImportProgress } from './import-progress.ts'
import { importOutcomeText } from './output/import-outcome.ts'
import { printable } from './output/lay-out.ts'
import { assertLocal } from './place.ts'
import { printError } from './print-error.ts'
import { actorOf } from './repair/with-repairs.ts'

const formats = ['ndjson', 'csv'] as const
type Format = (typeof formats)[number]

type Columns = Readonly<Partial<Record<PushedField, string>>>

interface ImportCommandOptions {
  readonly config?: string
  readonly source?: string
  readonly as?: string
  readonly format?: Format
  readonly type?: SubjectType
  readonly incremental: boolean
  readonly skipBad: boolean
  readonly allowShrink: boolean
  readonly dryRun: boolean
  readonly column?: Columns
  readonly ignoreColumn?: readonly string[]
  readonly delimiter: string
  readonly json?: boolean
  readonly quiet: boolean
}

/** `trueup import`: takes what an app grants from files, for apps that give no credentials. */
export function importCommand(context: CommandContext): Command {
  const program = new Command('import').description('take from a file what your app grants')
  program.addCommand(importSubjectsCommand(context).copyInheritedSettings(program))
  return program
}

function importSubjectsCommand(context: CommandContext): Command {
  return new Command('subjects')
    .description('import users and organizations with what they are granted, from NDJSON or CSV')
    .argument('<file>', 'the file, or - for standard input')
    .option('-c, --config <file>', 'the configuration (default: trueup.config.ts in this folder)')
    .option('-s, --source <name>', 'which pushed source of the configuration (default: the only one)')
    .addOption(
      new Option('-f, --format <format>', 'what the file is (default: by its ending)').choices(formats),
    )
    .addOption(
      new Option('--type <type>', 'the type of records that name none').choices(['user', 'organization']),
    )
    .option(
      '--as <name>',
      'who imports, for the ledger (default: TRUEUP_ACTOR, else the user of this machine)',
    )
    .option('--incremental', 'add to what is held, instead of replacing it', false)
    .option('--skip-bad', 'import the good records though there are bad ones', false)
    .option('--allow-shrink', 'take a file that is empty or holds less than half of what is held', false)
    .option('--dry-run', 'do everything but import; print what would be imported', false)
    .option('--column <field=name>', 'the CSV column that holds a field, such as plan=tier', parseColumn)
    .option('--ignore-column <name>', 'a CSV column to pass over', collect)
    .option('--delimiter <character>', 'what stands between CSV columns', parseDelimiter, ',')
    .option('--json', 'print what was done as one JSON object')
    .option('-q, --quiet', 'show no progress', false)
    .addHelpText(
      'after',
      `
A record has type (user or organization) and id, and whatever of these your app
has: ${pushedFields.slice(2).join(', ')}.
Without --incremental the file is everything: who is not in it is gone.

Exit status: 0 imported, 2 nothing was imported.`,
    )
    .action(async (file: string, options: ImportCommandOptions) => {
      assertLocal(context, 'trueup import')
      const { config } = await loadConfig(options.config)
      const source = sourceOf(config, options.source)
      const format = options.format ?? formatOf(file)
      const bytes = await openFile(file)
      const progress =
        options.quiet || options.json ? noImportProgress : importProgress(context.terminal, bytes.total)
      const by = actorOf(context, options)
      const { project, ledger, close } = await openRecords(context.environment())
      try {
        const outcome = await importSubjects(await rowsOf(format, counted(bytes.chunks, progress), options), {
          target: source,
          catalogue: config.catalogue,
          store: project,
          clock: systemClock,
          mode: options.incremental ? 'incremental' : 'full',
          type: options.type ?? null,
          skipBad: options.skipBad,
          dryRun: options.dryRun,
          allowShrink: options.allowShrink,
          by,
          signal: context.signal,
          onProgress: (lines) => progress.show(lines),
        })
        progress.stop()
        const { terminal } = context
        terminal.out(
          options.json
            ? `${JSON.stringify(outcome, null, 2)}\n`
            : importOutcomeText(outcome, terminal, options.skipBad),
        )
        if (outcome.state === 'imported')
          for (const error of await sealLedger(ledger)) printError(error, context.terminal, false)
        context.exitWith(outcome.state === 'refused' ? exitCodes.couldNotTell : exitCodes.agrees)
      } finally {
        progress.stop()
        await close()
      }
    })
}

/** @throws UsageError where the configuration has no such source */
function sourceOf({ access }: ProjectConfig, name: string | undefined): PushedSourceConfig {
  const pushed = access.filter((source): source is PushedSourceConfig => source.kind === 'pushed')
  const [only] = pushed
  const names = pushed.map((source) => source.name)
  if (!only) {
    throw new UsageError({
      code: 'option-invalid',
      message: 'The configuration has no source that is imported or pushed.',
      fix: "Add one to access: { pushed: { users: ['plan'] } }, naming what its records carry.",
    })
  }
  if (name === undefined && pushed.length === 1) return only
  const found = pushed.find((source) => source.name === name)
  if (found) return found
  const near = name === undefined ? null : nearestWord(name, names)
  throw new UsageError({
    code: 'option-invalid',
    message:
      name === undefined
        ? `The configuration has several sources that are imported or pushed: ${names.join(', ')}.`
        : `The configuration has no pushed source named ${printable(name)}; it has ${names.join(', ')}.`,
    fix: near ? `Did you mean ${near}?` : `Name one: --source ${only.name}`,
  })
}

function formatOf(file: string): Format {
  switch (extname(file).toLowerCase()) {
    case '.ndjson':
    case '.jsonl':
      return 'ndjson'
    case '.csv':
      return 'csv'
    default:
      throw new UsageError({
        code: 'option-invalid',
        message: `Whether ${file === '-' ? 'standard input' : printable(file)} is NDJSON or CSV cannot be told from its name.`,
        fix: 'Say it with --format ndjson or --format csv.',
      })
  }
}

interface OpenedFile {
  readonly chunks: AsyncIterable<Uint8Array>
  /** Its length; `null` where nobody knows. */
  readonly total: number | null
}

async function openFile(file: string): Promise<OpenedFile> {
  if (file === '-') return { chunks: process.stdin, total: null }
  try {
    const found = await stat(file)
    if (found.isDirectory()) throw Object.assign(new Error(file), { code: 'EISDIR' })
    return { chunks: readable(file), total: found.isFile() ? found.size : null }
  } catch (cause) {
    throw unreadableFile(file, cause)
  }
}

async function* readable(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file)
  } catch (cause) {
    throw unreadableFile(file, cause)
  }
}

function unreadableFile(file: string, cause: unknown): UsageError {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EISDIR: 'it is a folder',
    EACCES: 'this user may not',
  }
  const reason = cause instanceof Error && 'code' in cause ? reasons[String(cause.code)] : undefined
  return new UsageError({
    code: 'file-unreadable',
    message: `${printable(file)} cannot be read${reason ? `: ${reason}` : ''}.`,
    fix: 'Name a file that is there and may be read, or - for standard input.',
    cause,
  })
}

async function rowsOf(
  format: Format,
  chunks: AsyncIterable<Uint8Array>,
  { column = {}, ignoreColumn = [], delimiter }: ImportCommandOptions,
): Promise<AsyncIterable<ImportRow>> {
  if (format === 'ndjson') return readNdjson(chunks)
  const { readCsv } = await import('../push/import/read-csv.ts')
  return readCsv(chunks, { columns: column, ignored: ignoreColumn, delimiter })
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  progress: ImportProgress,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    progress.read(chunk.byteLength)
    yield chunk
  }
}

function parseColumn(text: string, columns: Columns = {}): Columns {
  const at = text.indexOf('=')
  const [name, column] = [text.slice(0, at), text.slice(at + 1)]
  const field = pushedFields.find((known) => known === name)
  if (at > 0 && field && column !== '') return { ...columns, [field]: column }
  const near = nearestWord(at > 0 ? name : text, pushedFields)
  throw new InvalidArgumentError(
    `It takes a field and the name of a column, such as plan=tier.${near && !field ? ` Did you mean ${near}?` : ''}`,
  )
}

function parseDelimiter(text: string): string {
  if (text === '\\t' || text === 'tab') return '\t'
  if (/^[^"\r\n\w]$/.test(text)) return text
  throw new InvalidArgumentError('It takes one character, such as ";", or tab.')
}

function collect(text: string, all: readonly string[] = []): readonly string[] {
  return [...all, text]
}
