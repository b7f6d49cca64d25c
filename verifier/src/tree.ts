export { sha256 } from '@noble/hashes/sha2'
import { sm3 as sm3Hex } from 'sm-crypto-v2'

import { demand, equal, join, unhex } from './bytes'
import type { Entry } from './packet'
export type Hash = (bytes: Uint8Array) => Uint8Array
export const sm3: Hash = (bytes) => unhex(sm3Hex(bytes))
/** H(0x00 ‖ entry) and H(0x01 ‖ left ‖ right): evidence-log.md §4. */
export const leafHash = (hash: Hash, entry: Uint8Array): Uint8Array => hash(join(Uint8Array.of(0), entry))
const nodeHash = (hash: Hash, left: Uint8Array, right: Uint8Array): Uint8Array => hash(join(Uint8Array.of(1), left, right))
export type ProofNode = [level: number, index: number, hash: Uint8Array]
/** The root of the tree of `size` leaves, from some of its leaves (ascending) and the roots of the largest complete subtrees that hold
 * none of them: bundle.md §2. Both lists are used up from left to right, so each of them has to fit its place. */
export function rootOf(hash: Hash, size: number, leaves: { index: number; hash: Uint8Array }[], nodes: ProofNode[]): Uint8Array {
  let [leaf, node] = [0, 0]
  /** The hash of a subtree that is a leaf or a node; undefined when it is to be computed from its halves. */
  const ready = (level: number, index: number): Uint8Array | undefined => {
    const next = leaves[leaf]
    if (next && next.index < (index + 1) * 2 ** level) return level > 0 ? undefined : leaves[leaf++]!.hash
    const [givenLevel, givenIndex, given] = nodes[node++] ?? []
    demand(givenLevel === level && givenIndex === index, `the node (${level}, ${index}) is missing or not in its place`)
    return given!
  }
  const complete = (level: number, index: number): Uint8Array =>
    ready(level, index) ?? nodeHash(hash, complete(level - 1, 2 * index), complete(level - 1, 2 * index + 1))
  // A tree of n leaves is made of complete ones, those of the binary digits of n, the largest to the left.
  const parts: Uint8Array[] = []
  for (let level = 53, begin = 0; level >= 0; begin += size - begin < 2 ** level ? 0 : 2 ** level, level--) {
    if (size - begin >= 2 ** level) parts.push(complete(level, begin / 2 ** level))
  }
  demand(leaf === leaves.length && node === nodes.length, `an entry lies at or beyond the checkpoint's size ${size}, or a node is not needed`)
  return parts.reduceRight((right, left) => nodeHash(hash, left, right))
}
/** Demands that the entries, with the nodes, lead to the root. */
export function checkRoot(hash: Hash, size: number, root: Uint8Array, entries: Map<number, Entry>, nodes: ProofNode[]): string {
  const leaves = [...entries.values()].map(({ index, bytes }) => ({ index, hash: leafHash(hash, bytes) }))
  demand(equal(rootOf(hash, size, leaves, nodes), root), 'the entries and nodes do not lead to the root of the checkpoint')
  return `${leaves.length} entries and ${nodes.length} nodes lead to the root`
}
