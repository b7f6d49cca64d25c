import { sm4 } from 'sm-crypto-v2'

import { demand, join, latin1, memo, refuse } from './bytes'
export const [kFrame, kEvent, kKey, kImport, kMaxType] = [1, 5, 6, 7, 9]
/** The canonical encoding of an entry: evidence-log.md §3. `device` holds one character for each byte. */
export function readEntry(index: number, bytes: Uint8Array) {
  const [type, device] = [bytes[1]!, 19 + bytes[18]!]
  const payload = device + 1 + bytes[device]!
  demand(bytes.length <= 65535 && bytes[0] === 1 && type >= 1 && type <= kMaxType && payload <= bytes.length, `entry ${index} is not in the canonical encoding`)
  return { index, bytes, type, device: latin1(bytes.subarray(device + 1, payload)), payload: bytes.subarray(payload) }
}
export type Entry = ReturnType<typeof readEntry>
/** Without the blanks around. */
export const trim = (text: string): string => /[^ \t\r\n](?:.*[^ \t\r\n])?/s.exec(text)?.[0] ?? ''
/** Values by name; of equal names the first counts. */
const readFields = (texts: string[]): Map<string, string> =>
  new Map(texts.reverse().map((text) => text.split('=')).map(([name, ...value]) => [trim(name!), trim(value.join('='))]))
/** Header, groups of the data area and DataTime of an HJ 212 packet, as bundle.md §3.1 reads it. */
function readPacket({ index, type, payload }: Entry, key: string | undefined) {
  const text = latin1(payload)
  const [head, end] = [text.indexOf('CP=&&'), text.lastIndexOf('&&')]
  demand(type === kFrame && head >= 0 && end >= head + 5, `entry ${index} is no frame with a data area`)
  const sent = payload.subarray(head + 5, end)
  const whole = key === undefined ? 0 : sent.length - (sent.length % 16)
  const clear = whole === 0 ? [] : sm4.decrypt(sent.subarray(0, whole), key!, { mode: 'ecb', padding: 'none', output: 'array' })
  const area = latin1(join(Uint8Array.from(clear), sent.subarray(whole)))
  const fields = area.split(/[;,]/)
  demand(fields.length <= 4096, `entry ${index} has more than 4096 fields`)
  const header = readFields(text.slice(text.startsWith('##') ? 6 : 0, head).split(';'))
  const groups = area.split(';').map((group) => readFields(group.split(',')))
  return { header, groups, time: readFields(fields).get('DataTime') ?? '' }
}
/** The packet of an entry; all steps that read it have the same key. */
export const packetOf = memo(readPacket)
/** The first DataTime of the data area, digits as sent. */
export const dataTime = ({ time }: { time: string }): string => (/^\d{14,17}$/.test(time) ? time : refuse('a packet has no DataTime of 14 to 17 digits'))
