import type { Catalogue } from '@trueup/core'
import { createMemoryStore } from '@trueup/core'
import { Command } from 'commander'
import { systemClock } from '../adapters/system.ts'
import { loadConfig } from '../config/load-config.ts'
import type { AccessSourceConfig } from '../config/project-config.ts'
import { readCatalogueFindings } from '../connect/catalogue-findings.ts'
import { readBillingFindings } from '../connect/find-billing.ts'
import { readKeyFindings } from '../connect/key-findings.ts'
import { readMappingFindings } from '../connect/mapping-findings.ts'
import { readNodeFindings } from '../connect/node-findings.ts'
import { readStoreFindings } from '../connect/store-findings.ts'
import type { Environment } from '../environment.ts'
import type { OpenedAccess } from '../main.ts'
import { openAccess, openBilling, openRecords, unconfigured } from '../main.ts'
import { clientOf } from '../remote/remote-project.ts'
import { readRemoteSettings } from '../remote/remote-settings.ts'
import type { CommandContext } from './command-context.ts'
import type { Findings } from './doctor/attempt.ts'
import { attempt, findings } from './doctor/attempt.ts'
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
  if (!options.serve) return { examining: examine(context, options) }
  const { examineServe } = await import('./doctor/examine-serve.ts')
  const words = { sound: 'A service can run', mend: 'to mend before a service can run' }
  return { examining: examineServe(context.environment(), context.variables()), words }
}

async function examine(context: CommandContext, options: DoctorOptions): Promise<readonly Section[]> {
  const environment = context.environment()
  const loaded = await attempt('file', () => loadConfig(options.config))
  const config = loaded.answer?.config ?? null
  const billing = await attempt('key', async () =>
    openBilling(environment, config ?? unconfigured, { allowSecretKey: options.allowSecretKey }),
  )
  const { access, catalogue: known } = config ?? unconfigured
  const { kind } = (config ?? unconfigured).billing
  const [ofBilling, { store, sources }] = await Promise.all([
    billing.answer ? findings('key', billing.answer.test()) : billing.failed,
    examineStoreAndAccess(environment, access, known),
  ])
  const catalogue =
    billing.answer && config && isWell(ofBilling)
      ? await findings('prices', readCatalogueFindings(billing.answer, config.catalogue))
      : []
  const which =
    config && isWell(ofBilling)
      ? await findings('billing', readBillingFindings(environment, kind, options))
      : []
  const file: Findings = loaded.answer
    ? [{ name: 'file', state: 'ok', found: loaded.answer.file, fix: null }]
    : loaded.failed
  return [
    { name: 'Node', findings: readNodeFindings(process.versions.node) },
    { name: kind === 'stripe' ? 'Stripe' : 'Clerk Billing', findings: [...ofBilling, ...which] },
    ...sources.map(({ name, tried }) => ({ name, findings: tried })),
    { name: 'Both keys', findings: kind === 'stripe' ? readKeyFindings(environment) : [] },
    {
      name: 'Configuration',
      findings: [...file, ...catalogue, ...sources.flatMap(({ mapping }) => mapping)],
    },
    { name: 'Database', findings: store },
  ].filter((section) => section.findings.length > 0)
}

/** One after the other: the embedded database lets one at a time in. */
async function examineStoreAndAccess(
  environment: Environment,
  access: readonly AccessSourceConfig[],
  catalogue: Catalogue,
): Promise<{ readonly store: Findings; readonly sources: readonly Examined[] }> {
  const store = await findings('database', readStoreFindings(environment))
  const sources: Examined[] = []
  for (const source of access) sources.push(await examineAccess(environment, source, catalogue))
  return { store, sources }
}

const kindNames = { clerk: 'Clerk', postgres: 'Postgres', pushed: 'Pushed' } as const

interface Examined {
  readonly name: string
  readonly tried: Findings
  readonly mapping: Findings
}

/** Tries one access source, and whether what it maps is there. */
async function examineAccess(
  environment: Environment,
  source: AccessSourceConfig,
  catalogue: Catalogue,
): Promise<Examined> {
  const name =
    source.kind === source.name ? kindNames[source.kind] : `${kindNames[source.kind]} ${source.name}`
  const opened = await attempt('key', () => openForExamining(environment, source, catalogue))
  if (!opened.answer) return { name, tried: opened.failed, mapping: [] }
  const { source: access, close } = opened.answer
  try {
    const tried = await findings('key', access.test())
    const mapping =
      isWell(tried) && source.kind === 'clerk'
        ? await findings('fields', readMappingFindings(access, source.mappings))
        : []
    return { name, tried, mapping }
  } finally {
    await close()
  }
}

/** What was pushed stands in the project's own store, so that is opened for such a source alone. */
async function openForExamining(
  environment: Environment,
  source: AccessSourceConfig,
  catalogue: Catalogue,
): Promise<OpenedAccess> {
  if (source.kind !== 'pushed') {
    const project = await createMemoryStore().project('examined')
    return openAccess(environment, source, catalogue, { project, shapes: {} })
  }
  const { project, close } = await openRecords(environment)
  return { ...openAccess(environment, source, catalogue, { project, shapes: {} }), close }
}

function isWell(tried: Findings): boolean {
  return tried.every(({ state }) => state !== 'failed')
}
