import { describe, expect, it } from 'vitest'

import { reasonInChinese, reasonInEnglish } from '@/lib/reasons'

describe('why a figure is incomplete', () => {
  it('is said in Chinese, part by part', () => {
    expect(reasonInChinese('pH: 1 of 6 values; DO: 0 of 30 days')).toBe('pH：6 个数值中有 1；DO：30 天中有 0')
    expect(reasonInChinese('PM2.5+CO: —')).toBe('缺有效的 PM2.5、CO')
    expect(reasonInChinese('11 whole hours')).toBe('完整小时 11 个')
    expect(reasonInChinese('2 of 5 items')).toBe('5 项中有 2')
    expect(reasonInChinese('18/20 h')).toBe('有效 18 小时，至少 20 小时')
    expect(reasonInChinese('flag M: no measurement')).toBe('标记 M：不是测量值')
    expect(reasonInChinese('an index needs all its sub-indices; missing: biology')).toBe('指数需要全部分指数，缺 biology')
    expect(reasonInChinese('no pH: limits of farm land depend on it')).toBe('缺 pH：农用地限值随 pH 而定')
  })
  it('stays as it came where nobody translated it', () => expect(reasonInChinese('something new')).toBe('something new'))
  it('has no dashes in English', () => {
    expect(reasonInEnglish('PM2.5+CO: —')).toBe('no valid PM2.5, CO')
    expect(reasonInEnglish('2 of 5 items')).toBe('2 of 5 items')
  })
})
