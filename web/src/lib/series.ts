import type { LatestValue, Series } from '@/api/client'

/** A device flag that says the value is no ordinary measurement (all but N; none sent counts as ordinary). */
export function flagged(flag: string): boolean {
  return flag !== '' && flag !== 'N'
}

export type Plot = [number, number | null]

export interface Lines {
  /** Ordinary values; null where the line must be broken. */
  line: Plot[]
  /** Flagged values with their flag, drawn hollow beside the line. */
  hollow: [number, number, string][]
  /** Least and greatest of each bucket; empty when not aggregated. */
  low: Plot[]
  span: Plot[]
}

/**
 * The usual spacing of rows: the median of the differences, but not less than the server says. Some stations send an hourly
 * value every four hours; measured against the hour, each of their values would stand between two gaps.
 */
export function spacing(times: readonly number[], toldMs: number): number {
  const steps = times.slice(1).map((time, i) => time - times[i]!)
  if (steps.length === 0) return toldMs
  steps.sort((a, b) => a - b)
  return Math.max(toldMs, steps[Math.floor(steps.length / 2)]!)
}

/** Prepares a series for drawing: gaps stay gaps, flagged values leave the line. Nothing is interpolated. */
export function lines(series: Pick<Series, 'aggregated' | 'bucket_ms' | 'rows'>): Lines {
  const result: Lines = { line: [], hollow: [], low: [], span: [] }
  const rows = series.rows as (number | string | null)[][]
  const step = series.aggregated ? series.bucket_ms : spacing(rows.map((row) => row[0] as number), series.bucket_ms)
  let before: number | null = null
  for (const row of rows) {
    const time = row[0] as number
    if (before !== null && step > 0 && time - before > 1.5 * step) {
      const gap = before + step
      result.line.push([gap, null])
      if (series.aggregated) {
        result.low.push([gap, null])
        result.span.push([gap, null])
      }
    }
    before = time
    if (series.aggregated) {
      const [, low, mean, high] = row as number[]
      result.line.push([time, mean!])
      result.low.push([time, low!])
      result.span.push([time, high! - low!])
      continue
    }
    const value = row[1] as number | null
    const flag = (row[2] as string | null) ?? ''
    if (value !== null && flagged(flag)) {
      result.hollow.push([time, value, flag])
      result.line.push([time, null])
    } else {
      result.line.push([time, value])
    }
  }
  return result
}

const periodRank: Record<LatestValue['period'], number> = { hour: 0, instant: 1, minute: 2, day: 3 }
const kindRank = (kind: string): number => (kind === 'Avg' || kind === 'Rtd' || kind === 'Data' ? 0 : kind.startsWith('Zs') ? 1 : 2)

/** The figures that matter at a glance: deciding factors first, one per factor, hourly means before real-time values. */
export function keyFigures(latest: readonly LatestValue[], primary: readonly string[], count: number): LatestValue[] {
  const best = new Map<string, LatestValue>()
  for (const row of latest) {
    const held = best.get(row.factor)
    const rank = (value: LatestValue): number => periodRank[value.period] * 10 + kindRank(value.kind)
    if (!held || rank(row) < rank(held)) best.set(row.factor, row)
  }
  const lead = (row: LatestValue): number => (primary.includes(row.factor) ? 0 : 1)
  return [...best.values()].sort((a, b) => lead(a) - lead(b)).slice(0, count)
}

/** Whether a value lies beyond its limit. */
export function beyond(row: Pick<LatestValue, 'value' | 'limit'>): boolean {
  const number = row.value?.number
  if (number === null || number === undefined || !row.limit) return false
  const { upper, lower } = row.limit
  return (upper?.number != null && number > upper.number) || (lower?.number != null && number < lower.number)
}
