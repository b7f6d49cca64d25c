import { equalBytes } from '@noble/curves/utils'
import { bytesToHex as hex, concatBytes as join, hexToBytes as unhex, utf8ToBytes as utf8 } from '@noble/hashes/utils'

export { equalBytes as equal, hex, join, unhex, utf8 }
/** What a verifier says when something does not hold. */
export class Refused extends Error {}
export function refuse(text: string): never { throw new Refused(text) }
/** Refuses with `text` unless `condition` holds. */
export function demand(condition: unknown, text: string): asserts condition { if (!condition) refuse(text) }
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** Text of UTF-8 bytes; throws when they are none. */
export const textOf = (bytes: Uint8Array): string => strict.decode(bytes)
/** U+0000 to U+00FF for each byte of an entry, so that text operations see bytes; and back. */
export const latin1 = (bytes: Uint8Array): string => bytes.reduce((text, byte) => text + String.fromCharCode(byte), '')
export const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0))
/** What `make` gives; undefined when it throws. */
export function attempt<T>(make: () => T): T | undefined {
  try { return make() } catch { return undefined }
}
/** Base64 of RFC 4648 §4 in its one canonical spelling; undefined for anything else. */
export function base64(text: string): Uint8Array | undefined {
  const binary = attempt(() => atob(text))
  return binary !== undefined && btoa(binary) === text ? bytesOf(binary) : undefined
}
/** What `make` gives for an object, made once for each. */
export function memo<K extends object, A extends unknown[], R>(make: (key: K, ...more: A) => R): (key: K, ...more: A) => R {
  const made = new WeakMap<K, [R]>()
  return (key, ...more) => (made.get(key) ?? made.set(key, [make(key, ...more)]).get(key)!)[0]
}
