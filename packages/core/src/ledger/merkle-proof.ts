import type { Digest } from './digest.ts'
import { isSameBytes } from './digest.ts'
import type { TreeNode } from './merkle-tree.ts'
import { foldSubtrees, nodeHash, subtreeSizes } from './merkle-tree.ts'

/** The leaves from `start` to before `end`, which have a root of their own within the tree. */
export interface LeafRange {
  readonly start: number
  readonly end: number
}

/** Whose roots prove that a leaf is in a tree of this size, from its sibling up (PATH of RFC 6962, section 2.1.1). */
export function inclusionPath(index: number, size: number): readonly LeafRange[] {
  const path: LeafRange[] = []
  let [start, end] = [0, size]
  while (end - start > 1) {
    const middle = start + largestPowerBelow(end - start)
    if (index < middle) {
      path.unshift({ start: middle, end })
      end = middle
    } else {
      path.unshift({ start, end: middle })
      start = middle
    }
  }
  return path
}

/** Whose roots prove that a tree of `size` grew out of one of `older` (PROOF of RFC 6962, section 2.1.2). */
export function consistencyPath(older: number, size: number): readonly LeafRange[] {
  const path: LeafRange[] = []
  let [start, end] = [0, size]
  while (older < end && older > 0) {
    const middle = start + largestPowerBelow(end - start)
    if (older <= middle) {
      path.unshift({ start: middle, end })
      end = middle
    } else {
      path.unshift({ start, end: middle })
      start = middle
    }
  }
  return start === 0 ? path : [{ start, end }, ...path]
}

/**
 * Collects, while a tree is hashed once from its first leaf to its last, the nodes that proofs need. Memory grows with
 * the proofs, not with the tree.
 *
 * @example
 * const nodes = new NodeCollector(inclusionPath(5, size))
 * const tree = new CompactRange(sha256, undefined, (node) => nodes.see(node))
 * for (const hash of hashes) tree.append(hash)
 * const proof = nodes.hashesOf(sha256, inclusionPath(5, size))
 */
export class NodeCollector {
  readonly #hashes = new Map<string, Uint8Array | null>()

  constructor(ranges: Iterable<LeafRange>) {
    for (const range of ranges) for (const key of keysOf(range)) this.#hashes.set(key, null)
  }

  see({ level, index, hash }: TreeNode): void {
    const key = `${level}/${index}`
    if (this.#hashes.has(key)) this.#hashes.set(key, hash)
  }

  hashesOf(sha256: Digest, path: readonly LeafRange[]): readonly Uint8Array[] {
    return path.map((range) =>
      foldSubtrees(
        sha256,
        keysOf(range).map((key) => {
          const hash = this.#hashes.get(key)
          if (!hash) throw new Error(`The node ${key} was not hashed before its proof was asked for.`)
          return hash
        }),
      ),
    )
  }
}

/** The root that this proof leads to from a leaf; `null` when its length does not fit the tree. */
export function rootOfInclusion(
  sha256: Digest,
  leaf: { readonly index: number; readonly hash: Uint8Array },
  size: number,
  proof: readonly Uint8Array[],
): Uint8Array | null {
  if (leaf.index >= size) return null
  let [node, last, hash] = [leaf.index, size - 1, leaf.hash]
  for (const sibling of proof) {
    if (last === 0) return null
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sha256, sibling, hash)
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)]
    } else {
      hash = nodeHash(sha256, hash, sibling)
    }
    ;[node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  }
  return last === 0 ? hash : null
}

/** Whether the proof shows that the newer tree holds the older one unchanged (RFC 9162, section 2.1.4.2). */
export function isConsistent(
  sha256: Digest,
  older: { readonly size: number; readonly root: Uint8Array },
  newer: { readonly size: number; readonly root: Uint8Array },
  proof: readonly Uint8Array[],
): boolean {
  if (older.size > newer.size) return false
  if (older.size === newer.size) return proof.length === 0 && isSameBytes(older.root, newer.root)
  if (older.size === 0) return proof.length === 0 && isSameBytes(older.root, sha256(new Uint8Array(0)))
  const path = Number.isInteger(Math.log2(older.size)) ? [older.root, ...proof] : [...proof]
  const [first, ...rest] = path
  if (!first) return false
  let [node, last] = [older.size - 1, newer.size - 1]
  while (node % 2 === 1) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  let [olderRoot, newerRoot] = [first, first]
  for (const hash of rest) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      olderRoot = nodeHash(sha256, hash, olderRoot)
      newerRoot = nodeHash(sha256, hash, newerRoot)
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)]
    } else {
      newerRoot = nodeHash(sha256, newerRoot, hash)
    }
    ;[node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  }
  return last === 0 && isSameBytes(olderRoot, older.root) && isSameBytes(newerRoot, newer.root)
}

function largestPowerBelow(count: number): number {
  let power = 1
  while (power * 2 < count) power *= 2
  return power
}

/** The complete subtrees that a range is made of, largest first. */
function keysOf({ start, end }: LeafRange): readonly string[] {
  let at = start
  return subtreeSizes(end - start).map((leaves) => {
    const key = `${Math.round(Math.log2(leaves))}/${at / leaves}`
    at += leaves
    return key
  })
}
