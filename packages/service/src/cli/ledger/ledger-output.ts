import type { JsonValue, SequencedEntry } from '@trueup/core'
import { formatMoney, toBase64 } from '@trueup/core'
import { readKept } from '../../ledger/read-back.ts'
import { blockWidth, countText, hang, printable } from '../output/lay-out.ts'
import type { Terminal } from '../terminal.ts'
import type { LedgerLine, LedgerStanding } from './ledger-desk.ts'

/** Entries for people, oldest first, and how the ledger stands. */
export function ledgerTable(
  entries: readonly LedgerLine[],
  state: LedgerStanding,
  { color, columns }: Pick<Terminal, 'color' | 'columns'>,
): string {
  const width = blockWidth(columns)
  const numberWidth = Math.max(...entries.map(({ sequence }) => String(sequence).length), 1)
  const lines = entries.flatMap((entry) => {
    const time = entry.at.toISOString().slice(0, 16).replace('T', ' ')
    const number = String(entry.sequence).padStart(numberWidth)
    const said = [...factWords(entry), ...entry.persons, `by ${entry.by}`].join('  ')
    const [first = '', ...rest] = hang(`${number}  ${time}  `, `${entry.act}  ${printable(said)}`, width)
    const sentence = sentenceOf(entry)
    const indent = ' '.repeat(numberWidth + 2)
    return [
      first.replace(entry.act, color.bold(entry.act)),
      ...rest,
      ...(sentence === null ? [] : hang(indent, printable(sentence), width).map(color.dim)),
    ]
  })
  return `${[...lines, ...(lines.length > 0 ? [''] : []), standing(state)].join('\n')}\n`
}

function standing({ origin, size, checkpoint }: LedgerStanding): string {
  if (!origin) return 'The ledger has no entry yet.'
  const signed = checkpoint
    ? `signed over ${checkpoint.size === size ? 'all of them' : `the first ${countText(checkpoint.size)}`} on ${checkpoint.signedAt.toISOString()}`
    : 'not signed yet'
  return `${countText(size)} entries in ${origin}, ${signed}.`
}

/** What the facts of an entry come to, in a few words. */
function factWords({ facts }: LedgerLine): readonly string[] {
  const words = [facts.kind, facts.component, facts.severity, facts.state].filter(isText)
  const money = moneyIn(facts.moneyAtRisk)
  const many = Array.isArray(facts.incidents) ? [`${facts.incidents.length} incidents as they were`] : []
  const counts = countsIn(facts.counts)
  const whole = facts.complete === false ? ['incomplete'] : []
  return [words.join(' '), ...money, ...many, ...counts, ...whole].filter((text) => text !== '')
}

function moneyIn(value: JsonValue | undefined): readonly string[] {
  if (!isObject(value) || typeof value.amount !== 'number' || typeof value.currency !== 'string') return []
  return [`${formatMoney({ amount: value.amount, currency: value.currency })}/mo`]
}

function countsIn(value: JsonValue | undefined): readonly string[] {
  if (!isObject(value)) return []
  return [`${value.customers} customers, ${value.agrees} agree, ${value.drifts} drift`]
}

/** What an incident was said to be, or why there is nothing to say. */
function sentenceOf({ personal, erased }: LedgerLine): string | null {
  if (erased) return 'What this says of a person was erased.'
  return isObject(personal) && typeof personal.sentence === 'string' ? personal.sentence : null
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === 'string'
}

function isObject(value: JsonValue | undefined | null): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An entry for scripts: as it was entered, with what stands beside it. */
export function entryJson(kept: SequencedEntry) {
  const { personal, previous, ...entry } = readKept(kept, kept.sequence)
  return {
    ...entry,
    previous: toBase64(previous),
    hash: toBase64(kept.hash),
    commitment: personal && toBase64(personal),
    persons: kept.persons,
    personal: kept.personal ? (JSON.parse(kept.personal.text) as JsonValue) : null,
    erased: personal !== null && kept.personal === null,
  }
}
