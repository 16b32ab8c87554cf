import type { Money, Severity } from '@trueup/core'
import { formatMoney, nameList, severities } from '@trueup/core'
import type { Colors, Terminal } from '../terminal.ts'
import { incidentDetails } from './incident-details.ts'
import { kindWords } from './kind-words.ts'
import { blockWidth, countText, hang, printable, wrap } from './lay-out.ts'
import type { CheckReport, ReportedIncident } from './report.ts'
import { holdsOfEarlierChecks } from './report.ts'

/** How many incidents of one kind, and undecided of one reason, are listed before the rest are counted. */
const listed = 3
/** Room for the money at the end of a line, and the space before it. */
const moneyWidth = 14

export interface TableOptions {
  /** List every incident instead of the first few of each kind. */
  readonly all: boolean
  /** Show both sides, the evidence and the repair of each incident that is listed. */
  readonly details: boolean
}

interface Page {
  readonly color: Colors
  readonly width: number
}

/** The report for people: incidents by severity and kind, what could not be told, and the summary last. */
export function tableOf(
  report: CheckReport,
  terminal: Pick<Terminal, 'color' | 'columns'>,
  options: TableOptions,
): string {
  const page: Page = { color: terminal.color, width: blockWidth(terminal.columns) }
  // Where one side was not read at all, what the other one shows would only hide that.
  const found = report.error
    ? []
    : [
        ...severities.toReversed().map((severity) => severitySection(severity, report, page, options)),
        cannotTellSection(report, page, options),
      ]
  const sections = [
    ...found,
    unreadSection(report, page),
    heldSection(report, page),
    report.error ? [] : matchingSection(report, page),
    summaryOf(report, page),
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function severitySection(
  severity: Severity,
  report: CheckReport,
  page: Page,
  options: TableOptions,
): readonly string[] {
  const incidents = report.incidents.filter((incident) => incident.severity === severity)
  if (incidents.length === 0) return []
  const { color } = page
  const paint = { critical: color.red, high: color.yellow, medium: color.cyan, low: color.dim }[severity]
  const lines = [color.bold(paint(severity.toUpperCase()))]
  for (const kind of new Set(incidents.map((incident) => incident.kind))) {
    const ofKind = incidents.filter((incident) => incident.kind === kind)
    const shown = options.all ? ofKind : ofKind.slice(0, listed)
    const count = ofKind.length > 1 ? ` (${countText(ofKind.length)})` : ''
    lines.push(`${paint('●')} ${color.bold(kind)}${count}  ${color.dim(kindWords[kind])}`)
    for (const incident of shown) lines.push(...incidentLines(incident, page, options))
    const rest = ofKind.length - shown.length
    if (rest > 0) lines.push(color.dim(`  … and ${countText(rest)} more; --all lists them`))
  }
  return lines
}

function incidentLines(incident: ReportedIncident, page: Page, options: TableOptions): readonly string[] {
  const { color, width } = page
  const money = incident.moneyAtRisk ? `${formatMoney(incident.moneyAtRisk)}/mo` : ''
  const [first = '', ...others] = hang('  ', printable(incident.sentence), money ? width - moneyWidth : width)
  const gap = ' '.repeat(Math.max(1, width - first.length - money.length))
  return [
    money ? `${first}${gap}${color.bold(money)}` : first,
    ...others,
    ...hang('    → ', printable(incident.repair.summary), width).map(color.dim),
    ...(options.details ? ['', ...incidentDetails(incident, page), ''] : []),
  ]
}

function cannotTellSection(report: CheckReport, page: Page, options: TableOptions): readonly string[] {
  if (report.counts.cannotTell === 0) return []
  const { color, width } = page
  const shown = options.all ? report.cannotTell : report.cannotTell.slice(0, listed)
  const lines = shown.flatMap(({ subject, customer, reasons }) => {
    const who = subject?.id ?? customer ?? 'somebody'
    return reasons.flatMap(({ reason, found, needed }) => [
      ...hang('  ', `${printable(who)}: ${reason}, ${printable(found)}`, width),
      ...hang('    → ', `needed: ${printable(needed)}`, width).map(color.dim),
    ])
  })
  const rest = report.counts.cannotTell - shown.length
  return [
    `${color.bold(color.yellow('COULD NOT TELL'))}  ${color.dim('neither in agreement nor adrift')}`,
    ...lines,
    ...(rest > 0
      ? [
          color.dim(
            shown.length > 0
              ? `  … and ${countText(rest)} more`
              : `  ${countText(rest)}, not listed by the server`,
          ),
        ]
      : []),
  ]
}

function unreadSection(report: CheckReport, { color, width }: Page): readonly string[] {
  if (report.unread.length === 0) return []
  const byMessage = new Map<string, string[]>()
  for (const { message, code, part } of report.unread) {
    const said = `${message} [${code}]`
    byMessage.set(said, [...(byMessage.get(said) ?? []), part])
  }
  const lines = [...byMessage].flatMap(([message, parts]) => [
    ...hang('  ', printable(message), width),
    ...hang('    ', parts.join(', '), width).map(color.dim),
  ])
  if (report.complete) return [color.bold('NOT READ'), ...lines]
  return [
    ...wrap('This check is incomplete: nothing is concluded from what was not read.', width).map((line) =>
      color.bold(color.red(line)),
    ),
    ...lines,
    ...hintsOf(report).map((hint) => color.dim(`  → ${hint}`)),
  ]
}

function heldSection(report: CheckReport, { color, width }: Page): readonly string[] {
  const holds = holdsOfEarlierChecks(report)
  if (holds.length === 0) return []
  const fix = 'Look at what drifts; where it is real: `trueup repair release`.'
  return [
    `${color.bold(color.yellow('REPAIRS ARE HELD'))}  ${color.dim('by what an earlier check found')}`,
    ...holds.flatMap(({ sentence }) => hang('  ', printable(sentence), width)),
    ...hang('    → ', fix, width).map(color.dim),
  ]
}

/** Codes of parts that were read and are not what they were at the last check. */
const changedCodes: readonly string[] = ['count-moved', 'schema-changed']

function hintsOf({ unread }: CheckReport): readonly string[] {
  const isChanged = ({ code }: CheckReport['unread'][number]) => changedCodes.includes(code)
  return [
    ...(unread.every(isChanged) ? [] : ['Run `trueup doctor` to see what is wrong, then check again.']),
    ...(unread.some(isChanged)
      ? ['Look at what changed; where it is right, run `trueup check --accept-changes`.']
      : []),
  ]
}

/** How far the match rules reach: whom nobody answers to is said last, since that is what is to be looked at. */
function matchingSection({ matching }: CheckReport, { color, width }: Page): readonly string[] {
  if (!matching) return []
  const lines = [
    ...matching.rules.map(({ rule, ...line }) => ({ name: printable(rule), line })),
    { name: 'several subjects', line: matching.ambiguous },
    { name: 'no subject', line: matching.unmatched },
  ].filter(({ line }) => line.customers > 0)
  if (lines.length === 0) return []
  const nameWidth = Math.min(Math.max(...lines.map(({ name }) => name.length)), Math.floor(width / 2))
  return [
    color.bold('Customers matched by'),
    ...lines.flatMap(({ name, line }) => {
      const counted = `${countText(line.customers)} (${countText(line.paying)} paying)`
      const mark = `  ${name.slice(0, nameWidth).padEnd(nameWidth)}  ${counted}  `
      const sums = line.monthly.map(formatMoney).join(' + ')
      if (sums === '') return [mark.trimEnd()]
      const [first = '', ...rest] = hang(mark, `${sums} a month`, width)
      return [`${mark}${color.dim(first.slice(mark.length))}`, ...rest.map(color.dim)]
    }),
  ]
}

/** `12 Stripe, 4 Clerk and 3 postgres requests`. */
function requestsText(requests: CheckReport['requests']): string {
  const vendors: Readonly<Record<string, string>> = { stripe: 'Stripe', clerk: 'Clerk' }
  const counted = Object.entries(requests).map(
    ([source, sent]) => `${countText(sent)} ${vendors[source] ?? printable(source)}`,
  )
  return `${nameList(counted)} requests`
}

function summaryOf(report: CheckReport, { color, width }: Page): readonly string[] {
  const { counts, moneyAtRisk, requests, incidents } = report
  const seconds = ((report.finishedAt.getTime() - report.startedAt.getTime()) / 1000).toFixed(1)
  const told = [
    color.green(`${countText(counts.agrees)} agree`),
    counts.drifts > 0 ? color.red(`${countText(counts.drifts)} drift`) : '0 drift',
    counts.cannotTell > 0
      ? color.yellow(`${countText(counts.cannotTell)} could not be told`)
      : '0 could not be told',
    ...(counts.settling > 0 ? [`${countText(counts.settling)} settling`] : []),
  ].join(color.dim(' · '))
  const bySeverity = severities.toReversed().flatMap((severity) => {
    const count = incidents.filter((incident) => incident.severity === severity).length
    return count > 0 ? [`${countText(count)} ${severity}`] : []
  })
  const line = (label: string, value: string) => `  ${label.padEnd(22)}${value}`
  const effort = [
    ...(report.dryRun ? ['dry run, nothing filed'] : []),
    ...(report.incidentsUnlisted ? ['the server lists no incidents of a dry run'] : []),
    ...(Object.keys(requests).length > 0 ? [requestsText(requests)] : []),
    `${seconds} s`,
    ...(report.resumed ? ['gone on with a check that had been cut off'] : []),
  ].join(', ')
  if (report.error) return hang('  ', effort, width).map(color.dim)
  return [
    color.bold(`${countText(counts.customers)} customers, ${countText(counts.subjects)} subjects`),
    `  ${told}`,
    ...(incidents.length > 0 ? [line('Incidents', bySeverity.join(', '))] : []),
    ...(moneyAtRisk.owedToCustomers.length > 0
      ? [line('Paid for and missing', moneyText(moneyAtRisk.owedToCustomers, color))]
      : []),
    ...(moneyAtRisk.unpaid.length > 0 ? [line('Open and unpaid', moneyText(moneyAtRisk.unpaid, color))] : []),
    ...hang('  ', effort, width).map(color.dim),
  ]
}

function moneyText(moneys: readonly Money[], color: Colors): string {
  return `${color.bold(moneys.map(formatMoney).join(' + '))} a month`
}
