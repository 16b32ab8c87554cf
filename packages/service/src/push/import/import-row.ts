import type { PushedProblemCode } from '@trueup/core'

/** What can be wrong with a line of an imported file. Closed list. */
export type ImportProblemCode =
  | PushedProblemCode
  | 'line-not-json'
  | 'line-not-utf8'
  | 'line-too-long'
  | 'columns-differ'
  | 'subject-duplicate'
  /** What follows cannot be told apart into records any more. */
  | 'file-broken'

/** What is wrong with one line. */
export interface ImportProblem {
  readonly code: ImportProblemCode
  /** From 1; the first line of a record that runs over several. */
  readonly line: number
  readonly field: string | null
  readonly found: string
  readonly needed: string
  readonly fix: string
}

/** One record of a file, or why there is none. */
export type ImportRow =
  | { readonly line: number; readonly json: unknown }
  | { readonly line: number; readonly problem: ImportProblem }

/** A record longer than this is no user and no organization. */
export const longestRecordBytes = 64 * 1024
