import type { Incident, LedgerVerification, Repair } from '@trueup/core'
import { approvalsNeeded, formatMoney } from '@trueup/core'
import { runCheck } from '../../check/run-check.ts'
import { parseConfig } from '../../config/parse-config.ts'
import { readKept } from '../../ledger/read-back.ts'
import { applyRepair } from '../../repair/apply-repair.ts'
import { approveRepairs } from '../../repair/approve-repair.ts'
import { type OpenedRepairs, openRepairs } from '../../repair/open-repairs.ts'
import { proposeRepairs } from '../../repair/propose-repairs.ts'
import type { RepairDependencies } from '../../repair/repair-dependencies.ts'
import type { CommandContext } from '../command-context.ts'
import { describeAccess } from '../output/describe-access.ts'
import { hang, printable } from '../output/lay-out.ts'
import { diffLines } from '../output/repair-lines.ts'
import { progressDisplay } from '../progress-display.ts'
import { type ChosenRepair, chooseRepair } from './choose-repair.ts'
import { proveLedger } from './prove-ledger.ts'
import type { Demo } from './start-demo.ts'
import { enterKey, type Guide, guideOf } from './tour-guide.ts'

const persons = ['ada', 'ben'] as const

/**
 * Takes one drift of the demo from incident to proof: check, look, plan, approve, apply, verify, prove. Every step is
 * done by the functions that the commands call.
 *
 * @param isPaused Whether to wait for Enter between the steps.
 */
export async function takeTour(context: CommandContext, demo: Demo, isPaused: boolean): Promise<void> {
  const { terminal, signal } = context
  const pause = isPaused ? () => enterKey(terminal, signal) : null
  const guide = guideOf(terminal, { steps: 7, pause })
  const config = parseConfig(demo.sandbox.config)
  const project = await openRepairs(demo.environment, config, { allowSecretKey: false, inMemory: true })
  try {
    const incidents = await check(guide, context, project, demo)
    const { proposed, guided } = await proposeRepairs(project, { signal })
    const repairs = await project.project.repairs({ limit: 1000 })
    const chosen = chooseRepair(incidents, repairs, config.access)
    if (!chosen) {
      guide.show(['Nothing of what drifts can be repaired by itself. Another --seed makes another app.'])
      return
    }
    await look(guide, chosen.incident)
    await plan(guide, context, chosen, { proposed: proposed.length, guided })
    await approve(guide, project, chosen)
    const applied = await apply(guide, project, chosen)
    await verify(guide, project, chosen, applied)
    await prove(guide, project, chosen.incident)
  } finally {
    await project.close()
  }
}

async function check(
  guide: Guide,
  { terminal, signal }: CommandContext,
  project: RepairDependencies,
  { expectedRows }: Demo,
): Promise<readonly Incident[]> {
  await guide.step({
    title: 'Check',
    why: 'Reads what Stripe promised and what the app grants, in its database and in Clerk, and compares the two.',
    commands: ['trueup check'],
  })
  const display = progressDisplay(terminal, expectedRows)
  const outcome = await runCheck(project, {
    dryRun: false,
    signal,
    onProgress: (progress) => display.show(progress),
  }).finally(() => display.stop())
  const { counts } = outcome.check
  guide.show([
    `${counts?.customers ?? 0} customers, ${counts?.subjects ?? 0} subjects: ${counts?.agrees ?? 0} agree, ${counts?.drifts ?? 0} drift.`,
    `${outcome.incidents.length} incidents were filed.`,
  ])
  return outcome.incidents
}

async function look(guide: Guide, incident: Incident): Promise<void> {
  await guide.step({
    title: 'Look at one incident',
    why: 'Billing owes something and allows something; what is granted must lie between the two.',
    commands: ['trueup check --details'],
  })
  const { access, moneyAtRisk } = incident
  const line = (label: string, text: string) => hang(label.padEnd(10), printable(text), guide.width - 4)
  guide.show([
    ...line(incident.severity, `${incident.kind}: ${incident.sentence}`),
    ...(access
      ? [
          ...line('owed', describeAccess(access.owed)),
          ...line('granted', describeAccess(access.granted)),
          ...line('allowed', describeAccess(access.allowed)),
        ]
      : []),
    ...(moneyAtRisk ? line('money', `${formatMoney(moneyAtRisk)} a month`) : []),
    ...mainEvidence(incident).flatMap(({ source, field, value }, index) =>
      line(index === 0 ? 'evidence' : '', `${source.padEnd(10)}${field}  ${value ?? 'absent'}`),
    ),
  ])
}

/** What the two sides say of access; a person who wants the rest types the command. */
function mainEvidence({ evidence }: Incident): Incident['evidence'] {
  const isShown = ({ source, field }: Incident['evidence'][number]) =>
    source === 'stripe'
      ? field === 'status' || field === 'items.price' || field === 'trial_end'
      : !field.endsWith('customer_id') && !field.endsWith('_at')
  return evidence.filter((line) => isShown(line) || line.field.endsWith('trial_ends_at'))
}

async function plan(
  guide: Guide,
  { terminal }: CommandContext,
  { repairs }: ChosenRepair,
  counts: { readonly proposed: number; readonly guided: number },
): Promise<void> {
  await guide.step({
    title: 'Look at its repair',
    why: 'A repair is one record and the values from and to. It is written only where the record still says what was read.',
    commands: repairs.map(({ id }) => `trueup repair show ${id}`),
  })
  guide.show([
    ...repairs.flatMap((repair) => [...diffLines(repair, terminal), '']),
    `${counts.proposed} repairs are proposed; ${counts.guided} incidents are steps for a person.`,
  ])
}

async function approve(guide: Guide, project: RepairDependencies, { repairs }: ChosenRepair): Promise<void> {
  const needed = approvalsNeeded(repairs[0])
  const names = persons.slice(0, needed)
  await guide.step({
    title: needed === 2 ? 'Approve, as two persons' : 'Approve',
    why:
      needed === 2
        ? 'It takes something away from somebody who pays, so one word is not enough. Each word is for exactly these values.'
        : 'Nothing is written without a word for exactly these values. What takes from a payer, or is more than 5 rows, needs two persons.',
    commands: repairs.flatMap(({ id }) => names.map((name) => `trueup repair approve ${id} --as ${name}`)),
  })
  for (const repair of repairs) {
    for (const name of names) {
      const [now] = await approveRepairs(project, [repair.id], name, 1)
      const isWhole = now?.state === 'approved'
      guide.show([`${name} approved ${repair.id}${isWhole ? '' : '; a second person has to'}`])
    }
  }
}

async function apply(
  guide: Guide,
  project: RepairDependencies,
  { repairs }: ChosenRepair,
): Promise<readonly Repair[]> {
  await guide.step({
    title: 'Apply',
    why: 'Both sides are read once more, the intent goes on record, and then the one record is written.',
    commands: repairs.map(({ id }) => `trueup repair apply ${id} --as ${persons[0]}`),
  })
  const applied: Repair[] = []
  for (const { id } of repairs) {
    const { repair, leftBecause } = await applyRepair(project, id, persons[0])
    applied.push(repair)
    const answer = repair.answers.at(-1)
    guide.show([`${id}: ${leftBecause ?? answer?.kind ?? repair.state}`])
  }
  return applied
}

async function verify(
  guide: Guide,
  { project }: RepairDependencies,
  { incident }: ChosenRepair,
  repairs: readonly Repair[],
): Promise<void> {
  await guide.step({
    title: 'Verify',
    why: 'After a repair both sides are read a second time. Only that closes the incident.',
    commands: repairs.map(({ id }) => `trueup verify ${id}`),
  })
  const now = await project.incidentsByIdentity([
    `${incident.kind}|${incident.identity.on}|${incident.component}`,
  ])
  guide.show([
    ...repairs.flatMap(({ id, state, history }) =>
      hang(`${id}  ${state}  `, printable(history.at(-1)?.note ?? ''), guide.width - 4),
    ),
    ...[...now.values()].map(({ id, state }) => `${id}  ${state}`),
  ])
}

async function prove(guide: Guide, project: OpenedRepairs, { id }: Incident): Promise<void> {
  const proof = await proveLedger(project, { from: `"${persons[0]}"`, to: '"eve"' })
  await guide.step({
    title: 'Prove',
    why: 'Each act above is an entry of the ledger. An export is verified offline, with the public key alone.',
    commands: [
      `trueup ledger show --incident ${id}`,
      'trueup ledger export ledger.ndjson',
      `trueup ledger verify ledger.ndjson --key ${proof.publicKey}`,
    ],
  })
  const entries = await project.project.ledgerEntriesAbout({ incident: id }, 0, 100)
  guide.show([
    ...entries.map((kept) => {
      const { act, by } = readKept(kept, kept.sequence)
      return `${String(kept.sequence).padStart(4)}  ${act.padEnd(20)}${printable(by)}`
    }),
    '',
    outcomeOf(proof.asItIs),
    `With ${proof.forged.from} changed to ${proof.forged.to} in the file:`,
    outcomeOf(proof.afterForging),
  ])
}

function outcomeOf(found: LedgerVerification): string {
  if (found.ok)
    return `✓ ${found.entries} entries, each in its place, signed by ${found.signedBy.length} key.`
  const { sequence, code, found: what } = found.problem
  return `✗ ${code}${sequence === null ? '' : ` at entry ${sequence}`}: ${printable(what)}`
}
