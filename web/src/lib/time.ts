/** Times on the screens are Beijing time (UTC+8, no daylight saving), whatever the browser's zone is. */
export const beijingOffsetMs = 8 * 3_600_000

export const minuteMs = 60_000
export const hourMs = 3_600_000
export const dayMs = 86_400_000

/** Milliseconds since 1970 UTC of an ISO time; null for null and for text that is no time. */
export function toMs(iso: string | null | undefined): number | null {
  if (!iso) return null
  const ms = Date.parse(iso)
  return Number.isNaN(ms) ? null : ms
}

const two = (value: number): string => String(value).padStart(2, '0')

interface Civil {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  millisecond: number
}

function civil(ms: number): Civil {
  const date = new Date(ms + beijingOffsetMs)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: date.getUTCMilliseconds(),
  }
}

export type Precision = 'day' | 'minute' | 'second' | 'millisecond'

/** `2026-03-01 14:00` in Beijing time. */
export function formatTime(ms: number, precision: Precision = 'minute'): string {
  const t = civil(ms)
  const day = `${t.year}-${two(t.month)}-${two(t.day)}`
  if (precision === 'day') return day
  const minute = `${day} ${two(t.hour)}:${two(t.minute)}`
  if (precision === 'minute') return minute
  const second = `${minute}:${two(t.second)}`
  return precision === 'second' ? second : `${second}.${String(t.millisecond).padStart(3, '0')}`
}

/** Time of day only, for lists whose rows are minutes old. */
export function formatClock(ms: number, precision: 'minute' | 'second' = 'second'): string {
  return formatTime(ms, precision).slice(11)
}

/** Short form that leaves out what is understood: `14:00` today, `03-01 14:00` otherwise. */
export function formatShort(ms: number, nowMs: number): string {
  const text = formatTime(ms)
  return text.slice(0, 10) === formatTime(nowMs).slice(0, 10) ? text.slice(11) : text.slice(5)
}

export type Period = 'instant' | 'minute' | 'hour' | 'day'

/** The time of a value as its period wants it: hourly and daily values name the interval, with its end. */
export function formatInterval(startMs: number, period: Period): string {
  if (period === 'instant') return formatTime(startMs, 'second')
  if (period === 'minute') return formatTime(startMs)
  if (period === 'hour') return `${formatTime(startMs)}–${formatClock(startMs + hourMs, 'minute')}`
  return formatTime(startMs, 'day')
}

/** `2026-03-01T14:00:00+08:00`, the form the contract wants. */
export function toIso(ms: number): string {
  return `${formatTime(ms, 'second').replace(' ', 'T')}+08:00`
}

/** Midnight in Beijing at or before the instant. */
export function startOfDay(ms: number): number {
  return Math.floor((ms + beijingOffsetMs) / dayMs) * dayMs - beijingOffsetMs
}

export interface Age {
  unit: 'now' | 'second' | 'minute' | 'hour' | 'day'
  count: number
}

/** Age in the largest unit that fits; clocks that disagree by a little give `now`, never a negative age. */
export function age(ms: number, nowMs: number): Age {
  const elapsed = nowMs - ms
  if (elapsed < 5_000) return { unit: 'now', count: 0 }
  if (elapsed < minuteMs) return { unit: 'second', count: Math.floor(elapsed / 1000) }
  if (elapsed < hourMs) return { unit: 'minute', count: Math.floor(elapsed / minuteMs) }
  if (elapsed < 2 * dayMs) return { unit: 'hour', count: Math.floor(elapsed / hourMs) }
  return { unit: 'day', count: Math.floor(elapsed / dayMs) }
}
