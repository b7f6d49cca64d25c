/** How far the figures of a standard were checked against its text (standards/README.md): pure. */
export const verifications = ['verified', 'third_party', 'inferred', 'unverified', 'unknown'] as const
export type Verification = (typeof verifications)[number]

/** Any spelling of a state; what is not known counts as worse than unverified, never as better. */
export function verificationOf(state: string | null | undefined): Verification {
  const key = (state ?? '').trim().toLowerCase().replace(/[\s-]+/g, '_')
  if (key === 'from_memory') return 'unverified'
  return verifications.find((each) => each === key) ?? 'unknown'
}

/** The weakest of several: a figure is no better than the least checked limit it rests on; null for none. */
export function weakest(states: readonly (string | null | undefined)[]): Verification | null {
  const ranks = states.map((state) => verifications.indexOf(verificationOf(state)))
  return ranks.length === 0 ? null : verifications[Math.max(...ranks)]!
}

/** Whether a reader must be warned of it. */
export const doubtful = (state: string | null | undefined): boolean => ['unverified', 'unknown'].includes(verificationOf(state))

export interface Part {
  kind: Verification
  count: number
  /** Of the whole, in percent. */
  percent: number
}

/** What a bar of verification is made of, best first; parts without rows are left out. */
export function parts(counts: Partial<Record<Verification, number>>): Part[] {
  const all = verifications.reduce((sum, kind) => sum + (counts[kind] ?? 0), 0)
  return verifications.filter((kind) => (counts[kind] ?? 0) > 0).map((kind) => ({ kind, count: counts[kind]!, percent: (100 * counts[kind]!) / all }))
}
