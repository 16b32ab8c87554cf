// Plays the demo and shows in the README what it said: as a picture, docs/demo.svg, and as text. Run it (`npm run
// demo:picture`) whenever the output of a check changes. The seed is the demo's own, so little else changes.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { drawTerminal } from './draw-terminal.mjs'

const root = resolve(import.meta.dirname, '..')
const columns = 92
const played = playDemo()
const lines = shorten(played, { CRITICAL: 2, HIGH: 2 })
writeFileSync(
  join(root, 'docs/demo.svg'),
  drawTerminal(['\x1b[2m$\x1b[22m npm run demo', '', ...lines], {
    columns,
    title: 'trueup demo',
    description: lines.map(stripVTControlCharacters).join('\n'),
  }),
)
showInReadme(shorten(played, { CRITICAL: 1 }).map(stripVTControlCharacters))

/** What the first check of the demo prints to a terminal, line by line, in colour. */
function playDemo() {
  const asTerminal = `process.stdout.isTTY = true; process.stdout.columns = ${columns}`
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(asTerminal)}`,
      join(root, 'packages/service/dist/bin.mjs'),
      'demo',
      '--once',
    ],
    { encoding: 'utf8', env: { PATH: process.env.PATH, CI: 'true' } },
  )
  if (status !== 0) throw new Error(`The demo ended with ${status}: ${stdout}${stderr}`)
  return stdout.trim().split('\n')
}

/**
 * Keeps the worst of what was found, and the summary at the end.
 *
 * @param {string[]} lines
 * @param {Record<string, number>} kindsShown how many kinds of drift are shown of a severity; the others are counted
 */
function shorten(lines, kindsShown) {
  const blocks = blocksOf(lines)
  const summary = blocks.at(-1)
  const found = blocks.slice(0, -1).filter(([heading]) => isSeverity(heading))
  if (!summary || found.length === 0) throw new Error('The demo printed no drift, or no summary.')
  const kinds = found.map(([heading, ...rest]) => ({ heading, kinds: kindsOf(rest) }))
  const shown = kinds.flatMap(({ heading, kinds }) => {
    const first = kinds.slice(0, kindsShown[plain(heading)] ?? 0)
    return first.length === 0 ? [] : [heading, ...first.flat(), '']
  })
  const left = kinds.flatMap(({ heading, kinds }) => kinds.slice(kindsShown[plain(heading)] ?? 0)).length
  return [...shown, `\x1b[2m… and ${left} more kinds of drift\x1b[22m`, '', ...summary]
}

/**
 * What stands between empty lines.
 *
 * @param {string[]} lines
 */
function blocksOf(lines) {
  /** @type {[string, ...string[]][]} */
  const blocks = []
  lines.forEach((line, at) => {
    if (line === '') return
    const block = lines[at - 1] ? blocks.at(-1) : undefined
    if (block) block.push(line)
    else blocks.push([line])
  })
  return blocks
}

/**
 * The lines below a severity, kind by kind: each begins at the margin.
 *
 * @param {string[]} lines
 */
function kindsOf(lines) {
  /** @type {string[][]} */
  const kinds = []
  for (const line of lines) {
    if (plain(line).startsWith('● ')) kinds.push([line])
    else kinds.at(-1)?.push(line)
  }
  return kinds
}

/** @param {string} line */
function isSeverity(line) {
  return /^(CRITICAL|HIGH|MEDIUM|LOW)$/.test(plain(line))
}

/** @param {string} line */
function plain(line) {
  return stripVTControlCharacters(line).trimEnd()
}

/**
 * Puts the lines between the marks of the README.
 *
 * @param {string[]} lines
 */
function showInReadme(lines) {
  const file = join(root, 'README.md')
  const readme = readFileSync(file, 'utf8')
  const shown = readme.replace(
    /(<!-- demo output -->\n)[\s\S]*?(<!-- \/demo output -->)/,
    (_all, begin, end) =>
      `${begin}\`\`\`text\n${lines.map((line) => line.trimEnd()).join('\n')}\n\`\`\`\n${end}`,
  )
  if (shown === readme && !readme.includes('<!-- demo output -->')) {
    throw new Error('README.md has no marks for the output of the demo.')
  }
  writeFileSync(file, shown)
}
