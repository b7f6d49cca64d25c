import { describe, expect, it } from 'vitest'

import { formatAggregate, formatBytes, formatCount, formatDuration, formatRate, missing, timesLimit } from '@/lib/number'

describe('figures', () => {
  it('of counts are grouped by thousands', () => {
    expect(formatCount(0)).toBe('0')
    expect(formatCount(999)).toBe('999')
    expect(formatCount(1234567)).toBe('1,234,567')
    expect(formatCount(-1000)).toBe('−1,000')
  })
  it('of bytes use binary units with at most three digits', () => {
    expect(formatBytes(0)).toBe('0 B')
    expect(formatBytes(1023)).toBe('1023 B')
    expect(formatBytes(1536)).toBe('1.50 KiB')
    expect(formatBytes(200 * 1024 * 1024)).toBe('200 MiB')
  })
  it('of rates are whole from ten on and a dash when there is no rate', () => {
    expect(formatRate(9.96)).toBe('10.0')
    expect(formatRate(12.4)).toBe('12')
    expect(formatRate(Number.NaN)).toBe(missing)
  })
  it('of durations choose their unit', () => {
    expect(formatDuration(840)).toBe('840 ms')
    expect(formatDuration(3200)).toBe('3.2 s')
    expect(formatDuration(240_000)).toBe('4 min')
  })
  it('of aggregates carry no false digits', () => {
    expect(formatAggregate(0.1 + 0.2)).toBe('0.3')
    expect(formatAggregate(123.456)).toBe('123.5')
  })
  it('relative to a limit need a limit', () => {
    expect(timesLimit(90, 50)).toBe('1.80')
    expect(timesLimit(90, 0)).toBeNull()
  })
})
