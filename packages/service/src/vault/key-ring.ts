import { createSecretKey, type KeyObject } from 'node:crypto'
import { fromBase64, toBase64 } from '@trueup/core'
import type { Secret } from '../secret.ts'
import type { RandomBytes } from './sealed-form.ts'
import { VaultError } from './vault-error.ts'
import { keyLength } from './xaes-256-gcm.ts'

/** A key that data keys are sealed under. It stands outside of the database, and does not print. */
export interface MasterKey {
  readonly id: string
  readonly key: KeyObject
}

/** The keys that are given. The first one seals; those after it only open what was sealed under them before. */
export interface KeyRing {
  readonly primary: MasterKey
  readonly keys: readonly MasterKey[]
  /** Where the keys were read, for messages. */
  readonly place: string
}

/** How a key is written: its id, a colon, 32 bytes in base64. */
const written = 'id:base64'
const makeOne = 'Make one with: trueup keys new'

/**
 * Reads encryption keys: `id:base64`, several of them separated by commas or line ends, the first one primary. A line
 * that begins with # is a remark.
 *
 * @param place where the text stands, for messages
 * @throws VaultError `encryption-key-malformed`; no part of the text stands in it
 *
 * @example
 * parseKeyRing(new Secret('2026-11:q83v…,2025-11:mYx0…'), 'TRUEUP_ENCRYPTION_KEY')
 */
export function parseKeyRing(text: Secret, place: string): KeyRing {
  const words = text
    .reveal()
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .flatMap((line) => line.split(/[\s,]+/))
    .filter((word) => word !== '')
  const keys = words.map((word, index) => parseKey(word, index + 1, place))
  const [primary] = keys
  if (!primary) throw malformed(`${place} holds no key.`, `Write it as ${written}. ${makeOne}`)
  const doubled = keys.find(({ id }, index) => keys.findIndex((other) => other.id === id) < index)
  if (doubled) {
    throw malformed(`${place} holds two keys with the id ${doubled.id}.`, 'Each key needs an id of its own.')
  }
  return { primary, keys, place }
}

function parseKey(word: string, number: number, place: string): MasterKey {
  const [, id, encoded = ''] = /^([a-zA-Z0-9][a-zA-Z0-9-]{0,39}):(.*)$/.exec(word) ?? []
  if (id === undefined) {
    throw malformed(
      `Key ${number} in ${place} has no id.`,
      `Write it as ${written}, the id of letters, digits and hyphens. ${makeOne}`,
    )
  }
  const bytes = fromBase64(encoded)
  if (bytes?.length !== keyLength) {
    const found = bytes ? `${bytes.length} bytes` : 'something that is not base64'
    throw malformed(
      `The key ${id} in ${place} is ${found}; 32 bytes in base64 are needed.`,
      `Copy it once more, whole. ${makeOne}`,
    )
  }
  return { id, key: createSecretKey(bytes) }
}

function malformed(message: string, fix: string): VaultError {
  return new VaultError({ code: 'encryption-key-malformed', message, fix })
}

/**
 * A new key as it is written in a ring, under an id that says when it was made.
 *
 * @example
 * newMasterKey(new Date('2026-11-21'), randomBytes) // '20261121-3f9a:q83v…'
 */
export function newMasterKey(
  now: Date,
  randomBytes: RandomBytes,
): { readonly id: string; readonly line: string } {
  const day = now.toISOString().slice(0, 10).replaceAll('-', '')
  const id = `${day}-${Buffer.from(randomBytes(2)).toString('hex')}`
  return { id, line: `${id}:${toBase64(randomBytes(keyLength))}` }
}
