import { finished } from 'node:stream'
import type { PushedField } from '@trueup/core'
import type { Parser } from 'csv-parse'
import { CsvError, parse } from 'csv-parse'
import { UsageError } from '../../usage-error.ts'
import type { CsvColumnOptions } from './csv-columns.ts'
import { fieldsOfHeader } from './csv-columns.ts'
import { csvValue } from './csv-value.ts'
import type { ImportRow } from './import-row.ts'
import { longestRecordBytes } from './import-row.ts'

export interface CsvOptions extends CsvColumnOptions {
  /** What stands between two columns: one character. */
  readonly delimiter: string
}

/**
 * Reads a CSV file as RFC 4180 has it, in bounded memory: quotes, line breaks within them, CRLF, a byte order mark.
 * The first record names the columns. Where quotes do not fit, nothing after can be told apart; that is the last row.
 *
 * @throws UsageError `file-unreadable` when the header cannot be used, or the file is not UTF-8
 */
export async function* readCsv(
  chunks: AsyncIterable<Uint8Array>,
  options: CsvOptions,
): AsyncGenerator<ImportRow> {
  const records = new Records(options.delimiter)
  let fields: readonly (PushedField | null)[] | null = null
  for await (const text of decoded(chunks)) {
    const error = text === null ? await records.end() : await records.write(text)
    for (const { record, line } of records.take()) {
      if (fields === null) fields = fieldsOfHeader(record, options)
      else yield rowOf(record, fields, line)
    }
    if (!error) continue
    if (fields === null) throw unreadable('its header is no CSV', error)
    yield brokenFrom(records.nextLine, error)
    return
  }
  if (fields === null) throw unreadable('it is empty', null)
}

interface CsvRecord {
  readonly record: readonly string[]
  /** The line on which it begins. */
  readonly line: number
}

/**
 * The parser, fed piece by piece. Its records are taken as it finds them: read as a stream, those before an error would
 * be lost with it.
 */
class Records {
  readonly #parser: Parser
  #found: CsvRecord[] = []
  /** The parser counts CRLF within quotes as two lines, so lines are counted here. */
  #linesTaken = 0
  #emptyLines = 0

  constructor(delimiter: string) {
    this.#parser = parse({
      bom: true,
      delimiter,
      // Counted by line, where a record with too few columns can be told from a file that is broken.
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: longestRecordBytes,
      on_record: (record: readonly string[], context: { readonly empty_lines: number }) => {
        this.#emptyLines = context.empty_lines
        this.#found.push({ record, line: this.nextLine })
        this.#linesTaken += 1 + record.reduce((breaks, cell) => breaks + lineBreaks(cell), 0)
        return null
      },
    })
    // An error is given back by whatever call it came from.
    this.#parser.on('error', () => {})
    this.#parser.resume()
  }

  /** The line after the last record, where the next one begins. */
  get nextLine(): number {
    return this.#linesTaken + this.#emptyLines + 1
  }

  async write(text: string): Promise<CsvError | null> {
    return await this.#until((done) => this.#parser.write(text, done))
  }

  async end(): Promise<CsvError | null> {
    return await this.#until((done) => finished(this.#parser.end(), done))
  }

  take(): readonly CsvRecord[] {
    const found = this.#found
    this.#found = []
    return found
  }

  async #until(act: (done: (error?: Error | null) => void) => void): Promise<CsvError | null> {
    return await new Promise((resolve, reject) => {
      act((error) => {
        if (!error) resolve(null)
        else if (error instanceof CsvError) resolve(error)
        else reject(error)
      })
    })
  }
}

function lineBreaks(cell: string): number {
  return cell.match(/\r\n|\n|\r/g)?.length ?? 0
}

function rowOf(record: readonly string[], fields: readonly (PushedField | null)[], line: number): ImportRow {
  if (record.length !== fields.length) {
    return {
      line,
      problem: {
        code: 'columns-differ',
        line,
        field: null,
        found: `${record.length} columns`,
        needed: `${fields.length}, as in the header`,
        fix: 'Put quotes around a cell that holds a delimiter or a line break.',
      },
    }
  }
  const json = Object.fromEntries(
    fields.flatMap((field, index) => (field ? [[field, csvValue(field, record[index] ?? '')]] : [])),
  )
  return { line, json }
}

function brokenFrom(line: number, error: CsvError): ImportRow {
  const found: Readonly<Record<string, string>> = {
    CSV_MAX_RECORD_SIZE: `a record of more than ${longestRecordBytes} bytes`,
    CSV_QUOTE_NOT_CLOSED: 'a quote that is opened and not closed before the end of the file',
  }
  return {
    line,
    problem: {
      code: 'file-broken',
      line,
      field: null,
      found: found[error.code] ?? 'quotes where none may be',
      needed: 'quotes around the whole cell, and each quote within it doubled',
      fix: 'Mend the record that begins here; nothing after it was read.',
    },
  }
}

/**
 * The text of the file in pieces, `null` at its end. Spreadsheets write other encodings than UTF-8 too, in which names
 * would be mangled unseen.
 */
async function* decoded(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string | null> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const decode = (chunk?: Uint8Array) => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()
    } catch (cause) {
      throw unreadable('it is not UTF-8', cause)
    }
  }
  for await (const chunk of chunks) {
    const text = decode(chunk)
    if (text !== '') yield text
  }
  decode()
  yield null
}

function unreadable(found: string, cause: unknown): UsageError {
  return new UsageError({
    code: 'file-unreadable',
    message: `The file cannot be read as CSV: ${found}.`,
    fix: 'Write it as CSV in UTF-8, with the names of the columns in the first line.',
    cause,
  })
}
