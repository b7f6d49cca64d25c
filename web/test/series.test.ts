import { describe, expect, it } from 'vitest'

import type { LatestValue } from '@/api/client'
import { beyond, keyFigures, lines, spacing } from '@/lib/series'

describe('drawing a series', () => {
  it('breaks the line where values are missing and interpolates nothing', () => {
    const { line } = lines({ aggregated: false, bucket_ms: 10, rows: [[0, 1, 'N'], [10, 2, 'N'], [40, 3, 'N'], [50, null, 'N'], [60, 4, '']] })
    expect(line).toEqual([[0, 1], [10, 2], [20, null], [40, 3], [50, null], [60, 4]])
  })
  it('takes flagged values out of the line and shows them beside it', () => {
    const { line, hollow } = lines({ aggregated: false, bucket_ms: 10, rows: [[0, 1, 'N'], [10, 99, 'C'], [20, 2, 'N']] })
    expect(line).toEqual([[0, 1], [10, null], [20, 2]])
    expect(hollow).toEqual([[10, 99, 'C']])
  })
  it('draws buckets as mean with an envelope from least to greatest', () => {
    const { line, low, span } = lines({ aggregated: true, bucket_ms: 100, rows: [[0, 1, 2, 4, 7], [100, 2, 3, 5, 7], [400, 1, 1, 1, 1]] })
    expect(line).toEqual([[0, 2], [100, 3], [200, null], [400, 1]])
    expect(low).toEqual([[0, 1], [100, 2], [200, null], [400, 1]])
    expect(span).toEqual([[0, 3], [100, 3], [200, null], [400, 0]])
  })
  it('measures gaps by the usual spacing, by what the server says when that is wider', () => {
    expect(spacing([0, 10, 20, 30, 90], 0)).toBe(10)
    expect(spacing([0, 10, 20, 30, 90], 60)).toBe(60)
    expect(spacing([5], 0)).toBe(0)
  })
  it('joins the values of a station that sends an hourly value every four hours', () => {
    const { line } = lines({ aggregated: false, bucket_ms: 1, rows: [[0, 1, 'N'], [4, 2, 'N'], [8, 3, 'N'], [20, 4, 'N']] })
    expect(line).toEqual([[0, 1], [4, 2], [8, 3], [12, null], [20, 4]])
  })
})

const value = (factor: string, period: LatestValue['period'], kind: string): LatestValue =>
  ({ factor, period, kind, value: { text: '1', number: 1 } }) as LatestValue

describe('the figures that matter', () => {
  it('are one per factor, the hourly mean before others, deciding factors first', () => {
    const rows = [value('a', 'instant', 'Rtd'), value('a', 'hour', 'Min'), value('a', 'hour', 'Avg'), value('b', 'instant', 'Rtd'), value('c', 'hour', 'Avg')]
    expect(keyFigures(rows, ['c'], 2).map((row) => `${row.factor} ${row.period} ${row.kind}`)).toEqual(['c hour Avg', 'a hour Avg'])
  })
})

describe('beyond the limit', () => {
  const row = (number: number | null, limit?: LatestValue['limit']): Pick<LatestValue, 'value' | 'limit'> => ({
    value: { text: String(number), number }, ...(limit ? { limit } : {}),
  })
  const limit = { lower: { text: '6', number: 6 }, upper: { text: '9', number: 9 }, source: { zh: '限值', en: 'limit' } }
  it('is what lies outside, the limit itself lies inside', () => {
    expect([5.9, 6, 9, 9.1].map((number) => beyond(row(number, limit)))).toEqual([true, false, false, true])
  })
  it('is nothing without a limit or a number', () => {
    expect(beyond(row(5))).toBe(false)
    expect(beyond(row(null, limit))).toBe(false)
  })
})
