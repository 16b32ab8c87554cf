import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setImmediate as untilIdle } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { processTerminal } from './terminal.ts'

const terminalOf = (isTTY: boolean, env: Readonly<Record<string, string>>, pipe = new PassThrough()) => {
  const stream = Object.assign(pipe, { isTTY, columns: 80 })
  return processTerminal({ stdout: stream, stderr: stream, stdin: { isTTY }, env })
}

test('what is written in pieces is made no faster than it is read', async () => {
  const pipe = new PassThrough({ highWaterMark: 10 })
  let made = 0
  function* pieces() {
    while (made < 100) yield `piece ${++made}\n`
  }
  const written = terminalOf(false, {}, pipe).outInPieces(pieces())
  await untilIdle()
  expect(made).toBeLessThan(10)
  const read = text(pipe)
  await written
  pipe.end()
  expect((await read).split('\n')).toHaveLength(101)
})

describe('colours', () => {
  test.each<[rule: string, isTTY: boolean, env: Readonly<Record<string, string>>, isColored: boolean]>([
    ['are shown where a person watches', true, {}, true],
    ['are left out of a pipe', false, {}, false],
    ['are left out with NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['are left out where the terminal knows none', true, { TERM: 'dumb' }, false],
    ['go into a pipe with FORCE_COLOR', false, { FORCE_COLOR: '1' }, true],
    ['are forced whatever NO_COLOR says, as Node has it', false, { FORCE_COLOR: '3', NO_COLOR: '1' }, true],
    ['are left out with FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false],
    ['are left out with FORCE_COLOR=false', true, { FORCE_COLOR: 'false' }, false],
    ['are as they would be where FORCE_COLOR is empty', false, { FORCE_COLOR: '' }, false],
  ])('%s', (_rule, isTTY, env, isColored) => {
    const { color, errColor } = terminalOf(isTTY, env)
    const plain = [color.red('x'), errColor.red('x')].every((text) => text === 'x')
    expect(plain).toBe(!isColored)
  })
})
