#!/usr/bin/env node
import { runCli } from './cli/run-cli.ts'

const exitCode = await runCli(process)
await Promise.all(
  [process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))),
)
// A request that was on its way when the command was stopped would keep the process waiting for its answer.
process.exit(exitCode)
