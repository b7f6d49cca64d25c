import { describe, expect, it } from 'vitest'

import { age, formatInterval, formatShort, formatTime, startOfDay, toIso, toMs } from '@/lib/time'

const noon = Date.UTC(2026, 2, 1, 4, 5, 6, 7) // 2026-03-01 12:05:06.007 in Beijing

describe('times on the screens', () => {
  it('are Beijing time whatever the zone of this machine is', () => {
    expect(formatTime(noon)).toBe('2026-03-01 12:05')
    expect(formatTime(noon, 'second')).toBe('2026-03-01 12:05:06')
    expect(formatTime(noon, 'millisecond')).toBe('2026-03-01 12:05:06.007')
    expect(formatTime(noon, 'day')).toBe('2026-03-01')
  })
  it('cross the date line eight hours before UTC does', () => {
    expect(formatTime(Date.UTC(2025, 11, 31, 16, 0))).toBe('2026-01-01 00:00')
    expect(startOfDay(Date.UTC(2025, 11, 31, 16, 0) - 1)).toBe(Date.UTC(2025, 11, 30, 16, 0))
  })
  it('go to the server with their offset and come back unchanged', () => {
    expect(toIso(Date.UTC(2026, 2, 1, 4, 5, 6))).toBe('2026-03-01T12:05:06+08:00')
    expect(toMs('2026-03-01T12:05:06.007+08:00')).toBe(noon)
  })
  it('that are no times give null, not NaN', () => {
    expect(toMs('soon')).toBeNull()
    expect(toMs(null)).toBeNull()
  })
  it('of hourly values name the interval with its end, also over midnight', () => {
    expect(formatInterval(Date.UTC(2026, 2, 1, 15), 'hour')).toBe('2026-03-01 23:00–00:00')
    expect(formatInterval(Date.UTC(2026, 2, 1, 16), 'day')).toBe('2026-03-02')
  })
  it('leave out the date of today and nothing else', () => {
    expect(formatShort(noon, noon + 3_600_000)).toBe('12:05')
    expect(formatShort(noon, noon + 86_400_000)).toBe('03-01 12:05')
  })
})

describe('an age', () => {
  it('uses the largest unit that fits', () => {
    expect(age(0, 59_999)).toEqual({ unit: 'second', count: 59 })
    expect(age(0, 60_000)).toEqual({ unit: 'minute', count: 1 })
    expect(age(0, 47 * 3_600_000)).toEqual({ unit: 'hour', count: 47 })
    expect(age(0, 48 * 3_600_000)).toEqual({ unit: 'day', count: 2 })
  })
  it('is never negative when the clocks disagree', () => {
    expect(age(10_000, 0)).toEqual({ unit: 'now', count: 0 })
  })
})
