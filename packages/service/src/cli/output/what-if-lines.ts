import type { Money } from '@trueup/core'
import { formatMoney } from '@trueup/core'
import type { z } from 'zod'
import type { whatIfShape } from '../../http/shown/what-if.ts'
import type { Terminal } from '../terminal.ts'
import { printable } from './lay-out.ts'

/** What a what-if says, as the API answers it. */
export type ShownWhatIf = z.input<typeof whatIfShape>

type Totals = NonNullable<ShownWhatIf['totals']>
type Sum = Totals['opens']

/** A what-if for people: a diff of incidents with the money of a month, worst news first. */
export function whatIfLines(answer: ShownWhatIf, terminal: Pick<Terminal, 'color'>): string {
  const { color } = terminal
  if (!answer.told) {
    const why = answer.because.map(
      ({ message, fix }) => `  ${printable(message)}\n  ${color.dim(printable(fix))}`,
    )
    return `${color.yellow('It cannot be told.')}\n${why.join('\n')}\n`
  }
  const { totals, check, complete, items, next } = answer
  if (!totals) return items.map((item) => changeLine(item, terminal)).join('')
  const { opens, closes, stays, verdicts, brakes, shared } = totals
  const lines = [
    `${totals.pairs} subjects and payers, as check ${check?.id ?? ''} read them at ${check?.asOf ?? ''}.`,
    '',
    sumLine('would open', opens, color.red),
    ...kindLines('+', opens, color.red),
    sumLine('would close', closes, color.green),
    ...kindLines('-', closes, color.green),
    `${stays.total} stay as they are${movedMoney(stays)}`,
  ]
  const untold = verdicts.after.cannotTell - verdicts.before.cannotTell
  if (untold !== 0) {
    lines.push(`${Math.abs(untold)} ${untold > 0 ? 'more' : 'fewer'} of which it could not be told`)
  }
  if (!complete) lines.push(color.yellow('The check did not read everything: there may be more.'))
  for (const { kind, component, pairs } of brakes.collapsed) {
    lines.push(
      color.yellow(`${pairs} would drift alike, ${kind} (${component}): one incident would stand for them.`),
    )
  }
  if (brakes.holds) {
    lines.push(color.yellow(`Repairs would be held: more than ${brakes.holdLimit} would newly drift.`))
  }
  const examples = [...shared, ...items].map((item) => changeLine(item, terminal))
  const more = next === null ? '' : color.dim('… and more: --all lists them.\n')
  return `${lines.join('\n')}\n${examples.length > 0 ? '\n' : ''}${examples.join('')}${more}`
}

function sumLine(what: string, sum: Sum, paint: (text: string) => string): string {
  const rest = sum.withoutMoney > 0 ? `, ${sum.withoutMoney} of which no sum can be named` : ''
  return paint(`${sum.total} ${what}${moneyText(sum.money)}${rest}`)
}

function kindLines(sign: string, { byKind }: Sum, paint: (text: string) => string): readonly string[] {
  return byKind.map(({ kind, count, money }) => paint(`  ${sign} ${count} ${kind}${moneyText(money)}`))
}

/** Who bears what in a month. */
function moneyText({ customer, business, both }: Sum['money']): string {
  const of = (who: string, money: readonly Money[]) =>
    money.length === 0 ? [] : [`${money.map(formatMoney).join(' and ')} ${who}`]
  const said = [
    ...of('paid for and missing', customer),
    ...of('open and unpaid', business),
    ...of('at risk', both),
  ]
  return said.length === 0 ? '' : `: a month ${said.join(', ')}`
}

function movedMoney({ moneyBefore, moneyAfter }: Totals['stays']): string {
  const [before, after] = [moneyText(moneyBefore), moneyText(moneyAfter)]
  return before === after ? '' : `${before || ', nothing at risk'}; then${after || ' nothing at risk'}`
}

function changeLine(
  { becomes, kind, sentence, moneyAtRisk, incident }: ShownWhatIf['items'][number],
  { color }: Pick<Terminal, 'color'>,
): string {
  const paint = becomes === 'opens' ? color.red : color.green
  const money = moneyAtRisk ? `  ${formatMoney(moneyAtRisk)}` : ''
  const filed = incident ? color.dim(`  ${incident.id} (${incident.state})`) : ''
  return `${paint(`${becomes === 'opens' ? '+' : '-'} ${kind}`)}${money}  ${printable(sentence)}${filed}\n`
}
