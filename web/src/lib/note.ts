/**
 * Signed notes, checkpoints and the keys that sign them. Sources: c2sp.org/signed-note, c2sp.org/tlog-checkpoint,
 * c2sp.org/tlog-cosignature, docs/formats/evidence-log.md (SM2-SM3 signatures, extension line `sm3`).
 */
import { concat, equal, fromBase64, toHex } from './bytes'
import { nationalAlgorithms, sha256 } from './hashes'

export interface Note {
  /** The signed text, with its final line end. */
  text: string
  signatures: { name: string; hash: Uint8Array; signature: Uint8Array }[]
}

/** Takes a signed note apart. Throws a RangeError when it is malformed. */
export function parseNote(note: string): Note {
  const split = note.lastIndexOf('\n\n')
  if (split < 0 || !note.endsWith('\n')) throw new RangeError('the note has no signature block')
  const signatures = note
    .slice(split + 2)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const parts = /^\u2014 (\S+) (\S+)$/.exec(line)
      if (!parts) throw new RangeError('a signature line is malformed')
      const bytes = fromBase64(parts[2]!)
      if (bytes.length < 5) throw new RangeError('a signature is too short')
      return { name: parts[1]!, hash: bytes.subarray(0, 4), signature: bytes.subarray(4) }
    })
  if (signatures.length === 0) throw new RangeError('the note is not signed')
  return { text: note.slice(0, split + 1), signatures }
}

export interface CheckpointText {
  origin: string
  size: number
  root: string
  /** Root of the SM3 tree; logs of others have none. */
  sm3Root: string | null
}

function rootOf(text: string): string {
  const root = fromBase64(text)
  if (root.length !== 32) throw new RangeError('the root is not 32 bytes')
  return toHex(root)
}

/** Reads the body of a checkpoint: origin, size, root, SM3 root. */
export function parseCheckpoint(text: string): CheckpointText {
  const lines = text.split('\n')
  if (lines.length < 4 || !lines[0] || !/^(0|[1-9][0-9]{0,15})$/.test(lines[1]!)) throw new RangeError('not a checkpoint')
  const size = Number(lines[1])
  if (!Number.isSafeInteger(size)) throw new RangeError('the size is too large')
  const sm3 = lines.slice(3).find((line) => line.startsWith('sm3 '))
  return { origin: lines[0], size, root: rootOf(lines[2]!), sm3Root: sm3 === undefined ? null : rootOf(sm3.slice(4)) }
}

export type KeyKind = 'ed25519' | 'cosignature' | 'sm2'

export interface VerifierKey {
  name: string
  kind: KeyKind
  hash: Uint8Array
  key: Uint8Array
}

const sm2Type = Uint8Array.of(0xff, ...new TextEncoder().encode('SM2-SM3'))
/** Always said, never left to a library's default. Source: GB/T 32918.5-2017 annex A. */
const sm2UserId = '1234567812345678'

function typeOf(typed: Uint8Array): { kind: KeyKind; key: Uint8Array } {
  if (typed.length === 33 && typed[0] === 1) return { kind: 'ed25519', key: typed.subarray(1) }
  if (typed.length === 33 && typed[0] === 4) return { kind: 'cosignature', key: typed.subarray(1) }
  if (typed.length === sm2Type.length + 65 && equal(typed.subarray(0, sm2Type.length), sm2Type) && typed[sm2Type.length] === 4)
    return { kind: 'sm2', key: typed.subarray(sm2Type.length) }
  throw new RangeError('not a verifier key of a known kind')
}

/** Reads `name+id+base64(type ‖ key)` and checks that the id fits: SHA-256(name ‖ LF ‖ type ‖ key)[0..4]. */
export function parseVerifierKey(text: string): VerifierKey {
  const parts = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text.trim())
  if (!parts) throw new RangeError('not a verifier key')
  const typed = fromBase64(parts[3]!)
  const { kind, key } = typeOf(typed)
  const digest = sha256(concat(new TextEncoder().encode(`${parts[1]!}\n`), typed))
  if (toHex(digest.subarray(0, 4)) !== parts[2]) throw new RangeError('the hash of the verifier key does not fit')
  return { name: parts[1]!, kind, hash: digest.subarray(0, 4), key }
}

/** Name, kind and id of a verifier key, for people; null for text that is none. */
export function describeKey(text: string): { name: string; kind: KeyKind; id: string } | null {
  try {
    const { name, kind } = parseVerifierKey(text)
    return { name, kind, id: text.slice(name.length + 1, name.length + 9) }
  } catch {
    return null
  }
}

export type SignatureEngine = 'webcrypto' | 'builtin'

/** Ed25519 by WebCrypto where the browser has it, otherwise by @noble/curves. */
export async function verifyEd25519(key: Uint8Array, signature: Uint8Array, message: Uint8Array): Promise<{ valid: boolean; engine: SignatureEngine }> {
  try {
    const imported = await crypto.subtle.importKey('raw', key as BufferSource, { name: 'Ed25519' }, false, ['verify'])
    const valid = await crypto.subtle.verify({ name: 'Ed25519' }, imported, signature as BufferSource, message as BufferSource)
    return { valid, engine: 'webcrypto' }
  } catch {
    const { ed25519 } = await import('@noble/curves/ed25519.js')
    let valid = false
    try {
      valid = ed25519.verify(signature, message, key)
    } catch {
      // A malformed key or signature is an invalid one.
    }
    return { valid, engine: 'builtin' }
  }
}

/** GB/T 32918.2 with SM3; the signature is r ‖ s. */
export async function verifySm2(key: Uint8Array, signature: Uint8Array, message: Uint8Array, userId = sm2UserId): Promise<boolean> {
  if (signature.length !== 64) return false
  const { sm2 } = await nationalAlgorithms()
  try {
    return sm2.doVerifySignature(message, toHex(signature), toHex(key), { hash: true, der: false, userId })
  } catch {
    return false
  }
}

export interface Signed {
  key: VerifierKey
  /** The first signature of that name and id; null when there is none. */
  signature: Uint8Array | null
  valid: boolean
  /** Which implementation checked it. */
  engine: SignatureEngine
  /** When a witness signed, in milliseconds. */
  at: number | null
}

/** Looks for the signature of a key on a note and checks it. */
export async function signedBy(note: Note, key: VerifierKey): Promise<Signed> {
  const line = note.signatures.find((each) => each.name === key.name && equal(each.hash, key.hash))
  if (!line) return { key, signature: null, valid: false, engine: 'builtin', at: null }
  const found = { key, signature: line.signature, at: null }
  const text = new TextEncoder().encode(note.text)
  if (key.kind === 'sm2') return { ...found, valid: await verifySm2(key.key, line.signature, text), engine: 'builtin' }
  if (key.kind === 'ed25519') return { ...found, ...(await verifyEd25519(key.key, line.signature, text)) }
  if (line.signature.length !== 72) return { ...found, valid: false, engine: 'builtin' }
  const seconds = new DataView(line.signature.buffer, line.signature.byteOffset, 8).getBigUint64(0)
  const message = concat(new TextEncoder().encode(`cosignature/v1\ntime ${seconds}\n`), text)
  return { ...found, ...(await verifyEd25519(key.key, line.signature.subarray(8), message)), at: Number(seconds) * 1000 }
}
