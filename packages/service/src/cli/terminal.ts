import pc from 'picocolors'

/** Where a command writes, and how much it may decorate. Results go to `out`; progress and hints to `err`. */
export interface Terminal {
  readonly out: (text: string) => void
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

/** The terminal of this process. Pipes, `CI` and `NO_COLOR` take away what is not meant for them. */
export function processTerminal(process: NodeJS.Process): Terminal {
  const { stdout, stderr, stdin, env } = process
  const isColored = !env.NO_COLOR && env.TERM !== 'dumb'
  const isInteractive = stderr.isTTY === true && !env.CI && env.TERM !== 'dumb'
  const columnsOf = (stream: NodeJS.WriteStream) => Math.max(narrowest, stream.columns || plainColumns)
  return {
    out: (text) => stdout.write(text),
    err: (text) => stderr.write(text),
    isInteractive,
    canAsk: stdin.isTTY === true && stdout.isTTY === true && !env.CI,
    columns: columnsOf(stdout),
    errColumns: columnsOf(stderr),
    color: pc.createColors(isColored && stdout.isTTY === true),
    errColor: pc.createColors(isColored && stderr.isTTY === true),
  }
}

/** What is written to a file: plain, and as wide as a pipe. */
export const plainFile: Pick<Terminal, 'color' | 'columns'> = {
  color: pc.createColors(false),
  columns: plainColumns,
}
