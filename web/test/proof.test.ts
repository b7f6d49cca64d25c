import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'

import { fromHex, toHex } from '@/lib/bytes'
import { leafHash, parseCheckpoint, parseNote, parseVerifierKey, rootFromInclusion, verifyEd25519, verifyEntry, type ProofInput } from '@/lib/proof'

// An independent tree, straight from the definitions of RFC 6962 §2.1 and §2.1.1.
const sha256 = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}
const half = (n: number): number => {
  let k = 1
  while (2 * k < n) k *= 2
  return k
}
function mth(leaves: Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0]!
  const k = half(leaves.length)
  return sha256(Buffer.from([1]), mth(leaves.slice(0, k)), mth(leaves.slice(k)))
}
function path(m: number, leaves: Buffer[]): Buffer[] {
  if (leaves.length === 1) return []
  const k = half(leaves.length)
  return m < k ? [...path(m, leaves.slice(0, k)), mth(leaves.slice(k))] : [...path(m - k, leaves.slice(k)), mth(leaves.slice(0, k))]
}
const leafOf = (entry: Uint8Array): Buffer => sha256(Buffer.from([0]), entry)

// The leaves of the test data of Certificate Transparency's reference implementation, and the root it gives for all eight.
const ctEntries = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map((hex) => Buffer.from(hex, 'hex'))
const ctRoot = '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'

describe('the root from an inclusion proof', () => {
  it('is the known root of the Certificate Transparency test tree for each of its leaves', async () => {
    const leaves = ctEntries.map(leafOf)
    for (let m = 0; m < leaves.length; m += 1) {
      const { root } = await rootFromInclusion(m, 8, await leafHash(ctEntries[m]!), path(m, leaves))
      expect(root).toBe(ctRoot)
    }
  })
  it('fits the definition for every leaf of every tree of up to 33 leaves', async () => {
    const all = Array.from({ length: 33 }, (_, i) => leafOf(Buffer.from(`entry ${i}`)))
    for (let size = 1; size <= all.length; size += 1) {
      const leaves = all.slice(0, size)
      const expected = mth(leaves).toString('hex')
      for (let m = 0; m < size; m += 1) expect((await rootFromInclusion(m, size, leaves[m]!, path(m, leaves))).root).toBe(expected)
    }
  })
  it('is refused when the path is too short, too long or the index lies outside', async () => {
    const leaves = ctEntries.map(leafOf)
    const good = path(3, leaves)
    await expect(rootFromInclusion(3, 8, leaves[3]!, good.slice(1))).rejects.toThrow(RangeError)
    await expect(rootFromInclusion(3, 8, leaves[3]!, [...good, leaves[0]!])).rejects.toThrow(RangeError)
    await expect(rootFromInclusion(8, 8, leaves[3]!, good)).rejects.toThrow(RangeError)
  })
  it('follows index bits beyond 32', async () => {
    // A complete tree of 2^40 leaves in which every subtree is the same: its hashes need no tree.
    let node = leafOf(Buffer.from('same'))
    const siblings: Buffer[] = []
    for (let level = 0; level < 40; level += 1) {
      siblings.push(node)
      node = sha256(Buffer.from([1]), node, node)
    }
    const { root, steps } = await rootFromInclusion(2 ** 39 + 5, 2 ** 40, leafOf(Buffer.from('same')), siblings)
    expect(root).toBe(node.toString('hex'))
    expect(steps[39]!.side).toBe('left')
    expect(steps.map((step) => step.side).filter((side) => side === 'left')).toHaveLength(3)
  })
})

describe('Ed25519', () => {
  it('accepts test 1 of RFC 8032 §7.1 and refuses it with one bit changed', async () => {
    const key = fromHex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a')
    const signature = fromHex('e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b')
    expect((await verifyEd25519(key, signature, new Uint8Array())).valid).toBe(true)
    signature[0]! ^= 1
    expect((await verifyEd25519(key, signature, new Uint8Array())).valid).toBe(false)
  })
})

describe('a signed note', () => {
  // The example of the documentation of golang.org/x/mod/sumdb/note.
  const key = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
  const note =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
    '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n'
  it('of the Go implementation verifies under its key', async () => {
    const verifier = await parseVerifierKey(key)
    const parsed = parseNote(note)
    expect(toHex(verifier.hash)).toBe('c74f20a3')
    expect(toHex(parsed.signatures[0]!.hash)).toBe('c74f20a3')
    expect((await verifyEd25519(verifier.key, parsed.signatures[0]!.signature, new TextEncoder().encode(parsed.text))).valid).toBe(true)
  })
  it('is refused under a key whose short hash does not fit', async () => {
    await expect(parseVerifierKey(key.replace('c74f20a3', 'c74f20a4'))).rejects.toThrow('hash')
  })
  it('without a signature is refused', () => {
    expect(() => parseNote('text\n')).toThrow(RangeError)
    expect(() => parseCheckpoint('origin\nmany\nroot\n')).toThrow(RangeError)
  })
})

describe('verifying an entry', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const typed = Buffer.concat([Buffer.from([1]), publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)])
  const name = 'test.local/log'
  const short = sha256(Buffer.from(`${name}\n`), typed).subarray(0, 4)
  const payload = Buffer.from('##0010QN=1;CN=2011\r\n')
  const entries = Array.from({ length: 11 }, (_, i) => Buffer.concat([Buffer.from(`head ${i} `), payload]))
  const leaves = entries.map(leafOf)
  const proofOf = (index: number): ProofInput => {
    const root = mth(leaves)
    const text = `${name}\n${leaves.length}\n${root.toString('base64')}\n`
    const signature = Buffer.concat([short, sign(null, Buffer.from(text), privateKey)])
    return {
      index, size: leaves.length, leaf: leaves[index]!.toString('hex'), path: path(index, leaves).map((hash) => hash.toString('hex')), root: root.toString('hex'),
      checkpoint: `${text}\n\u2014 ${name} ${signature.toString('base64')}\n`, verifier_key: `${name}+${short.toString('hex')}+${typed.toString('base64')}`,
    }
  }
  const failing = async (entry: Uint8Array, bytes: Uint8Array, proof: ProofInput): Promise<string[]> =>
    (await verifyEntry(entry, bytes, proof)).steps.filter((step) => !step.ok).map((step) => step.name)

  it('passes every step for every entry of the log', async () => {
    for (let i = 0; i < entries.length; i += 1) expect(await failing(entries[i]!, payload, proofOf(i))).toEqual([])
  })
  it('fails from the leaf on when one bit of the entry was changed', async () => {
    const changed = Buffer.from(entries[4]!)
    changed[2]! ^= 0x20
    expect(await failing(changed, payload, proofOf(4))).toEqual(['leaf', 'path', 'checkpoint'])
  })
  it('sees that the bytes shown are not those of the entry', async () => {
    expect(await failing(entries[4]!, Buffer.from('##0010QN=2;CN=2011\r\n'), proofOf(4))).toEqual(['payload'])
  })
  it('sees a checkpoint of another root even when leaf and path agree with the root that was sent', async () => {
    const proof = proofOf(4)
    const other = `${name}\n${leaves.length}\n${leaves[0]!.toString('base64')}\n`
    const signature = Buffer.concat([short, sign(null, Buffer.from(other), privateKey)])
    expect(await failing(entries[4]!, payload, { ...proof, checkpoint: `${other}\n\u2014 ${name} ${signature.toString('base64')}\n` })).toEqual(['checkpoint'])
  })
  it('sees a signature that is not of the key', async () => {
    const proof = proofOf(4)
    const checkpoint = proof.checkpoint.replace(/(\u2014 \S+ \S{20})(.)/, (_, head: string, char: string) => head + (char === 'A' ? 'B' : 'A'))
    expect(await failing(entries[4]!, payload, { ...proof, checkpoint })).toEqual(['signature'])
  })
})
