import type { Access } from '../access/access.ts'
import { components } from '../access/access.ts'
import type { SaidAccess } from '../access/agreement-key.ts'
import { agreementKey, keySeparator, keysIn, readAgreementKey } from '../access/agreement-key.ts'
import { subjectAgreementKey } from '../grant/observe-subject.ts'
import type { Pair } from '../match/pair.ts'
import { promisedKey } from '../promise/observe-fact.ts'
import { promiseOf } from '../promise/promise-of.ts'
import { componentsIn } from '../subject/source-components.ts'
import type { SubjectType } from '../subject/subject.ts'
import { recordsOf } from './records.ts'
import type { Rules } from './rules.ts'

/**
 * Both sides of a pair as one text: equal texts, equal access. Where all readings are exactly what is promised it is
 * their agreement keys, as a database puts them together without knowing the rules; else all bounds are said.
 *
 * What billing promises is said without exceptions, which have a beginning and an end of their own.
 *
 * @example
 * accessState(pair, rules) // 'paid=true;plan=pro'
 */
export function accessState(pair: Pair, rules: Rules): string {
  const promised = promiseOf(
    pair.payers.flatMap(({ facts }) => facts),
    rules,
  )
  const { subject } = pair
  const type = subject?.type ?? 'user'
  const agreed = subject === null ? null : agreedKeys(pair, promisedKey(promised, rules, type), rules)
  if (agreed !== null) return agreed
  const mapped = mappedOf(rules, type)
  const key = (access: Access) => agreementKey(access, mapped, rules.now)
  const granted =
    subject === null
      ? []
      : recordsOf(pair, subject, rules).map(({ source, kind, granted: { least, most } }) => {
          const own = componentsIn(rules.mapped, source, subject.type)
          return [source, kind, agreementKey(least, own, rules.now), agreementKey(most, own, rules.now)]
        })
  return JSON.stringify([key(promised.owed), key(promised.allowed), granted])
}

/** The keys of readings that agree with the promise for certain; `null`: they do not. */
function agreedKeys(pair: Pair, promised: string | null, rules: Rules): string | null {
  if (promised === null || pair.missingFrom.length > 0 || pair.readings.length === 0) return null
  const agreeing = keysIn(promised)
  const keys: string[] = []
  for (const reading of pair.readings) {
    const key = subjectAgreementKey(reading, rules)
    if (key === null || !agreeing.includes(key)) return null
    keys.push(key)
  }
  return joinStateKeys(keys)
}

/** The agreement keys of several readings as one text, each once, in order. */
export function joinStateKeys(keys: readonly string[]): string {
  return [...new Set(keys)].toSorted((a, b) => (a < b ? -1 : 1)).join(keySeparator)
}

function mappedOf(rules: Rules, type: SubjectType) {
  const mapped = new Set(rules.mapped.flatMap(({ components: of }) => of[type] ?? []))
  return components.filter((component) => mapped.has(component))
}

/** Both sides as a state says them. A component that no source maps is not said. */
export interface SaidState {
  readonly owed: SaidAccess
  readonly allowed: SaidAccess
  readonly granted: readonly {
    /** `null`: every source says the same. */
    readonly source: string | null
    readonly record: 'live' | 'deleted' | 'missing'
    readonly least: SaidAccess
    readonly most: SaidAccess
  }[]
}

/** Reads back what {@link accessState} wrote; `null`: it is none. */
export function readAccessState(state: string): SaidState | null {
  if (!state.startsWith('[')) return agreedState(state)
  const [owed, allowed, granted] = JSON.parse(state) as [string, string, [string, string, string, string][]]
  const sides = { owed: readAgreementKey(owed), allowed: readAgreementKey(allowed) }
  if (!sides.owed || !sides.allowed) return null
  return {
    owed: sides.owed,
    allowed: sides.allowed,
    granted: granted.flatMap(([source, record, least, most]) => {
      const read = { least: readAgreementKey(least), most: readAgreementKey(most) }
      if (!read.least || !read.most) return []
      return [{ source, record: record as 'live', least: read.least, most: read.most }]
    }),
  }
}

/** Several views of one access, laid together. */
function agreedState(state: string): SaidState | null {
  let access: SaidAccess = {}
  for (const key of keysIn(state)) {
    const bare = readAgreementKey(key) ?? readAgreementKey(key.slice(key.indexOf(':') + 1))
    if (!bare) return null
    access = { ...access, ...bare }
  }
  return {
    owed: access,
    allowed: access,
    granted: [{ source: null, record: 'live', least: access, most: access }],
  }
}
