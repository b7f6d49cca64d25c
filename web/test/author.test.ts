import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'

import { ApiError } from '@/api/client'
import { useAuthor, type Author } from '@/lib/author'

let kept: Map<string, string>
beforeEach(() => {
  kept = new Map()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  })
})
afterEach(() => vi.unstubAllGlobals())
const author = (key: () => string = () => 'draft'): Author => effectScope().run(() => useAuthor(key))!

describe('an act with name and reason', () => {
  it('is not done while one of them is missing, or blank', async () => {
    const what = vi.fn(() => Promise.resolve(1))
    const mine = author()
    mine.who.value = '甲'
    mine.why.value = '  '
    expect(await mine.act(what)).toBeUndefined()
    expect(what).not.toHaveBeenCalled()
    expect(mine.tried.value).toBe(true)
  })
  it('is done with both, once, without blanks around them', async () => {
    const mine = author()
    mine.who.value = ' 甲 '
    mine.why.value = '核对'
    const what = vi.fn((name: string, reason: string) => Promise.resolve(`${name}/${reason}`))
    const [first, second] = await Promise.all([mine.act(what), mine.act(what)])
    expect([first, second]).toEqual(['甲/核对', undefined])
    expect(what).toHaveBeenCalledTimes(1)
  })
  it('keeps what was typed until it succeeded, then only the name', async () => {
    const mine = author()
    mine.who.value = '甲'
    mine.why.value = '核对'
    await nextTick()
    expect([author().who.value, author().why.value]).toEqual(['甲', '核对'])
    await mine.act(() => Promise.reject(new ApiError(503, 'unavailable', 'later')))
    expect(mine.problem.value?.code).toBe('unavailable')
    expect(author().why.value).toBe('核对')
    await mine.act(() => Promise.resolve(1))
    expect([author().who.value, author().why.value]).toEqual(['甲', ''])
  })
  it('has a draft for each act', async () => {
    const key = ref('one')
    const mine = author(() => key.value)
    mine.why.value = '其一'
    await nextTick()
    key.value = 'two'
    await nextTick()
    expect(mine.why.value).toBe('')
    key.value = 'one'
    await nextTick()
    expect(mine.why.value).toBe('其一')
  })
  it('does without storage that is forbidden', async () => {
    vi.stubGlobal('localStorage', { getItem: () => { throw new Error('forbidden') }, setItem: () => { throw new Error('forbidden') }, removeItem: () => { throw new Error('forbidden') } })
    const mine = author()
    mine.who.value = '甲'
    mine.why.value = '核对'
    await nextTick()
    expect(await mine.act(() => Promise.resolve(7))).toBe(7)
  })
})
