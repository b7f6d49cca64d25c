/** What stands where a figure is missing. */
export const missing = '—'

/** `12,345`: a count with separators. */
export function formatCount(value: number): string {
  const [whole = '', fraction] = String(Math.abs(value)).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  return `${value < 0 ? '−' : ''}${grouped}${fraction ? `.${fraction}` : ''}`
}

/** A rate for a counter: whole numbers from 10 on, one decimal below. */
export function formatRate(value: number): string {
  if (!Number.isFinite(value)) return missing
  return value >= 10 || value === 0 ? formatCount(Math.round(value)) : value.toFixed(1)
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** `1.4 MiB`: binary units, three significant digits at most. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < byteUnits.length - 1) {
    value /= 1024
    unit += 1
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2
  return `${value.toFixed(digits)} ${byteUnits[unit]}`
}

/** A duration for lags: `0 ms`, `840 ms`, `3.2 s`, `4 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`
  return `${(ms / 3_600_000).toFixed(1)} h`
}

/** Figure of an aggregate for a tooltip: as many significant digits as help, no trailing zeros. */
export function formatAggregate(value: number): string {
  return String(Number(value.toPrecision(4)))
}

/** `1.8` for a value of 90 against an upper limit of 50: how many times the limit (not the exceed multiple). */
export function timesLimit(value: number, limit: number): string | null {
  if (!(limit > 0) || !Number.isFinite(value)) return null
  return (value / limit).toFixed(2)
}
