import type { RepairState } from '@trueup/core'
import { approvalsNeeded, storedText, twoPersonReasons } from '@trueup/core'
import type { ShownRepair } from '../../remote/read-answer.ts'
import type { Colors, Terminal } from '../terminal.ts'
import { blockWidth, hang, printable } from './lay-out.ts'

type Page = Pick<Terminal, 'color' | 'columns'>

/** A repair in one block: where it stands, whose it is, and what it changes. */
export function repairBlock(repair: ShownRepair, { color, columns }: Page): readonly string[] {
  const width = blockWidth(columns)
  const needed = approvalsNeeded(repair)
  const approvals = repair.state === 'proposed' ? `, ${repair.approvals.length} of ${needed} approvals` : ''
  const batch = repair.batch ? color.dim(`  ${repair.batch.id}`) : ''
  return [
    `${paint(repair.state, color)(repair.state.padEnd(10))} ${color.bold(repair.id)}${batch}`,
    ...hang('  ', printable(`${repair.kind}, ${repair.act}${approvals}`), width),
    ...diffLines(repair, { color, columns }),
  ]
}

/** Before and after, one line each, as a diff. */
export function diffLines(
  { source, container, record, changes }: Pick<ShownRepair, 'source' | 'container' | 'record' | 'changes'>,
  { color }: Page,
): readonly string[] {
  return [
    `  ${color.dim(printable(`${source} ${container} ${record}`))}`,
    ...changes.flatMap(({ field, before, after }) => [
      `  ${color.red(printable(`- ${field}: ${storedText(before)}`))}`,
      `  ${color.green(printable(`+ ${field}: ${storedText(after)}`))}`,
    ]),
  ]
}

/** Everything that is on record of a repair. */
export function repairDetails(repair: ShownRepair, page: Page): string {
  const { color } = page
  const width = blockWidth(page.columns)
  const line = (label: string, text: string) => {
    const [first = '', ...others] = hang(`  ${label.padEnd(13)}`, printable(text), width)
    return [`${color.dim(first.slice(0, 15))}${first.slice(15)}`, ...others]
  }
  const reasons = twoPersonReasons(repair)
  const why = {
    'many-rows': 'the batch has more than five rows',
    'takes-from-payer': 'it takes access from somebody who is owed paid access',
  }
  return `${[
    ...repairBlock(repair, page),
    '',
    ...line('incident', repair.incidentId),
    ...line('subject', repair.subject.id),
    ...(repair.customerId ? line('customer', repair.customerId) : []),
    ...line('writes by', repair.how),
    ...line('proposed', `${repair.proposedAt.toISOString()} by ${repair.proposedBy}`),
    ...(repair.undoes ? line('undoes', repair.undoes) : []),
    ...repair.approvals.flatMap(({ by, at, expiresAt }) =>
      line('approved', `${at.toISOString()} by ${by}, until ${expiresAt.toISOString()}`),
    ),
    ...(reasons.length > 0
      ? line('two persons', `needed: ${reasons.map((reason) => why[reason]).join('; ')}`)
      : []),
    ...(repair.sideEffects.length > 0
      ? repair.sideEffects.flatMap((effect, place) => line(place === 0 ? 'sets off' : '', effect))
      : line('sets off', 'nothing that the target knows of')),
    '',
    color.bold('HISTORY'),
    ...repair.history.flatMap(({ act, at, by, note }) =>
      hang('  ', printable(`${at.toISOString()}  ${act}  ${by}${note ? `: ${note}` : ''}`), width),
    ),
  ].join('\n')}\n`
}

function paint(state: RepairState, color: Colors): (text: string) => string {
  switch (state) {
    case 'verified':
      return color.green
    case 'proposed':
    case 'approved':
      return color.cyan
    case 'executing':
    case 'applied':
    case 'untold':
      return color.yellow
    case 'differs':
    case 'conflict':
    case 'denied':
      return color.red
    case 'superseded':
    case 'expired':
    case 'rejected':
    case 'abandoned':
      return color.dim
  }
}
