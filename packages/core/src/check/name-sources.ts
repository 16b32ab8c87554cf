import { sourcesOf } from '../subject/source-components.ts'
import type { SubjectType } from '../subject/subject.ts'
import type { SubjectRecord } from './records.ts'
import type { Rules } from './rules.ts'

/** Whether it has to be said which source is meant: where there is only one, nobody asks. */
export function isOneOfSeveral(rules: Pick<Rules, 'mapped'>, type: SubjectType): boolean {
  return sourcesOf(rules.mapped, type).length > 1
}

/**
 * A sentence with the sources that it is said of, where the project has several.
 *
 * @example
 * nameSources('user_1 pays for pro and is granted nothing paid.', [clerk, postgres])
 * // 'user_1 pays for pro and is granted nothing paid (in clerk and postgres).'
 */
export function nameSources(sentence: string, records: readonly SubjectRecord[]): string {
  const of = (kind: SubjectRecord['kind'], words: string) => {
    const names = records.filter((record) => record.kind === kind).map(({ source }) => source)
    return names.length > 0 ? [`${words} ${nameList(names)}`] : []
  }
  const where = [...of('live', 'in'), ...of('deleted', 'deleted in'), ...of('missing', 'no record in')]
  return `${sentence.replace(/\.$/, '')} (${where.join('; ')}).`
}

/** `clerk`, `clerk and postgres`, `clerk, postgres and pushed`. */
export function nameList(names: readonly string[]): string {
  const last = names.at(-1) ?? ''
  const others = names.slice(0, -1)
  return others.length > 0 ? `${others.join(', ')} and ${last}` : last
}
