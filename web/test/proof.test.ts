import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { sm2 } from 'sm-crypto-v2'
import { describe, expect, it } from 'vitest'

import { hasher, leafHash } from '@/lib/hashes'
import { rootFromInclusion, rootsFromConsistency, verifyConsistency, verifyEntry, type ProofInput } from '@/lib/proof'
import { tree } from './trees'

const { hash: sha256, leaf: leafOf, root: mth, path, consistency } = tree('sha256')
const sm3 = tree('sm3')
const ours = await hasher('sha256')

// The leaves of the test data of Certificate Transparency's reference implementation, and the root it gives for all eight.
const ctEntries = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map((hex) => Buffer.from(hex, 'hex'))
const ctRoot = '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'

describe('the root from an inclusion proof', () => {
  it('is the known root of the Certificate Transparency test tree for each of its leaves', () => {
    const leaves = ctEntries.map(leafOf)
    for (let m = 0; m < leaves.length; m += 1) {
      const { root } = rootFromInclusion(ours, m, 8, leafHash(ours, ctEntries[m]!), path(m, leaves))
      expect(root).toBe(ctRoot)
    }
  })
  it('fits the definition for every leaf of every tree of up to 33 leaves', () => {
    const all = Array.from({ length: 33 }, (_, i) => leafOf(Buffer.from(`entry ${i}`)))
    for (let size = 1; size <= all.length; size += 1) {
      const leaves = all.slice(0, size)
      const expected = mth(leaves).toString('hex')
      for (let m = 0; m < size; m += 1) expect(rootFromInclusion(ours, m, size, leaves[m]!, path(m, leaves)).root).toBe(expected)
    }
  })
  it('fits the definition in the SM3 tree', async () => {
    const leaves = Array.from({ length: 11 }, (_, i) => sm3.leaf(Buffer.from(`entry ${i}`)))
    const hash = await hasher('sm3')
    for (let m = 0; m < 11; m += 1) expect(rootFromInclusion(hash, m, 11, leaves[m]!, sm3.path(m, leaves)).root).toBe(sm3.root(leaves).toString('hex'))
  })
  it('is refused when the path is too short, too long or the index lies outside', () => {
    const leaves = ctEntries.map(leafOf)
    const good = path(3, leaves)
    expect(() => rootFromInclusion(ours, 3, 8, leaves[3]!, good.slice(1))).toThrow(RangeError)
    expect(() => rootFromInclusion(ours, 3, 8, leaves[3]!, [...good, leaves[0]!])).toThrow(RangeError)
    expect(() => rootFromInclusion(ours, 8, 8, leaves[3]!, good)).toThrow(RangeError)
  })
  it('follows index bits beyond 32', () => {
    // A complete tree of 2^40 leaves in which every subtree is the same: its hashes need no tree.
    let node = leafOf(Buffer.from('same'))
    const siblings: Buffer[] = []
    for (let level = 0; level < 40; level += 1) {
      siblings.push(node)
      node = sha256(Buffer.from([1]), node, node)
    }
    const { root, steps } = rootFromInclusion(ours, 2 ** 39 + 5, 2 ** 40, leafOf(Buffer.from('same')), siblings)
    expect(root).toBe(node.toString('hex'))
    expect(steps[39]!.side).toBe('left')
    expect(steps.map((step) => step.side).filter((side) => side === 'left')).toHaveLength(3)
  })
})

describe('the roots from a consistency proof', () => {
  const all = Array.from({ length: 33 }, (_, i) => leafOf(Buffer.from(`entry ${i}`)))
  it('are those of both sizes for every pair of sizes up to 33', () => {
    for (let to = 1; to <= all.length; to += 1)
      for (let from = 1; from <= to; from += 1) {
        const leaves = all.slice(0, to)
        const before = mth(leaves.slice(0, from))
        expect(rootsFromConsistency(ours, from, to, before, consistency(from, leaves))).toEqual({ from: before.toString('hex'), to: mth(leaves).toString('hex') })
      }
  })
  it('are not both met when an entry before the smaller size was changed', () => {
    const other = all.slice()
    other[4] = leafOf(Buffer.from('another history'))
    for (const from of [5, 6, 7, 8, 11]) {
      const before = mth(all.slice(0, from))
      const found = rootsFromConsistency(ours, from, 20, before, consistency(from, other.slice(0, 20)))
      expect(found.from === before.toString('hex') && found.to === mth(other.slice(0, 20)).toString('hex')).toBe(false)
    }
  })
  it('are refused when the proof is too short or too long, or the sizes are turned round', () => {
    const good = consistency(6, all.slice(0, 20))
    const before = mth(all.slice(0, 6))
    expect(() => rootsFromConsistency(ours, 6, 20, before, good.slice(0, -1))).toThrow(RangeError)
    expect(() => rootsFromConsistency(ours, 6, 20, before, [...good, before])).toThrow(RangeError)
    expect(() => rootsFromConsistency(ours, 6, 20, before, [])).toThrow(RangeError)
    expect(() => rootsFromConsistency(ours, 20, 6, before, good)).toThrow(RangeError)
    expect(() => rootsFromConsistency(ours, 6, 6, before, good)).toThrow(RangeError)
  })
})

/** A log that signs as ours does. */
const name = 'test.local/log'
class TestLog {
  private readonly ed = generateKeyPairSync('ed25519')
  private readonly sm = sm2.generateKeyPairHex()
  private readonly edTyped = Buffer.concat([Buffer.from([1]), this.ed.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)])
  private readonly smTyped = Buffer.concat([Buffer.from([0xff]), Buffer.from('SM2-SM3'), Buffer.from(this.sm.publicKey, 'hex')])
  private readonly id = (typed: Buffer): Buffer => createHash('sha256').update(`${name}\n`).update(typed).digest().subarray(0, 4)
  readonly keys = [this.edTyped, this.smTyped].map((typed) => `${name}+${this.id(typed).toString('hex')}+${typed.toString('base64')}`)

  sign(size: number, root: Buffer, sm3Root: Buffer, userId = '1234567812345678'): string {
    const text = `${name}\n${size}\n${root.toString('base64')}\nsm3 ${sm3Root.toString('base64')}\n`
    const message = Buffer.from(text)
    const national = sm2.doSignature(new Uint8Array(message), this.sm.privateKey, { hash: true, der: false, publicKey: this.sm.publicKey, userId })
    const line = (typed: Buffer, signature: Uint8Array): string => `\u2014 ${name} ${Buffer.concat([this.id(typed), signature]).toString('base64')}\n`
    return `${text}\n${line(this.edTyped, sign(null, message, this.ed.privateKey))}${line(this.smTyped, Buffer.from(national, 'hex'))}`
  }
}
const hex = (hashes: Buffer[]): string[] => hashes.map((hash) => hash.toString('hex'))
const payload = Buffer.from('##0010QN=1;CN=2011\r\n')
const entries = Array.from({ length: 11 }, (_, i) => Buffer.concat([Buffer.from(`head ${i} `), payload]))
const leaves = entries.map(leafOf)
const sm3Leaves = entries.map(sm3.leaf)
const log = new TestLog()

describe('verifying an entry', () => {
  const proofOf = (index: number): ProofInput => ({
    index, size: leaves.length, leaf: leaves[index]!.toString('hex'), path: hex(path(index, leaves)), root: mth(leaves).toString('hex'),
    sm3_leaf: sm3Leaves[index]!.toString('hex'), sm3_path: hex(sm3.path(index, sm3Leaves)), sm3_root: sm3.root(sm3Leaves).toString('hex'),
    checkpoint: log.sign(leaves.length, mth(leaves), sm3.root(sm3Leaves)), keys: log.keys,
  })
  const failing = async (entry: Uint8Array, bytes: Uint8Array, proof: ProofInput): Promise<string[]> =>
    (await verifyEntry(entry, bytes, proof)).steps.filter((step) => !step.ok).map((step) => step.name)

  it('passes every step for every entry of the log', async () => {
    for (let i = 0; i < entries.length; i += 1) expect(await failing(entries[i]!, payload, proofOf(i))).toEqual([])
  })
  it('fails from the leaf on, in both trees, when one bit of the entry was changed', async () => {
    const changed = Buffer.from(entries[4]!)
    changed[2]! ^= 0x20
    expect(await failing(changed, payload, proofOf(4))).toEqual(['leaf', 'path', 'sm3Leaf', 'sm3Path', 'checkpoint'])
  })
  it('sees that the bytes shown are not those of the entry', async () => {
    expect(await failing(entries[4]!, Buffer.from('##0010QN=2;CN=2011\r\n'), proofOf(4))).toEqual(['payload'])
    expect(await failing(entries[4]!, payload.subarray(0, 10), proofOf(4))).toEqual(['payload'])
  })
  it('sees a path that holds in one tree only', async () => {
    const proof = proofOf(4)
    expect(await failing(entries[4]!, payload, { ...proof, sm3_path: proof.path })).toEqual(['sm3Path', 'checkpoint'])
    expect(await failing(entries[4]!, payload, { ...proof, path: proof.sm3_path })).toEqual(['path', 'checkpoint'])
  })
  it('sees a checkpoint of another root even when leaf and path agree with the root that was sent', async () => {
    expect(await failing(entries[4]!, payload, { ...proofOf(4), checkpoint: log.sign(leaves.length, leaves[0]!, sm3.root(sm3Leaves)) })).toEqual(['checkpoint'])
    expect(await failing(entries[4]!, payload, { ...proofOf(4), checkpoint: log.sign(leaves.length, mth(leaves), leaves[0]!) })).toEqual(['checkpoint'])
  })
  it('sees a signature that is not of the key, one that is missing, and one under another SM2 user id', async () => {
    const proof = proofOf(4)
    const lines = proof.checkpoint.trimEnd().split('\n')
    const changed = (at: number): string => lines.map((line, i) => (i === at ? line.replace(/(\S{30})(.)/, (_, head: string, char: string) => head + (char === 'A' ? 'B' : 'A')) : line)).join('\n') + '\n'
    expect(await failing(entries[4]!, payload, { ...proof, checkpoint: changed(lines.length - 2) })).toEqual(['signature'])
    expect(await failing(entries[4]!, payload, { ...proof, checkpoint: changed(lines.length - 1) })).toEqual(['sm2Signature'])
    expect(await failing(entries[4]!, payload, { ...proof, checkpoint: `${lines.slice(0, -1).join('\n')}\n` })).toEqual(['sm2Signature'])
    expect(await failing(entries[4]!, payload, { ...proof, checkpoint: log.sign(leaves.length, mth(leaves), sm3.root(sm3Leaves), 'somebody') })).toEqual(['sm2Signature'])
  })
  it('is not content with one of the two kinds of key', async () => {
    expect(await failing(entries[4]!, payload, { ...proofOf(4), keys: log.keys.slice(0, 1) })).toEqual(['sm2Signature'])
    expect(await failing(entries[4]!, payload, { ...proofOf(4), keys: new TestLog().keys })).toEqual(['signature', 'sm2Signature'])
  })
})

describe('what is remembered', () => {
  const noteAt = (size: number): string => log.sign(size, mth(leaves.slice(0, size)), sm3.root(sm3Leaves.slice(0, size)))
  const proofFrom = (from: number) => ({ from, to: 11, path: hex(consistency(from, leaves)), sm3_path: hex(sm3.consistency(from, sm3Leaves)) })
  const failing = async (remembered: string, from: number, keys = log.keys): Promise<string[]> =>
    (await verifyConsistency(remembered, noteAt(11), proofFrom(from), keys, log.keys)).steps.filter((step) => !step.ok).map((step) => step.name)

  it('is a prefix of what is shown now, at every size', async () => {
    for (const size of [1, 2, 3, 7, 8, 10, 11]) expect(await failing(noteAt(size), size)).toEqual([])
  })
  it('of another history is refused in both trees, although it is signed', async () => {
    const forked = log.sign(7, mth(leaves.slice(1, 8)), sm3.root(sm3Leaves.slice(1, 8)))
    expect(await failing(forked, 7)).toEqual(['consistency', 'sm3Consistency'])
  })
  it('that differs in the SM3 tree alone is refused there', async () => {
    expect(await failing(log.sign(8, mth(leaves.slice(0, 8)), sm3Leaves[0]!), 8)).toEqual(['sm3Consistency'])
  })
  it('under keys that the log did not have then is refused', async () => {
    const stranger = new TestLog().sign(7, mth(leaves.slice(0, 7)), sm3.root(sm3Leaves.slice(0, 7)))
    expect(await failing(stranger, 7)).toEqual(['rememberedSignature'])
  })
  it('is judged by the keys of its time, all of them', async () => {
    const older = new TestLog()
    const note = older.sign(7, mth(leaves.slice(0, 7)), sm3.root(sm3Leaves.slice(0, 7)))
    expect(await failing(note, 7, older.keys)).toEqual([])
    expect(await failing(`${note.trimEnd().split('\n').slice(0, -1).join('\n')}\n`, 7, older.keys)).toEqual(['rememberedSignature'])
    expect(await failing(note, 7, [])).toEqual(['rememberedSignature'])
  })
})
