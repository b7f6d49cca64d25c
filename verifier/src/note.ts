import { ed25519 } from '@noble/curves/ed25519'
import { sha256 } from '@noble/hashes/sha2'
import { sm2 } from 'sm-crypto-v2'

import { attempt, base64, demand, equal, hex, join, latin1, refuse, utf8 } from './bytes'
/** Type bytes of a vkey and length of the public key behind them. */
const kKinds = [['ed25519', '\x01', 32], ['cosignature', '\x04', 32], ['sm2', '\xffSM2-SM3', 65]] as const
const kName = /^[^\p{White_Space}+]+$/u
/** The public half of a key under its name: c2sp.org/signed-note §Verifier keys. Equal texts are equal keys. */
export function readKey(text: string) {
  const what = `the key "${text.slice(0, 100)}"`
  const [, name, id, body] = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/.exec(text) ?? refuse(`${what} is no vkey`)
  const bytes = base64(body!) ?? new Uint8Array()
  const kind = kKinds.find(([, type, length]) => bytes.length === type.length + length && latin1(bytes).startsWith(type))
  demand(kName.test(name!) && kind, `${what} has no good name or is of no known kind`)
  const hash = sha256(join(utf8(`${name}\n`), bytes)).subarray(0, 4)
  demand(hex(hash) === id, `${what} has another id`)
  const publicKey = bytes.subarray(kind[1].length)
  demand(kind[0] !== 'sm2' || (publicKey[0] === 4 && sm2.verifyPublicKey(hex(publicKey))), `${what} is no point of the curve`)
  return { text, name: name!, id: hash, kind: kind[0], publicKey }
}
export type VerifierKey = ReturnType<typeof readKey>
/** c2sp.org/signed-note §Format. `text` is what is signed: up to and including the newline before the empty line. */
export function readNote(text: string) {
  const end = text.lastIndexOf('\n\n')
  demand(utf8(text).length <= 2 ** 20 && !/[\x00-\x09\x0b-\x1f]/.test(text), 'the note is too long or has control characters')
  const lines = text.slice(end + 2, -1).split('\n')
  demand(end >= 0 && text.endsWith('\n') && lines.length <= 64, 'the note has not a text, an empty line and up to 64 signatures')
  const signatures = lines.map((line) => {
    const [, name, body] = /^— ([^ ]+) ([^ ]+)$/.exec(line) ?? []
    const bytes = base64(body ?? '')
    demand(kName.test(name ?? '') && bytes && bytes.length > 4, `"${line.slice(0, 80)}" is no signature line`)
    return { name: name!, id: bytes.subarray(0, 4), bytes: bytes.subarray(4) }
  })
  return { text: text.slice(0, end + 1), signatures }
}
export type Note = ReturnType<typeof readNote>
/** GB/T 32918.2 §7 with SM3; r ‖ s, both in [1, n − 1]. The user id 可辨别标识 is always given: libraries differ in what they assume. */
export function sm2Right(key: Uint8Array, message: Uint8Array, signature: Uint8Array, userId = '1234567812345678'): boolean {
  const order = 'fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123'
  const [r, s] = [hex(signature.subarray(0, 32)), hex(signature.subarray(32))]
  const inRange = signature.length === 64 && [r, s].every((each) => /[1-9a-f]/.test(each) && each < order)
  return inRange && sm2.doVerifySignature(message, r + s, hex(key), { hash: true, userId })
}
function right({ kind, publicKey }: VerifierKey, text: string, signature: Uint8Array, seconds: bigint): boolean {
  if (kind === 'sm2') return sm2Right(publicKey, utf8(text), signature)
  // c2sp.org/tlog-cosignature §Ed25519 signed message
  const [message, own] = kind === 'cosignature' ? [`cosignature/v1\ntime ${seconds}\n${text}`, signature.subarray(8)] : [text, signature]
  return (kind === 'ed25519' || seconds < 2n ** 63n) && ed25519.verify(own, utf8(message), publicKey, { zip215: false })
}
/** For each signature of a key, all of them right, its first eight bytes: for a witness the seconds since 1970 at which it signed. */
export function signaturesOf(note: Note, key: VerifierKey): number[] {
  return note.signatures.filter((each) => each.name === key.name && equal(each.id, key.id)).map(({ bytes }) => {
    const seconds = BigInt(`0x${hex(bytes.subarray(0, 8))}`)
    demand(attempt(() => right(key, note.text, bytes, seconds)), `the ${key.kind} signature of ${key.name} is wrong`)
    return Number(seconds)
  })
}
/** A statement of a log: at this size its trees had these roots. c2sp.org/tlog-checkpoint. */
export function readCheckpoint(text: string) {
  const [origin, size, root, ...extensions] = text.slice(0, -1).split('\n')
  const digest = (value = '') => (value.length === 44 && base64(value)?.length === 32 ? base64(value)! : refuse('the checkpoint has no root of 32 bytes'))
  demand(origin && /^(0|[1-9]\d{0,15})$/.test(size ?? '') && Number.isSafeInteger(Number(size)), 'the checkpoint has no origin and size')
  const sm3 = extensions.filter((line) => line.startsWith('sm3 '))
  demand(!extensions.includes('') && sm3.length < 2, 'the checkpoint has an empty extension line or two SM3 roots')
  return { origin, size: Number(size), root: digest(root), sm3Root: sm3[0] === undefined ? undefined : digest(sm3[0].slice(4)) }
}
export type Checkpoint = ReturnType<typeof readCheckpoint>
/** Whose cosignatures count, and how many are demanded 见证策略. */
export function makePolicy(quorum: number, witnesses: VerifierKey[]) {
  const keys = new Set(witnesses.filter((key) => key.kind === 'cosignature').map((key) => String(key.publicKey)))
  demand(keys.size === witnesses.length, 'the policy names a key twice, or one of another kind than cosignature')
  return { quorum, witnesses }
}
export const kPem = /-----BEGIN CERTIFICATE-----\n((?:[\w+/]{64}\n)*[\w+/=]{1,64}\n)-----END CERTIFICATE-----\n/g
/** What the verifier knows from elsewhere than the bundle: the text of a trust file, bundle.md §5. */
export function readTrust(text: string) {
  const lines = text.replace(kPem, '').split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
  const items = lines.map((line) => line.split(/\s+/))
  const odd = items.find(([word, , ...more]) => !['log', 'witness', 'quorum'].includes(word!) || more.length > 0)
  demand(!odd, `trust file: "${odd?.join(' ').slice(0, 80)}" is not understood`)
  const of = (wanted: string) => items.filter(([word]) => word === wanted).map(([, value]) => value ?? refuse(`${wanted} what?`))
  const [logKeys, witnesses, quorum] = [of('log').map(readKey), of('witness').map(readKey), of('quorum')]
  demand(logKeys.every((key) => key.kind !== 'cosignature'), 'trust file: a key of the log is one of a witness')
  demand(quorum.length < 2 && quorum.every((each) => /^\d{1,9}$/.test(each)), 'trust file: the quorum is no number, or there are two')
  const policy = witnesses.length > 0 || quorum.length > 0 ? makePolicy(Number(quorum[0] ?? witnesses.length), witnesses) : undefined
  return { logKeys, policy, timestampPem: (text.match(kPem) ?? []).join('') }
}
