import type { CannotTell, Drift, Incident, SubjectId } from '@trueup/core'
import { subjectKey } from '@trueup/core'
import type { Command } from 'commander'
import type { CustomerState } from '../customer/customer-state.ts'
import type { Shown } from '../http/shown/shown.ts'
import type { RemoteProject } from '../remote/remote-project.ts'
import type { OpenedRepairs } from '../repair/open-repairs.ts'
import { readTruth } from '../repair/read-truth.ts'
import { verifyRepair } from '../repair/verify-repair.ts'
import { UsageError } from '../usage-error.ts'
import type { CommandContext } from './command-context.ts'
import { exitCodes } from './exit-code.ts'
import { printable } from './output/lay-out.ts'
import { repairDetails } from './output/repair-lines.ts'
import { onlyLocally, remoteOf } from './place.ts'
import { repairSubcommand } from './repair/subcommand.ts'
import type { RepairOptions } from './repair/with-repairs.ts'
import { actorOf, withRepairs } from './repair/with-repairs.ts'

type VerifyOptions = RepairOptions & { readonly subject?: string }

/** `trueup verify`: the second reading after a repair, also after one that a person carried out by hand. */
export function verifyCommand(context: CommandContext): Command {
  return repairSubcommand(
    'verify',
    'read both sides again after a repair, or of one subject after a repair by hand',
  )
    .argument('[repair]', 'rep_…')
    .option('--subject <id>', 'a user or an organization, such as user:user_1')
    .addHelpText('after', '\nExit status: 0 both sides agree, 1 they drift, 2 could not tell or bad input.')
    .action(async (id: string | undefined, options: VerifyOptions) => {
      const remote = await remoteOf(context, options, ['config', 'as', 'allowSecretKey'])
      if (remote) {
        if (options.subject !== undefined)
          return await verifyAtServer(context, remote, options.subject, options)
        throw onlyLocally(
          'trueup verify of a repair',
          'The service reads both sides after every repair by itself: see `trueup repair show`. To read a subject now, use --subject.',
        )
      }
      await withRepairs(context, options, async (repairs) => {
        if (options.subject !== undefined)
          return await verifySubject(context, repairs, options.subject, options)
        if (id !== undefined) return await verifyOne(context, repairs, id, options)
        throw new UsageError({
          code: 'option-invalid',
          message: 'Neither a repair nor a subject was named.',
          fix: 'Name one: `trueup verify rep_…`, or `trueup verify --subject user:user_1`.',
        })
      })
    })
}

async function verifyOne(
  context: CommandContext,
  repairs: OpenedRepairs,
  id: string,
  options: VerifyOptions,
): Promise<void> {
  const repair = await verifyRepair(repairs, id, actorOf(context, options))
  const { terminal } = context
  terminal.out(options.json ? `${JSON.stringify({ repair }, null, 2)}\n` : repairDetails(repair, terminal))
  const { state } = repair
  context.exitWith(
    state === 'verified' ? exitCodes.agrees : state === 'differs' ? exitCodes.drifts : exitCodes.couldNotTell,
  )
}

/** Both sides as the server reads them now; it files nothing. */
async function verifyAtServer(
  context: CommandContext,
  { client, at }: RemoteProject,
  text: string,
  { json }: VerifyOptions,
): Promise<void> {
  const subject = parseSubject(text)
  const key = subjectKey(subject)
  const { pairs } = await client.get<Shown<CustomerState>>(
    at(`/customers/${encodeURIComponent(key)}/state`),
    {
      fresh: true,
    },
  )
  const pair = pairs.find((one) => one.key === key) ?? pairs[0]
  const kind = pair?.verdict ?? 'cannot-tell'
  const verdict = { kind, drifts: pair?.drifts ?? [], reasons: pair?.cannotTell ?? [] }
  const readAt = pair?.readings.map((reading) => reading.readAt).toSorted()[0] ?? null
  if (json) context.terminal.out(`${JSON.stringify({ subject, readAt, verdict }, null, 2)}\n`)
  else context.terminal.out(`${verdictLines(context, subject, verdict).join('\n')}\n`)
  context.exitWith(statusOfVerdict[kind])
}

const statusOfVerdict = {
  agrees: exitCodes.agrees,
  drifts: exitCodes.drifts,
  'cannot-tell': exitCodes.couldNotTell,
} as const

function verdictLines(
  { terminal: { color } }: CommandContext,
  subject: SubjectId,
  verdict: {
    readonly kind: keyof typeof statusOfVerdict
    readonly drifts?: readonly Pick<Drift | Incident, 'sentence'>[]
    readonly reasons?: readonly Pick<CannotTell, 'reason' | 'found'>[]
  },
): readonly string[] {
  switch (verdict.kind) {
    case 'agrees':
      return [color.green(`${subject.id}: both sides agree.`)]
    case 'drifts':
      return (verdict.drifts ?? []).map(({ sentence }) => color.red(printable(sentence)))
    case 'cannot-tell':
      return (verdict.reasons ?? []).map(({ reason, found }) =>
        color.yellow(printable(`${reason}: ${found}`)),
      )
  }
}

async function verifySubject(
  context: CommandContext,
  repairs: OpenedRepairs,
  text: string,
  options: VerifyOptions,
): Promise<void> {
  const { terminal } = context
  const subject = parseSubject(text)
  const truth = await readTruth(repairs, subject)
  if (truth.kind === 'unmatched') {
    if (options.json) terminal.out(`${JSON.stringify({ subject, verdict: null, why: truth.why }, null, 2)}\n`)
    else terminal.out(`${printable(truth.why)}\n`)
    context.exitWith(exitCodes.couldNotTell)
    return
  }
  const { verdict } = truth.finding
  if (options.json) terminal.out(`${JSON.stringify({ subject, readAt: truth.readAt, verdict }, null, 2)}\n`)
  else terminal.out(`${verdictLines(context, subject, verdict).join('\n')}\n`)
  context.exitWith(statusOfVerdict[verdict.kind])
}

/** `user:user_1`, `organization:org_1`, or an id of Clerk, which says its type itself. */
function parseSubject(text: string): SubjectId {
  const [, type, id] = /^(user|organization):(.+)$/.exec(text) ?? []
  if ((type === 'user' || type === 'organization') && id) return { type, id }
  if (text.startsWith('user_')) return { type: 'user', id: text }
  if (text.startsWith('org_')) return { type: 'organization', id: text }
  throw new UsageError({
    code: 'option-invalid',
    message: `${JSON.stringify(text)} names no subject.`,
    fix: 'Write it as user:ID or organization:ID.',
  })
}
