import { Command } from 'commander'
import { withPlace } from '../place.ts'

/** A command on repairs, with the options that all of them have. */
export function repairSubcommand(name: string, description: string): Command {
  return withPlace(new Command(name).description(description))
    .option('-c, --config <file>', 'the configuration (default: trueup.config.ts in this folder)')
    .option('--as <name>', 'who you are (default: TRUEUP_ACTOR, else the user of this machine)')
    .option('--json', 'print one JSON object')
    .option(
      '--allow-secret-key',
      'take a full Stripe secret key (sk_…) where a restricted one would do',
      false,
    )
}
