import type { Digest } from './digest.ts'
import { joinBytes } from './digest.ts'

const leafPrefix = Uint8Array.of(0)
const nodePrefix = Uint8Array.of(1)

/** The hash of a leaf: SHA-256(0x00 || bytes), so that no leaf can be passed off as a node (RFC 6962, section 2.1). */
export function leafHash(sha256: Digest, bytes: Uint8Array): Uint8Array {
  return sha256(joinBytes(leafPrefix, bytes))
}

/** The hash of a node over its two children: SHA-256(0x01 || left || right). */
export function nodeHash(sha256: Digest, left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(joinBytes(nodePrefix, left, right))
}

/** A complete subtree: `2 ** level` leaves, the `index`-th of its level. */
export interface TreeNode {
  readonly level: number
  readonly index: number
  readonly hash: Uint8Array
}

/**
 * The Merkle tree of RFC 6962 as it grows, held as the roots of its complete subtrees: at most 53 hashes, however
 * many leaves there are.
 *
 * @example
 * const tree = new CompactRange(sha256)
 * tree.append(leafHash(sha256, bytes))
 * tree.root() // what a checkpoint signs
 */
export class CompactRange {
  readonly #sha256: Digest
  readonly #onNode: (node: TreeNode) => void
  #size: number
  /** Largest first. */
  readonly #nodes: Uint8Array[]

  /**
   * @param start Where hashing goes on from: a size and the hashes that {@link CompactRange.hashes} gave at it.
   * @param onNode Told each complete subtree as it becomes one, leaves among them.
   */
  constructor(
    sha256: Digest,
    start: { readonly size: number; readonly hashes: readonly Uint8Array[] } = { size: 0, hashes: [] },
    onNode: (node: TreeNode) => void = () => {},
  ) {
    if (start.hashes.length !== subtreeSizes(start.size).length) {
      throw new Error(
        `A tree of ${start.size} leaves does not have ${start.hashes.length} complete subtrees.`,
      )
    }
    this.#sha256 = sha256
    this.#onNode = onNode
    this.#size = start.size
    this.#nodes = [...start.hashes]
  }

  get size(): number {
    return this.#size
  }

  /** The roots of the complete subtrees, largest first. */
  get hashes(): readonly Uint8Array[] {
    return [...this.#nodes]
  }

  append(hash: Uint8Array): void {
    let node: TreeNode = { level: 0, index: this.#size, hash }
    this.#onNode(node)
    while (node.index % 2 === 1) {
      const left = this.#nodes.pop()
      if (!left) throw new Error('A right child came without its left one.')
      const parent = nodeHash(this.#sha256, left, node.hash)
      node = { level: node.level + 1, index: (node.index - 1) / 2, hash: parent }
      this.#onNode(node)
    }
    this.#nodes.push(node.hash)
    this.#size += 1
  }

  /** The root over all leaves so far; of none it is the hash of nothing. */
  root(): Uint8Array {
    return foldSubtrees(this.#sha256, this.#nodes)
  }
}

/** The root of neighbouring complete subtrees, largest first. */
export function foldSubtrees(sha256: Digest, hashes: readonly Uint8Array[]): Uint8Array {
  const last = hashes.at(-1)
  if (!last) return sha256(new Uint8Array(0))
  return hashes.slice(0, -1).reduceRight((right, left) => nodeHash(sha256, left, right), last)
}

/** How many leaves each complete subtree of a tree has, largest first: the binary digits of the size. */
export function subtreeSizes(size: number): readonly number[] {
  const sizes: number[] = []
  for (let rest = size, unit = 1; rest > 0; rest = Math.floor(rest / 2), unit *= 2) {
    if (rest % 2 === 1) sizes.unshift(unit)
  }
  return sizes
}
