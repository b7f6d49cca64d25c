export function fromBase64(text: string): Uint8Array {
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i)
  return bytes
}

export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

/** Throws a RangeError for text that is not an even number of hex digits. */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || /[^0-9a-f]/i.test(text)) throw new RangeError(`not hex: ${text.slice(0, 20)}`)
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16)
  return bytes
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

/** Offset of `needle` in `haystack`, -1 when it is not there. */
export function indexOf(haystack: Uint8Array, needle: Uint8Array): number {
  outer: for (let at = 0; at + needle.length <= haystack.length; at += 1) {
    for (let i = 0; i < needle.length; i += 1) if (haystack[at + i] !== needle[i]) continue outer
    return at
  }
  return -1
}

export interface DumpLine {
  offset: string
  hex: string[]
  text: string
}

/** Sixteen (or `width`) bytes a line: offset, hex, and printable ASCII with `·` for everything else. */
export function hexDump(bytes: Uint8Array, width = 16): DumpLine[] {
  const lines: DumpLine[] = []
  for (let at = 0; at < bytes.length; at += width) {
    const row = bytes.subarray(at, at + width)
    lines.push({
      offset: at.toString(16).padStart(4, '0'),
      hex: Array.from(row, (byte) => byte.toString(16).padStart(2, '0')),
      text: Array.from(row, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join(''),
    })
  }
  return lines
}
