import type { MappingRefusalCode, MatchRuleRefusalCode, PostgresMappingRefusalCode } from '@trueup/core'

/** What is wrong at one place of a configuration. Closed list. */
export type ConfigProblemCode =
  | MappingRefusalCode
  | PostgresMappingRefusalCode
  | MatchRuleRefusalCode
  /** A value of the wrong kind, or none where one is needed. */
  | 'value-invalid'
  | 'key-unknown'
  | 'billing-missing'
  | 'billing-twice'
  | 'customer-id-unused'
  | 'access-missing'
  | 'access-duplicate'
  | 'source-name-taken'
  | 'plans-missing'
  | 'free-plan-sold'
  | 'id-duplicate'
  | 'plan-value-duplicate'
  | 'price-duplicate'
  | 'price-malformed'
  | 'match-missing'
  | 'match-duplicate'
  | 'match-unanswerable'
  | 'plan-unknown'
  | 'date-unreadable'

export interface ConfigProblem {
  readonly code: ConfigProblemCode
  /** Where it stands: `catalogue.plans[1].prices[0]`. */
  readonly path: string
  readonly found: string
  readonly needed: string
  /** What the reader can do about it. */
  readonly fix: string
}

/**
 * A configuration that cannot be used. `config-missing`: there is no file. `config-broken`: the file could not be run
 * or parsed. `config-invalid`: it was, and `problems` says everything that is wrong with it.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly code: 'config-missing' | 'config-broken' | 'config-invalid'
  /** Which file; `null` when the configuration came from elsewhere. */
  readonly file: string | null
  /** Line in the file, from 1, where it is known. */
  readonly line: number | null
  readonly problems: readonly ConfigProblem[]
  readonly fix: string

  constructor(said: {
    readonly code: ConfigError['code']
    readonly message: string
    readonly fix: string
    readonly file?: string | null
    readonly line?: number | null
    readonly problems?: readonly ConfigProblem[]
    readonly cause?: unknown
  }) {
    super(said.message, { cause: said.cause })
    this.code = said.code
    this.file = said.file ?? null
    this.line = said.line ?? null
    this.problems = said.problems ?? []
    this.fix = said.fix
  }

  /** The error for a configuration with these problems, all of them in its message. */
  static invalid(problems: readonly ConfigProblem[], file: string | null): ConfigError {
    const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`
    const lines = problems.map(
      ({ path, found, needed, fix }) =>
        `  ${path || 'the configuration'}: found ${found}, needed ${needed}. ${fix}`,
    )
    return new ConfigError({
      code: 'config-invalid',
      message: [`${file ?? 'The configuration'} has ${count}:`, ...lines].join('\n'),
      fix: 'Mend what is listed, then try again.',
      file,
      problems,
    })
  }
}
