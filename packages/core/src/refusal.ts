/** Why a text of the configuration was not taken. Callers decide by `code` and print the rest. */
export interface Refusal<Code extends string = string> {
  readonly code: Code
  readonly found: string
  readonly needed: string
  /** What the reader can do about it. */
  readonly fix: string
}

/** A text of the configuration, read; or why it was refused. */
export type Parsed<T, Code extends string = string> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal<Code> }
