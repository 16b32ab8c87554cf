import { foundText } from './found-text.ts'
import type { Read } from './granted.ts'
import { isAbsent } from './read-path.ts'

/** Words that mean yes, in any case. Closed: a word that is not here is not guessed. */
export const trueWords: readonly string[] = ['true', '1', 'yes', 'on', 'premium', 'active']
/** Words that mean no, in any case. Closed: a word that is not here is not guessed. */
export const falseWords: readonly string[] = ['false', '0', 'no', 'off', 'free', 'inactive', 'none']

/**
 * Reads a yes or no that the app stored as a boolean, as 1 or 0, or as a word.
 *
 * @example
 * readFlag(' Premium ') // { state: 'value', value: true }
 * readFlag('maybe').state // 'unreadable'
 */
export function readFlag(value: unknown): Read<boolean> {
  if (isAbsent(value)) return { state: 'absent' }
  if (typeof value === 'boolean') return { state: 'value', value }
  if (value === 1 || value === 0) return { state: 'value', value: value === 1 }
  if (typeof value === 'string') {
    const word = value.trim().toLowerCase()
    if (trueWords.includes(word)) return { state: 'value', value: true }
    if (falseWords.includes(word)) return { state: 'value', value: false }
  }
  return {
    state: 'unreadable',
    found: foundText(value),
    needed: `true or false, 1 or 0, or one of the words ${[...trueWords, ...falseWords].join(', ')}`,
  }
}
