import { describe, expect, it } from 'vitest'

import type { PeriodFigure } from '@/api/evaluation'
import { parseOpened, openedText } from '@/lib/elementState'
import { askedRange, lone, nearestPoint, trendLines } from '@/lib/resultTrend'

const point = (at: string, number: number | null, complete = true): PeriodFigure =>
  ({ at, start: at, value: number === null ? null : { text: String(number), number }, grade: null, primary: null, complete, reason: null, prove: null })
const ms = (text: string): number => Date.parse(`${text}T00:00:00+08:00`)

describe('a trend of results', () => {
  it('breaks where a period is missing, where there is no figure, and nowhere else', () => {
    const { line } = trendLines([point('2025-11', 3), point('2025-12', 4), point('2026-02', 5), point('2026-03', null)], 'month')
    expect(line).toEqual([[ms('2025-11-01'), 3], [ms('2025-12-01'), 4], [ms('2026-01-01'), null], [ms('2026-02-01'), 5], [ms('2026-03-01'), null]])
    expect([...lone(line)]).toEqual([ms('2026-02-01')])
  })
  it('takes figures of too few data out of the line', () => {
    const { line, hollow } = trendLines([point('2026-Q1', 3), point('2026-Q2', 9, false)], 'quarter')
    expect(hollow).toEqual([[ms('2026-04-01'), 9]])
    expect(line.at(-1)).toEqual([ms('2026-04-01'), null])
  })
  it('is picked at the nearest period', () => {
    const points = [point('2026-03-01', 1), point('2026-03-04', 2)]
    expect(nearestPoint(points, 'day', ms('2026-03-03'))?.at).toBe('2026-03-04')
    expect(nearestPoint([], 'day', 0)).toBeNull()
  })
  it('is asked for up to the end of its last day', () => {
    expect(askedRange('2026-02-27', '2026-02-28')).toEqual({ from: '2026-02-27T00:00:00+08:00', to: '2026-03-01T00:00:00+08:00' })
    expect(askedRange('2026-03-02', '2026-03-01')).toBeNull()
    expect(askedRange('', '2026-03-01')).toBeNull()
  })
})

describe('a figure in the address', () => {
  it('is found again, whatever its subject is called', () => {
    for (const opened of [{ subject: '500109', period: 'month', at: '2026-03', indicator: 'so2' }, { subject: 'cnemc/14~16A', period: 'hour', at: '2026-03-01T14', indicator: null }] as const)
      expect(parseOpened(openedText(opened))).toEqual(opened)
  })
  it('that is none is no figure', () => {
    for (const text of ['', '500109', '500109~week~2026-03~', '500109~month~2026-13~', '~month~2026-03~']) expect(parseOpened(text), text).toBeNull()
  })
})
