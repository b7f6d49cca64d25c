import { describe, expect, it } from 'vitest'

import { doubtful, parts, verificationOf, weakest } from '@/lib/verification'

describe('verification of figures of law', () => {
  it('is read in any spelling, and never taken for better than it says', () => {
    expect(verificationOf('VERIFIED')).toBe('verified')
    expect(verificationOf('third party')).toBe('third_party')
    expect(verificationOf('FROM-MEMORY')).toBe('unverified')
    expect(verificationOf('')).toBe('unknown')
    expect(verificationOf('checked')).toBe('unknown')
  })
  it('of a figure is that of the least checked limit', () => {
    expect(weakest(['VERIFIED', 'UNVERIFIED', 'THIRD_PARTY'])).toBe('unverified')
    expect(weakest(['VERIFIED', null])).toBe('unknown')
    expect(weakest([])).toBeNull()
  })
  it('warns of what nobody has checked', () => {
    expect(['VERIFIED', 'THIRD_PARTY', 'INFERRED', 'UNVERIFIED', 'FROM_MEMORY', '?'].map(doubtful)).toEqual([false, false, false, true, true, true])
  })
  it('divides a bar by rows and leaves out what there is none of', () => {
    expect(parts({ unverified: 1, verified: 3, inferred: 0 })).toEqual([
      { kind: 'verified', count: 3, percent: 75 },
      { kind: 'unverified', count: 1, percent: 25 },
    ])
    expect(parts({})).toEqual([])
  })
})
