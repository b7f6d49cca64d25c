import type { PointSummary } from '@/api/client'

export type Hit = { kind: 'point'; point: PointSummary } | { kind: 'frame'; entry: number }

/**
 * What a person means by a few letters or digits: points by name, id, MN or district (a name that begins with the text comes
 * first), and the frame of that number when the log has it (`entries` null: not known, so offered).
 */
export function find(text: string, points: readonly PointSummary[], entries: number | null, atMost = 12): Hit[] {
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
  return hits
    .sort((a, b) => a.rank - b.rank)
    .slice(0, atMost)
    .map(({ hit }) => hit)
}
