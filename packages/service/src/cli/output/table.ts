import type { Money, Severity } from '@trueup/core'
import { formatMoney, severities } from '@trueup/core'
import Table from 'cli-table3'
import type { Terminal } from '../terminal.ts'
import type { CheckReport, ReportedIncident } from './report.ts'

/** How many incidents of one kind are listed before the rest are counted. */
const listedPerKind = 3

/** The report for people: a summary, then the incidents by severity and kind, then what to do next. */
export function tableOf(report: CheckReport, terminal: Terminal, options: { readonly all: boolean }): string {
  const sections = [summaryOf(report, terminal)]
  for (const severity of severities.toReversed()) {
    const incidents = report.incidents.filter((incident) => incident.severity === severity)
    if (incidents.length > 0) sections.push(severitySection(severity, incidents, terminal, options))
  }
  sections.push(...unreadSection(report, terminal))
  return `${sections.join('\n\n')}\n`
}

function summaryOf(report: CheckReport, { color }: Terminal): string {
  const { counts, moneyAtRisk, requests } = report
  const seconds = ((report.finishedAt.getTime() - report.startedAt.getTime()) / 1000).toFixed(1)
  const told = [
    color.green(`${number(counts.agrees)} agree`),
    counts.drifts > 0 ? color.red(`${number(counts.drifts)} drift`) : `${number(counts.drifts)} drift`,
    counts.cannotTell > 0
      ? color.yellow(`${number(counts.cannotTell)} cannot be told`)
      : `${number(counts.cannotTell)} cannot be told`,
    ...(counts.settling > 0 ? [`${number(counts.settling)} settling`] : []),
  ].join(color.dim(' · '))
  const lines = [
    `${color.bold(`${number(counts.customers)} customers, ${number(counts.subjects)} subjects`)}: ${told}`,
    color.dim(
      `${report.dryRun ? 'dry run, nothing filed; ' : ''}${requests.stripe} Stripe and ${requests.clerk} Clerk requests, ${seconds} s${report.resumed ? ', resumed' : ''}`,
    ),
  ]
  if (moneyAtRisk.owedToCustomers.length > 0) {
    lines.push(`Paid for and missing:  ${color.bold(moneyList(moneyAtRisk.owedToCustomers))} a month`)
  }
  if (moneyAtRisk.unpaid.length > 0) {
    lines.push(`Open and unpaid:       ${color.bold(moneyList(moneyAtRisk.unpaid))} a month`)
  }
  return lines.join('\n')
}

function severitySection(
  severity: Severity,
  incidents: readonly ReportedIncident[],
  terminal: Terminal,
  options: { readonly all: boolean },
): string {
  const { color } = terminal
  const paint = { critical: color.red, high: color.yellow, medium: color.cyan, low: color.dim }[severity]
  const blocks = [color.bold(paint(`${severity.toUpperCase()}  ${incidents.length}`))]
  const kinds = [...new Set(incidents.map((incident) => incident.kind))]
  for (const kind of kinds) {
    const ofKind = incidents.filter((incident) => incident.kind === kind)
    const shown = options.all ? ofKind : ofKind.slice(0, listedPerKind)
    const table = new Table({
      chars: borderless,
      style: { 'padding-left': 2, 'padding-right': 0, head: [], border: [] },
      colWidths: [null, null, 15],
      colAligns: ['left', 'left', 'right'],
    })
    for (const incident of shown) table.push([printable(incident.sentence), '', money(incident)])
    const rest = ofKind.length - shown.length
    blocks.push(
      `${paint('●')} ${color.bold(kind)} ${color.dim(`(${ofKind.length})`)}`,
      table.toString(),
      color.dim(`    ↳ ${printable(shown[0]?.repair.summary ?? '')}`),
      ...(rest > 0 ? [color.dim(`    and ${number(rest)} more`)] : []),
    )
  }
  return blocks.join('\n')
}

function unreadSection(report: CheckReport, { color }: Terminal): readonly string[] {
  if (report.complete) return []
  return [
    [
      color.red(color.bold('This check is incomplete: nothing is concluded from what was not read.')),
      ...report.unread.map(({ part, message }) => `  ${part}: ${printable(message)}`),
      color.dim('  Run `trueup doctor` to see what is wrong, then check again.'),
    ].join('\n'),
  ]
}

const borderless = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
    'middle',
  ].map((place) => [place, '']),
)

function money(incident: ReportedIncident): string {
  return incident.moneyAtRisk ? `${formatMoney(incident.moneyAtRisk)}/mo` : ''
}

function moneyList(moneys: readonly Money[]): string {
  return moneys.map(formatMoney).join(' + ')
}

function number(count: number): string {
  return count.toLocaleString('en-US')
}

/** Names and ids come from outside; a terminal must not obey what is in them. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '�')
}
