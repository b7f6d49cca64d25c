/**
 * How the live view keeps in step with the server: pure functions, so that losing and catching up can be tested
 * without a connection.
 */
import type { Alarm, FrameLine, PointSummary } from '@/api/client'

export type Liveness = 'connecting' | 'live' | 'lost'

export interface Connection {
  state: Liveness
  /** Counts the times the stream came back; screens fetch again when it changes. */
  epoch: number
  /** Our clock at the last sign of life. */
  heardAtMs: number | null
  /** When the present silence began; null while live. */
  lostAtMs: number | null
}

export type ConnectionEvent =
  | { kind: 'opened'; atMs: number }
  | { kind: 'heard'; atMs: number }
  | { kind: 'failed'; atMs: number }
  | { kind: 'tick'; atMs: number }

/** The server speaks every second; three missed turns are a lost connection even when TCP has not noticed. */
export const silenceLimitMs = 3_500

export const initialConnection: Connection = { state: 'connecting', epoch: 0, heardAtMs: null, lostAtMs: null }

export function nextConnection(now: Connection, event: ConnectionEvent): Connection {
  switch (event.kind) {
    case 'opened':
    case 'heard': {
      if (now.state === 'live') return { ...now, heardAtMs: event.atMs }
      // Whatever happened in the silence was not sent: everything shown has to be fetched again.
      return { state: 'live', epoch: now.epoch + 1, heardAtMs: event.atMs, lostAtMs: null }
    }
    case 'failed':
      return now.state === 'lost' ? now : { ...now, state: 'lost', lostAtMs: event.atMs }
    case 'tick':
      if (now.state === 'live' && now.heardAtMs !== null && event.atMs - now.heardAtMs > silenceLimitMs)
        return { ...now, state: 'lost', lostAtMs: now.heardAtMs }
      return now
  }
}

/** Newest first, one line per entry (a frame is sent again when it leaves `pending`), at most `keep`. */
export function mergeFrames(held: readonly FrameLine[], arrived: readonly FrameLine[], keep: number): FrameLine[] {
  const byEntry = new Map<number, FrameLine>()
  for (const line of held) byEntry.set(line.entry, line)
  for (const line of arrived) {
    const known = byEntry.get(line.entry)
    if (known && known.disposition !== 'pending' && line.disposition === 'pending') continue
    byEntry.set(line.entry, line)
  }
  return [...byEntry.values()].sort((a, b) => b.entry - a.entry).slice(0, keep)
}

/** Newest first, one row per alarm, at most `keep`. */
export function mergeAlarms(held: readonly Alarm[], arrived: readonly Alarm[], keep: number): Alarm[] {
  const byId = new Map<number, Alarm>()
  for (const alarm of held) byId.set(alarm.id, alarm)
  for (const alarm of arrived) byId.set(alarm.id, alarm)
  return [...byId.values()].sort((a, b) => b.id - a.id).slice(0, keep)
}

/** Replaces the point of the same id, or adds it; keeps the order of the others. */
export function mergePoint(held: readonly PointSummary[], arrived: PointSummary): PointSummary[] {
  const at = held.findIndex((point) => point.id === arrived.id)
  if (at < 0) return [...held, arrived]
  const points = held.slice()
  points[at] = arrived
  return points
}
