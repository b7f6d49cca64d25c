import { describe, expect, it } from 'vitest'

import type { EvaluatedElement, Grade, ResultRow } from '@/api/evaluation'
import { areaLevelOf, editionsOf, elementsOf, extremes, fillOf, firstPeriod, gradeOrder, improved, indicatorsOf, levelsOf, newestOf, overall, pageOf, primaries, rateText, signed, tally, tiedRanks, valueClasses } from '@/lib/evaluation'

const grade = (id: string, compliant: boolean | null = null): Grade => ({ id, name: { zh: id, en: id }, colour: '', compliant })
const row = (id: string, rank: number | null, of: Grade | null = null): ResultRow =>
  ({ subject: { id, kind: 'district', name: { zh: id, en: id }, region: id, lon: null, lat: null }, rank, grade: of }) as ResultRow
const element = (id: string, more: Partial<EvaluatedElement> = {}): EvaluatedElement =>
  ({ element: id, name: { zh: id, en: id }, levels: ['point', 'district'], periods: ['month', 'year'], indicators: [], newest: null, oldest: null, ...more })

describe('an element page', () => {
  it('shows the elements that belong to it, in its order', () => {
    const all = [element('air'), element('groundwater'), element('surface_water'), element('noise')]
    expect(elementsOf('water', all).map((each) => each.element)).toEqual(['surface_water', 'groundwater'])
    expect(elementsOf('soil', all)).toEqual([])
    expect(pageOf('groundwater')).toBe('water')
    expect(pageOf('moonlight')).toBeNull()
  })
  it('begins with days where there are days, with months otherwise', () => {
    expect(firstPeriod(element('air', { periods: ['hour', 'day', 'month', 'year'] }))).toBe('day')
    expect(firstPeriod(element('surface_water'))).toBe('month')
    expect(firstPeriod(element('air', { periods: ['hour'] }))).toBe('hour')
  })
  it('offers the indicators of the period only, and the newest period by its name', () => {
    const aqi = { id: 'aqi', title: { zh: 'AQI', en: 'AQI' }, unit: '', periods: ['hour' as const, 'day' as const], better: 'low' as const }
    const air = element('air', { indicators: [aqi, { ...aqi, id: 'index', periods: ['month', 'year'] }], newest: '2026-03-12T00:00:00.000+08:00' })
    expect(indicatorsOf(air, 'day').map((each) => each.id)).toEqual(['aqi'])
    expect(newestOf(air, 'quarter')).toBe('2026-Q1')
    expect(newestOf(element('air'), 'day')).toBeNull()
    expect(areaLevelOf(air, 'day')).toBe('district')
    expect(areaLevelOf(air, 'hour'), 'hours are of points').toBeNull()
    expect(levelsOf(air, 'hour')).toEqual(['point'])
    expect(areaLevelOf(element('x', { levels: ['point', 'river'] }), 'day')).toBeNull()
  })
})

describe('grades', () => {
  it('are counted from good to bad, those without one last', () => {
    const rows = [grade('劣Ⅴ'), grade('Ⅱ'), null, grade('Ⅱ'), grade('Ⅳ')].map((each) => ({ grade: each }))
    expect(tally(rows).map(({ key, count, percent }) => [key, count, percent])).toEqual([['Ⅱ', 2, 40], ['Ⅳ', 1, 20], ['劣Ⅴ', 1, 20], ['none', 1, 20]])
    expect(tally([])).toEqual([])
  })
  it('by name stand in the order of compliance', () => {
    expect(gradeOrder(grade('kept', true))).toBeLessThan(gradeOrder(grade('passed', false)))
    expect([grade('10'), grade('2'), grade('IV')].map(gradeOrder)).toEqual([10, 2, 4])
  })
})

describe('the colour of a grade', () => {
  it('is that of the standard, otherwise that of outlets that keep or pass their limit', () => {
    expect(fillOf({ id: '2', colour: '#ffff00', compliant: true })).toBe('#ffff00')
    expect(fillOf(grade('ok', true))).toBe('#2f9e77')
    expect(fillOf(grade('over', false))).toBe('#e60000')
    expect(fillOf(null)).toBeNull()
  })
  it('of classes that judge nothing goes by their order', () => {
    const fills = ['1', '2', '5', '9'].map((id) => fillOf(grade(id)))
    expect(new Set(fills.slice(0, 3)).size).toBe(3)
    expect(fills[3]).toBe(fills[2])
  })
})

describe('an indicator no standard grades', () => {
  const valued = (id: string, number: number | null, of: Grade | null = null) => ({ ...row(id, null, of), value: number === null ? null : { text: number.toFixed(2), number } }) as ResultRow
  it('is shown in classes of about equally many, equal values together, those without a value in none', () => {
    const classes = valueClasses([valued('a', 1), valued('b', 2), valued('c', 2), valued('d', 2), valued('e', 9), valued('f', null)])
    expect([...classes].map(([id, { id: no, name }]) => [id, no, name.en])).toEqual([['a', '1', '1.00'], ['b', '2', '2.00'], ['c', '2', '2.00'], ['d', '2', '2.00'], ['e', '3', '9.00']])
  })
  it('has five classes when there are enough values, light to dark', () => {
    const classes = valueClasses(Array.from({ length: 38 }, (_, i) => valued(String(i), 38 - i)))
    const colours = [...new Set([...classes.values()].map((each) => each.colour))]
    expect(colours).toEqual(['#e3efee', '#b5d5d3', '#7fb5b4', '#438f90', '#0b6467'])
    expect(classes.get('37')!.name.zh).toBe('1.00 – 8.00')
  })
  it('is left to the grades as soon as there is one', () => {
    expect(valueClasses([valued('a', 1), valued('b', 2, grade('1'))]).size).toBe(0)
  })
})

describe('a ranking', () => {
  it('knows which places are shared', () => {
    expect([...tiedRanks([row('a', 1), row('b', 2), row('c', 2), row('d', 4), row('e', null), row('f', null)])]).toEqual([2])
  })
  it('names best and worst without naming anybody twice', () => {
    const all = [row('c', 3), row('a', 1), row('x', null), row('b', 2)]
    const { best, worst } = extremes(all, 5)
    expect(best.map((each) => each.subject.id)).toEqual(['a'])
    expect(worst.map((each) => each.subject.id)).toEqual(['c'])
    expect(extremes([row('a', 1)], 5)).toMatchObject({ best: [{ rank: 1 }], worst: [] })
    expect(extremes([], 5)).toEqual({ best: [], worst: [] })
  })
  it('says the direction of a change, and whether it is for the better', () => {
    expect(['3', '-0.40', '0.00', '+2', '−1'].map(signed)).toEqual(['+3', '−0.40', '0.00', '+2', '−1'])
    expect(improved(-3, 'low')).toBe(true)
    expect(improved(-3, 'high')).toBe(false)
    expect(improved(0, 'low')).toBeNull()
    expect(improved(5, 'none')).toBeNull()
  })
  it('lists several deciding items', () => {
    expect(primaries('PM2.5+O3')).toEqual(['PM2.5', 'O3'])
    expect(primaries(null)).toEqual([])
  })
})

describe('compliance', () => {
  const table = {
    rows: [
      { graded_days: 30, compliant_days: 28, grades: [{ grade: grade('1'), days: 20 }, { grade: grade('2'), days: 8 }, { grade: grade('3'), days: 2 }] },
      { graded_days: 10, compliant_days: 10, grades: [{ grade: grade('2'), days: 10 }] },
    ],
  } as never
  it('of all subjects is the sum of their days', () => {
    const found = overall(table)
    expect([found.graded, found.compliant]).toEqual([40, 38])
    expect(found.grades.map((each) => [each.key, each.count, each.percent])).toEqual([['1', 20, 50], ['2', 18, 45], ['3', 2, 5]])
  })
  it('is 100 % only when every day complied', () => {
    expect(rateText(1999, 2000)).toBe('99.9\u202f%')
    expect(rateText(30, 30)).toBe('100\u202f%')
    expect(rateText(0, 0)).toBeNull()
  })
  it('names every standard that was used', () => {
    expect(editionsOf('HJ 633-2026; GB 3095-2026')).toEqual(['HJ 633-2026', 'GB 3095-2026'])
    expect(editionsOf('')).toEqual([])
  })
})
