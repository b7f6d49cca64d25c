/**
 * Checks, without the server's help, that an evidence entry is under a signed checkpoint.
 * Sources: RFC 6962 §2.1 (hashes), RFC 9162 §2.1.3.2 (inclusion), c2sp.org/tlog-checkpoint and c2sp.org/signed-note.
 */
import { concat, equal, fromBase64, fromHex, indexOf, toHex } from './bytes'

export interface ProofInput {
  index: number
  size: number
  leaf: string
  path: string[]
  root: string
  checkpoint: string
  verifier_key: string
}

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as BufferSource))
}

export const leafHash = (entry: Uint8Array): Promise<Uint8Array> => sha256(concat(Uint8Array.of(0), entry))
export const nodeHash = (left: Uint8Array, right: Uint8Array): Promise<Uint8Array> =>
  sha256(concat(Uint8Array.of(1), left, right))

/** One hash of the way from the leaf to the root. */
export interface PathStep {
  side: 'left' | 'right'
  sibling: string
  result: string
}

export interface PathResult {
  root: string
  steps: PathStep[]
}

/**
 * Recomputes the root from a leaf hash and its path. Numbers are handled as doubles with division, not with 32-bit
 * shifts: a log outgrows 2^31 entries. Throws a RangeError when index or path length do not fit the size.
 */
export async function rootFromInclusion(
  index: number,
  size: number,
  leaf: Uint8Array,
  path: Uint8Array[],
): Promise<PathResult> {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size)
    throw new RangeError(`index ${index} is not in a tree of ${size}`)
  let node = index
  let last = size - 1
  let hash = leaf
  const steps: PathStep[] = []
  for (const sibling of path) {
    if (last === 0) throw new RangeError('the path is too long')
    if (node % 2 === 1 || node === last) {
      hash = await nodeHash(sibling, hash)
      steps.push({ side: 'left', sibling: toHex(sibling), result: toHex(hash) })
      while (node % 2 === 0 && node !== 0) {
        node /= 2
        last = Math.floor(last / 2)
      }
    } else {
      hash = await nodeHash(hash, sibling)
      steps.push({ side: 'right', sibling: toHex(sibling), result: toHex(hash) })
    }
    node = Math.floor(node / 2)
    last = Math.floor(last / 2)
  }
  if (last !== 0) throw new RangeError('the path is too short')
  return { root: toHex(hash), steps }
}

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
}

/** Reads the body of a checkpoint: origin, size, root. */
export function parseCheckpoint(text: string): CheckpointText {
  const lines = text.split('\n')
  if (lines.length < 4 || !lines[0] || !/^(0|[1-9][0-9]*)$/.test(lines[1]!)) throw new RangeError('not a checkpoint')
  const root = fromBase64(lines[2]!)
  if (root.length !== 32) throw new RangeError('the root is not 32 bytes')
  return { origin: lines[0], size: Number(lines[1]), root: toHex(root) }
}

export interface VerifierKey {
  name: string
  hash: Uint8Array
  key: Uint8Array
}

/** Reads `name+hash+base64(0x01 ‖ key)` and checks that the hash fits: SHA-256(name ‖ LF ‖ 0x01 ‖ key)[0..4]. */
export async function parseVerifierKey(text: string): Promise<VerifierKey> {
  const parts = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text.trim())
  if (!parts) throw new RangeError('not a verifier key')
  const typed = fromBase64(parts[3]!)
  if (typed.length !== 33 || typed[0] !== 1) throw new RangeError('not an Ed25519 verifier key')
  const digest = await sha256(concat(new TextEncoder().encode(`${parts[1]!}\n`), typed))
  if (toHex(digest.subarray(0, 4)) !== parts[2]) throw new RangeError('the hash of the verifier key does not fit')
  return { name: parts[1]!, hash: digest.subarray(0, 4), key: typed.subarray(1) }
}

export type SignatureEngine = 'webcrypto' | 'noble'

/** Ed25519 by WebCrypto where the browser has it, otherwise by @noble/ed25519. */
export async function verifyEd25519(
  key: Uint8Array,
  signature: Uint8Array,
  message: Uint8Array,
): Promise<{ valid: boolean; engine: SignatureEngine }> {
  try {
    const imported = await crypto.subtle.importKey('raw', key as BufferSource, { name: 'Ed25519' }, false, ['verify'])
    const valid = await crypto.subtle.verify(
      { name: 'Ed25519' },
      imported,
      signature as BufferSource,
      message as BufferSource,
    )
    return { valid, engine: 'webcrypto' }
  } catch {
    const noble = await import('@noble/ed25519')
    let valid = false
    try {
      valid = await noble.verifyAsync(signature, message, key)
    } catch {
      // A malformed key or signature is an invalid one.
    }
    return { valid, engine: 'noble' }
  }
}

export type StepName = 'payload' | 'leaf' | 'path' | 'checkpoint' | 'key' | 'signature'

export interface Step {
  name: StepName
  ok: boolean
  /** What was computed. */
  computed: string
  /** What it was compared with; empty when the step stands alone. */
  expected: string
  /** Only for `signature`: which implementation checked it. */
  engine?: SignatureEngine
}

export interface Verification {
  ok: boolean
  steps: Step[]
  path: PathStep[]
}

/**
 * All steps from the bytes to the signature. Goes on after a failed step, so that the screen can show everything that is
 * wrong; a step that cannot be computed fails with the reason.
 */
export async function verifyEntry(entry: Uint8Array, payload: Uint8Array, proof: ProofInput): Promise<Verification> {
  const steps: Step[] = []
  let path: PathStep[] = []
  const attempt = async (name: StepName, expected: string, run: () => Promise<Omit<Step, 'name' | 'expected'>>) => {
    try {
      steps.push({ name, expected, ...(await run()) })
    } catch (error) {
      steps.push({ name, expected, ok: false, computed: error instanceof Error ? error.message : String(error) })
    }
  }

  await attempt('payload', '', async () => {
    const at = indexOf(entry, payload)
    const tail = at >= 0 && equal(entry.subarray(at, at + payload.length), payload)
    return { ok: tail, computed: tail ? `${at}…${at + payload.length - 1} / ${entry.length}` : `${entry.length}` }
  })

  const leaf = await leafHash(entry)
  await attempt('leaf', proof.leaf, async () => ({ ok: toHex(leaf) === proof.leaf, computed: toHex(leaf) }))

  let root = ''
  await attempt('path', proof.root, async () => {
    // From our own leaf, not from the one the server names.
    const result = await rootFromInclusion(proof.index, proof.size, leaf, proof.path.map(fromHex))
    path = result.steps
    root = result.root
    return { ok: root === proof.root, computed: root }
  })

  await attempt('checkpoint', `${proof.size} · ${root || proof.root}`, async () => {
    const checkpoint = parseCheckpoint(parseNote(proof.checkpoint).text)
    return {
      ok: checkpoint.size === proof.size && root !== '' && checkpoint.root === root,
      computed: `${checkpoint.size} · ${checkpoint.root}`,
    }
  })

  await attempt('key', '', async () => {
    const key = await parseVerifierKey(proof.verifier_key)
    return { ok: true, computed: `${key.name} ${toHex(key.hash)}` }
  })

  await attempt('signature', '', async () => {
    const key = await parseVerifierKey(proof.verifier_key)
    const note = parseNote(proof.checkpoint)
    const own = note.signatures.filter((line) => line.name === key.name && equal(line.hash, key.hash))
    const message = new TextEncoder().encode(note.text)
    for (const line of own) {
      const { valid, engine } = await verifyEd25519(key.key, line.signature, message)
      if (valid) return { ok: true, computed: toHex(line.signature), engine }
    }
    return { ok: false, computed: own.length === 0 ? key.name : toHex(own[0]!.signature) }
  })

  return { ok: steps.every((step) => step.ok), steps, path }
}
