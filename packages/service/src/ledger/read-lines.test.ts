import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readLines } from './read-lines.ts'

describe('the lines of a file', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trueup-lines-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const linesOf = async (text: string) => {
    const path = join(folder, 'file')
    await writeFile(path, text)
    const lines: string[] = []
    for await (const line of readLines(path)) lines.push(Buffer.from(line).toString())
    return lines
  }

  test('come one by one, the last one with or without its newline', async () => {
    expect(await linesOf('a\nb\n')).toEqual(['a', 'b'])
    expect(await linesOf('a\nb')).toEqual(['a', 'b'])
    expect(await linesOf('\n\na')).toEqual(['', '', 'a'])
    expect(await linesOf('')).toEqual([])
  })

  test('are whole wherever the file was read in pieces', async () => {
    const lengths = [256 * 1024 - 1, 0, 1, 256 * 1024, 700_000, 5]
    const lines = lengths.map((length, place) => String(place).repeat(length))
    expect(await linesOf(lines.map((line) => `${line}\n`).join(''))).toEqual(lines)
    expect(await linesOf('é'.repeat(400_000))).toEqual(['é'.repeat(400_000)])
  })

  test('cannot be read of what is no file', async () => {
    const read = async (path: string) => {
      for await (const _ of readLines(path)) return
    }
    await expect(read(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'file-unreadable' })
    await expect(read(folder)).rejects.toMatchObject({ code: 'file-unreadable' })
  })
})
