import { describe, expect, it } from 'vitest'

import { contrast, inkOn } from '@/lib/colour'

describe('text on a colour', () => {
  it('has the contrast WCAG 2.2 gives for black, white and the grey of its own example', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
    expect(contrast('#ffffff', '#ffffff')).toBe(1)
    // #767676 on white is the lightest grey that passes AA: 4.54 (WebAIM).
    expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2)
  })
  it('is dark on the yellow of good air and light on the maroon of the worst, at least 4.5 on all of HJ 633', () => {
    expect(inkOn('#ffff00')).toBe('#1b2529')
    expect(inkOn('#7e0023')).toBe('#ffffff')
    for (const fill of ['#00e400', '#ffff00', '#ff7e00', '#99004c', '#7e0023']) expect(contrast(fill, inkOn(fill))!, fill).toBeGreaterThanOrEqual(4.5)
  })
  it('is dark on what is no colour', () => {
    expect(inkOn('green')).toBe('#1b2529')
    expect(contrast('', '#ffffff')).toBeNull()
  })
})
