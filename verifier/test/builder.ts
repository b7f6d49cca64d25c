// Makes bundles for the tests. Hashes and Ed25519 come from node:crypto (OpenSSL), trees are built as RFC 6962 §2.1 defines
// them: none of it shares code with what is tested.
import { createHash, createPrivateKey, createPublicKey, sign as nodeSign } from 'node:crypto'

import { sm2 } from 'sm-crypto-v2'

export type Algorithm = 'sha256' | 'sm3'
export const digest = (algorithm: Algorithm, ...parts: Uint8Array[]): Buffer => {
  const hash = createHash(algorithm)
  for (const part of parts) hash.update(part)
  return hash.digest()
}
export const b64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

export class TestKey {
  readonly vkey: string
  private readonly id: Buffer
  private readonly secret: Buffer
  constructor(readonly name: string, readonly kind: 'ed25519' | 'cosignature' | 'sm2', seed: number) {
    this.secret = Buffer.alloc(32, seed)
    const type = { ed25519: '\x01', cosignature: '\x04', sm2: '\xffSM2-SM3' }[kind]
    const body = Buffer.concat([Buffer.from(type, 'latin1'), this.publicKey()])
    this.id = digest('sha256', Buffer.from(`${name}\n`), body).subarray(0, 4)
    this.vkey = `${name}+${this.id.toString('hex')}+${b64(body)}`
  }
  private privateKey() {
    return createPrivateKey({
      key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), this.secret]), format: 'der', type: 'pkcs8',
    })
  }
  publicKey(): Buffer {
    if (this.kind === 'sm2') return Buffer.from(sm2.getPublicKeyFromPrivateKey(this.secret.toString('hex')), 'hex')
    return createPublicKey(this.privateKey()).export({ format: 'der', type: 'spki' }).subarray(-32)
  }
  /** Signature line of a text; a witness signs at `seconds`. */
  line(text: string, { seconds = 1_763_776_800, userId = '1234567812345678' } = {}): string {
    let signature: Buffer
    if (this.kind === 'sm2') {
      const publicKey = this.publicKey().toString('hex')
      const message = Uint8Array.from(Buffer.from(text))
      signature = Buffer.from(sm2.doSignature(message, this.secret.toString('hex'), { hash: true, publicKey, userId }), 'hex')
    } else if (this.kind === 'ed25519') {
      signature = nodeSign(null, Buffer.from(text), this.privateKey())
    } else {
      const time = Buffer.alloc(8)
      time.writeBigUInt64BE(BigInt(seconds))
      const signed = nodeSign(null, Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`), this.privateKey())
      signature = Buffer.concat([time, signed])
    }
    return `— ${this.name} ${b64(Buffer.concat([this.id, signature]))}\n`
  }
}

export const note = (text: string, keys: TestKey[], options = {}): string =>
  `${text}\n${keys.map((key) => key.line(text, options)).join('')}`

/** RFC 6962 §2.1: MTH(D[n]), from the leaf hashes. */
export function mth(algorithm: Algorithm, leaves: Buffer[]): Buffer {
  if (leaves.length === 0) return digest(algorithm)
  if (leaves.length === 1) return leaves[0]!
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  return digest(algorithm, Buffer.of(1), mth(algorithm, leaves.slice(0, split)), mth(algorithm, leaves.slice(split)))
}

export type Node = [number, number, string]
/** bundle.md §2: the largest complete subtrees without any of `held`, from left to right. */
export function proofNodes(algorithm: Algorithm, leaves: Buffer[], held: number[]): Node[] {
  const nodes: Node[] = []
  const set = new Set(held)
  const free = (begin: number, width: number) => {
    for (let each = begin; each < begin + width; each++) if (set.has(each)) return false
    return true
  }
  for (let at = 0; at < leaves.length; ) {
    if (set.has(at)) {
      at++
      continue
    }
    let level = 0
    const fits = (up: number) => {
      const width = 2 ** up
      return at % width === 0 && at + width <= leaves.length && free(at, width)
    }
    while (fits(level + 1)) level++
    nodes.push([level, at / 2 ** level, b64(mth(algorithm, leaves.slice(at, at + 2 ** level)))])
    at += 2 ** level
  }
  return nodes
}

export interface TestEntry {
  type?: number
  at?: number
  device?: string
  payload: string | Buffer
}

/** evidence-log.md §3. */
export function encode({ type = 1, at = 1_763_700_000_000, device = '', payload }: TestEntry): Buffer {
  const head = Buffer.alloc(18)
  head[0] = 1
  head[1] = type
  head.writeBigInt64BE(BigInt(at), 2)
  head.writeBigUInt64BE(7n, 10)
  const peer = Buffer.from(device ? '192.0.2.1:5000' : '')
  const name = Buffer.from(device)
  return Buffer.concat([head, Buffer.of(peer.length), peer, Buffer.of(name.length), name, Buffer.from(payload)])
}

export const kOrigin = 'mingjian.example/log'
export const logKeys = [new TestKey(kOrigin, 'ed25519', 1), new TestKey(kOrigin, 'sm2', 2)]
export const nextKeys = [new TestKey(kOrigin, 'ed25519', 3), new TestKey(kOrigin, 'sm2', 4)]
export const recoveryKey = new TestKey(`${kOrigin}/recovery`, 'ed25519', 5)
export const witnesses = [6, 7, 8].map((seed) => new TestKey(`witness${seed}.example`, 'cosignature', seed))
