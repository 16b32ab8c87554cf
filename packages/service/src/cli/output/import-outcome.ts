import type { ImportProblem } from '../../push/import/import-row.ts'
import type { ImportOutcome } from '../../push/import/import-subjects.ts'
import type { Terminal } from '../terminal.ts'
import { blockWidth, countText, hang, printable } from './lay-out.ts'

/** What an import came to, for people. Whatever stood in the file is printed without what a terminal would obey. */
export function importOutcomeText(
  outcome: ImportOutcome,
  terminal: Pick<Terminal, 'color' | 'columns'>,
  skipsBad: boolean,
): string {
  const { color } = terminal
  const width = blockWidth(terminal.columns)
  const lines: string[] = []
  const block = (title: string, problems: readonly ImportProblem[], count: number) => {
    if (count === 0) return
    const shown = problems.length < count ? `, the first ${problems.length} of them` : ''
    lines.push(color.bold(`${title}${shown}:`))
    for (const problem of problems)
      lines.push(...hang(`  line ${problem.line}  `, problemText(problem), width))
    lines.push('')
  }
  block(
    counted(outcome.problemCount, 'thing is wrong', 'things are wrong'),
    outcome.problems,
    outcome.problemCount,
  )
  block(
    counted(outcome.unreadableCount, 'value cannot be read', 'values cannot be read'),
    outcome.unreadable,
    outcome.unreadableCount,
  )
  const paint = outcome.state === 'refused' ? color.red : color.green
  const [first = '', ...rest] = summary(outcome, skipsBad)
  lines.push(...hang('', first, width).map(paint), ...rest.flatMap((line) => hang('', line, width)))
  return `${lines.join('\n')}\n`
}

function problemText({ code, field, found, needed, fix }: ImportProblem): string {
  return printable(`${field === null ? '' : `${field}: `}found ${found}, needed ${needed}. ${fix} [${code}]`)
}

function summary(outcome: ImportOutcome, skipsBad: boolean): readonly string[] {
  const { source, mode, good, before, after } = outcome
  const records = counted(good, 'record', 'records')
  switch (outcome.state) {
    case 'refused':
      return [`Nothing was imported: ${reason(outcome, skipsBad)}`]
    case 'would-import':
      return [
        `Dry run: ${records} would be imported into ${source} (${mode}); ${countText(before)} are held now.`,
        ...skipped(outcome),
      ]
    case 'imported':
      return [
        `Imported ${records} into ${source} (${mode}): ${countText(before)} were held before, ${countText(after ?? 0)} are now.`,
        ...skipped(outcome),
      ]
  }
}

function skipped({ bad, unidentified, kept, older }: ImportOutcome): readonly string[] {
  const lines: string[] = []
  if (bad > 0) {
    lines.push(
      `${counted(bad, 'bad record was', 'bad records were')} skipped. Checks cannot tell what they grant until they are imported rightly.`,
    )
  }
  if (unidentified > 0) {
    lines.push(
      `Of ${countText(unidentified)} it is not known whom they are about, so nobody counts as gone: ${countText(kept)} held before were kept.`,
    )
  }
  if (older > 0)
    lines.push(`${counted(older, 'record is', 'records are')} older than what is held, and left out.`)
  return lines
}

function reason({ refusal, bad, records, good, before }: ImportOutcome, skipsBad: boolean): string {
  switch (refusal) {
    case 'bad-lines':
      if (bad === 0) return 'some subjects stand in the file twice.'
      return `${countText(bad)} of ${counted(records, 'record', 'records')} cannot be taken. ${skipsBad ? 'They cannot be skipped either.' : 'Mend them, or skip them with --skip-bad.'}`
    case 'push-too-small':
      return good === 0
        ? 'the file holds nobody. If that is right, say so with --allow-shrink.'
        : `${countText(before)} subjects are held, and the file has ${countText(good)}, which is less than half. If that is right, say so with --allow-shrink; to add to what is held, use --incremental.`
    case 'push-superseded':
      return 'another full push or import was begun meanwhile. Let one run at a time.'
    default:
      return 'another import was begun at the same moment. Run it again.'
  }
}

function counted(count: number, one: string, many: string): string {
  return `${countText(count)} ${count === 1 ? one : many}`
}
