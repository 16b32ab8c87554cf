import type { ConnectionFinding } from '@trueup/core'
import { Command } from 'commander'
import { loadConfig } from '../config/load-config.ts'
import type { ProjectConfig } from '../config/project-config.ts'
import { readNodeFindings } from '../connect/node-findings.ts'
import { readStoreFindings } from '../connect/store-findings.ts'
import { openSources } from '../main.ts'
import type { CommandContext } from './command-context.ts'
import { exitCodes } from './exit-code.ts'
import { tellError } from './print-error.ts'

interface DoctorOptions {
  readonly config?: string
  readonly json?: boolean
  readonly allowSecretKey: boolean
}

interface Section {
  readonly name: string
  readonly findings: readonly ConnectionFinding[]
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
    .action(async (options: DoctorOptions) => {
      const sections = await examine(context, options)
      const isSound = sections.every(({ findings }) => findings.every(isFine))
      context.terminal.out(
        options.json ? `${JSON.stringify({ ok: isSound, sections }, null, 2)}\n` : print(sections, context),
      )
      context.exitWith(isSound ? exitCodes.agrees : exitCodes.couldNotTell)
    })
}

async function examine(context: CommandContext, options: DoctorOptions): Promise<readonly Section[]> {
  const environment = context.environment()
  const sections: Section[] = [{ name: 'Node', findings: readNodeFindings(process.versions.node) }]
  const configured = await attempt('configuration', async () => {
    const { config, file } = await loadConfig(options.config)
    return { config, findings: [fine('configuration', file)] }
  })
  sections.push({ name: 'Configuration', findings: configured.findings })
  const { config } = configured
  if (config) sections.push(...(await examineSources(context, config, options)))
  sections.push({
    name: 'Database',
    findings: (await attempt('database', async () => ({ findings: await readStoreFindings(environment) })))
      .findings,
  })
  return sections
}

async function examineSources(
  context: CommandContext,
  config: ProjectConfig,
  options: DoctorOptions,
): Promise<readonly Section[]> {
  const opened = await attempt('keys', async () => ({
    sources: openSources(context.environment(), config, options),
    findings: [],
  }))
  if (!opened.sources) return [{ name: 'Keys', findings: opened.findings }]
  const { billing, access } = opened.sources
  const [stripe, clerk] = await Promise.all([
    attempt('key', async () => ({ findings: await billing.test() })),
    attempt('key', async () => ({ findings: await access.test() })),
  ])
  return [
    { name: 'Stripe', findings: stripe.findings },
    { name: 'Clerk', findings: clerk.findings },
  ]
}

/** What a trial gives; where it throws, the error is the finding. */
async function attempt<Answer extends { readonly findings: readonly ConnectionFinding[] }>(
  name: string,
  act: () => Promise<Answer>,
): Promise<Partial<Answer> & { readonly findings: readonly ConnectionFinding[] }> {
  try {
    return await act()
  } catch (error) {
    const told = tellError(error)
    const failed: Partial<Answer> = {}
    return {
      ...failed,
      findings: [{ name, state: 'failed', found: `${told.message} [${told.code}]`, fix: told.fix }],
    }
  }
}

function fine(name: string, found: string): ConnectionFinding {
  return { name, state: 'ok', found, fix: null }
}

function isFine(finding: ConnectionFinding): boolean {
  return finding.state === 'ok' || finding.state === 'warning'
}

function print(sections: readonly Section[], { terminal }: CommandContext): string {
  const { color } = terminal
  const mark = {
    ok: color.green('✓'),
    warning: color.yellow('!'),
    missing: color.red('✗'),
    failed: color.red('✗'),
  }
  const blocks = sections.map(({ name, findings }) =>
    [
      color.bold(name),
      ...findings.flatMap((finding) => [
        `  ${mark[finding.state]} ${finding.name}: ${finding.found}`,
        ...(finding.fix ? [color.dim(`      ${finding.fix}`)] : []),
      ]),
    ].join('\n'),
  )
  const wrong = sections.flatMap(({ findings }) => findings.filter((finding) => !isFine(finding))).length
  const end = wrong === 0 ? color.green('All is well.') : color.red(`${wrong} to mend.`)
  return `${[...blocks, end].join('\n\n')}\n`
}
