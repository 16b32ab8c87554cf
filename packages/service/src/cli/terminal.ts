import { pipeline } from 'node:stream/promises'
import pc from 'picocolors'

/** Where a command writes, and how much it may decorate. Results go to `out`; progress and hints to `err`. */
export interface Terminal {
  readonly out: (text: string) => void
  /** Writes to `out` what is too long to be held as one text, no faster than it is read. */
  readonly outInPieces: (pieces: Iterable<string>) => Promise<void>
  readonly err: (text: string) => void
  /** Whether a person watches `err`, so that progress may be drawn and drawn again there. */
  readonly isInteractive: boolean
  /** Whether a person can be asked: both what is typed and what is shown belong to a terminal. */
  readonly canAsk: boolean
  /** How wide a line of `out` may be. */
  readonly columns: number
  /** How wide a line of `err` may be. */
  readonly errColumns: number
  /** For what goes to `out`; plain where nobody watches. */
  readonly color: Colors
  /** For what goes to `err`. */
  readonly errColor: Colors
}

export type Colors = ReturnType<typeof pc.createColors>

/** The width where no terminal says one: a pipe or a file. */
const plainColumns = 100
const narrowest = 40

type TerminalStream = NodeJS.WritableStream & Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>

/** What a terminal is made of; a process has it. */
export interface TerminalStreams {
  readonly stdout: TerminalStream
  readonly stderr: TerminalStream
  readonly stdin: { readonly isTTY?: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * The terminal of this process. Pipes, `CI` and `NO_COLOR` take away what is not meant for them; `FORCE_COLOR` keeps the
 * colours for whoever passes them on, such as a log of CI that shows them (https://force-color.org).
 */
export function processTerminal({ stdout, stderr, stdin, env }: TerminalStreams): Terminal {
  const isColored = (stream: { readonly isTTY?: boolean }) =>
    forcedColor(env.FORCE_COLOR) ?? (!env.NO_COLOR && env.TERM !== 'dumb' && stream.isTTY === true)
  const isInteractive = stderr.isTTY === true && !env.CI && env.TERM !== 'dumb'
  const columnsOf = (stream: { readonly columns?: number }) =>
    Math.max(narrowest, stream.columns || plainColumns)
  return {
    out: (text) => stdout.write(text),
    outInPieces: (pieces) => pipeline(pieces, stdout, { end: false }),
    err: (text) => stderr.write(text),
    isInteractive,
    canAsk: stdin.isTTY === true && stdout.isTTY === true && !env.CI,
    columns: columnsOf(stdout),
    errColumns: columnsOf(stderr),
    color: pc.createColors(isColored(stdout)),
    errColor: pc.createColors(isColored(stderr)),
  }
}

/** What `FORCE_COLOR` says, as Node and its libraries read it; `null`: nothing. */
function forcedColor(value: string | undefined): boolean | null {
  if (value === undefined || value === '') return null
  return value !== '0' && value !== 'false'
}

/** What is written to a file: plain, and as wide as a pipe. */
export const plainFile: Pick<Terminal, 'color' | 'columns'> = {
  color: pc.createColors(false),
  columns: plainColumns,
}
