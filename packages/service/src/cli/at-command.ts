import { Command } from 'commander'
import type { z } from 'zod'
import { loadConfig } from '../config/load-config.ts'
import { customerAt } from '../customer/customer-at.ts'
import type { atShape } from '../http/shown/history.ts'
import { shown } from '../http/shown/shown.ts'
import { openRecords } from '../open-records.ts'
import { RemoteError } from '../remote/remote-error.ts'
import type { CommandContext } from './command-context.ts'
import { exitCodes } from './exit-code.ts'
import { printable } from './output/lay-out.ts'
import { parseTime } from './parse-options.ts'
import type { PlaceOptions } from './place.ts'
import { remoteOf, withPlace } from './place.ts'

interface AtOptions extends PlaceOptions {
  readonly subject: string
  readonly time: Date
  readonly config?: string
  readonly json?: boolean
}

type ShownAt = z.input<typeof atShape>
type Level = NonNullable<ShownAt['pairs'][number]['promised']>['owed']

/** `trueup at`: what a customer or subject had and was owed at a moment. */
export function atCommand(context: CommandContext): Command {
  return withPlace(
    new Command('at').description(
      'what somebody had and was owed at a moment, under the policy then and now',
    ),
  )
    .requiredOption('--subject <id>', 'a user, an organization or a customer, such as user:user_1')
    .requiredOption('--time <time>', 'the moment, such as 2026-11-01T00:00:00Z', parseTime)
    .option('-c, --config <file>', 'the configuration (default: trueup.config.ts in this folder)')
    .option('--json', 'print the answer as one JSON object')
    .addHelpText('after', '\nExit status: 0 it is known, 2 it is not, or bad input.')
    .action(async (options: AtOptions) => {
      const remote = await remoteOf(context, options, ['config'])
      const answer = remote
        ? await remote.client.get<ShownAt>(
            remote.at(`/customers/${encodeURIComponent(options.subject)}/at`),
            {
              time: options.time.toISOString(),
            },
          )
        : await askHere(context, options)
      if (answer.pairs.length === 0) throw unknownSubject(options.subject)
      context.terminal.out(options.json ? `${JSON.stringify(answer, null, 2)}\n` : linesOf(answer))
      const isKnown = answer.pairs.every(({ unknown }) => unknown === null)
      context.exitWith(isKnown ? exitCodes.agrees : exitCodes.couldNotTell)
    })
}

/** A folder keeps no earlier configurations, so that the policy of then is not known. */
async function askHere(
  context: CommandContext,
  { config: file, subject, time }: AtOptions,
): Promise<ShownAt> {
  const { config } = await loadConfig(file)
  const { project, close } = await openRecords(context.environment())
  try {
    return shown(await customerAt({ project, config, configThen: null, name: subject, time }))
  } finally {
    await close()
  }
}

const because: Readonly<Record<NonNullable<ShownAt['pairs'][number]['unknown']>, string>> = {
  'before-first-look': 'nobody had looked yet',
  'changed-between': 'the checks before and after it saw different things, and nobody saw when it changed',
  'nobody-looked': 'nobody looked for too long',
  'not-looked-since': 'nobody has looked since',
}

function linesOf({ time, pairs }: ShownAt): string {
  return pairs
    .map((pair) => {
      const head = `${printable(pair.key)} at ${time}`
      if (pair.unknown) return `${head}: not known, since ${because[pair.unknown]}.\n`
      if (!pair.there) return `${head}: was not there.\n`
      const granted = pair.granted.map(({ source, least, most }) => {
        const from = source === null ? '' : ` in ${printable(source)}`
        return `  had${from}: ${between(least, most)}`
      })
      const owed = pair.promised ? [`  owed then: ${between(pair.promised.owed, pair.promised.allowed)}`] : []
      const now = pair.promisedNow
        ? `  under the policy of now: ${between(pair.promisedNow.owed, pair.promisedNow.allowed)}`
        : '  under the policy of now: not known, since what billing held then was not kept'
      const exceptions = pair.exceptions.map(
        ({ reason, until }) => `  exception until ${until}: ${printable(reason)}`,
      )
      return `${[head, ...granted, ...owed, now, ...exceptions].join('\n')}\n`
    })
    .join('\n')
}

function between(least: Level, most: Level): string {
  const [from, to] = [levelText(least), levelText(most)]
  return from === to ? from : `${from} .. ${to}`
}

function levelText({ plan, paid, trialEndsAt, entitlements, seats }: Level): string {
  return [
    ...(plan === null ? [] : [plan]),
    ...(paid === null ? [] : [paid ? 'paid' : 'unpaid']),
    ...(trialEndsAt === null ? [] : [`trial until ${trialEndsAt}`]),
    ...(entitlements === null || entitlements.length === 0
      ? []
      : [`with ${[entitlements].flat().join(', ')}`]),
    ...(seats === null ? [] : [`${seats} seats`]),
  ]
    .map(printable)
    .join(' ')
}

function unknownSubject(subject: string): RemoteError {
  return new RemoteError({
    code: 'not-found',
    message: `Nothing is known of a customer, user or organization ${subject}.`,
    fix: 'Look at the id; its kind may stand before it: user:ID, organization:ID, customer:ID.',
    status: 404,
  })
}
