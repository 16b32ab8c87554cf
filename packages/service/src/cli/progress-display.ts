import type { CheckProgress } from '../check/progress.ts'
import { countText, printable } from './output/lay-out.ts'
import type { Colors, Terminal } from './terminal.ts'

/** Shows a check's progress while it runs. */
export interface ProgressDisplay {
  /** Says what is waited for until the first page is read. */
  waitFor(what: string): void
  show(progress: CheckProgress): void
  stop(): void
}

/** How many rows each part will have, such as `clerk/users`, where it is known beforehand. */
export type ExpectedRows = Readonly<Record<string, number>>

/** Bars where a person watches, a line for each finished part where none does. */
export function progressDisplay(terminal: Terminal, expected: ExpectedRows = {}): ProgressDisplay {
  return terminal.isInteractive ? new Bars(terminal, expected) : new Lines(terminal)
}

/** A display that shows nothing, for `--quiet`. */
export const noDisplay: ProgressDisplay = { waitFor: () => {}, show: () => {}, stop: () => {} }

const barWidth = 26
const nameWidth = 24
const blockSize = 6
const clearDown = '\u001b[0J'

interface Bar {
  readonly name: string
  readonly unit: string
  readonly count: number
  /** `null`: nobody knows how many there will be. */
  readonly total: number | null
  readonly steps: number
  readonly state: 'running' | 'complete' | 'failed'
  readonly message: string | null
}

/** Bars that are drawn again in place with every page. */
class Bars implements ProgressDisplay {
  readonly #terminal: Terminal
  readonly #expected: ExpectedRows
  readonly #bars = new Map<string, Bar>()
  #waiting: string | null = null
  #drawnLines = 0
  #isStopped = false

  constructor(terminal: Terminal, expected: ExpectedRows) {
    this.#terminal = terminal
    this.#expected = expected
  }

  waitFor(what: string): void {
    this.#waiting = what
    this.#draw()
  }

  show(progress: CheckProgress): void {
    this.#waiting = null
    switch (progress.kind) {
      case 'page':
        this.#change(
          `${progress.source}/${progress.part}`,
          progress.rows,
          `${progress.source} ${progress.part}`,
        )
        break
      case 'part': {
        const key = `${progress.source}/${progress.part}`
        const bar = this.#bar(key, `${progress.source} ${progress.part}`)
        this.#bars.set(key, { ...bar, state: progress.state, message: progress.message })
        break
      }
      case 'compared':
        this.#change('compare', progress.pairs, 'differences', 'to look at')
        break
      case 'confirmed':
        this.#change('confirm', progress.pairs, 'read a second time', 'pairs')
        break
      case 'filed':
        this.#change('file', progress.incidents, 'incidents', 'filed')
        break
      case 'phase':
        if (progress.phase === 'match') this.#endReading()
        if (progress.phase === 'confirm' || progress.phase === 'file') this.#end('compare')
        if (progress.phase === 'file') this.#end('confirm')
        if (progress.phase === 'finished') this.#end('file')
        break
    }
    this.#draw()
  }

  stop(): void {
    if (this.#isStopped) return
    this.#waiting = null
    this.#draw()
    this.#isStopped = true
  }

  #bar(key: string, name: string, unit = ''): Bar {
    return (
      this.#bars.get(key) ?? {
        name,
        unit,
        count: 0,
        total: this.#expected[key] ?? null,
        steps: 0,
        state: 'running',
        message: null,
      }
    )
  }

  #change(key: string, count: number, name: string, unit = ''): void {
    const bar = this.#bar(key, name, unit)
    this.#bars.set(key, { ...bar, count, steps: bar.steps + 1 })
  }

  /** A part that was left out gave no page and says nothing more. */
  #endReading(): void {
    for (const [key, bar] of this.#bars)
      if (bar.state === 'running' && bar.count === 0) this.#bars.delete(key)
  }

  #end(key: string): void {
    const bar = this.#bars.get(key)
    if (bar) this.#bars.set(key, { ...bar, state: 'complete' })
  }

  #draw(): void {
    if (this.#isStopped) return
    const { err, errColor, errColumns } = this.#terminal
    const lines = [...this.#bars.values()].map((bar) => barLine(bar, errColor, errColumns))
    if (this.#waiting) lines.push(errColor.dim(`  ${this.#waiting} …`))
    const up = this.#drawnLines > 0 ? `\u001b[${this.#drawnLines}A` : ''
    err(`${up}${clearDown}${lines.map((line) => `${line}\n`).join('')}`)
    this.#drawnLines = lines.length
  }
}

function barLine(bar: Bar, color: Colors, columns: number): string {
  const paint = { running: color.cyan, complete: color.green, failed: color.red }[bar.state]
  const count =
    bar.state === 'running' && bar.total
      ? `${countText(bar.count)} of ${countText(bar.total)}`
      : countText(bar.count)
  const isUncounted = bar.state === 'complete' && bar.steps === 0
  const said = isUncounted ? 'read' : bar.message === null ? `${count} ${bar.unit}` : printable(bar.message)
  const room = columns - nameWidth - barWidth - 4
  const shown = said.length <= room ? said.trimEnd() : `${said.slice(0, Math.max(0, room - 1))}…`
  return `  ${bar.name.padEnd(nameWidth)}${paint(barPicture(bar))} ${shown}`
}

/** How much is read; where nobody knows of how much, a block that moves with every page. */
function barPicture(bar: Bar): string {
  if (bar.state === 'complete') return '━'.repeat(barWidth)
  if (bar.total !== null || bar.state === 'failed') {
    const share = bar.total ? Math.min(1, bar.count / bar.total) : 0
    const filled = Math.floor(share * barWidth)
    return '━'.repeat(filled) + '╌'.repeat(barWidth - filled)
  }
  const at = bar.steps % (barWidth - blockSize + 1)
  return '╌'.repeat(at) + '━'.repeat(blockSize) + '╌'.repeat(barWidth - blockSize - at)
}

/** A line when a part has been read, so that a log stays short. */
class Lines implements ProgressDisplay {
  readonly #terminal: Terminal
  readonly #rows = new Map<string, number>()

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  waitFor(): void {}

  show(progress: CheckProgress): void {
    if (progress.kind === 'page') this.#rows.set(`${progress.source}/${progress.part}`, progress.rows)
    if (progress.kind !== 'part') return
    const rows = this.#rows.get(`${progress.source}/${progress.part}`)
    // A server tells that a part was read, and not of how many rows.
    const read = rows === undefined ? 'read' : `${countText(rows)} read`
    const said = progress.state === 'complete' ? read : `failed: ${progress.message}`
    this.#terminal.err(`${progress.source} ${progress.part}: ${printable(said)}\n`)
  }

  stop(): void {}
}
