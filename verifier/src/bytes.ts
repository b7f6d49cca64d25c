import { equalBytes } from '@noble/curves/utils'
import { bytesToHex as hex, concatBytes as join, hexToBytes as unhex, utf8ToBytes as utf8 } from '@noble/hashes/utils'

export { equalBytes as equal, hex, join, unhex, utf8 }
/** What a verifier says when something does not hold. */
export class Refused extends Error {}
export function refuse(text: string): never {
  throw new Refused(text)
}
/** Refuses with `text` unless `condition` holds. */
export function demand(condition: unknown, text: string): asserts condition {
  if (!condition) refuse(text)
}
const [strict, singleBytes] = [new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }), new TextDecoder('latin1')]
/** Text of UTF-8 bytes; throws when they are none. */
export const textOf = (bytes: Uint8Array): string => strict.decode(bytes)
/** One character for each byte, another for another, so that text operations see bytes. */
export const latin1 = (bytes: Uint8Array): string => singleBytes.decode(bytes)
/** Base64 of RFC 4648 §4 in its one canonical spelling; undefined for anything else. */
export function base64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined
  const binary = atob(text)
  // Only the last group can have a second spelling.
  if (btoa(binary.slice(-(binary.length % 3 || 3))) !== text.slice(-4)) return undefined
  return Uint8Array.from(binary, (c) => c.charCodeAt(0))
}
