import pc from 'picocolors'

/** Where a command writes, and how much it may decorate. Results go to `out`; progress and hints to `err`. */
export interface Terminal {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Whether a person watches `err`, so that a bar may be drawn there. */
  readonly isInteractive: boolean
  readonly columns: number
  readonly color: ReturnType<typeof pc.createColors>
}

/** The terminal of this process. `NO_COLOR` and pipes switch colours off. */
export function processTerminal(process: NodeJS.Process): Terminal {
  const isInteractive = process.stderr.isTTY === true && !process.env.CI
  return {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    isInteractive,
    columns: process.stdout.columns ?? 100,
    color: pc.createColors(pc.isColorSupported && process.stdout.isTTY === true),
  }
}
