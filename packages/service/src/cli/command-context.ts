import type { Environment } from '../environment.ts'
import type { Terminal } from './terminal.ts'

/** What every command is given. */
export interface CommandContext {
  readonly terminal: Terminal
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal
  readonly environment: () => Environment
  /** All variables of the environment, for what only a service reads. */
  readonly variables: () => Readonly<Record<string, string | undefined>>
  readonly exitWith: (code: number) => void
}
