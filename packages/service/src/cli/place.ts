import type { Command } from 'commander'
import { RemoteError } from '../remote/remote-error.ts'
import type { RemoteProject } from '../remote/remote-project.ts'
import { clientOf, findRemoteProject } from '../remote/remote-project.ts'
import { readRemoteSettings } from '../remote/remote-settings.ts'
import type { CommandContext } from './command-context.ts'

/** The option of every command that also works on a project at a server. */
export interface PlaceOptions {
  readonly project?: string
}

/** Adds the option that names a project at a server. */
export function withPlace(command: Command): Command {
  return command.option(
    '--project <id>',
    'the project at the server of TRUEUP_URL (default: TRUEUP_PROJECT, or the only one)',
  )
}

/**
 * The project at the server that the environment names; `null`: the command works on this folder's project.
 *
 * @param options of the command
 * @param onlyLocal options of the command that mean nothing at a server, by their names in `options`
 * @throws UsageError, RemoteError
 */
export async function remoteOf(
  context: CommandContext,
  options: PlaceOptions,
  onlyLocal: readonly string[] = [],
): Promise<RemoteProject | null> {
  const settings = readRemoteSettings(context.variables(), options.project ?? null)
  if (!settings) return null
  const given = onlyLocal.find((name) => isGiven((options as Readonly<Record<string, unknown>>)[name]))
  if (given !== undefined)
    throw onlyLocally(`--${given.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`)
  return await findRemoteProject(clientOf(settings, context.signal), settings.projectId)
}

/** Refuses a command that has no meaning at a server, instead of doing it to another project than was meant. */
export function assertLocal(context: CommandContext, what: string): void {
  if (readRemoteSettings(context.variables(), null)) throw onlyLocally(what)
}

/** What is asked for works on a folder's project only. */
export function onlyLocally(what: string, fix?: string): RemoteError {
  return new RemoteError({
    code: 'only-local',
    message: `${what} works on the project of a folder, and TRUEUP_URL names a server.`,
    fix: fix ?? 'Leave it out, or unset TRUEUP_URL to work on the project of this folder.',
  })
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== false
}
