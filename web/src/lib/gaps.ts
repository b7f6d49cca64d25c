/** Gaps of coverage by region, and the colours they are drawn in; the figure always stands beside the colour. */
import { computed, type ComputedRef, type Ref } from 'vue'

import type { CoverageRow } from '@/api/coverage'
import { palette } from './charts'
import { mix } from './mix'
import { usePrefs } from '@/stores/prefs'
import { useWords } from './words'

export interface RegionGap {
  required: number
  planned: number
  built: number
  gap: number
}
/** Sums of the rows that lie in one region. */
export function gapByRegion(rows: readonly Pick<CoverageRow, 'subject' | 'required' | 'planned' | 'built' | 'gap'>[]): Map<string, RegionGap> {
  const found = new Map<string, RegionGap>()
  for (const row of rows) {
    const id = row.subject.region ?? (row.subject.kind === 'region' ? row.subject.id : null)
    if (id === null) continue
    const sum = found.get(id) ?? { required: 0, planned: 0, built: 0, gap: 0 }
    found.set(id, { required: sum.required + row.required, planned: sum.planned + row.planned, built: sum.built + row.built, gap: sum.gap + row.gap })
  }
  return found
}

export const gapLevels = [
  { from: 0, word: '0', css: 'color-mix(in srgb, var(--accent) 22%, var(--card))' },
  { from: 1, word: '1', css: 'color-mix(in srgb, var(--warn) 30%, var(--card))' },
  { from: 2, word: '2', css: 'color-mix(in srgb, var(--warn) 55%, var(--card))' },
  { from: 3, word: '≥ 3', css: 'color-mix(in srgb, var(--warn) 85%, var(--card))' },
] as const
const shares = [0.22, 0.3, 0.55, 0.85]
export const gapLevel = (gap: number): number => Math.min(3, Math.max(0, gap))

export function useGapFills(gaps: Ref<Map<string, RegionGap>>): ComputedRef<Map<string, { colour: string; word: string; says: string }>> {
  const prefs = usePrefs()
  const { t } = useWords()
  return computed(() => {
    void prefs.theme
    const colours = palette()
    return new Map(
      [...gaps.value].map(([id, sum]) => {
        const level = gapLevel(sum.gap)
        const says = `${t('network.coverage.required')} ${sum.required} · ${t('network.coverage.built')} ${sum.built} · ${t('network.coverage.planned')} ${sum.planned} · ${t('network.coverage.gap')} ${sum.gap}`
        return [id, { colour: mix(colours.card, level === 0 ? colours.accent : colours.warn, shares[level]!), word: sum.gap > 0 ? `−${sum.gap}` : '', says }]
      }),
    )
  })
}
