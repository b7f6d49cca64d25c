/** A year of days and how complete a device's data are: pure. */
import type { OrderParameter } from '@/api/client'
import { dayMs, formatTime, startOfDay, toMs } from './time'

/** Intervals received of those expected. */
export interface Counts {
  expected: number
  received: number
}

/** Record kinds that can be asked for again, from short to long. */
export const recordKinds = ['2051', '2061', '2031'] as const
export type RecordKind = (typeof recordKinds)[number]

export type Level = 'none' | 'poor' | 'part' | 'most' | 'full'
/** Lower bounds of the levels, for colour and legend; a share is named beside every colour. */
export const levels: readonly { level: Level; from: number }[] = [
  { level: 'full', from: 1 },
  { level: 'most', from: 0.9 },
  { level: 'part', from: 0.5 },
  { level: 'poor', from: Number.MIN_VALUE },
  { level: 'none', from: 0 },
]

/** Level of a day; null when nothing was expected. A day one interval short is not full, however many it had. */
export function levelOf(day: Counts | undefined): Level | null {
  if (!day || day.expected === 0) return null
  const share = day.received / day.expected
  return levels.find((candidate) => share >= candidate.from)?.level ?? 'none'
}

/** `98.6 %`: rounded down, so that 100 % is said of whole days only. */
export function shareText(day: Counts | null | undefined): string | null {
  if (!day || day.expected === 0) return null
  const tenths = Math.floor((Math.min(day.received, day.expected) / day.expected) * 1000)
  return `${tenths === 1000 ? '100' : (tenths / 10).toFixed(1)}\u202f%`
}

const stepMs: Record<RecordKind, number> = { 2051: 60_000, 2061: 3_600_000, 2031: dayMs }
const digits = (ms: number): string => formatTime(ms, 'second').replace(/\D/g, '')

/**
 * Parameters of the request for a day: BeginTime and EndTime are starts of intervals, both included. Nothing is asked for that has
 * not ended yet; null when no interval of the day has. Source: HJ 212-2017 appendix C.20–C.22.
 */
export function requestFor(day: string, kind: RecordKind, nowMs: number): OrderParameter[] | null {
  const begin = startOfDay(Date.parse(`${day}T00:00:00+08:00`))
  const step = stepMs[kind]
  const ended = Math.floor((nowMs - begin) / step) * step + begin - step
  const end = Math.min(begin + dayMs - step, ended)
  if (end < begin) return null
  return [
    { name: 'BeginTime', value: digits(begin) },
    { name: 'EndTime', value: digits(end) },
  ]
}

/** The years a person can look at, newest first: from the one before the device's first frame, for it may re-send older data. */
export function yearsSince(firstIso: string | null | undefined, nowMs: number): number[] {
  const last = Number(formatTime(nowMs, 'day').slice(0, 4))
  const ms = toMs(firstIso)
  const first = ms === null ? last : Number(formatTime(ms, 'day').slice(0, 4))
  return Array.from({ length: Math.max(1, last - first + 1) + 1 }, (_, back) => last - back)
}
