import type { DeviceSummary, PointSummary } from '@/api/client'

export type Hit =
  | { kind: 'point'; point: PointSummary }
  | { kind: 'device'; mn: string; point: Pick<PointSummary, 'id' | 'name'> | null }
  | { kind: 'frame'; entry: number }

/**
 * What a person means by a few letters or digits: points by name, id, MN or district (a name that begins with the text comes
 * first), devices by MN (those of points at once, others when the server has told them in `devices`), and the frame of that number
 * when the log has it (`entries` null: not known, so offered).
 */
export function find(
  text: string,
  points: readonly PointSummary[],
  entries: number | null,
  devices: readonly Pick<DeviceSummary, 'mn' | 'point'>[] = [],
  atMost = 12,
): Hit[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return []
  const hits: { rank: number; hit: Hit }[] = []
  const digits = /^#?(\d{1,15})$/.exec(wanted)
  if (digits) {
    const entry = Number(digits[1])
    if (entries === null || entry < entries) hits.push({ rank: 1, hit: { kind: 'frame', entry } })
  }
  for (const point of points) {
    const names = [point.name.zh, point.name.en].map((name) => name.toLowerCase())
    const keys = [point.id, point.device, point.district?.zh ?? '', point.district?.en ?? ''].map((key) => key.toLowerCase())
    const rank = names.some((name) => name.startsWith(wanted))
      ? 0
      : names.some((name) => name.includes(wanted)) || keys.some((key) => key.startsWith(wanted))
        ? 2
        : keys.some((key) => key.includes(wanted))
          ? 3
          : -1
    if (rank >= 0) hits.push({ rank, hit: { kind: 'point', point } })
  }
  const known = new Set(points.map((point) => point.device))
  const all = [...points.map((point) => ({ mn: point.device, point })), ...devices.filter((device) => !known.has(device.mn))]
  for (const { mn, point } of all) {
    // An MN means its device before anything else, a few characters inside of one hardly do.
    const at = wanted.length >= 3 ? mn.toLowerCase().indexOf(wanted) : -1
    if (at >= 0) hits.push({ rank: at === 0 ? 1 : 4, hit: { kind: 'device', mn, point } })
  }
  return hits
    .sort((a, b) => a.rank - b.rank)
    .slice(0, atMost)
    .map(({ hit }) => hit)
}
