import { nameSources } from './name-sources.ts'
import type { SubjectRecord } from './records.ts'
import type { Drift } from './verdict.ts'

/** A drift as one source shows it. */
export interface ShownDrift {
  readonly drift: Drift
  readonly record: SubjectRecord
}

/**
 * One drift for each kind and component, however many sources show it: it is one thing that is wrong, with the
 * evidence of each. Its two sides are those of the first source in the order of the project, its sum the greatest.
 *
 * @param areNamed Whether sentences name the sources; see `isOneOfSeveral`.
 */
export function joinDrifts(shown: readonly ShownDrift[], areNamed: boolean): readonly Drift[] {
  const joined = new Map<string, { readonly drift: Drift; readonly records: readonly SubjectRecord[] }>()
  for (const { drift, record } of shown) {
    const key = `${drift.kind} ${drift.component}`
    const known = joined.get(key)
    joined.set(
      key,
      known
        ? { drift: joinTwo(known.drift, drift), records: [...known.records, record] }
        : { drift, records: [record] },
    )
  }
  return [...joined.values()].map(({ drift, records }) =>
    areNamed ? { ...drift, sentence: nameSources(drift.sentence, records) } : drift,
  )
}

function joinTwo(first: Drift, second: Drift): Drift {
  const isGreater =
    second.moneyAtRisk !== null &&
    (first.moneyAtRisk === null ||
      (first.moneyAtRisk.currency === second.moneyAtRisk.currency &&
        second.moneyAtRisk.amount > first.moneyAtRisk.amount))
  const { moneyAtRisk, moneyNote } = isGreater ? second : first
  return { ...first, evidence: distinct([...first.evidence, ...second.evidence]), moneyAtRisk, moneyNote }
}

/** Billing's side is the same for each source and stands once. */
function distinct(evidence: Drift['evidence']): Drift['evidence'] {
  return [...new Map(evidence.map((line) => [JSON.stringify(line), line])).values()]
}
