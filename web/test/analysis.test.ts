import { describe, expect, it } from 'vitest'

import { cellAsk, correlationAsk, dayStart, lacks, linesOf, matrixOf, nextBucket, quickRange, quickRanges, readQuestion, recentPeriods, senLines, statisticsAsk, tickText, trendAsk, writeQuestion, type Question } from '@/lib/analysis'

/** 2026-03-01 00:30 in Beijing is still February in UTC. */
const now = Date.parse('2026-03-01T00:30:00+08:00')
const question = (more: Partial<Question> = {}): Question => ({ ...readQuestion({}, now), element: 'air', factors: ['a34004'], from: '2026-01-01', to: '2026-02-28', ...more })

describe('the address of a question', () => {
  it('gives the question back', () => {
    for (const one of [
      question(), question({ factors: ['a34004', 'a05024'], statistics: ['mean', 'p95', 'exceed_rate'], exceed: 'standard', grade: '2', group: 'point', points: ['air-1', 'air-2'], combine: 'mean', region: '500109' }),
      question({ mode: 'trend', seasonal: true, confidence: 99 }),
      question({ mode: 'correlation', element: '', factors: [], group: 'district', a: ['air:a34004:all'], b: ['noise:LA:point/n1'], method: 'spearman', bucket: 'day' }),
    ])
      expect(writeQuestion(readQuestion(writeQuestion(one), now))).toEqual(writeQuestion(one))
    const appraisal = readQuestion({ mode: 'appraisal', scheme: 's', period: '2026-03' }, now)
    expect(writeQuestion(appraisal)).toEqual({ mode: 'appraisal', scheme: 's', period: '2026-03' })
  })
  it('is taken with care: what is no such word, day or list is not believed', () => {
    const read = readQuestion({ mode: 'x', bucket: 'week', from: '2026-02-31x', factor: ',,a,a', statistic: ['p95'] }, now)
    expect(read.mode).toBe('statistics')
    expect(read.bucket).toBe('month')
    expect(read.from).toBe('2025-04-01')
    expect(read.factors).toEqual(['a'])
    expect(read.statistics).toEqual(['mean'])
  })
  it('leaves out a threshold that nothing asks for', () => {
    expect(writeQuestion(question({ exceed: '75' }))).not.toHaveProperty('exceed')
  })
})

describe('what is asked of the server', () => {
  it('ends the day after the last one, in Beijing time', () => {
    expect(statisticsAsk(question())).toMatchObject({ from: '2026-01-01T00:00:00+08:00', to: '2026-03-01T00:00:00+08:00', factor: 'a34004', statistic: 'mean' })
  })
  it('has either a threshold or the limit in force, and neither without a statistic that needs one', () => {
    expect(statisticsAsk(question({ exceed: '75' }))).not.toHaveProperty('threshold')
    expect(statisticsAsk(question({ statistics: ['exceed_rate'], exceed: '75' }))).toMatchObject({ threshold: '75' })
    expect(statisticsAsk(question({ statistics: ['exceed_rate'], exceed: 'standard', grade: '1' }))).toMatchObject({ limit: 'standard', grade: 1 })
    expect(trendAsk(question({ mode: 'trend', statistics: ['p95'], seasonal: true }))).toMatchObject({ statistic: 'p95', seasonal: true, confidence: 95 })
    expect(correlationAsk(question({ mode: 'correlation', a: ['x', 'y'] }))).not.toHaveProperty('b')
  })
  it('is complete, or says what it lacks', () => {
    expect(lacks(question())).toEqual([])
    expect(lacks(question({ factors: [], from: '2026-03-01' }))).toEqual(['factor', 'range'])
    expect(lacks(question({ statistics: ['exceed_rate'] }))).toEqual(['exceed'])
    expect(lacks(question({ mode: 'correlation', a: ['x'] }))).toEqual(['series'])
    expect(lacks(question({ mode: 'appraisal' }))).toEqual(['scheme', 'period'])
  })
})

describe('quick ranges', () => {
  it('are Beijing days', () => {
    expect(quickRange('days7', now)).toEqual({ from: '2026-02-23', to: '2026-03-01' })
    expect(quickRange('thisMonth', now)).toEqual({ from: '2026-03-01', to: '2026-03-01' })
    expect(quickRange('lastMonth', now)).toEqual({ from: '2026-02-01', to: '2026-02-28' })
    expect(quickRange('lastYear', now)).toEqual({ from: '2025-01-01', to: '2025-12-31' })
    expect(quickRange('months12', now)).toEqual({ from: '2025-04-01', to: '2026-03-01' })
  })
  it('never end before they begin', () => {
    for (const which of quickRanges) for (let day = 0; day < 400; day += 7) {
      const range = quickRange(which, now + day * 86_400_000)
      expect(range.from <= range.to, `${which} ${range.from}`).toBe(true)
    }
  })
})

describe('lines over time', () => {
  const column = { factor: 'a34004', name: { zh: '', en: '' }, statistic: 'mean', title: { zh: '', en: '' }, unit: 'µg/m³' }
  const subject = { kind: 'point' as const, id: 'p', name: { zh: '', en: '' } }
  const row = (at: string, number: number | null) => ({ subject, bucket: at, at: `${at}T00:00:00+08:00`, cells: [number === null ? null : { text: String(number), number }], used: 1 })
  it('break where a bucket has no row and where it has no value', () => {
    const [line] = linesOf({ bucket: 'month', columns: [column], rows: [row('2026-01-01', 1), row('2026-02-01', 2), row('2026-05-01', 5), row('2026-06-01', null)] } as never)
    expect(line!.data.map(([, value]) => value)).toEqual([1, 2, null, 5, null])
  })
  it('know where the next bucket begins', () => {
    const next = (day: string, bucket: string): string => new Date(nextBucket(dayStart(day), bucket)! + 8 * 3_600_000).toISOString().slice(0, 10)
    expect(next('2026-01-01', 'month')).toBe('2026-02-01')
    expect(next('2025-12-01', 'season')).toBe('2026-03-01')
    expect(next('2024-02-28', 'day')).toBe('2024-02-29')
    expect(next('2026-01-01', 'year')).toBe('2027-01-01')
    expect(nextBucket(0, 'all')).toBeNull()
  })
  it('are labelled with as much of the time as the span leaves open', () => {
    const day = 86_400_000
    expect(tickText(dayStart('2026-03-01'), day)).toBe('03-01')
    expect(tickText(dayStart('2026-03-01') + 3_600_000, day)).toBe('01:00')
    expect(tickText(dayStart('2026-03-01'), 30 * day)).toBe('03-01')
    expect(tickText(dayStart('2026-03-01'), 400 * day)).toBe('2026-03')
    expect(tickText(dayStart('2026-01-01'), 2000 * day)).toBe('2026')
  })
})

describe("Sen's line", () => {
  const year = 365.2425 * 86_400_000
  it('begins at the intercept and rises by the slope; the limits pass through its middle', () => {
    const lines = senLines({ sample: [[0, 1], [year, null], [2 * year, 5]], slope: { per_year: 2, lower: 1, upper: 3, intercept: 1 } })!
    expect(lines.line).toEqual([[0, 1], [2 * year, 5]])
    expect(lines.lower).toEqual([[0, 2], [2 * year, 4]])
    expect(lines.upper).toEqual([[0, 0], [2 * year, 6]])
  })
  it('is not drawn without a slope or with a single time', () => {
    expect(senLines({ sample: [[0, 1], [year, 2]], slope: null })).toBeNull()
    expect(senLines({ sample: [[0, 1]], slope: { per_year: 2, lower: null, upper: null, intercept: 1 } })).toBeNull()
  })
})

it('a matrix has a pair in both its places and nothing where no pair is', () => {
  const pair = { a: 0, b: 2, n: 9, r: 0.5, p: 0.1, reason: null }
  const cells = matrixOf({ series: [{}, {}, {}] as never, pairs: [pair, { ...pair, a: 7 }] })
  expect(cells[0]![2]).toBe(pair)
  expect(cells[2]![0]).toBe(pair)
  expect(cells[0]![1]).toBeNull()
})

it('periods run backwards through the turn of a year', () => {
  expect(recentPeriods('month', now, 4)).toEqual(['2026-03', '2026-02', '2026-01', '2025-12'])
  expect(recentPeriods('quarter', now, 3)).toEqual(['2026-Q1', '2025-Q4', '2025-Q3'])
  expect(recentPeriods('year', now, 2)).toEqual(['2026', '2025'])
})

it('a cell of a table is asked about with its own factor, statistic, subject and time', () => {
  const ask = statisticsAsk(question({ factors: ['a34004', 'a05024'], statistics: ['mean', 'exceed_rate'], exceed: 'standard' }))
  const column = { factor: 'a05024', statistic: 'exceed_rate' }
  expect(cellAsk({ ...ask, format: 'json' }, column, { subject: { id: '500103' }, at: '2026-02-01T00:00:00+08:00' })).toEqual({ ...ask, ...column, subject: '500103', at: '2026-02-01T00:00:00+08:00' })
  expect(cellAsk(ask, column, { subject: { id: '' }, at: '2026-02-01T00:00:00+08:00' })).not.toHaveProperty('subject')
})
