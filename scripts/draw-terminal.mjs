// Draws lines of a terminal, colours and all, as an SVG that needs no font and no script, and that can be read on a
// light page as well as on a dark one.

const fontSize = 13
const columnWidth = 7.8
const lineHeight = 19
const padding = 18
const barHeight = 34
const ink = '#d6deeb'
const background = '#11151c'

/** What a terminal's colours look like here, by their ANSI number. Each stands out from the background by 5:1 or more. */
const colors = new Map([
  [31, '#ff7b80'],
  [32, '#7ee2a8'],
  [33, '#f5c969'],
  [34, '#82b1ff'],
  [35, '#d7a3ff'],
  [36, '#6fd7e8'],
  [37, ink],
  [90, '#8f9bb0'],
])

/** @typedef {{ bold: boolean, dim: boolean, italic: boolean, color: string }} Style */

/** @type {Style} */
const plainStyle = { bold: false, dim: false, italic: false, color: ink }

/**
 * @param {readonly string[]} lines with ANSI escapes for colour and weight; any other escape is refused
 * @param {{ columns: number, title: string, description: string }} options how wide the terminal is, what stands in
 *   its bar, and what is read out instead of the picture
 * @returns {string} the SVG
 */
export function drawTerminal(lines, { columns, title, description }) {
  const width = Math.ceil(columns * columnWidth + 2 * padding)
  const height = barHeight + lines.length * lineHeight + 2 * padding - 6
  const rows = lines.flatMap((line, at) =>
    drawLine(line, barHeight + padding + at * lineHeight + fontSize - 2),
  )
  const dots = ['#ff6b66', '#f5bf4f', '#5ec269'].map(
    (fill, at) => `<circle cx="${padding + 6 + at * 19}" cy="17" r="5.5" fill="${fill}"/>`,
  )
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escapeText(title)}</title>`,
    `<desc id="description">${escapeText(description)}</desc>`,
    `<style>text { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; font-size: ${fontSize}px; white-space: pre }</style>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="9" fill="${background}" stroke="#4a5568"/>`,
    `<path d="M0.5 ${barHeight}H${width - 0.5}" stroke="#2a3240"/>`,
    ...dots,
    `<text x="${width / 2}" y="21.5" text-anchor="middle" fill="#8f9bb0">${escapeText(title)}</text>`,
    ...rows,
    '</svg>',
  ].join('\n')}\n`
}

/**
 * A line of the terminal. Each run of one style is put on its column, so that columns stand below each other in
 * whatever font the reader has.
 *
 * @param {string} line @param {number} y
 */
function drawLine(line, y) {
  let column = 0
  return runsOf(line).flatMap(({ text, style }) => {
    const indent = text.length - text.trimStart().length
    const shown = text.trim()
    const at = column + indent
    column += [...text].length
    if (shown === '') return []
    const attributes = [
      `x="${round(padding + at * columnWidth)}"`,
      `y="${round(y)}"`,
      `textLength="${round([...shown].length * columnWidth)}"`,
      `fill="${style.dim && style.color === ink ? '#8f9bb0' : style.color}"`,
      ...(style.bold ? ['font-weight="700"'] : []),
      ...(style.italic ? ['font-style="italic"'] : []),
    ]
    return [`<text ${attributes.join(' ')}>${escapeText(shown)}</text>`]
  })
}

/**
 * Cuts a line where its style changes.
 *
 * @param {string} line
 */
function runsOf(line) {
  const [first = '', ...others] = line.split('\x1b')
  const runs = [{ text: first, style: plainStyle }]
  let style = plainStyle
  for (const part of others) {
    const [code, numbers] = /^\[([\d;]*)m/.exec(part) ?? []
    if (code === undefined) throw new Error(`This escape cannot be drawn: ${JSON.stringify(part)}`)
    style = (numbers || '0').split(';').map(Number).reduce(restyle, style)
    runs.push({ text: part.slice(code.length), style })
  }
  return runs
}

/**
 * @param {Style} style @param {number} code
 * @returns {Style}
 */
function restyle(style, code) {
  const color = colors.get(code)
  if (color) return { ...style, color }
  switch (code) {
    case 0:
      return plainStyle
    case 1:
      return { ...style, bold: true }
    case 2:
      return { ...style, dim: true }
    case 3:
      return { ...style, italic: true }
    case 22:
      return { ...style, bold: false, dim: false }
    case 23:
      return { ...style, italic: false }
    case 39:
      return { ...style, color: ink }
    default:
      throw new Error(`The ANSI style ${code} cannot be drawn: add it to scripts/draw-terminal.mjs.`)
  }
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10
}

/** @param {string} text */
function escapeText(text) {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
