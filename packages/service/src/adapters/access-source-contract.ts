import type { AccessPart, AccessSource, Cursor } from '@trueup/core'
import { SourceError } from '@trueup/core'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'

/** An app's access as a contract needs it: what is in it, a source on it, and ways to make it fail. */
export interface AccessWorld {
  /** A source that has read nothing yet. */
  open(): AccessSource
  /** The ids of all subjects; more than a page of each. */
  readonly ids: Readonly<Record<AccessPart, readonly string[]>>
  /** A path that many of the most recent users have. */
  readonly commonPath: string
  /** What the source can do beside the port; all of it reads. Default: nothing. */
  readonly otherMethods?: readonly string[]
  /** Makes every request from this one on fail as when a key was revoked, counted from 1. */
  revokeKeyFrom(request: number): void
  restoreKey(): void | Promise<void>
}

const parts = ['users', 'organizations'] as const
const typeOf = { users: 'user', organizations: 'organization' } as const

/** What every access source must do, whatever stands behind it. */
export function accessSourceContract(begin: () => Promise<AccessWorld>): void {
  let world: AccessWorld
  beforeAll(async () => {
    world = await begin()
  })
  afterEach(() => world.restoreKey())

  describe.each(parts)('%s', (part) => {
    test('every subject is read once, with the source and the time, and its cursors end done', async () => {
      const stored = new StoredSubjects(part)
      const source = world.open()
      await stored.read(source)
      expect(stored.ids.toSorted()).toEqual(world.ids[part].toSorted())
      expect(stored.isDone).toBe(true)
      expect(stored.sources).toEqual(new Set([source.name]))
    })

    test('cut off after any page and resumed by another process, every subject is stored once', async () => {
      const whole = new StoredSubjects(part)
      await whole.read(world.open())
      for (let pages = 0; pages < whole.pages; pages++) {
        const stored = new StoredSubjects(part)
        await stored.read(world.open(), pages)
        await stored.read(world.open())
        expect(stored.ids.toSorted()).toEqual(world.ids[part].toSorted())
        expect(stored.isDone).toBe(true)
      }
    })

    test('who changed since a moment is everybody since long ago, and nobody since what is to come', async () => {
      const changedSince = async (since: Date) => {
        const pages = await world.open().changedSince?.(part, since)
        if (!pages) return null
        const ids = new Set<string>()
        for await (const subjects of pages) for (const { id } of subjects) ids.add(id)
        return [...ids].toSorted()
      }
      expect([null, world.ids[part].toSorted()]).toContainEqual(await changedSince(new Date(0)))
      expect([null, []]).toContainEqual(await changedSince(new Date('2100-01-01')))
    })

    test('what is done costs no request', async () => {
      const stored = new StoredSubjects(part)
      await stored.read(world.open())
      const again = world.open()
      await stored.read(again)
      expect(again.requests()).toBe(0)
    })

    test('a source that fails half-way says so, and what it gave before stays good', async () => {
      world.revokeKeyFrom(part === 'users' ? 3 : 2)
      const stored = new StoredSubjects(part)
      const failed = await stored.read(world.open()).catch((error: unknown) => error)
      expect(failed).toBeInstanceOf(SourceError)
      expect(failed).toMatchObject({ code: 'key-rejected', retryable: false })
      expect(stored.isDone).toBe(false)
      await world.restoreKey()
      await stored.read(world.open())
      expect(stored.ids.toSorted()).toEqual(world.ids[part].toSorted())
    })

    test('subjects asked for by id are read, and those who are not there are absent', async () => {
      const type = typeOf[part]
      const asked = world.ids[part].slice(0, 130)
      const found = await world
        .open()
        .readSubjects([...asked.map((id) => ({ type, id })), { type, id: `${type}_nobody` }])
      expect(found.map(({ subject }) => subject.id).toSorted()).toEqual(asked.toSorted())
      expect(found.every(({ subject }) => subject.type === type)).toBe(true)
    })
  })

  test('subjects who cannot be read for want of a key are an error, not absent', async () => {
    world.revokeKeyFrom(1)
    const [id = ''] = world.ids.users
    await expect(world.open().readSubjects([{ type: 'user', id }])).rejects.toMatchObject({
      name: 'SourceError',
      code: 'key-rejected',
    })
  })

  test('a sample counts the fields of as many of the most recent subjects as were asked for', async () => {
    const fields = await world.open().sample('user', 20)
    const common = fields.find(({ path }) => path === world.commonPath)
    expect(common?.sampled).toBe(20)
    expect(common?.seen).toBeGreaterThan(0)
    expect(common?.examples.length).toBeGreaterThan(0)
  })

  test('testing the connection names the key, and fails where the key is refused', async () => {
    const source = world.open()
    expect(await source.test()).toContainEqual(expect.objectContaining({ name: 'key', state: 'ok' }))
    expect(source.requests()).toBeGreaterThan(0)
    world.revokeKeyFrom(1)
    await expect(world.open().test()).rejects.toMatchObject({ name: 'SourceError', code: 'key-rejected' })
  })

  test('it has no method but those that read', () => {
    const methods = ['name', 'read', 'readSubjects', 'requests', 'sample', 'subjectTypes', 'test']
    const optional = ['changedSince', 'divisible']
    const found = Object.keys(world.open()).filter((key) => !optional.includes(key))
    expect(found.toSorted()).toEqual([...methods, ...(world.otherMethods ?? [])].toSorted())
  })
}

/** A consumer that stores each page with its cursors, and can die with a page in hand. */
export class StoredSubjects {
  readonly ids: string[] = []
  readonly sources = new Set<string>()
  readonly #part: AccessPart
  readonly #cursors = new Map<string, Cursor>()
  pages = 0

  constructor(part: AccessPart) {
    this.#part = part
  }

  get cursors(): readonly Cursor[] {
    return [...this.#cursors.values()]
  }

  get isDone(): boolean {
    return this.cursors.length > 0 && this.cursors.every(({ done }) => done)
  }

  async read(source: AccessSource, pagesAtMost = Number.POSITIVE_INFINITY): Promise<void> {
    let pages = 0
    for await (const page of source.read(this.#part, this.cursors)) {
      if (pages++ >= pagesAtMost) return
      this.pages++
      for (const row of page.rows) {
        this.ids.push(row.subject.id)
        this.sources.add(row.source)
      }
      for (const cursor of page.cursors) this.#cursors.set(cursor.id, cursor)
    }
  }
}
