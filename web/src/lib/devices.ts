/** What several device screens show in the same way: pure. */
import type { Conformance, DeviceDetail, DeviceSummary, DeviationCount, Profile, ProfileChange } from '@/api/client'

export const listFilters = ['all', 'unregistered', 'deviating', 'open'] as const
export type ListFilter = (typeof listFilters)[number]

export function fits(device: DeviceSummary, filter: ListFilter): boolean {
  if (filter === 'unregistered') return !device.registered
  if (filter === 'deviating') return device.deviating_frames > 0
  if (filter === 'open') return device.open_orders > 0
  return true
}

/** Generations that a table of commands exists for. */
export type Edition = '2005' | '2017' | '2025'
/** The edition whose commands are offered; 2017 without any ground, and where the surface-water profile extends it. */
export const editionOf = ({ dialect }: Pick<DeviceSummary, 'dialect'>): Edition => (dialect.name === 'unknown' || dialect.surface_water ? '2017' : dialect.name)

/** The part of a profile that frames can speak for. */
export type Detectable = 'dialect' | 'surface_water' | 'crc'

/** Where what is in force departs from what the frames show. An edition that follows the newest frame departs from nothing. */
export function departures(profile: Profile, guess: DeviceDetail['guess']['line']): Detectable[] {
  if (guess.frames === 0) return []
  const found: Detectable[] = []
  if (profile.dialect !== null && guess.dialect !== 'unknown' && profile.dialect !== guess.dialect) found.push('dialect')
  if (profile.surface_water !== guess.surface_water) found.push('surface_water')
  if (profile.crc !== 'off' && profile.crc !== guess.crc) found.push('crc')
  return found
}

/** What a person edits; `password` null leaves the registered one as it is, empty takes it away. */
export type ProfileDraft = Omit<Profile, 'password_set'> & { password: string | null }
export const draftOf = (profile: Profile): ProfileDraft => {
  const { password_set: _, ...rest } = profile
  return { ...rest, password: null }
}

const members = ['dialect', 'surface_water', 'crc', 'password_rule', 'encryption', 'over_time_s', 'recount'] as const
export type ProfileMember = (typeof members)[number] | 'password'

/** Only what the draft changes, so that a change by somebody else in between is not undone unseen. */
export function changesOf(profile: Profile, draft: ProfileDraft): Partial<ProfileChange> {
  const change: Record<string, unknown> = {}
  for (const member of members) if (draft[member] !== profile[member]) change[member] = draft[member]
  if (draft.password !== null && (draft.password !== '' || profile.password_set)) change.password = draft.password
  return change as Partial<ProfileChange>
}

/** Bytes of a key as they go over the line. */
export const keyLength = (key: string): number => new TextEncoder().encode(key).length

/** `12.3 %`; a share that is not nothing is never shown as nothing, nor one that is not all as all. */
export function percent(part: number, whole: number): string | null {
  if (whole <= 0) return null
  const share = part / whole
  if (part > 0 && share < 0.001) return '< 0.1\u202f%'
  if (part < whole && share > 0.999) return '> 99.9\u202f%'
  return `${(share * 100).toFixed(share === 0 || share >= 1 ? 0 : 1)}\u202f%`
}

/** A row of the matrix: a deviation, and each vendor's count of it in the order of `vendors`. */
export interface MatrixRow {
  kind: Conformance['kinds'][number]
  cells: ({ frames: number; devices: number; share: number } | null)[]
}
export function matrixOf(report: Conformance): MatrixRow[] {
  const byVendor = report.vendors.map((vendor) => ({ vendor, counts: new Map(vendor.deviations.map((count) => [count.code, count])) }))
  return report.kinds.map((kind) => ({
    kind,
    cells: byVendor.map(({ vendor, counts }) => {
      const count = counts.get(kind.code)
      return count && count.frames > 0 ? { frames: count.frames, devices: count.devices, share: vendor.frames > 0 ? count.frames / vendor.frames : 0 } : null
    }),
  }))
}

/** Depth of a cell's shade, 0…4: a rare deviation is seen, a constant one stands out. */
export const shade = (share: number): number => (share <= 0 ? 0 : share < 0.01 ? 1 : share < 0.1 ? 2 : share < 0.5 ? 3 : 4)

export const mostFrequent = (counts: readonly DeviationCount[]): DeviationCount | null =>
  counts.reduce<DeviationCount | null>((most, count) => (most === null || count.frames > most.frames ? count : most), null)
