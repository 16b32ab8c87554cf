import { IncidentError, RepairError, SourceError } from '@trueup/core'
import type { SandboxError } from '@trueup/sandbox'
import type { ConfigProblem } from '../config/config-error.ts'
import { ConfigError } from '../config/config-error.ts'
import { LedgerError } from '../ledger/ledger-error.ts'
import { ProjectError } from '../project/project-error.ts'
import { RemoteError } from '../remote/remote-error.ts'
import { StoreError } from '../store/store-error.ts'
import { TeamError } from '../team/team-error.ts'
import { UsageError } from '../usage-error.ts'
import { VaultError } from '../vault/vault-error.ts'
import { blockWidth, hang, printable } from './output/lay-out.ts'
import type { Terminal } from './terminal.ts'

/** An error as a person or a script is told of it. */
export interface ToldError {
  readonly code: string
  readonly message: string
  readonly fix: string
  /** Everything that is wrong with a configuration, one by one, and where. */
  readonly file?: string | null
  readonly line?: number | null
  readonly problems?: readonly ConfigProblem[]
}

/** Turns any error into what may be shown: our own are shown whole, of others only their message. */
export function tellError(error: unknown): ToldError {
  if (error instanceof ConfigError) {
    const { code, message, fix, file, line, problems } = error
    return { code, message, fix, file, line, problems }
  }
  if (isOurs(error)) return { code: error.code, message: error.message, fix: error.fix }
  return {
    code: 'unexpected',
    message: error instanceof Error ? error.message : String(error),
    fix: 'This is a mistake in Trueup. Please report it with the command that you ran.',
  }
}

/** With `--json` the error is one object on standard output, so that a script reads one thing in every case. */
export function printError(error: unknown, terminal: Terminal, asJson: boolean): void {
  const told = tellError(error)
  if (asJson) {
    terminal.out(`${JSON.stringify({ error: told }, null, 2)}\n`)
    return
  }
  const { errColor, errColumns } = terminal
  const width = blockWidth(errColumns)
  const part = (label: string, painted: string, text: string) =>
    text
      .split('\n')
      .flatMap((line, index) => hang(index === 0 ? label : ' '.repeat(label.length), printable(line), width))
      .join('\n')
      .replace(label, painted)
  terminal.err(`${part('error ', `${errColor.bold(errColor.red('error'))} `, withCode(told))}\n`)
  terminal.err(`${part('  fix ', `  ${errColor.bold('fix')} `, told.fix)}\n`)
}

/** The code stands on the first line, which says what the lines after it are about. */
function withCode({ message, code }: ToldError): string {
  const [first = '', ...rest] = message.split('\n')
  return [`${first} [${code}]`, ...rest].join('\n')
}

function isOurs(
  error: unknown,
): error is
  | SourceError
  | StoreError
  | RepairError
  | IncidentError
  | LedgerError
  | TeamError
  | UsageError
  | SandboxError
  | VaultError
  | ProjectError
  | RemoteError {
  return (
    error instanceof SourceError ||
    error instanceof StoreError ||
    error instanceof LedgerError ||
    error instanceof RepairError ||
    error instanceof IncidentError ||
    error instanceof TeamError ||
    error instanceof UsageError ||
    error instanceof VaultError ||
    error instanceof ProjectError ||
    error instanceof RemoteError ||
    isSandboxError(error)
  )
}

/** Known by its name, since only the commands that run a sandbox load its package. */
function isSandboxError(error: unknown): error is SandboxError {
  return error instanceof Error && error.name === 'SandboxError' && 'code' in error && 'fix' in error
}
