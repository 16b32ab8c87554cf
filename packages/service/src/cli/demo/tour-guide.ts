import { createInterface } from 'node:readline/promises'
import { blockWidth, hang, wrap } from '../output/lay-out.ts'
import type { Terminal } from '../terminal.ts'

/** One step of the tour: what is done, why, and what one would type. */
export interface Step {
  readonly title: string
  /** One or two lines. */
  readonly why: string
  /** As one would type it in a project of one's own. */
  readonly commands: readonly string[]
}

/** Tells the steps of a tour in their order, and waits between them where somebody reads along. */
export interface Guide {
  /** The next step. Waits for Enter first, unless it is the first step or nobody is there. */
  step(step: Step): Promise<void>
  /** What the step showed. */
  show(lines: readonly string[]): void
  readonly width: number
}

/**
 * A guide through so many steps.
 *
 * @param pause What is waited for between two steps; `null` where nobody reads along.
 */
export function guideOf(
  { out, color, columns }: Pick<Terminal, 'out' | 'color' | 'columns'>,
  { steps, pause }: { readonly steps: number; readonly pause: (() => Promise<void>) | null },
): Guide {
  const width = blockWidth(columns)
  let told = 0
  return {
    width,
    async step({ title, why, commands }) {
      if (told > 0) await pause?.()
      told += 1
      const lines = [
        '',
        `${color.dim(`${told}/${steps}`)} ${color.bold(title)}`,
        ...wrap(`    ${why}`, width).map(color.dim),
        ...commands.flatMap((command) => hang('    $ ', command, width).map(color.cyan)),
        '',
      ]
      out(`${lines.join('\n')}\n`)
    },
    show: (lines) => out(`${lines.map((line) => (line === '' ? '' : `    ${line}`)).join('\n')}\n`),
  }
}

/** Waits for the Enter key. Rejects when the command is stopped. */
export async function enterKey({ errColor }: Terminal, signal: AbortSignal): Promise<void> {
  const asking = createInterface({ input: process.stdin, output: process.stderr })
  // Ctrl-C at the question is what it is everywhere else.
  asking.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  try {
    await asking.question(`\n${errColor.dim('Press Enter to go on.')} `, { signal })
  } finally {
    asking.close()
  }
}
