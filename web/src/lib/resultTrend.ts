/** A trend of results as lines for a chart: missing periods are gaps, figures of too few data leave the line. Pure. */
import type { PeriodFigure } from '@/api/evaluation'
import { startOf, step, type EvaluationPeriod } from './periods'

export interface TrendLines {
  /** Start of the period in milliseconds, and the figure; null breaks the line. */
  line: [number, number | null][]
  /** Figures of too few data, drawn hollow. */
  hollow: [number, number][]
}

export function trendLines(points: readonly PeriodFigure[], period: EvaluationPeriod): TrendLines {
  const result: TrendLines = { line: [], hollow: [] }
  let expected: string | null = null
  for (const point of points) {
    const start = startOf(period, point.at)
    if (start === null) continue
    if (expected !== null && expected !== point.at && startOf(period, expected)! < start) result.line.push([startOf(period, expected)!, null])
    expected = step(period, point.at, 1)
    const number = point.value?.number ?? null
    if (number !== null && !point.complete) {
      result.hollow.push([start, number])
      result.line.push([start, null])
    } else result.line.push([start, number])
  }
  return result
}

/** Values on both sides of which the line is broken: they need a mark to be seen. */
export function lone(line: readonly [number, number | null][]): Set<number> {
  const found = new Set<number>()
  line.forEach(([at, value], i) => {
    if (value !== null && (line[i - 1]?.[1] ?? null) === null && (line[i + 1]?.[1] ?? null) === null) found.add(at)
  })
  return found
}

/** The period whose start is nearest to an instant. */
export function nearestPoint<T extends { at: string }>(points: readonly T[], period: EvaluationPeriod, ms: number): T | null {
  let best: T | null = null
  let least = Infinity
  for (const point of points) {
    const distance = Math.abs((startOf(period, point.at) ?? Infinity) - ms)
    if (distance < least) {
      least = distance
      best = point
    }
  }
  return best
}

/** From the first day to the day after the last, as the contract asks (`to` is exclusive). */
export function askedRange(fromDay: string, toDay: string): { from: string; to: string } | null {
  if (startOf('day', fromDay) === null || startOf('day', toDay) === null || fromDay > toDay) return null
  return { from: `${fromDay}T00:00:00+08:00`, to: `${step('day', toDay, 1)}T00:00:00+08:00` }
}

