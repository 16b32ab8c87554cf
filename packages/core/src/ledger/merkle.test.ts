import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  consistencyPath,
  inclusionPath,
  isConsistent,
  NodeCollector,
  rootOfInclusion,
} from './merkle-proof.ts'
import { CompactRange, leafHash, nodeHash } from './merkle-tree.ts'

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** The leaves and roots that implementations of Certificate Transparency test against. */
const leaves = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
]
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const leafHashes = (count: number) =>
  Array.from({ length: count }, (_, place) =>
    leafHash(sha256, Buffer.from(leaves[place] ?? String(place).padStart(8, '0'), 'hex')),
  )

/** The tree as RFC 6962 defines it, word for word. */
function treeHash(hashes: readonly Uint8Array[]): Uint8Array {
  const [only] = hashes
  if (!only) return sha256(new Uint8Array(0))
  if (hashes.length === 1) return only
  let k = 1
  while (k * 2 < hashes.length) k *= 2
  return nodeHash(sha256, treeHash(hashes.slice(0, k)), treeHash(hashes.slice(k)))
}

function proofOf(hashes: readonly Uint8Array[], path: ReturnType<typeof inclusionPath>) {
  const nodes = new NodeCollector(path)
  const tree = new CompactRange(sha256, undefined, (node) => nodes.see(node))
  for (const hash of hashes) tree.append(hash)
  return nodes.hashesOf(sha256, path)
}

describe('the Merkle tree', () => {
  test('has the roots of the vectors of Certificate Transparency', () => {
    const tree = new CompactRange(sha256)
    expect(hex(tree.root())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    for (const [place, hash] of leafHashes(8).entries()) {
      tree.append(hash)
      expect(hex(tree.root())).toBe(roots[place])
    }
  })

  test('has the root that RFC 6962 defines, at every size, also when hashing goes on from where it stopped', () => {
    const hashes = leafHashes(130)
    let tree = new CompactRange(sha256)
    for (const [place, hash] of hashes.entries()) {
      tree.append(hash)
      expect(hex(tree.root())).toBe(hex(treeHash(hashes.slice(0, place + 1))))
      tree = new CompactRange(sha256, { size: tree.size, hashes: tree.hashes })
    }
  })

  test('does not go on from hashes that do not fit its size', () => {
    expect(() => new CompactRange(sha256, { size: 3, hashes: leafHashes(1) })).toThrow('complete subtrees')
  })
})

describe('an inclusion proof', () => {
  test('has the hashes of the vectors of Certificate Transparency', () => {
    // Leaf 5 in the tree of 8, leaf 0 in the tree of 8, leaf 1 in the tree of 5.
    const proof = (index: number, size: number) =>
      proofOf(leafHashes(size), inclusionPath(index, size)).map(hex)
    expect(proof(5, 8)).toEqual([
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ])
    expect(proof(1, 5)).toEqual([
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ])
  })

  test('leads from every leaf of every tree to its root', () => {
    for (let size = 1; size <= 40; size++) {
      const hashes = leafHashes(size)
      for (const [index, hash] of hashes.entries()) {
        const proof = proofOf(hashes, inclusionPath(index, size))
        const root = rootOfInclusion(sha256, { index, hash }, size, proof)
        expect(root && hex(root)).toBe(hex(treeHash(hashes)))
      }
    }
  })

  test('leads nowhere for another leaf, another index, another size, or with a hash more, less or changed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.nat(), fc.nat(), (size, pick, bit) => {
        const hashes = leafHashes(size)
        const index = pick % size
        const hash = hashes[index] ?? new Uint8Array(32)
        const proof = proofOf(hashes, inclusionPath(index, size))
        const root = hex(treeHash(hashes))
        const rootOf = (...given: [typeof index, Uint8Array, number, readonly Uint8Array[]]) => {
          const found = rootOfInclusion(sha256, { index: given[0], hash: given[1] }, given[2], given[3])
          return found && hex(found)
        }
        const other = (index + 1) % size
        const changed = proof.map((one, place) => (place === bit % proof.length ? flipped(one, bit) : one))
        expect(rootOf(index, hashes[other] ?? hash, size, proof)).not.toBe(root)
        expect(rootOf(other, hash, size, proof)).not.toBe(root)
        expect(rootOf(index, hash, size, changed)).not.toBe(root)
        expect(rootOf(index, hash, size, proof.slice(1))).not.toBe(root)
        expect(rootOf(index, hash, size, [...proof, hash])).not.toBe(root)
        expect(rootOf(size, hash, size, proof)).toBeNull()
      }),
    )
  })
})

describe('a consistency proof', () => {
  test('holds between every two sizes of a tree that only grew', () => {
    const hashes = leafHashes(40)
    for (let size = 0; size <= 40; size++) {
      for (let older = 0; older <= size; older++) {
        const proof = proofOf(hashes.slice(0, size), consistencyPath(older, size))
        const at = (count: number) => ({ size: count, root: treeHash(hashes.slice(0, count)) })
        expect(isConsistent(sha256, at(older), at(size), proof), `${older} to ${size}`).toBe(true)
      }
    }
  })

  test('does not hold once a leaf of the older tree was changed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.nat(), fc.nat(), (size, pick, bit) => {
        const hashes = leafHashes(size)
        const older = 1 + (pick % (size - 1))
        const changed = hashes.map((hash, place) => (place === bit % older ? flipped(hash, bit) : hash))
        const before = { size: older, root: treeHash(hashes.slice(0, older)) }
        const after = { size, root: treeHash(changed) }
        for (const tree of [hashes, changed]) {
          expect(isConsistent(sha256, before, after, proofOf(tree, consistencyPath(older, size)))).toBe(false)
        }
      }),
    )
  })
})

function flipped(hash: Uint8Array, bit: number): Uint8Array {
  return hash.map((byte, place) => (place === bit % hash.length ? byte ^ (1 << (bit % 8)) : byte))
}
