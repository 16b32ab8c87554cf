#!/usr/bin/env node
// Stands outside `dist`, so that npm can link the command in a clone that was not built yet.
import { existsSync } from 'node:fs'

const program = new URL('../dist/bin.mjs', import.meta.url)
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`trueup needs Node 20.19 or newer; this is Node ${process.versions.node}.\n`)
  process.exitCode = 2
} else if (!existsSync(program)) {
  process.stderr.write('trueup is not built in this clone. Run: npm run build\n')
  process.exitCode = 2
} else {
  await import(program.href)
}
