import { describe, expect, it } from 'vitest'

import type { Alarm, FrameLine } from '@/api/client'
import { initialConnection, mergeAlarms, mergeFrames, nextConnection, silenceLimitMs, type Connection, type ConnectionEvent } from '@/lib/stream'

const play = (events: ConnectionEvent[]): Connection => events.reduce(nextConnection, initialConnection)

describe('the live connection', () => {
  it('asks for everything once when it first opens', () => {
    const now = play([{ kind: 'opened', atMs: 10 }, { kind: 'heard', atMs: 20 }])
    expect(now).toMatchObject({ state: 'live', epoch: 1, heardAtMs: 20 })
  })
  it('is lost at once when the stream fails, and remembers since when', () => {
    const now = play([{ kind: 'opened', atMs: 10 }, { kind: 'failed', atMs: 500 }, { kind: 'failed', atMs: 2500 }])
    expect(now).toMatchObject({ state: 'lost', lostAtMs: 500, epoch: 1 })
  })
  it('asks for everything again when it comes back', () => {
    const now = play([{ kind: 'opened', atMs: 10 }, { kind: 'failed', atMs: 500 }, { kind: 'opened', atMs: 3000 }])
    expect(now).toMatchObject({ state: 'live', epoch: 2, lostAtMs: null })
  })
  it('counts as lost after silence although nothing failed, since the last word', () => {
    const quiet = { kind: 'tick', atMs: 10 + silenceLimitMs } as const
    expect(play([{ kind: 'opened', atMs: 10 }, quiet]).state).toBe('live')
    expect(play([{ kind: 'opened', atMs: 10 }, { ...quiet, atMs: quiet.atMs + 1 }])).toMatchObject({ state: 'lost', lostAtMs: 10 })
  })
  it('catches up after such a silence with the first word heard', () => {
    const now = play([{ kind: 'opened', atMs: 10 }, { kind: 'tick', atMs: 9000 }, { kind: 'heard', atMs: 9100 }])
    expect(now).toMatchObject({ state: 'live', epoch: 2 })
  })
})

const frame = (entry: number, disposition: FrameLine['disposition'] = 'stored'): FrameLine => ({
  entry, received_at: '2026-03-01T12:00:00+08:00', device: 'X', point: null, st: '32', cn: '2011', data_time: null, bytes: 1, disposition, reason: null, observations: 0,
})

describe('merging frames', () => {
  it('keeps the newest first, each once, and no more than asked', () => {
    const merged = mergeFrames([frame(5), frame(4), frame(3)], [frame(7), frame(5), frame(6)], 4)
    expect(merged.map((line) => line.entry)).toEqual([7, 6, 5, 4])
  })
  it('replaces a pending line by its settled form and never the other way round', () => {
    expect(mergeFrames([frame(1, 'pending')], [frame(1, 'rejected')], 9)[0]!.disposition).toBe('rejected')
    expect(mergeFrames([frame(1, 'rejected')], [frame(1, 'pending')], 9)[0]!.disposition).toBe('rejected')
  })
})

describe('merging alarms', () => {
  it('takes the later word about the same alarm', () => {
    const alarm = (id: number, state: Alarm['state']): Alarm => ({ id, state }) as Alarm
    const merged = mergeAlarms([alarm(2, 'open'), alarm(1, 'open')], [alarm(2, 'cleared'), alarm(3, 'open')], 10)
    expect(merged.map(({ id, state }) => `${id} ${state}`)).toEqual(['3 open', '2 cleared', '1 open'])
  })
})
