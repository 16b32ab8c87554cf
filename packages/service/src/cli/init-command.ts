import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { confirm, isCancel, text } from '@clack/prompts'
import type { MappingProposal, ProposedField } from '@trueup/core'
import { Command } from 'commander'
import type { TrueupConfig } from '../config/define-config.ts'
import { parseConfig } from '../config/parse-config.ts'
import { renderConfig } from '../config/render-config.ts'
import type { Proposal } from '../connect/propose-config.ts'
import { configFrom, propose } from '../connect/propose-config.ts'
import { openSources, unconfigured } from '../main.ts'
import { UsageError } from '../usage-error.ts'
import type { CommandContext } from './command-context.ts'

interface InitOptions {
  readonly output: string
  readonly yes: boolean
  readonly force: boolean
  readonly allowSecretKey: boolean
  readonly customerId?: string
  readonly plan?: string
  readonly premium?: string
  readonly trialEndsAt?: string
  readonly entitlements?: string
}

const fieldNames: Readonly<Record<ProposedField, string>> = {
  customerId: 'the Stripe customer id',
  plan: 'the plan',
  premium: 'a paid flag',
  trialEndsAt: 'the end of a trial',
  entitlements: 'features',
}

/** `trueup init`: looks at both accounts and writes a configuration to correct. */
export function initCommand(context: CommandContext): Command {
  return new Command('init')
    .description('look at both accounts, propose the mapping, and write trueup.config.ts')
    .option('-o, --output <file>', 'the file to write', 'trueup.config.ts')
    .option('-y, --yes', 'take what is proposed without asking', false)
    .option('--force', 'write over a file that exists', false)
    .option('--customer-id <path>', 'where users keep it, such as public_metadata.stripe_customer_id')
    .option('--plan <path>', 'where users keep it, such as public_metadata.plan')
    .option('--premium <path>', 'where users keep it, such as public_metadata.is_premium')
    .option('--trial-ends-at <path>', 'where users keep it')
    .option('--entitlements <path>', 'where users keep them')
    .option(
      '--allow-secret-key',
      'take a full Stripe secret key (sk_…) where a restricted one would do',
      false,
    )
    .action(async (options: InitOptions) => {
      const path = resolve(options.output)
      if (existsSync(path) && !options.force) {
        throw new UsageError({
          code: 'file-unwritable',
          message: `${options.output} exists already.`,
          fix: 'Name another file with --output, or write over it with --force.',
        })
      }
      const { terminal } = context
      const { billing, access } = openSources(context.environment(), unconfigured, options)
      terminal.err('Looking at both accounts …\n')
      const proposal = await propose(billing, access)
      terminal.err(describe(proposal, terminal))
      const users = await chooseFields(context, options, proposal.users)
      const config = configFrom(proposal, users)
      parseConfig(config)
      await write(path, config)
      terminal.out(`Wrote ${options.output}. Read it through, then run: trueup check --dry-run\n`)
    })
}

/** Flags win; else a person is asked, or with --yes the proposal is taken. */
async function chooseFields(
  context: CommandContext,
  options: InitOptions,
  proposals: readonly MappingProposal[],
): Promise<Readonly<Partial<Record<ProposedField, string>>>> {
  const chosen: Partial<Record<ProposedField, string>> = {}
  for (const field of Object.keys(fieldNames) as ProposedField[]) {
    const proposed = proposals.find((proposal) => proposal.field === field)?.path
    const path = options[field] ?? (await ask(context, options, field, proposed))
    if (path) chosen[field] = path
  }
  return chosen
}

async function ask(
  context: CommandContext,
  options: InitOptions,
  field: ProposedField,
  proposed: string | undefined,
): Promise<string | undefined> {
  if (options.yes) return proposed
  if (!context.terminal.isInteractive) {
    throw new UsageError({
      code: 'not-a-terminal',
      message: 'There is no terminal to ask at.',
      fix: 'Take what is proposed with --yes, or name the fields with --customer-id, --plan and the like.',
    })
  }
  if (proposed) {
    const isRight = await confirm({ message: `Users: ${fieldNames[field]} stands in ${proposed}?` })
    if (isCancel(isRight)) throw cancelled()
    if (isRight) return proposed
  }
  const answer = await text({
    message: `Users: where does ${fieldNames[field]} stand? (empty: nowhere)`,
    placeholder: 'public_metadata.…',
    defaultValue: '',
  })
  if (isCancel(answer)) throw cancelled()
  return answer.trim() || undefined
}

function cancelled(): UsageError {
  return new UsageError({
    code: 'option-invalid',
    message: 'Stopped before anything was written.',
    fix: 'Run the command again.',
  })
}

function describe(proposal: Proposal, { color }: CommandContext['terminal']): string {
  const fields = (name: string, proposals: readonly MappingProposal[]) => [
    color.bold(name),
    ...(proposals.length > 0
      ? proposals.map(
          ({ field, path, reason }) =>
            `  ${fieldNames[field]}: ${color.cyan(path)}\n    ${color.dim(reason)}`,
        )
      : [color.dim('  No metadata keys that fit were found.')]),
  ]
  return [
    ...fields(`Clerk users (${proposal.sampledUsers} sampled)`, proposal.users),
    ...(proposal.sampledOrganizations > 0
      ? fields(`Clerk organizations (${proposal.sampledOrganizations} sampled)`, proposal.organizations)
      : []),
    color.bold(`Plans from Stripe (${proposal.priceCount} prices)`),
    ...proposal.catalogue.plans.map(
      ({ id, products = [], values = [] }) =>
        `  ${id}${products.length > 0 ? color.dim(` sold by ${products.join(', ')}`) : ''}${values.length > 0 ? color.dim(`, written ${values.join(', ')}`) : ''}`,
    ),
    ...proposal.notes.map((note) => color.yellow(`  ! ${note}`)),
    '',
    '',
  ].join('\n')
}

async function write(path: string, config: TrueupConfig): Promise<void> {
  try {
    await writeFile(path, renderConfig(config))
  } catch (cause) {
    throw new UsageError({
      code: 'file-unwritable',
      message: `${path} cannot be written.`,
      fix: 'Name a file in a folder that exists and may be written to.',
      cause,
    })
  }
}
