import type { Catalogue } from '@trueup/core'
import { createMemoryStore } from '@trueup/core'
import { loadConfig } from '../../config/load-config.ts'
import type { AccessSourceConfig } from '../../config/project-config.ts'
import { readCatalogueFindings } from '../../connect/catalogue-findings.ts'
import { readBillingFindings } from '../../connect/find-billing.ts'
import { readKeyFindings } from '../../connect/key-findings.ts'
import { readMappingFindings } from '../../connect/mapping-findings.ts'
import { readNodeFindings } from '../../connect/node-findings.ts'
import { readStoreFindings } from '../../connect/store-findings.ts'
import type { Environment } from '../../environment.ts'
import type { OpenedAccess } from '../../main.ts'
import { openAccess, openBilling, unconfigured } from '../../main.ts'
import { openRecords } from '../../open-records.ts'
import type { CommandContext } from '../command-context.ts'
import type { Section } from '../output/findings.ts'
import type { Findings } from './attempt.ts'
import { attempt, findings } from './attempt.ts'

export interface ExamineOptions {
  readonly config?: string
  readonly allowSecretKey: boolean
}

/** Tries what a check of this folder's project needs. */
export async function examineHere(
  context: CommandContext,
  options: ExamineOptions,
): Promise<readonly Section[]> {
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
  // A key that does not pass is told where it belongs, once.
  const canAskOther = sources.every(({ name, tried }) => name !== kindNames.clerk || isWell(tried))
  const which =
    config && isWell(ofBilling) && canAskOther
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
