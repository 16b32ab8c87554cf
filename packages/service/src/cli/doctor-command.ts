import type { Catalogue, ConnectionFinding } from '@trueup/core'
import { createMemoryStore } from '@trueup/core'
import { Command } from 'commander'
import { loadConfig } from '../config/load-config.ts'
import type { AccessSourceConfig } from '../config/project-config.ts'
import { readCatalogueFindings } from '../connect/catalogue-findings.ts'
import { readKeyFindings } from '../connect/key-findings.ts'
import { readMappingFindings } from '../connect/mapping-findings.ts'
import { readNodeFindings } from '../connect/node-findings.ts'
import { readStoreFindings } from '../connect/store-findings.ts'
import type { Environment } from '../environment.ts'
import type { OpenedAccess } from '../main.ts'
import { openAccess, openBilling, openRecords, unconfigured } from '../main.ts'
import type { CommandContext } from './command-context.ts'
import { exitCodes } from './exit-code.ts'
import { isSound, renderFindings, type Section } from './output/findings.ts'
import { tellError } from './print-error.ts'
import { unlessAborted } from './unless-aborted.ts'

interface DoctorOptions {
  readonly config?: string
  readonly json?: boolean
  readonly allowSecretKey: boolean
}

/** `trueup doctor`: tries everything a check needs, and says how to mend what is wrong. */
export function doctorCommand(context: CommandContext): Command {
  return new Command('doctor')
    .description('try each key, permission, clock and database: what is right, what is wrong, how to mend it')
    .option('-c, --config <file>', 'the configuration (default: trueup.config.ts in this folder)')
    .option('--json', 'print the findings as one JSON object')
    .option(
      '--allow-secret-key',
      'take a full Stripe secret key (sk_…) where a restricted one would do',
      false,
    )
    .addHelpText('after', '\nExit status: 0 a check can run, 2 something is to be mended first.')
    .action(async (options: DoctorOptions) => {
      const sections = await unlessAborted(context.signal, examine(context, options))
      const ok = isSound(sections)
      const { terminal } = context
      terminal.out(
        options.json ? `${JSON.stringify({ ok, sections }, null, 2)}\n` : renderFindings(sections, terminal),
      )
      context.exitWith(ok ? exitCodes.agrees : exitCodes.couldNotTell)
    })
}

type Findings = readonly ConnectionFinding[]

async function examine(context: CommandContext, options: DoctorOptions): Promise<readonly Section[]> {
  const environment = context.environment()
  const loaded = await attempt('file', () => loadConfig(options.config))
  const config = loaded.answer?.config ?? null
  const billing = await attempt('key', async () => openBilling(environment, config ?? unconfigured, options))
  const { access, catalogue: known } = config ?? unconfigured
  const [stripe, { store, sources }] = await Promise.all([
    billing.answer ? findings('key', billing.answer.test()) : billing.failed,
    examineStoreAndAccess(environment, access, known),
  ])
  const catalogue =
    billing.answer && config && isWell(stripe)
      ? await findings('prices', readCatalogueFindings(billing.answer, config.catalogue))
      : []
  const file: Findings = loaded.answer
    ? [{ name: 'file', state: 'ok', found: loaded.answer.file, fix: null }]
    : loaded.failed
  return [
    { name: 'Node', findings: readNodeFindings(process.versions.node) },
    { name: 'Stripe', findings: stripe },
    ...sources.map(({ name, tried }) => ({ name, findings: tried })),
    { name: 'Both keys', findings: readKeyFindings(environment) },
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

/** What an act gives; where it throws, the error is the finding. */
async function attempt<Answer>(
  name: string,
  act: () => Promise<Answer>,
): Promise<
  { readonly answer: Answer; readonly failed: [] } | { readonly answer: null; readonly failed: Findings }
> {
  try {
    return { answer: await act(), failed: [] }
  } catch (error) {
    const told = tellError(error)
    return {
      answer: null,
      failed: [{ name, state: 'failed', found: `${told.message} [${told.code}]`, fix: told.fix }],
    }
  }
}

async function findings(name: string, trying: Promise<Findings>): Promise<Findings> {
  const tried = await attempt(name, () => trying)
  return tried.answer ?? tried.failed
}
