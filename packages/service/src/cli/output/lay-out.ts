/** Lines longer than this are hard to read, however wide the terminal is. */
const widest = 108

/** The width of a text block on a terminal with this many columns. */
export function blockWidth(columns: number): number {
  return Math.min(columns, widest)
}

/**
 * Breaks a text into lines of at most `width` characters, between words, each indented as the text is. A word that is
 * longer keeps its line to itself, so that ids and addresses can be copied whole.
 */
export function wrap(text: string, width: number): readonly string[] {
  if (text.length <= width) return [text]
  const indent = /^ */.exec(text)?.[0] ?? ''
  const lines: string[] = []
  let line = indent
  for (const word of text.slice(indent.length).split(' ')) {
    if (line === indent) line += word
    else if (line.length + 1 + word.length <= width) line += ` ${word}`
    else {
      lines.push(line.trimEnd())
      line = indent + word
    }
  }
  return [...lines, line]
}

/** A text in lines, the first after `mark` and the others under it. */
export function hang(mark: string, text: string, width: number): readonly string[] {
  const indent = ' '.repeat(mark.length)
  return wrap(text, width - mark.length).map((line, index) => `${index === 0 ? mark : indent}${line}`)
}

/** Names and ids come from outside; a terminal must not obey what is in them. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '�')
}

/** `1,250`. */
export function countText(count: number): string {
  return count.toLocaleString('en-US')
}
