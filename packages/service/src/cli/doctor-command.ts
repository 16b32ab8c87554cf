import { Command } from 'commander'
import { systemClock } from '../adapters/system.ts'
import { clientOf } from '../remote/remote-project.ts'
import { readRemoteSettings } from '../remote/remote-settings.ts'
import type { CommandContext } from './command-context.ts'
import { exitCodes } from './exit-code.ts'
import type { Section, VerdictWords } from './output/findings.ts'
import { isSound, renderFindings } from './output/findings.ts'
import type { PlaceOptions } from './place.ts'
import { onlyLocally, withPlace } from './place.ts'
import { unlessAborted } from './unless-aborted.ts'

interface DoctorOptions extends PlaceOptions {
  readonly serve: boolean
  readonly config?: string
  readonly json?: boolean
  readonly allowSecretKey: boolean
}

/** `trueup doctor`: tries everything a check needs, and says how to mend what is wrong. */
export function doctorCommand(context: CommandContext): Command {
  return withPlace(
    new Command('doctor').description(
      'try each key, permission, clock and database: what is right, what is wrong, how to mend it',
    ),
  )
    .option('--serve', 'try what `trueup serve` needs, in place of what a check needs', false)
    .option('-c, --config <file>', 'the configuration (default: trueup.config.ts in this folder)')
    .option('--json', 'print the findings as one JSON object')
    .option(
      '--allow-secret-key',
      'take a full Stripe secret key (sk_…) where a restricted one would do',
      false,
    )
    .addHelpText(
      'after',
      '\nWith TRUEUP_URL it tries the service there, as the key may see it.\n' +
        'Exit status: 0 a check can run, 2 something is to be mended first.',
    )
    .action(async (options: DoctorOptions) => {
      const { examining, words } = await whatToExamine(context, options)
      const sections = await unlessAborted(context.signal, examining)
      const ok = isSound(sections)
      const { terminal } = context
      terminal.out(
        options.json
          ? `${JSON.stringify({ ok, sections }, null, 2)}\n`
          : renderFindings(sections, terminal, words),
      )
      context.exitWith(ok ? exitCodes.agrees : exitCodes.couldNotTell)
    })
}

/** The server of TRUEUP_URL, what a service needs here, or what a check needs here. */
async function whatToExamine(
  context: CommandContext,
  options: DoctorOptions,
): Promise<{ readonly examining: Promise<readonly Section[]>; readonly words?: VerdictWords }> {
  const settings = readRemoteSettings(context.variables(), options.project ?? null)
  if (settings) {
    if (options.config !== undefined) throw onlyLocally('--config')
    if (options.allowSecretKey) throw onlyLocally('--allow-secret-key')
    if (options.serve) throw onlyLocally('--serve')
    const { examineServer } = await import('./doctor/examine-server.ts')
    const client = clientOf(settings, context.signal)
    const words = { sound: 'The service does its work', mend: 'to mend at the service' }
    return { examining: examineServer(client, settings.projectId, systemClock), words }
  }
  if (!options.serve) {
    const { examineHere } = await import('./doctor/examine-here.ts')
    return { examining: examineHere(context, options) }
  }
  const { examineServe } = await import('./doctor/examine-serve.ts')
  const words = { sound: 'A service can run', mend: 'to mend before a service can run' }
  return { examining: examineServe(context.environment(), context.variables()), words }
}
