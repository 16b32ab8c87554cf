import { spawn } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
export const bin = join(root, 'packages/service/dist/bin.mjs')
const reporter = join(root, 'bench/report-memory.mjs')

/** What one process took. */
export interface Measured {
  readonly seconds: number
  /** The most memory it held at any time, threads included. */
  readonly peakMegabytes: number
  readonly stdout: string
}

/** Runs a Node process to its end and measures it whole, start included. */
export async function measure(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  accepted: readonly number[] = [0],
): Promise<Measured> {
  const startedAt = process.hrtime.bigint()
  const child = spawn(process.execPath, ['--import', reporter, ...args], {
    env: { ...process.env, ...env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  let memory = ''
  child.stdout?.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  child.stdio[3]?.on('data', (chunk) => {
    memory += chunk
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9
  if (code === null || !accepted.includes(code))
    throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}${stdout.slice(0, 2000)}`)
  return { seconds, peakMegabytes: Math.round(Number(memory) / 1024), stdout }
}

/** What a running sandbox says of itself. */
export interface RunningSandbox {
  readonly stripe: { readonly url: string; readonly secretKey: string; readonly restrictedKey: string }
  readonly clerk: { readonly url: string; readonly secretKey: string }
  readonly config: unknown
  stop(): Promise<void>
}

/** Starts the sandbox in a process of its own. */
export async function startSandboxProcess(customers: number, seed: number): Promise<RunningSandbox> {
  const child = spawn(
    process.execPath,
    [
      '--max-old-space-size=12000',
      bin,
      'sandbox',
      '--world',
      'saas',
      '--customers',
      String(customers),
      '--seed',
      String(seed),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const line = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += chunk
      if (text.includes('\n')) resolve(text)
    })
    child.once('close', (code) => reject(new Error(`The sandbox ended with ${code} before it was ready.`)))
  })
  const ready = JSON.parse(line)
  return {
    ...ready,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
