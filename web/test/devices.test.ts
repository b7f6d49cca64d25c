import { describe, expect, it } from 'vitest'

import { mnSegment, type Conformance, type DeviceSummary, type Profile } from '@/api/client'
import { levelOf, requestFor, shareText, yearsSince } from '@/lib/completeness'
import { changesOf, departures, draftOf, editionOf, fits, keyLength, matrixOf, percent, shade } from '@/lib/devices'

const profile: Profile = { dialect: null, surface_water: false, crc: 'hj', password_set: true, password_rule: 'report', encryption: 'accepted', over_time_s: 10, recount: 3 }

describe('what is detected and what is in force', () => {
  const guess = { dialect: '2017', surface_water: false, crc: 'modbus', frames: 1234 } as const
  it('differ where the frames show another habit', () => {
    expect(departures(profile, guess)).toEqual(['crc'])
    expect(departures({ ...profile, dialect: '2025', surface_water: true, crc: 'modbus' }, guess)).toEqual(['dialect', 'surface_water'])
  })
  it('do not differ without frames, nor in what is not checked', () => {
    expect(departures(profile, { ...guess, frames: 0 })).toEqual([])
    expect(departures({ ...profile, crc: 'off' }, guess)).toEqual([])
  })
})

describe('a change of the profile', () => {
  it('names only what the draft changes', () => {
    expect(changesOf(profile, draftOf(profile))).toEqual({})
    expect(changesOf(profile, { ...draftOf(profile), crc: 'modbus-le', over_time_s: 20 })).toEqual({ crc: 'modbus-le', over_time_s: 20 })
    expect(changesOf({ ...profile, dialect: '2017' }, { ...draftOf(profile), dialect: null })).toEqual({ dialect: null })
  })
  it('takes a password away only where there is one', () => {
    expect(changesOf(profile, { ...draftOf(profile), password: '' })).toEqual({ password: '' })
    expect(changesOf({ ...profile, password_set: false }, { ...draftOf(profile), password: '' })).toEqual({})
    expect(changesOf(profile, { ...draftOf(profile), password: '654321' })).toEqual({ password: '654321' })
  })
  it('counts a key in bytes, as the line does', () => {
    expect([keyLength('0123456789abcdef'), keyLength('密钥')]).toEqual([16, 6])
  })
})

describe('a device in the list', () => {
  const device = { registered: true, deviating_frames: 0, open_orders: 0, dialect: { name: 'unknown', surface_water: false, source: 'none' } } as DeviceSummary
  it('passes the filters it belongs to', () => {
    expect((['all', 'unregistered', 'deviating', 'open'] as const).map((filter) => fits(device, filter))).toEqual([true, false, false, false])
    expect(fits({ ...device, registered: false }, 'unregistered')).toBe(true)
    expect(fits({ ...device, open_orders: 1 }, 'open')).toBe(true)
  })
  it('is offered the commands of 2017 while nothing is known of it', () => {
    expect(editionOf(device)).toBe('2017')
    expect(editionOf({ dialect: { name: '2025', surface_water: true, source: 'detected' } })).toBe('2017')
    expect(editionOf({ dialect: { name: '2005', surface_water: false, source: 'detected' } })).toBe('2005')
  })
  it('has an address even without an MN', () => {
    expect([mnSegment(''), mnSegment('A110000_0001'), mnSegment('a/b')]).toEqual(['-', 'A110000_0001', 'a%2Fb'])
  })
})

describe('shares', () => {
  it('never make something nothing, nor almost all into all', () => {
    expect([percent(0, 10), percent(1, 100_000), percent(1, 8), percent(99_999, 100_000), percent(5, 5), percent(0, 0)]).toEqual(['0\u202f%', '< 0.1\u202f%', '12.5\u202f%', '> 99.9\u202f%', '100\u202f%', null])
  })
  it('darken a cell by order of magnitude', () => {
    expect([0, 0.005, 0.05, 0.3, 0.9].map(shade)).toEqual([0, 1, 2, 3, 4])
  })
})

describe('the matrix of vendors and deviations', () => {
  it('keeps the order of both and leaves cells without deviation empty', () => {
    const kind = (code: string) => ({ code, name: { zh: code, en: code }, clause: '' })
    const vendor = (name: string, deviations: Conformance['vendors'][number]['deviations']) => ({ vendor: name, devices: 2, conforming: 1, frames: 100, deviating_frames: 50, deviations })
    const report: Conformance = {
      at: '2026-03-01T00:00:00.000+08:00', kinds: [kind('crc-modbus'), kind('blank')], devices: [],
      vendors: [vendor('', [{ code: 'blank', frames: 10, devices: 1 }]), vendor('甲', [{ code: 'crc-modbus', frames: 50, devices: 2 }])],
    }
    expect(matrixOf(report).map((row) => [row.kind.code, ...row.cells.map((cell) => cell?.share ?? null)])).toEqual([['crc-modbus', null, 0.5], ['blank', 0.1, null]])
  })
})

describe('completeness', () => {
  it('is full only when nothing is missing', () => {
    expect([144, 143, 72, 71, 0].map((received) => levelOf({ expected: 144, received }))).toEqual(['full', 'most', 'part', 'poor', 'none'])
    expect(levelOf({ expected: 0, received: 0 })).toBeNull()
    expect(levelOf(undefined)).toBeNull()
  })
  it('is rounded down', () => {
    expect([shareText({ expected: 10_000, received: 9999 }), shareText({ expected: 3, received: 3 }), shareText({ expected: 0, received: 0 }), shareText(null)]).toEqual(['99.9\u202f%', '100\u202f%', null, null])
  })
  it('asks for a day by the starts of its first and last interval', () => {
    const later = Date.parse('2026-03-05T10:00:00+08:00')
    const values = (kind: '2051' | '2061' | '2031', now = later) => requestFor('2026-03-01', kind, now)?.map(({ value }) => value)
    expect(values('2061')).toEqual(['20260301000000', '20260301230000'])
    expect(values('2051')).toEqual(['20260301000000', '20260301235900'])
    expect(values('2031')).toEqual(['20260301000000', '20260301000000'])
  })
  it('asks for nothing that has not ended', () => {
    const now = Date.parse('2026-03-01T14:30:00+08:00')
    expect(requestFor('2026-03-01', '2061', now)?.map(({ value }) => value)).toEqual(['20260301000000', '20260301130000'])
    expect(requestFor('2026-03-01', '2031', now)).toBeNull()
    expect(requestFor('2026-03-02', '2061', now)).toBeNull()
  })
  it('offers the years since the one before the first frame, newest first', () => {
    const now = Date.parse('2026-01-01T00:30:00+08:00')
    expect(yearsSince('2024-12-31T23:59:59.000+08:00', now)).toEqual([2026, 2025, 2024, 2023])
    expect(yearsSince(null, now)).toEqual([2026, 2025])
  })
})
