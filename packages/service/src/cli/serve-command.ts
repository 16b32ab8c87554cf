import { Command, Option } from 'commander'
import { defaultPort, processRoles, readServiceSettings } from '../serve/service-settings.ts'
import { noTraces, openTraces, wantsTraces } from '../serve/traces.ts'
import { readTeamSettings } from '../team/team-settings.ts'
import type { CommandContext } from './command-context.ts'
import { untilAborted } from './until-aborted.ts'
import { version } from './version.ts'

interface ServeOptions {
  readonly role?: string
  readonly host?: string
  readonly port?: string
}

const help = `
Without DATABASE_URL the embedded database in TRUEUP_HOME is used, by this one
process. With it, any number of processes share the work:
  $ trueup serve --role web       answers requests and takes webhooks
  $ trueup serve --role worker    runs checks, alerts and schedules

Environment:
  DATABASE_URL           a PostgreSQL server
  TRUEUP_ENCRYPTION_KEY  what secrets are sealed under: trueup keys new makes one
  TRUEUP_PUBLIC_URL      where people reach the service
  TRUEUP_HOST, TRUEUP_PORT, TRUEUP_PROXIES, TRUEUP_DRAIN_SECONDS,
  TRUEUP_LOG_LEVEL, TRUEUP_METRICS_TOKEN, CRON_SECRET
  TRUEUP_SIGN_UP, TRUEUP_SMTP_URL, TRUEUP_MAIL_FROM, TRUEUP_OIDC_…
                         see docs/operate.md
  OTEL_EXPORTER_OTLP_ENDPOINT
                         a collector of OpenTelemetry traces`

/** `trueup serve`: the service, until it is told to stop. */
export function serveCommand(context: CommandContext): Command {
  return new Command('serve')
    .description('run the service: API, webhooks, checks by the clock, alerts')
    .addOption(new Option('--role <role>', 'what this process does').choices(processRoles).default('all'))
    .option('--host <host>', 'the address to listen at (default: TRUEUP_HOST or 127.0.0.1)')
    .option('--port <port>', `the port to listen at (default: TRUEUP_PORT or ${defaultPort})`)
    .addHelpText('after', help)
    .action(async (options: ServeOptions) => {
      const { createServiceLog } = await import('../serve/service-log.ts')
      const { startService } = await import('../serve/start-service.ts')
      const environment = context.environment()
      const settings = readServiceSettings(context.variables(), options)
      const team = readTeamSettings(context.variables(), `http://localhost:${settings.port}`)
      const log = createServiceLog(settings.logLevel, context.terminal.err)
      const traces = wantsTraces(context.variables())
        ? await openTraces({ version, serviceName: context.variables().OTEL_SERVICE_NAME })
        : noTraces
      const running = await startService({ environment, settings, team, log, traces, version })
      await untilAborted(context.signal)
      await running.stop()
      await traces.stop()
    })
}
