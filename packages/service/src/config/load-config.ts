import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { ConfigError } from './config-error.ts'
import { defineConfig } from './define-config.ts'
import { lineOfError, lineOfJsonError } from './error-line.ts'
import type { ProjectConfig } from './project-config.ts'

/** The names under which a configuration is looked for, in this order. */
export const configFileNames = [
  'trueup.config.ts',
  'trueup.config.mts',
  'trueup.config.js',
  'trueup.config.mjs',
  'trueup.config.json',
] as const

export interface LoadedConfig {
  /** The file, as an absolute path. */
  readonly file: string
  readonly config: ProjectConfig
  /** As it stands in the file, to be handed on to a service. */
  readonly document: unknown
}

/**
 * Loads the configuration of a folder. TypeScript needs no build, and `import { defineConfig } from 'trueup'` works
 * where `trueup` is not installed.
 *
 * @param path The file; without it, the first of {@link configFileNames} in `folder`.
 * @throws ConfigError `config-missing` without a file, `config-broken` with file and line when it cannot be run,
 *   `config-invalid` with all that is wrong in it.
 */
export async function loadConfig(path?: string, folder: string = process.cwd()): Promise<LoadedConfig> {
  const file = path === undefined ? findConfig(folder) : resolve(folder, path)
  if (file === null || !existsSync(file)) throw missing(file, folder)
  const shown = relative(folder, file) || file
  const input = file.endsWith('.json') ? await readJson(file, shown) : await runModule(file, shown)
  const { parseConfig } = await import('./parse-config.ts')
  return { file, config: parseConfig(input, shown), document: input }
}

/** The configuration file of a folder; `null` when there is none. */
export function findConfig(folder: string): string | null {
  return configFileNames.map((name) => join(folder, name)).find((file) => existsSync(file)) ?? null
}

async function runModule(file: string, shown: string): Promise<unknown> {
  const { createJiti } = await import('jiti')
  const jiti = createJiti(file, {
    fsCache: false,
    moduleCache: false,
    virtualModules: { trueup: { defineConfig } },
  })
  let loaded: unknown
  try {
    loaded = await jiti.import(file)
  } catch (cause) {
    throw broken(shown, lineOfError(cause, file), messageOf(cause), cause)
  }
  if (typeof loaded === 'object' && loaded !== null && 'default' in loaded) return loaded.default
  throw broken(
    shown,
    null,
    'it has no default export. Write `export default defineConfig({ ... })`',
    undefined,
  )
}

async function readJson(file: string, shown: string): Promise<unknown> {
  const text = await readFile(file, 'utf8')
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw broken(shown, lineOfJsonError(cause, text), messageOf(cause), cause)
  }
}

function missing(file: string | null, folder: string): ConfigError {
  return new ConfigError({
    code: 'config-missing',
    message: file
      ? `There is no configuration at ${relative(folder, file) || file}.`
      : `There is no ${configFileNames[0]} in ${folder} (nor one that ends in ${configFileNames
          .slice(1)
          .map((name) => name.slice(name.lastIndexOf('.')))
          .join(', ')}).`,
    fix: 'Run `trueup init` to write one, or name the file with --config.',
    file,
  })
}

function broken(shown: string, line: number | null, reason: string, cause: unknown): ConfigError {
  return new ConfigError({
    code: 'config-broken',
    message: `${shown}${line === null ? '' : `:${line}`} could not be loaded: ${reason}.`,
    fix: 'Mend the file, or run `trueup init` to write a new one.',
    file: shown,
    line,
    cause,
  })
}

function messageOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause)
  return (message.split('\n')[0] ?? message).trim()
}
