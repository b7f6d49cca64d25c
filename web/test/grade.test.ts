import { describe, expect, it } from 'vitest'

import { elementMarks, markOf, registerElements } from '@/lib/elementMarks'
import { badness, graded, grades, legendKey, scaleOf, swatch } from '@/lib/grade'

describe('the elements of the register', () => {
  it('each have a mark of their own', () => {
    expect(new Set(Object.values(elementMarks)).size).toBe(registerElements.length)
    expect(markOf('lava')).not.toBe(markOf('source'))
  })
  it('are graded by a standard only where one grades an hour', () => {
    expect(registerElements.filter((each) => scaleOf(each) === 'limits')).toEqual(
      ['precipitation', 'groundwater', 'drinking_source', 'soil', 'noise', 'radiation', 'ecology'])
    expect(grades('limits')).toEqual(['receiving', 'normal', 'exceeding', 'stopped', 'offline', 'unknown'])
  })
  it('do not call good what nothing has judged', () => {
    expect(graded('receiving')).toBe(true)
    expect(swatch('limits', 'receiving').fill).not.toBe(swatch('limits', 'normal').fill)
    expect(badness({ scale: 'limits', grade: 'exceeding' })).toBeGreaterThan(badness({ scale: 'limits', grade: 'normal' }))
  })
  it('are hidden one by one in the legend', () => {
    expect(legendKey('noise', 'normal')).not.toBe(legendKey('source', 'normal'))
  })
})
