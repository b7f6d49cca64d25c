import { createHash } from 'node:crypto'

/** An independent tree, straight from the definitions of RFC 6962 §2.1, §2.1.1 and §2.1.2, over Node's own hashes. */
export type Algorithm = 'sha256' | 'sm3'

export function tree(algorithm: Algorithm) {
  const hash = (...parts: Uint8Array[]): Buffer => {
    const sum = createHash(algorithm)
    for (const part of parts) sum.update(part)
    return sum.digest()
  }
  const half = (n: number): number => {
    let k = 1
    while (2 * k < n) k *= 2
    return k
  }
  const leaf = (entry: Uint8Array): Buffer => hash(Buffer.from([0]), entry)
  const node = (left: Uint8Array, right: Uint8Array): Buffer => hash(Buffer.from([1]), left, right)
  const root = (leaves: Buffer[]): Buffer => {
    if (leaves.length === 1) return leaves[0]!
    const k = half(leaves.length)
    return node(root(leaves.slice(0, k)), root(leaves.slice(k)))
  }
  const path = (m: number, leaves: Buffer[]): Buffer[] => {
    if (leaves.length === 1) return []
    const k = half(leaves.length)
    return m < k ? [...path(m, leaves.slice(0, k)), root(leaves.slice(k))] : [...path(m - k, leaves.slice(k)), root(leaves.slice(0, k))]
  }
  const subproof = (m: number, leaves: Buffer[], complete: boolean): Buffer[] => {
    if (m === leaves.length) return complete ? [] : [root(leaves)]
    const k = half(leaves.length)
    return m <= k
      ? [...subproof(m, leaves.slice(0, k), complete), root(leaves.slice(k))]
      : [...subproof(m - k, leaves.slice(k), false), root(leaves.slice(0, k))]
  }
  const consistency = (m: number, leaves: Buffer[]): Buffer[] => subproof(m, leaves, true)
  return { hash, leaf, node, root, path, consistency }
}
