import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Secret } from '../secret.ts'
import { addToKeyFile, createKeyFile } from './key-file.ts'
import { homeKeyFile, keyRingSource } from './key-ring-source.ts'

const ports = { clock: { now: () => new Date('2026-11-21T10:00:00Z') }, randomBytes }
const line = (id: string, byte: number) => `${id}:${Buffer.alloc(32, byte).toString('base64')}`

describe('encryption keys are given', () => {
  let home: string
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'trueup-keys-'))
  })
  afterEach(() => rm(home, { recursive: true }))
  const settings = () => ({ encryptionKey: null, encryptionKeyFile: null, databaseUrl: null, home })
  const onServer = 'postgres://u:p@db/trueup'

  it('by the environment, also on a server', async () => {
    const given = { ...settings(), databaseUrl: onServer, encryptionKey: new Secret(line('k1', 1)) }
    expect((await keyRingSource(given, ports).read())?.primary.id).toBe('k1')
  })

  it('by a file that the environment names', async () => {
    const file = join(home, 'keys')
    await writeFile(file, `${line('k2', 2)}\n${line('k1', 1)}\n`)
    const source = keyRingSource({ ...settings(), encryptionKeyFile: file }, ports)
    expect((await source.read())?.keys.map(({ id }) => id)).toEqual(['k2', 'k1'])
    expect(source.create).toBeNull()
  })

  it('in one place only', () => {
    const both = {
      ...settings(),
      encryptionKey: new Secret(line('k1', 1)),
      encryptionKeyFile: join(home, 'keys'),
    }
    expect(() => keyRingSource(both, ports)).toThrow('are both set')
  })

  it('by a file that is there: one that is named and missing is told, and not made', async () => {
    const source = keyRingSource({ ...settings(), encryptionKeyFile: join(home, 'gone') }, ports)
    await expect(source.read()).rejects.toMatchObject({
      code: 'encryption-key-unusable',
      message: `There is no file of encryption keys at ${join(home, 'gone')}.`,
    })
    expect(await readdir(home)).toEqual([])
  })

  it('never by a server by itself: what one machine makes opens nothing on another', async () => {
    const source = keyRingSource({ ...settings(), databaseUrl: onServer }, ports)
    expect(await source.read()).toBeNull()
    expect(source.create).toBeNull()
  })

  it('by the home folder for the embedded database: made when first needed, for its owner alone, once', async () => {
    const source = keyRingSource(settings(), ports)
    expect(await source.read()).toBeNull()
    const rings = await Promise.all([source.create?.(), source.create?.(), source.create?.()])
    expect(new Set(rings.map((ring) => ring?.primary.id)).size).toBe(1)
    expect(await readdir(home)).toEqual(['encryption-keys'])
    expect((await stat(homeKeyFile(home))).mode & 0o777).toBe(0o600)
    expect((await keyRingSource(settings(), ports).read())?.primary.id).toBe(rings[0]?.primary.id)
  })
})

describe('a key is added to a file', () => {
  let file: string
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trueup-keys-'))
    file = join(folder, 'keys')
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('before those that are there, which stay as they are', async () => {
    await createKeyFile(file, line('k1', 1), randomBytes)
    await addToKeyFile(file, line('k2', 2))
    expect(await readFile(file, 'utf8')).toBe(`${line('k2', 2)}\n${line('k1', 1)}\n`)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it('also where there is no file yet', async () => {
    await addToKeyFile(file, line('k1', 1))
    expect(await readFile(file, 'utf8')).toBe(`${line('k1', 1)}\n`)
  })

  it('never to a file that holds something else', async () => {
    await writeFile(file, 'DATABASE_URL=postgres://\n')
    await expect(addToKeyFile(file, line('k1', 1))).rejects.toMatchObject({
      code: 'encryption-key-malformed',
    })
    expect(await readFile(file, 'utf8')).toBe('DATABASE_URL=postgres://\n')
  })

  it('by one command at a time', async () => {
    await writeFile(`${file}.next`, '')
    await expect(addToKeyFile(file, line('k1', 1))).rejects.toMatchObject({ code: 'encryption-key-unusable' })
  })
})
