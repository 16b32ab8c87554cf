import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Sandbox } from '@trueup/sandbox'
import type { CheckReport } from '../../packages/service/src/cli/output/report.ts'
import { renderConfig } from '../../packages/service/src/config/render-config.ts'
import { binary } from './build-cli.ts'
import { createTestDatabase } from './database.ts'
import { plantEnvironment, refuseSecrets } from './watched-secrets.ts'

/** How a command ended. */
export interface Ended {
  /** `null` when a signal killed it. */
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly err: string
}

/** A command that runs in a folder of its own, as a person would run it there. */
export class Folder {
  readonly path: string
  readonly #environment: Readonly<Record<string, string>>
  readonly #drop: () => Promise<void>

  constructor(
    path: string,
    environment: Readonly<Record<string, string>>,
    drop: () => Promise<void> = async () => {},
  ) {
    this.path = path
    this.#environment = environment
    this.#drop = drop
  }

  file(name: string): string {
    return join(this.path, name)
  }

  async write(name: string, text: string): Promise<void> {
    await writeFile(this.file(name), text)
  }

  start(args: readonly string[], environment: Readonly<Record<string, string | undefined>> = {}): Running {
    return new Running(this.path, args, { ...this.#environment, ...environment })
  }

  async run(
    args: readonly string[],
    environment: Readonly<Record<string, string | undefined>> = {},
  ): Promise<Ended> {
    return await this.start(args, environment).ended
  }

  /** Runs a command with `--json` and reads its one object. */
  async json<Answer = CheckReport>(
    args: readonly string[],
    environment: Readonly<Record<string, string | undefined>> = {},
  ): Promise<Answer & { readonly status: number | null }> {
    const { status, out, err } = await this.run([...args, '--json'], environment)
    try {
      return { ...(JSON.parse(out) as Answer), status }
    } catch (cause) {
      throw new Error(`${args.join(' ')} printed no JSON: ${out}${err}`, { cause })
    }
  }

  async remove(): Promise<void> {
    await this.#drop()
    await rm(this.path, { recursive: true, force: true })
  }
}

/** A command under way. */
export class Running {
  readonly ended: Promise<Ended>
  readonly #child: ChildProcess
  #out = ''
  #err = ''
  #heard: () => void = () => {}

  constructor(
    folder: string,
    args: readonly string[],
    environment: Readonly<Record<string, string | undefined>>,
  ) {
    plantEnvironment(environment)
    const child = spawn(process.execPath, [binary, ...args], {
      cwd: folder,
      // Nothing of this process but what a program needs to run: no keys, no CI, no NO_COLOR.
      env: { PATH: process.env.PATH, HOME: folder, TMPDIR: process.env.TMPDIR, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#out += text
      this.#heard()
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#err += text
      this.#heard()
    })
    this.ended = once(child, 'close').then(([status, signal]) => {
      // These two print the keys of what they made up, for others to use.
      const isMadeUp = args[0] === 'demo' || args[0] === 'sandbox'
      if (!isMadeUp) refuseSecrets(`What \`trueup ${args[0]}\` wrote`, `${this.#out}\n${this.#err}`)
      return {
        status: status as number | null,
        signal: signal as NodeJS.Signals | null,
        out: this.#out,
        err: this.#err,
      }
    })
  }

  /** Resolves once what the command has written, to either side, matches. Fails if it ends without that. */
  async says(pattern: RegExp): Promise<void> {
    const said = () => pattern.test(`${this.#out}\n${this.#err}`)
    const heard = new Promise<void>((resolve) => {
      this.#heard = () => said() && resolve()
      this.#heard()
    })
    await Promise.race([heard, this.ended])
    if (!said()) throw new Error(`The command ended without saying ${pattern}: ${this.#out}${this.#err}`)
  }

  get out(): string {
    return this.#out
  }

  get err(): string {
    return this.#err
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }
}

/** Whether a folder holds the configuration of its sandbox; JSON is read in less time than TypeScript is compiled. */
export type Configured = 'configured' | 'configured in TypeScript' | 'empty'

/**
 * An empty folder with the keys of a sandbox in its environment, and the sandbox's configuration where wanted. What
 * runs there makes itself an embedded database, which takes seconds.
 */
export async function folderOf(sandbox: Sandbox | null, config: Configured = 'empty'): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'trueup-cli-'))
  const folder = new Folder(path, sandbox ? environmentOf(sandbox) : {})
  if (sandbox && config === 'configured')
    await folder.write('trueup.config.json', JSON.stringify(sandbox.config))
  if (sandbox && config === 'configured in TypeScript')
    await folder.write('trueup.config.ts', renderConfig(sandbox.config))
  return folder
}

/** A folder as of {@link folderOf}, with a database of its own on the server of the tests, which goes with it. */
export async function folderOnServer(sandbox: Sandbox, config: Configured = 'empty'): Promise<Folder> {
  const [{ path }, database] = await Promise.all([folderOf(sandbox, config), createTestDatabase()])
  return new Folder(path, { ...environmentOf(sandbox), DATABASE_URL: database.url }, () => database.drop())
}

export function environmentOf({ stripe, clerk }: Sandbox): Readonly<Record<string, string>> {
  return {
    STRIPE_API_BASE: stripe.url,
    STRIPE_API_KEY: stripe.restrictedKey,
    CLERK_API_URL: clerk.url,
    CLERK_SECRET_KEY: clerk.secretKey,
  }
}
