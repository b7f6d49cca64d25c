import { describe, expect, it } from 'vitest'

import { convert, daysOf, nameOf, periodText, startOf, step, trendSpan } from '@/lib/periods'

const at = (text: string): number => Date.parse(text)

describe('periods of evaluation', () => {
  it('start in Beijing, whatever the zone of the browser', () => {
    expect(startOf('day', '2026-03-01')).toBe(at('2026-03-01T00:00:00+08:00'))
    expect(startOf('hour', '2026-03-01T14')).toBe(at('2026-03-01T14:00:00+08:00'))
    expect(startOf('month', '2026-03')).toBe(at('2026-03-01T00:00:00+08:00'))
    expect(startOf('quarter', '2026-Q2')).toBe(at('2026-04-01T00:00:00+08:00'))
    expect(startOf('year', '2026')).toBe(at('2026-01-01T00:00:00+08:00'))
  })
  it('are refused when there is no such day, hour or month', () => {
    for (const [period, name] of [['day', '2026-02-30'], ['hour', '2026-03-01T24'], ['month', '2026-13'], ['quarter', '2026-Q5'], ['year', '26'], ['day', '']] as const)
      expect(startOf(period, name), name).toBeNull()
  })
  it('are named by the instant they hold', () => {
    const lastOfYear = at('2025-12-31T23:59:59.999+08:00')
    expect(nameOf('hour', lastOfYear)).toBe('2025-12-31T23')
    expect(nameOf('quarter', lastOfYear)).toBe('2025-Q4')
    expect(nameOf('year', lastOfYear + 1)).toBe('2026')
  })
  it('step over the ends of months, quarters and years, there and back', () => {
    expect(step('day', '2024-02-28', 1)).toBe('2024-02-29')
    expect(step('hour', '2026-01-01T00', -1)).toBe('2025-12-31T23')
    expect(step('month', '2026-01', -1)).toBe('2025-12')
    expect(step('month', '2025-12', 14)).toBe('2027-02')
    expect(step('quarter', '2026-Q1', -1)).toBe('2025-Q4')
    expect(step('quarter', '2025-Q4', 2)).toBe('2026-Q2')
    expect(step('year', '2026', -1)).toBe('2025')
    expect(step('month', 'soon', 1)).toBe('soon')
  })
  it('convert to the last part of a longer one, but not into the future', () => {
    const late = at('2026-12-31T00:00:00+08:00')
    expect(convert('year', '2025', 'day', late)).toBe('2025-12-31')
    expect(convert('month', '2026-03', 'day', at('2026-03-12T09:00:00+08:00'))).toBe('2026-03-12')
    expect(convert('day', '2026-05-09', 'quarter', late)).toBe('2026-Q2')
    expect(convert('quarter', '2026-Q1', 'year', late)).toBe('2026')
    expect(convert('month', 'nothing', 'month', late)).toBe('2026-12')
    expect(convert('year', '2026', 'day', at('2025-06-01T00:00:00+08:00')), 'a period that is all future keeps its start').toBe('2026-01-01')
  })
  it('know their days', () => {
    expect(daysOf('month', '2024-02')).toEqual({ from: '2024-02-01', to: '2024-02-29' })
    expect(daysOf('quarter', '2026-Q3')).toEqual({ from: '2026-07-01', to: '2026-09-30' })
    expect(daysOf('year', '2026')).toEqual({ from: '2026-01-01', to: '2026-12-31' })
    expect(daysOf('day', 'x')).toBeNull()
    expect(trendSpan('month', '2026-03')).toEqual({ from: '2024-04-01', to: '2026-03-31' })
  })
  it('read as people write them', () => {
    expect(periodText('quarter', '2026-Q1', true)).toBe('2026年第一季度')
    expect(periodText('month', '2026-03', true)).toBe('2026年3月')
    expect(periodText('month', '2026-03', false)).toBe('March 2026')
    expect(periodText('hour', '2026-03-01T23', true)).toBe('2026-03-01 23:00–00:00')
    expect(periodText('year', '2026', false)).toBe('2026')
  })
})
