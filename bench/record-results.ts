import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const path = join(import.meta.dirname, 'RESULTS.md')
const head =
  '# Results\n\nWhat the benches and soaks saw, each with its command; a newer run of one replaces the older.\n' +
  'Times depend on the machine; the ratios are what counts.\n'

/** Writes what a command saw into `bench/RESULTS.md`, in place of what it saw before. */
export async function recordResults(name: string, command: string, text: string): Promise<void> {
  const today = new Date().toISOString().slice(0, 10)
  const section = `## ${name}\n\n\`${command}\`, ${today}.\n\n${text}\n`
  const known = existsSync(path) ? readFileSync(path, 'utf8') : head
  const [start = head, ...sections] = known.split(/^(?=## )/m)
  const others = sections.filter((other) => !other.startsWith(`## ${name}\n`)).map((other) => other.trimEnd())
  writeFileSync(path, `${[start.trimEnd(), ...others, section.trimEnd()].join('\n\n')}\n`)
}
