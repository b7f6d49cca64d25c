/**
 * The two hash functions of the log's trees, computed by libraries and not by WebCrypto, which browsers withhold from pages
 * that came over plain http from another machine.
 */
import { sha256 } from '@noble/hashes/sha2.js'

import { concat, fromHex } from './bytes'

export type TreeHash = 'sha256' | 'sm3'
export type Hash = (bytes: Uint8Array) => Uint8Array

/** SM2 and SM3 are loaded when something is verified, not with the page. */
export const nationalAlgorithms = () => import('sm-crypto-v2')

export async function hasher(tree: TreeHash): Promise<Hash> {
  if (tree === 'sha256') return sha256
  const { sm3 } = await nationalAlgorithms()
  return (bytes) => fromHex(sm3(bytes))
}
export { sha256 }

/** Hashes of RFC 6962 §2.1. */
export const leafHash = (hash: Hash, entry: Uint8Array): Uint8Array => hash(concat(Uint8Array.of(0), entry))
export const nodeHash = (hash: Hash, left: Uint8Array, right: Uint8Array): Uint8Array => hash(concat(Uint8Array.of(1), left, right))
