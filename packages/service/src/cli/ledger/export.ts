import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as WebStream } from 'node:stream/web'
import { formatNoteKey } from '@trueup/core'
import { Command, Option } from 'commander'
import type { LedgerExport } from '../../ledger/export-ledger.ts'
import { exportCsv, exportExtract, exportWhole, proveEntriesOf } from '../../ledger/export-ledger.ts'
import { LedgerError } from '../../ledger/ledger-error.ts'
import type { RemoteProject } from '../../remote/remote-project.ts'
import { UsageError } from '../../usage-error.ts'
import type { CommandContext } from '../command-context.ts'
import { countText, printable } from '../output/lay-out.ts'
import { remoteOf, withPlace } from '../place.ts'
import { assertWritable, writeNamedFile } from '../write-file.ts'
import { keyAtServer, standingAtServer } from './ledger-desk.ts'
import type { OpenedLedger, PersonOptions } from './with-ledger.ts'
import { personIn, withLedger } from './with-ledger.ts'

const formats = ['ndjson', 'csv'] as const

interface ExportOptions extends PersonOptions {
  readonly format: (typeof formats)[number]
  readonly proofs?: string
  readonly json?: boolean
}

/** `trueup ledger export`: the ledger, or the entries about one person, as a file that can be verified anywhere. */
export function exportCommand(context: CommandContext): Command {
  return withPlace(
    new Command('export').description(
      'write the ledger to a file that anybody can verify with the public key alone',
    ),
  )
    .argument('<file>', 'the file to write')
    .addOption(
      new Option('-f, --format <format>', 'ndjson can be verified; csv is for spreadsheets')
        .choices(formats)
        .default('ndjson'),
    )
    .option('--subject <type:id>', 'only entries about this subject, each with its proof')
    .option('--customer <id>', 'only entries about this customer, each with its proof')
    .option('--proofs <folder>', 'write each proof as a .tlog-proof file as well')
    .option('--json', 'print what was written as one JSON object')
    .action(async (file: string, options: ExportOptions) => {
      const person = personIn(options)
      if (options.proofs !== undefined && person === null) {
        throw new UsageError({
          code: 'option-invalid',
          message: '--proofs was given, and nobody whose entries are to be proven.',
          fix: 'Give --subject or --customer too. A whole export needs no proofs: its entries give the root.',
        })
      }
      const remote = await remoteOf(context, options, ['proofs'])
      await assertWritable(file)
      if (remote) return await exportFromServer(context, remote, file, person, options)
      await withLedger(context, async (opened) => {
        const from = await exportOf(opened)
        const written = await writeExport(file, from, person, options)
        const { terminal } = context
        const left = opened.state.size - from.checkpoint.size
        const told = {
          file,
          entries: written,
          size: from.checkpoint.size,
          origin: from.origin,
          publicKey: formatNoteKey(from.publicKey),
          unsigned: left,
        }
        if (options.json) terminal.out(`${JSON.stringify(told, null, 2)}\n`)
        else {
          const unsigned = left > 0 ? ` ${countText(left)} later ones are not signed yet.` : ''
          terminal.out(
            `${countText(written)} of ${countText(from.checkpoint.size)} entries written to ${file}.${unsigned}\n` +
              (options.format === 'ndjson'
                ? `Verify it with: trueup ledger verify ${file} --key '${told.publicKey}'\n`
                : ''),
          )
        }
      })
    })
}

async function exportFromServer(
  { terminal }: CommandContext,
  remote: RemoteProject,
  file: string,
  person: string | null,
  { format, json }: ExportOptions,
): Promise<void> {
  const { client, at } = remote
  const { origin, publicKey } = await keyAtServer(remote)
  const bytes = await client.stream(at('/ledger/export'), { format, person })
  await writeWhole(file, Readable.fromWeb(bytes as WebStream))
  const { size } = await standingAtServer(remote)
  if (json) terminal.out(`${JSON.stringify({ file, size, origin, publicKey }, null, 2)}\n`)
  else {
    const what = person === null ? 'The ledger was' : `The entries about ${printable(person)} were`
    const verify = `Verify it with: trueup ledger verify ${file} --key '${publicKey}'\n`
    terminal.out(`${what} written to ${file}.\n${format === 'ndjson' ? verify : ''}`)
  }
}

async function exportOf({ project, ledger, state }: OpenedLedger): Promise<LedgerExport> {
  const publicKey = await ledger.publicKey()
  if (state.origin && state.checkpoint && publicKey) {
    return { project, origin: state.origin, checkpoint: state.checkpoint, publicKey }
  }
  throw (
    state.unsigned ??
    new LedgerError({
      code: 'ledger-empty',
      message: 'The ledger has no entry yet.',
      fix: 'Run trueup check first: its begin, its end and each incident are entered.',
    })
  )
}

/** Gives how many entries were written. */
async function writeExport(
  file: string,
  from: LedgerExport,
  person: string | null,
  { format, proofs }: ExportOptions,
): Promise<number> {
  if (person === null) {
    await writeLines(file, format === 'csv' ? exportCsv(from) : withNewlines(exportWhole(from)))
    return from.checkpoint.size
  }
  const proven = await proveEntriesOf(from, { person })
  const entries = proven.map(({ entry }) => entry)
  await writeLines(
    file,
    format === 'csv' ? exportCsv(from, entries) : withNewlines(exportExtract(from, proven)),
  )
  if (proofs !== undefined) {
    await mkdir(proofs, { recursive: true })
    for (const { entry, proof } of proven) {
      await writeNamedFile(join(proofs, `${entry.sequence}.tlog-proof`), proof)
      await writeNamedFile(join(proofs, `${entry.sequence}.json`), Buffer.from(entry.bytes).toString('utf8'))
    }
  }
  return proven.length
}

async function* withNewlines(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`
}

async function writeLines(file: string, lines: AsyncIterable<string>): Promise<void> {
  await writeWhole(file, Readable.from(inBlocks(lines)))
}

/** Under another name first, so that a file which was cut off is not taken for an export. */
async function writeWhole(file: string, content: Readable): Promise<void> {
  const draft = `${file}.partial`
  try {
    await pipeline(content, createWriteStream(draft, { mode: 0o600 }))
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

const blockLength = 256 * 1024

/** Few large writes instead of many small ones. */
async function* inBlocks(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let block = ''
  for await (const line of lines) {
    block += line
    if (block.length < blockLength) continue
    yield block
    block = ''
  }
  if (block !== '') yield block
}
