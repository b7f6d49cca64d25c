/**
 * Periods of evaluation and the names the contract gives them: `2026-03-01T14` (hour), `2026-03-01` (day), `2026-03` (month),
 * `2026-Q1` (quarter), `2026` (year); Beijing time, the hour named by its start.
 */
import { formatTime } from './time'

export const evaluationPeriods = ['hour', 'day', 'month', 'quarter', 'year'] as const
export type EvaluationPeriod = (typeof evaluationPeriods)[number]

const forms: Record<EvaluationPeriod, RegExp> = {
  hour: /^(\d{4})-(\d{2})-(\d{2})T(\d{2})$/,
  day: /^(\d{4})-(\d{2})-(\d{2})$/,
  month: /^(\d{4})-(\d{2})$/,
  quarter: /^(\d{4})-Q([1-4])$/,
  year: /^(\d{4})$/,
}
const two = (value: number): string => String(value).padStart(2, '0')
const hourMs = 3_600_000

/** Start of a named period in milliseconds since 1970 UTC; null for a name that is none (the 30th of February is none). */
export function startOf(period: EvaluationPeriod, at: string): number | null {
  const parts = forms[period].exec(at)
  if (!parts) return null
  const [year, second, day, hour] = parts.slice(1).map(Number)
  const month = period === 'year' ? 1 : period === 'quarter' ? (second! - 1) * 3 + 1 : second!
  const ms = Date.UTC(year!, month - 1, day ?? 1, hour ?? 0) - 8 * hourMs
  return nameOf(period, ms) === at ? ms : null
}

/** The name of the period that holds an instant. */
export function nameOf(period: EvaluationPeriod, ms: number): string {
  const text = formatTime(ms)
  const year = text.slice(0, 4)
  if (period === 'hour') return `${text.slice(0, 10)}T${text.slice(11, 13)}`
  if (period === 'day') return text.slice(0, 10)
  if (period === 'month') return text.slice(0, 7)
  if (period === 'quarter') return `${year}-Q${Math.floor((Number(text.slice(5, 7)) - 1) / 3) + 1}`
  return year
}

/** The period `by` steps later (earlier when negative). A name that is none is given back. */
export function step(period: EvaluationPeriod, at: string, by: number): string {
  const start = startOf(period, at)
  if (start === null) return at
  if (period === 'hour') return nameOf(period, start + by * hourMs)
  if (period === 'day') return nameOf(period, start + by * 24 * hourMs)
  const months = by * (period === 'month' ? 1 : period === 'quarter' ? 3 : 12)
  const text = formatTime(start)
  const all = Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)) - 1 + months
  const day = `${Math.floor(all / 12)}-${two((all % 12) + 1)}-01`
  return nameOf(period, Date.parse(`${day}T00:00:00+08:00`))
}

/** Another period about the same time: of a longer one its last part, so that going from a year to its days stays in the year. */
export function convert(from: EvaluationPeriod, at: string, to: EvaluationPeriod, notAfterMs: number): string {
  const start = startOf(from, at)
  if (start === null) return nameOf(to, notAfterMs)
  const next = startOf(from, step(from, at, 1)) ?? start
  return nameOf(to, Math.max(start, Math.min(next - 1, notAfterMs)))
}

/** First and last day of a period, for the questions that name days. */
export function daysOf(period: EvaluationPeriod, at: string): { from: string; to: string } | null {
  const start = startOf(period, at)
  if (start === null) return null
  const next = startOf(period, step(period, at, 1))!
  return { from: formatTime(start, 'day'), to: formatTime(next - 1, 'day') }
}

/** `2026年3月`, `2026年第一季度`, `2026-03-01`; `March 2026`, `Q1 2026`: as people write it. */
export function periodText(period: EvaluationPeriod, at: string, zh: boolean): string {
  const start = startOf(period, at)
  if (start === null) return at
  const year = at.slice(0, 4)
  if (period === 'hour') return `${formatTime(start)}–${formatTime(start + hourMs).slice(11)}`
  if (period === 'day') return at
  if (period === 'year') return zh ? `${year}年` : year
  if (period === 'quarter') return zh ? `${year}年第${'一二三四'[Number(at.slice(6)) - 1]}季度` : `Q${at.slice(6)} ${year}`
  const month = Number(at.slice(5, 7))
  const words = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
  return zh ? `${year}年${month}月` : `${words[month - 1]} ${year}`
}

/** The period of a trend and of the days it spans, so that a line has enough points to be a line. */
export function trendSpan(period: EvaluationPeriod, at: string): { from: string; to: string } {
  const back = { hour: 71, day: 59, month: 23, quarter: 11, year: 9 }[period]
  return { from: daysOf(period, step(period, at, -back))?.from ?? at, to: daysOf(period, at)?.to ?? at }
}
