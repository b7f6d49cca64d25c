import { describe, expect, it } from 'vitest'

import type { Evidence } from '@/api/client'
import { freshness, keysAt, keysInForce, remainingMs, searched, storedShare, troubles } from '@/lib/evidence'

const now = Date.parse('2026-03-01T14:00:00+08:00')
const at = (secondsAgo: number): string => new Date(now - secondsAgo * 1000).toISOString()

describe('a witness', () => {
  const witness = { cosigned_at: at(30), lag_entries: 4, trouble: null }
  it('is fresh within two minutes of its last cosignature', () => {
    expect(freshness(witness, now)).toBe('fresh')
    expect(freshness({ ...witness, cosigned_at: at(121) }, now)).toBe('late')
  })
  it('that has seen everything is fresh however long ago it signed', () => {
    expect(freshness({ ...witness, cosigned_at: at(86_400), lag_entries: 0 }, now)).toBe('fresh')
  })
  it('is silent before its first cosignature, and in trouble whatever else holds', () => {
    expect(freshness({ ...witness, cosigned_at: null }, now)).toBe('silent')
    expect(freshness({ ...witness, trouble: 'connection refused' }, now)).toBe('trouble')
  })
})

describe('trouble with the evidence', () => {
  const alert = (kind: 'rollback' | 'fork' | 'damage', entry: number) => ({ kind, subject: kind, text: `${kind} seen`, at: at(60), entry })
  const state = (refused: boolean, damage: string | null, alerts: ReturnType<typeof alert>[]): Pick<Evidence, 'refused' | 'alerts' | 'files'> => ({
    refused, alerts, files: { scrub: { done_bytes: 0, all_bytes: 0, last_pass: null, damage } } as Evidence['files'],
  })
  it('is none while nothing is refused or damaged, whatever was noticed before', () => {
    expect(troubles(null)).toEqual([])
    expect(troubles(state(false, null, [alert('fork', 9), alert('damage', 3)]))).toEqual([])
  })
  it('is what the newest alert of the refusal says', () => {
    expect(troubles(state(true, null, [alert('damage', 12), alert('fork', 9), alert('rollback', 3)])).map((each) => [each.kind, each.entry])).toEqual([['fork', 9]])
  })
  it('is said also when the refusal has no alert yet', () => {
    expect(troubles(state(true, null, []))).toMatchObject([{ kind: 'refused', entry: null }])
  })
  it('names the damaged place that the scrub found, after the refusal', () => {
    expect(troubles(state(true, 'segment 3', [alert('rollback', 9)])).map((each) => [each.kind, each.text])).toEqual([['rollback', 'rollback seen'], ['damage', 'segment 3']])
  })
})

describe('keys', () => {
  const change = (number: number, entry: number | null, keys: string[], in_force: boolean): Evidence['keys'][number] =>
    ({ number, action: 'rotate', entry, at: at(0), origin: 'o', keys, recovery: null, by: '', reason: '', in_force })
  const evidence = { keys: [change(0, null, ['a', 'b'], false), change(1, 900, ['c', 'd'], true)] }
  it('in force are those of the statement in force', () => {
    expect(keysInForce(evidence)).toEqual(['c', 'd'])
  })
  it('of a checkpoint are those of the newest statement that it covers', () => {
    expect(keysAt(evidence, 0)).toEqual(['a', 'b'])
    expect(keysAt(evidence, 900)).toEqual(['a', 'b'])
    expect(keysAt(evidence, 901)).toEqual(['c', 'd'])
  })
})

describe('files', () => {
  it('have no share before there is anything', () => {
    expect(storedShare({ raw_bytes: 0, stored_bytes: 0 })).toBeNull()
    expect(storedShare({ raw_bytes: 1000, stored_bytes: 351 })).toBe('35\u202f%')
  })
  it('a pass under way needs as long as its rate so far says', () => {
    expect(remainingMs({ done: 100, atMs: 0 }, { done: 200, all: 500, atMs: 1000 })).toBe(3000)
    expect(remainingMs(null, { done: 200, all: 500, atMs: 1000 })).toBeNull()
    expect(remainingMs({ done: 200, atMs: 0 }, { done: 200, all: 500, atMs: 1000 })).toBeNull()
  })
})

describe('what is searched', () => {
  it('is an entry when it is a number, a device otherwise; an MN of 24 digits is a device', () => {
    expect(searched(' #1200 ')).toEqual({ entry: 1200 })
    expect(searched('CQ1416A')).toEqual({ device: 'CQ1416A' })
    expect(searched('888888800000010000000001')).toEqual({ device: '888888800000010000000001' })
    expect(searched('  ')).toBeNull()
  })
})
