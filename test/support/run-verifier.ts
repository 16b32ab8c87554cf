import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { binary } from './build-cli.ts'

/** What the published verifier said, and the most memory that its process held at any time. */
export interface VerifierRun {
  readonly status: number | null
  readonly entries: number
  readonly sequence: number | null
  readonly peakBytes: number
}

/** Runs `trueup ledger verify` in a process of its own. The memory is read from the kernel; elsewhere it is 0. */
export async function runVerifier(file: string, key: string): Promise<VerifierRun> {
  const child = spawn(process.execPath, [binary, 'ledger', 'verify', file, '--key', key, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let out = ''
  let peakBytes = 0
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
    peakBytes = Math.max(peakBytes, peakOf(child.pid))
  })
  const timer = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakOf(child.pid))
  }, 100)
  const [status] = (await once(child, 'close')) as [number | null]
  clearInterval(timer)
  const said = JSON.parse(out) as { entries: number; problem?: { sequence: number | null } }
  return { status, entries: said.entries, sequence: said.problem?.sequence ?? null, peakBytes }
}

/** The kernel's own high-water mark, so that nothing between two looks is missed. */
function peakOf(pid: number | undefined): number {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kilobytes ?? 0) * 1024
  } catch {
    return 0
  }
}
