import { countText } from './output/lay-out.ts'
import type { Terminal } from './terminal.ts'

/** Shows how far a file has been read. */
export interface ImportProgress {
  /** Counts bytes as they are read. */
  read(bytes: number): void
  show(lines: number): void
  stop(): void
}

export const noImportProgress: ImportProgress = { read: () => {}, show: () => {}, stop: () => {} }

const barWidth = 26
const clearLine = '\r\u001b[2K'

/**
 * One line that is drawn again while a person watches, and nothing where none does.
 *
 * @param totalBytes how long the file is; `null` where nobody knows, as with a pipe
 */
export function importProgress(terminal: Terminal, totalBytes: number | null): ImportProgress {
  if (!terminal.isInteractive) return noImportProgress
  const { err, errColor } = terminal
  let bytesRead = 0
  let isDrawn = false
  return {
    read(bytes) {
      bytesRead += bytes
    },
    show(lines) {
      const share = totalBytes ? Math.min(1, bytesRead / totalBytes) : null
      const filled = Math.floor((share ?? 0) * barWidth)
      const bar =
        share === null
          ? ''
          : `${errColor.cyan('━'.repeat(filled) + '╌'.repeat(barWidth - filled))} ${Math.floor(share * 100)} %, `
      err(`${clearLine}  ${bar}${countText(lines)} lines`)
      isDrawn = true
    },
    stop() {
      if (isDrawn) err(clearLine)
      isDrawn = false
    },
  }
}
