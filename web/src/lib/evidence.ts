/** What the evidence screens make of the state of the log: pure. */
import type { Evidence, EvidenceFiles, Witness } from '@/api/client'
import { toMs } from './time'

export type Freshness = 'fresh' | 'late' | 'silent' | 'trouble'

/** A witness that has seen everything is fresh however long ago that was: there was nothing new to sign. */
const lateAfterMs = 120_000

export function freshness(witness: Pick<Witness, 'cosigned_at' | 'lag_entries' | 'trouble'>, nowMs: number): Freshness {
  if (witness.trouble !== null) return 'trouble'
  const at = toMs(witness.cosigned_at)
  if (at === null) return 'silent'
  return witness.lag_entries === 0 || nowMs - at <= lateAfterMs ? 'fresh' : 'late'
}

export type TroubleKind = 'refused' | 'rollback' | 'fork' | 'damage'

export interface Trouble {
  kind: TroubleKind
  /** What was found, in the words of the server; empty when it said none. */
  text: string
  subject: string
  at: string | null
  entry: number | null
}

/**
 * What is wrong now, first the worst: a witness that refuses (with the alert that says how), then damage that the scrub found. Alerts by
 * themselves are history: they stay in the log after the matter was settled.
 */
export function troubles(evidence: Pick<Evidence, 'refused' | 'alerts' | 'files'> | null): Trouble[] {
  if (!evidence) return []
  const found: Trouble[] = []
  if (evidence.refused) {
    const alert = evidence.alerts.find((each) => each.kind !== 'damage')
    found.push(alert ? { ...alert } : { kind: 'refused', text: '', subject: '', at: null, entry: null })
  }
  const { damage } = evidence.files.scrub
  if (damage !== null) {
    const alert = evidence.alerts.find((each) => each.kind === 'damage')
    found.push({ kind: 'damage', text: damage, subject: alert?.subject ?? '', at: alert?.at ?? null, entry: alert?.entry ?? null })
  }
  return found
}

/** Keys that sign from now on. */
export const keysInForce = (evidence: Pick<Evidence, 'keys'>): string[] => evidence.keys.filter((each) => each.in_force).flatMap((each) => each.keys)

/**
 * Keys that had to sign a checkpoint of a size: those of the newest statement that it covers (docs/formats/evidence-log.md §8). Right after
 * a rotation the newest checkpoint may still be one of the keys before.
 */
export const keysAt = (evidence: Pick<Evidence, 'keys'>, size: number): string[] => evidence.keys.filter((each) => each.entry === null || each.entry < size).at(-1)?.keys ?? []

/** `38 %` of the size before compression that is on disk; null before there is anything. */
export function storedShare(files: Pick<EvidenceFiles, 'raw_bytes' | 'stored_bytes'>): string | null {
  return files.raw_bytes > 0 ? `${Math.round((100 * files.stored_bytes) / files.raw_bytes)}\u202f%` : null
}

/** Remaining time of a pass from two looks at its progress; null until it has moved. */
export function remainingMs(before: { done: number; atMs: number } | null, now: { done: number; all: number; atMs: number }): number | null {
  if (!before || now.done <= before.done || now.atMs <= before.atMs || now.all <= now.done) return null
  return ((now.all - now.done) * (now.atMs - before.atMs)) / (now.done - before.done)
}

/** What a person typed to find an entry: its number, or the MN of a device. */
export function searched(text: string): { entry: number } | { device: string } | null {
  const wanted = text.trim()
  if (wanted === '') return null
  const digits = /^#?(\d{1,12})$/.exec(wanted)
  // An MN of HJ 212 has 24 characters; shorter digits are the number of an entry.
  return digits ? { entry: Number(digits[1]) } : { device: wanted }
}
