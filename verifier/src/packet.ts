import { sm4 } from 'sm-crypto-v2'

import { demand, join, latin1, refuse } from './bytes'
export const [kFrame, kEvent, kKey, kMaxType] = [1, 5, 6, 9]
/** The canonical encoding of an entry: evidence-log.md §3. `device` holds one character for each byte. */
export function readEntry(index: number, bytes: Uint8Array) {
  const [type, device] = [bytes[1]!, 19 + bytes[18]!]
  const payload = device + 1 + bytes[device]!
  const canonical = bytes.length <= 65535 && bytes[0] === 1 && type >= 1 && type <= kMaxType && payload <= bytes.length
  demand(canonical, `entry ${index} is not in the canonical encoding`)
  return { index, bytes, type, device: latin1(bytes.subarray(device + 1, payload)), payload: bytes.subarray(payload) }
}
export type Entry = ReturnType<typeof readEntry>
/** Without the blanks around. */
const trim = (text: string): string => /[^ \t\r\n](?:.*[^ \t\r\n])?/s.exec(text)?.[0] ?? ''
/** Values by name; of equal names the first counts. */
function readFields(texts: string[]): Map<string, string> {
  return new Map(texts.reverse().map((text) => {
    const at = text.includes('=') ? text.indexOf('=') : text.length
    return [trim(text.slice(0, at)), trim(text.slice(at + 1))]
  }))
}
function decipher(area: Uint8Array, key: string): Uint8Array {
  const whole = area.length - (area.length % 16)
  if (whole === 0) return area
  const clear = sm4.decrypt(area.subarray(0, whole), key, { mode: 'ecb', padding: 'none', output: 'array' })
  return join(Uint8Array.from(clear), area.subarray(whole))
}
/** Header, groups of the data area and DataTime of an HJ 212 packet, as bundle.md §3.1 reads it. */
export function readPacket({ index, type, payload }: Entry, key: string | undefined) {
  const text = latin1(payload)
  const [head, end] = [text.indexOf('CP=&&'), text.lastIndexOf('&&')]
  demand(type === kFrame && head >= 0 && end >= head + 5, `entry ${index} is no frame with a data area`)
  const sent = payload.subarray(head + 5, end)
  const area = latin1(key === undefined ? sent : decipher(sent, key))
  const fields = area.split(/[;,]/)
  demand(fields.length <= 4096, `entry ${index} has more than 4096 fields`)
  const header = readFields(text.slice(text.startsWith('##') ? 6 : 0, head).split(';'))
  const groups = area.split(';').map((group) => readFields(group.split(',')))
  return { header, groups, time: readFields(fields).get('DataTime') ?? '' }
}
export type Packet = ReturnType<typeof readPacket>
/** The first DataTime of the data area, digits as sent. */
export function dataTime({ time }: Packet): string {
  return /^\d{14,17}$/.test(time) ? time : refuse('a packet has no DataTime of 14 to 17 digits')
}
