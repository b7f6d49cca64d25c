/**
 * Checks, without the server's help, that an evidence entry is under a signed checkpoint, and that one checkpoint extends
 * another, in the SHA-256 tree and in the SM3 tree.
 * Sources: RFC 6962 §2.1 (hashes), RFC 9162 §2.1.3.2 (inclusion) and §2.1.4.2 (consistency).
 */
import { equal, fromHex, indexOf, toHex } from './bytes'
import { hasher, leafHash, nodeHash, type Hash, type TreeHash } from './hashes'
import { parseCheckpoint, parseNote, parseVerifierKey, signedBy, type KeyKind, type SignatureEngine, type VerifierKey } from './note'

export interface ProofInput {
  index: number
  size: number
  leaf: string
  path: string[]
  root: string
  sm3_leaf: string
  sm3_path: string[]
  sm3_root: string
  checkpoint: string
  keys: string[]
}

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
export function rootFromInclusion(hash: Hash, index: number, size: number, leaf: Uint8Array, path: Uint8Array[]): PathResult {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size)
    throw new RangeError(`index ${index} is not in a tree of ${size}`)
  let node = index
  let last = size - 1
  let result = leaf
  const steps: PathStep[] = []
  for (const sibling of path) {
    if (last === 0) throw new RangeError('the path is too long')
    if (node % 2 === 1 || node === last) {
      result = nodeHash(hash, sibling, result)
      steps.push({ side: 'left', sibling: toHex(sibling), result: toHex(result) })
      while (node % 2 === 0 && node !== 0) {
        node /= 2
        last = Math.floor(last / 2)
      }
    } else {
      result = nodeHash(hash, result, sibling)
      steps.push({ side: 'right', sibling: toHex(sibling), result: toHex(result) })
    }
    node = Math.floor(node / 2)
    last = Math.floor(last / 2)
  }
  if (last !== 0) throw new RangeError('the path is too short')
  return { root: toHex(result), steps }
}

/**
 * Recomputes the roots at two sizes from the root remembered at the smaller one and a consistency proof. Throws a RangeError when the
 * proof does not fit the sizes; whether `from` is the root remembered is the caller's comparison.
 */
export function rootsFromConsistency(hash: Hash, from: number, to: number, remembered: Uint8Array, path: Uint8Array[]): { from: string; to: string } {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 1 || from > to) throw new RangeError(`${from} is no earlier size of ${to}`)
  if (from === to) {
    if (path.length !== 0) throw new RangeError('the path is too long')
    return { from: toHex(remembered), to: toHex(remembered) }
  }
  let odd = from
  while (odd % 2 === 0) odd /= 2
  // The root of a complete tree is a node of the larger one: the proof begins with it and leaves it out.
  const hashes = odd === 1 ? [remembered, ...path] : path
  if (hashes.length === 0) throw new RangeError('the path is too short')
  let node = from - 1
  let last = to - 1
  while (node % 2 === 1) {
    node = (node - 1) / 2
    last = Math.floor(last / 2)
  }
  let first = hashes[0]!
  let second = hashes[0]!
  for (const sibling of hashes.slice(1)) {
    if (last === 0) throw new RangeError('the path is too long')
    if (node % 2 === 1 || node === last) {
      first = nodeHash(hash, sibling, first)
      second = nodeHash(hash, sibling, second)
      while (node % 2 === 0 && node !== 0) {
        node /= 2
        last = Math.floor(last / 2)
      }
    } else {
      second = nodeHash(hash, second, sibling)
    }
    node = Math.floor(node / 2)
    last = Math.floor(last / 2)
  }
  if (last !== 0) throw new RangeError('the path is too short')
  return { from: toHex(first), to: toHex(second) }
}

export type StepName =
  | 'payload' | 'leaf' | 'path' | 'sm3Leaf' | 'sm3Path' | 'checkpoint' | 'keys' | 'signature' | 'sm2Signature'
  | 'remembered' | 'rememberedSignature' | 'sameLog' | 'consistency' | 'sm3Consistency' | 'head'

export interface Step {
  name: StepName
  ok: boolean
  /** What was computed. */
  computed: string
  /** What it was compared with; empty when the step stands alone. */
  expected: string
  /** Only for signatures: which implementation checked it. */
  engine?: SignatureEngine
}

export interface Verification {
  ok: boolean
  steps: Step[]
  /** The way to the root, per tree. */
  paths: Record<TreeHash, PathStep[]>
}

class Steps {
  readonly all: Step[] = []
  /** A step that cannot be computed fails with the reason; the others go on, so that everything that is wrong is seen. */
  async attempt(name: StepName, expected: string, run: () => Promise<Omit<Step, 'name' | 'expected'>> | Omit<Step, 'name' | 'expected'>): Promise<void> {
    try {
      this.all.push({ name, expected, ...(await run()) })
    } catch (error) {
      this.all.push({ name, expected, ok: false, computed: error instanceof Error ? error.message : String(error) })
    }
  }
  /** Every key of a kind must have signed the note. */
  async signatures(name: StepName, note: string, keys: readonly string[], kind: KeyKind): Promise<void> {
    await this.attempt(name, '', async () => {
      const parsed = parseNote(note)
      const own = keys.flatMap((text): VerifierKey[] => {
        const key = parseVerifierKey(text)
        return key.kind === kind ? [key] : []
      })
      if (own.length === 0) return { ok: false, computed: '—' }
      const signed = await Promise.all(own.map((key) => signedBy(parsed, key)))
      const bad = signed.find((each) => !each.valid)
      const shown = bad ?? signed[0]!
      return { ok: bad === undefined, computed: shown.signature ? toHex(shown.signature) : `${shown.key.name}+${toHex(shown.key.hash)}`, ...(kind === 'sm2' ? {} : { engine: shown.engine }) }
    })
  }
  get ok(): boolean {
    return this.all.every((step) => step.ok)
  }
}

/** All steps from the bytes to both roots and both signatures. */
export async function verifyEntry(entry: Uint8Array, payload: Uint8Array, proof: ProofInput): Promise<Verification> {
  const steps = new Steps()
  const paths: Record<TreeHash, PathStep[]> = { sha256: [], sm3: [] }
  const roots: Record<TreeHash, string> = { sha256: '', sm3: '' }

  await steps.attempt('payload', '', () => {
    const at = indexOf(entry, payload)
    const inside = at >= 0 && at + payload.length === entry.length && equal(entry.subarray(at), payload)
    return { ok: inside, computed: inside ? `${at}…${entry.length - 1} / ${entry.length}` : `${entry.length}` }
  })
  for (const tree of ['sha256', 'sm3'] as const) {
    const [leafStep, pathStep, leaf, path, root] =
      tree === 'sha256' ? (['leaf', 'path', proof.leaf, proof.path, proof.root] as const) : (['sm3Leaf', 'sm3Path', proof.sm3_leaf, proof.sm3_path, proof.sm3_root] as const)
    const hash = await hasher(tree)
    const own = leafHash(hash, entry)
    await steps.attempt(leafStep, leaf, () => ({ ok: toHex(own) === leaf, computed: toHex(own) }))
    await steps.attempt(pathStep, root, () => {
      // From our own leaf, not from the one the server names.
      const result = rootFromInclusion(hash, proof.index, proof.size, own, path.map(fromHex))
      paths[tree] = result.steps
      roots[tree] = result.root
      return { ok: result.root === root, computed: result.root }
    })
  }
  await steps.attempt('checkpoint', [proof.size, roots.sha256 || proof.root, roots.sm3 || proof.sm3_root].join(' · '), () => {
    const { size, root, sm3Root } = parseCheckpoint(parseNote(proof.checkpoint).text)
    return { ok: size === proof.size && roots.sha256 !== '' && root === roots.sha256 && roots.sm3 !== '' && sm3Root === roots.sm3, computed: [size, root, sm3Root ?? '—'].join(' · ') }
  })
  await steps.attempt('keys', '', () => {
    const keys = proof.keys.map(parseVerifierKey)
    const { origin } = parseCheckpoint(parseNote(proof.checkpoint).text)
    return { ok: keys.length > 0 && keys.every((key) => key.name === origin), computed: keys.map((key) => `${key.name}+${toHex(key.hash)}`).join(' · ') }
  })
  await steps.signatures('signature', proof.checkpoint, proof.keys, 'ed25519')
  await steps.signatures('sm2Signature', proof.checkpoint, proof.keys, 'sm2')
  return { ok: steps.ok, steps: steps.all, paths }
}

export interface ConsistencyInput {
  from: number
  to: number
  path: string[]
  sm3_path: string[]
}

/**
 * What is remembered (a checkpoint kept from before) must be a prefix of what is shown now: both are signed, and the proof leads from
 * the one to the other in both trees. The roots are those of the two notes, never those that the server names beside the proof.
 * Each must be signed by all keys of its time.
 */
export async function verifyConsistency(remembered: string, newest: string, proof: ConsistencyInput, keysThen: readonly string[], keysNow: readonly string[]): Promise<{ ok: boolean; steps: Step[] }> {
  const steps = new Steps()
  const read = (note: string) => parseCheckpoint(parseNote(note).text)
  await steps.attempt('remembered', `${proof.from}`, () => {
    const { size, root } = read(remembered)
    return { ok: size === proof.from, computed: `${size} · ${root}` }
  })
  await steps.attempt('sameLog', read(newest).origin, () => {
    const { origin } = read(remembered)
    return { ok: origin === read(newest).origin, computed: origin }
  })
  await steps.attempt('rememberedSignature', '', async () => {
    const note = parseNote(remembered)
    const signed = await Promise.all(keysThen.map((key) => signedBy(note, parseVerifierKey(key))))
    return { ok: signed.length > 0 && signed.every((each) => each.valid), computed: signed.map((each) => `${each.key.name}+${toHex(each.key.hash)}`).join(' · ') }
  })
  await steps.attempt('head', `${proof.to}`, () => {
    const { size, root } = read(newest)
    return { ok: size === proof.to, computed: `${size} · ${root}` }
  })
  await steps.signatures('signature', newest, keysNow, 'ed25519')
  await steps.signatures('sm2Signature', newest, keysNow, 'sm2')
  for (const tree of ['sha256', 'sm3'] as const) {
    const rootIn = (note: string): string => {
      const { root, sm3Root } = read(note)
      if (tree === 'sm3' && sm3Root === null) throw new RangeError('the checkpoint has no SM3 root')
      return tree === 'sha256' ? root : sm3Root!
    }
    await steps.attempt(tree === 'sha256' ? 'consistency' : 'sm3Consistency', '', async () => {
      const [before, now] = [rootIn(remembered), rootIn(newest)]
      const found = rootsFromConsistency(await hasher(tree), proof.from, proof.to, fromHex(before), (tree === 'sha256' ? proof.path : proof.sm3_path).map(fromHex))
      return { ok: found.from === before && found.to === now, computed: `${found.from} → ${found.to}` }
    })
  }
  return { ok: steps.ok, steps: steps.all }
}
