import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BackendMessages } from './backend-messages.ts'
import { WireProblem } from './wire-problem.ts'

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5, type)
  head.writeInt32BE(4 + body.length, 1)
  return Buffer.concat([head, body])
}

/** The bytes in pieces of these sizes, over and over. */
function pieces(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const all: Buffer[] = []
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    all.push(bytes.subarray(at, at + size))
    at += size
  }
  return all
}

/** Adds piece after piece, and keeps what was handed on as it was at that moment, and as it is in the end. */
function addAll(parts: readonly Buffer[]) {
  const messages = new BackendMessages()
  const handedOn: Buffer[] = []
  const copies: Buffer[] = []
  for (const part of parts) {
    const whole = messages.add(part)
    if (whole === null) continue
    handedOn.push(whole)
    copies.push(Buffer.from(whole))
  }
  return { handedOn, copies }
}

const type = fc.constantFrom('D', 'T', 'C', 'Z', '1')
const body = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.nat({ max: 5000 }).map((length) => new Uint8Array(length).fill(120)),
)
const stream = fc
  .array(
    fc.tuple(type, body).map(([letter, bytes]) => message(letter, Buffer.from(bytes))),
    { minLength: 1, maxLength: 30 },
  )
  .map((all) => Buffer.concat(all))
const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 8 })

describe('messages of a server', () => {
  test('come out whole and in order, however they were cut', () => {
    fc.assert(
      fc.property(stream, sizes, (bytes, cuts) => {
        const { handedOn, copies } = addAll(pieces(bytes, cuts))
        expect(Buffer.concat(handedOn).equals(bytes)).toBe(true)
        // Nothing that was handed on is written to later.
        expect(Buffer.concat(copies).equals(bytes)).toBe(true)
        for (const run of copies) expect(endOfLast(run)).toBe(run.length)
      }),
      { numRuns: 2000 },
    )
  })

  test('the beginning of one is kept until the rest comes', () => {
    const messages = new BackendMessages()
    const whole = message('C', Buffer.from('SELECT 1\0'))
    expect(messages.add(whole.subarray(0, 3))).toBeNull()
    expect(messages.add(whole.subarray(3, 7))).toBeNull()
    expect(messages.add(Buffer.concat([whole.subarray(7), whole.subarray(0, 1)]))).toEqual(whole)
    expect(messages.add(whole.subarray(1))).toEqual(whole)
  })

  test.each([
    ['D', 16 * 1024 * 1024 + 1, 'message-too-long'],
    ['E', 256 * 1024 + 1, 'message-too-long'],
    ['R', 2 ** 31, 'message-too-long'],
    ['Z', 2 ** 32 - 1, 'message-too-long'],
    ['Z', 3, 'garbage'],
    ['Z', 0, 'garbage'],
  ])('%s that says it is %i long is refused before it comes', (letter, length, kind) => {
    const head = Buffer.alloc(5, letter)
    head.writeUInt32BE(length, 1)
    const messages = new BackendMessages()
    expect(messages.add(head.subarray(0, 4))).toBeNull()
    expect(() => messages.add(head.subarray(4))).toThrow(new WireProblem(kind as 'garbage'))
  })

  test('four million pieces of one byte take no more memory than the message', () => {
    const messages = new BackendMessages()
    const head = Buffer.alloc(5, 'D')
    head.writeUInt32BE(4 * 1024 * 1024, 1)
    messages.add(head)
    const piece = Buffer.from('x')
    const before = process.memoryUsage()
    for (let sent = 0; sent < 4 * 1024 * 1024 - 5; sent++) messages.add(piece)
    const after = process.memoryUsage()
    const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers
    expect(grown).toBeLessThan(100 * 1024 * 1024)
    expect(messages.add(piece)?.length).toBe(4 * 1024 * 1024 + 1)
  })
})

function endOfLast(run: Buffer): number {
  let at = 0
  while (at < run.length) at += 1 + run.readUInt32BE(at + 1)
  return at
}
