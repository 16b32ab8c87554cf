import { Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import type { InitOptions } from './init/write-first-config.ts'

/** `trueup init`: looks at both accounts and writes a configuration to correct. */
export function initCommand(context: CommandContext): Command {
  return new Command('init')
    .description('look at both sides, propose the mapping, and write trueup.config.ts')
    .option('-o, --output <file>', 'the file to write', 'trueup.config.ts')
    .option('-y, --yes', 'take what is proposed without asking', false)
    .option('--force', 'write over a file that exists', false)
    .option('--customer-id <path>', 'where users have it, such as public_metadata.stripe_customer_id')
    .option('--plan <path>', 'where users have their plan, such as public_metadata.plan')
    .option('--premium <path>', 'where users have a paid flag, such as public_metadata.is_premium')
    .option('--trial-ends-at <path>', 'where users have the end of a trial')
    .option('--entitlements <path>', 'where users have their features')
    .option('--organization-customer-id <path>', 'the same for organizations, as all that follow')
    .option('--organization-plan <path>')
    .option('--organization-premium <path>')
    .option('--organization-trial-ends-at <path>')
    .option('--organization-entitlements <path>')
    .option('--organization-seats <path>', 'max_allowed_memberships, members_count, or a metadata path')
    .option(
      '--allow-secret-key',
      'take a full Stripe secret key (sk_…) where a restricted one would do',
      false,
    )
    .action(async (options: InitOptions) => {
      const { writeFirstConfig } = await import('./init/write-first-config.ts')
      await writeFirstConfig(context, options)
    })
}
