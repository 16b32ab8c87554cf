import { MultiBar, type SingleBar } from 'cli-progress'
import type { CheckProgress } from '../check/progress.ts'
import type { Terminal } from './terminal.ts'

/** Shows a check's progress while it runs. */
export interface ProgressDisplay {
  show(progress: CheckProgress): void
  stop(): void
}

/** How many rows each part will have, where it is known beforehand. */
export type ExpectedRows = Readonly<Record<string, number>>

/** Bars where a person watches, a line for each finished part where none does. */
export function progressDisplay(terminal: Terminal, expected: ExpectedRows = {}): ProgressDisplay {
  return terminal.isInteractive ? new Bars(terminal, expected) : new Lines(terminal)
}

/** A display that shows nothing, for `--quiet`. */
export const noDisplay: ProgressDisplay = { show: () => {}, stop: () => {} }

class Bars implements ProgressDisplay {
  readonly #multi: MultiBar
  readonly #bars = new Map<string, SingleBar>()
  readonly #expected: ExpectedRows

  constructor(terminal: Terminal, expected: ExpectedRows) {
    this.#expected = expected
    this.#multi = new MultiBar({
      format: `  {name} ${terminal.color.cyan('{bar}')} {value} {unit}`,
      barCompleteChar: '━',
      barIncompleteChar: '╌',
      barsize: 28,
      hideCursor: true,
      clearOnComplete: false,
      linewrap: false,
      emptyOnZero: true,
    })
  }

  show(progress: CheckProgress): void {
    switch (progress.kind) {
      case 'page': {
        const key = `${progress.source}/${progress.part}`
        const total = Math.max(this.#expected[key] ?? 0, progress.rows)
        this.#bar(key, `${progress.source} ${progress.part}`, 'rows').setTotal(total)
        this.#bar(key, '', 'rows').update(progress.rows)
        return
      }
      case 'part': {
        const bar = this.#bars.get(`${progress.source}/${progress.part}`)
        if (bar && progress.state === 'complete') bar.setTotal(Math.max(1, barValue(bar)))
        return
      }
      case 'compared':
        this.#count('compare', 'compare both sides', progress.pairs)
        return
      case 'confirmed':
        this.#count('confirm', 'read drifts again', progress.pairs)
        return
      case 'phase':
        return
    }
  }

  stop(): void {
    this.#multi.stop()
  }

  #count(key: string, name: string, pairs: number): void {
    const bar = this.#bar(key, name, 'pairs')
    bar.setTotal(Math.max(1, pairs))
    bar.update(pairs)
  }

  #bar(key: string, name: string, unit: string): SingleBar {
    const known = this.#bars.get(key)
    if (known) return known
    const bar = this.#multi.create(Math.max(1, this.#expected[key] ?? 1), 0, { name: name.padEnd(24), unit })
    this.#bars.set(key, bar)
    return bar
  }
}

/** cli-progress keeps the value of a bar without showing it in its types. */
function barValue(bar: SingleBar): number {
  return 'value' in bar && typeof bar.value === 'number' ? bar.value : 1
}

class Lines implements ProgressDisplay {
  readonly #terminal: Terminal
  readonly #rows = new Map<string, number>()

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  show(progress: CheckProgress): void {
    if (progress.kind === 'page') this.#rows.set(`${progress.source}/${progress.part}`, progress.rows)
    if (progress.kind !== 'part') return
    const rows = this.#rows.get(`${progress.source}/${progress.part}`) ?? 0
    const said = progress.state === 'complete' ? `read ${rows}` : `failed: ${progress.message}`
    this.#terminal.err(`${progress.source} ${progress.part}: ${said}\n`)
  }

  stop(): void {}
}
