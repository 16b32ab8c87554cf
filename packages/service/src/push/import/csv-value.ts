import type { PushedField } from '@trueup/core'

const trueTexts: readonly string[] = ['true', 't', 'yes', '1']
const falseTexts: readonly string[] = ['false', 'f', 'no', '0']

/**
 * The value that a cell stands for. An empty cell is `null`: there is no value. What is more than text is unpacked in
 * the ways in which databases and spreadsheets write it; what cannot be is handed on as the text that it is.
 *
 * @example
 * csvValue('premium', 't')               // true
 * csvValue('entitlements', '{sso,api}')  // ['sso', 'api']
 */
export function csvValue(field: PushedField, cell: string): unknown {
  const text = cell.trim()
  if (text === '') return null
  switch (field) {
    case 'premium':
    case 'deleted':
      return flagOf(text)
    case 'emails':
      return text.split(/[;,\s]+/).filter((email) => email !== '')
    case 'entitlements':
      return featuresOf(text)
    default:
      return text
  }
}

function flagOf(text: string): unknown {
  const word = text.toLowerCase()
  if (trueTexts.includes(word)) return true
  return falseTexts.includes(word) ? false : text
}

/** JSON, an array as PostgreSQL writes it, or names with a semicolon, a comma or a bar between them. */
function featuresOf(text: string): unknown {
  if (/^[[{]/.test(text)) {
    try {
      return JSON.parse(text)
    } catch {
      const array = /^\{([^{}":\\]*)\}$/.exec(text)
      if (!array) return text
      return namesIn(array[1] ?? '')
    }
  }
  return namesIn(text)
}

function namesIn(text: string): readonly string[] {
  return text
    .split(/[;,|]/)
    .map((name) => name.trim())
    .filter((name) => name !== '')
}
