/** Questions of the analysis screen: how they stand in the address, what is asked of the server, what is drawn of the answer. */
import type { CorrelationAsk, StatisticsAsk, StatisticsSheetAsk, StatisticsCorrelation, StatisticsTable, TrendAsk, TrendSeries } from '@/api/analysis'
import { dayMs, formatTime, hourMs, startOfDay } from './time'

/** The factor that most points measure: what a question about an element begins with. */
export const mostMeasured = (element: { factors: readonly { code: string; points: number }[] }): string | undefined =>
  element.factors.reduce<{ code: string; points: number } | undefined>((best, each) => (best === undefined || each.points > best.points ? each : best), undefined)?.code

export const modes = ['statistics', 'trend', 'correlation', 'appraisal'] as const
export type Mode = (typeof modes)[number]

/** One question; lists are ordered as chosen. Days are Beijing days, both inclusive. */
export interface Question {
  mode: Mode
  element: string
  factors: string[]
  statistics: string[]
  bucket: string
  group: string
  combine: 'pool' | 'mean'
  region: string
  points: string[]
  from: string
  to: string
  /** '' = none, 'standard' = the limit in force, else a threshold. */
  exceed: string
  grade: string
  seasonal: boolean
  confidence: number
  a: string[]
  b: string[]
  method: 'pearson' | 'spearman'
  scheme: string
  period: string
}

type Address = Record<string, unknown>
const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))
const dayAt = (ms: number): string => formatTime(ms, 'day')
/** Start of a Beijing day. */
export const dayStart = (day: string): number => Date.parse(`${day}T00:00:00+08:00`)

export function readQuestion(address: Address, nowMs: number): Question {
  const text = (key: string): string => (typeof address[key] === 'string' ? (address[key] as string) : '')
  const list = (key: string): string[] => [...new Set(text(key).split(',').filter((item) => item !== ''))]
  const one = <T extends string>(key: string, known: readonly T[], otherwise: T): T => known.find((item) => item === text(key)) ?? otherwise
  const range = quickRange('months12', nowMs)
  const [from, to] = [text('from'), text('to')]
  return {
    mode: one('mode', modes, 'statistics'),
    element: text('element'),
    factors: list('factor'),
    statistics: list('statistic').length > 0 ? list('statistic') : ['mean'],
    bucket: one('bucket', ['hour', 'day', 'month', 'season', 'quarter', 'year', 'all'], 'month'),
    group: one('group', ['point', 'district', 'city', 'province', 'river', 'basin', 'all'], 'district'),
    combine: one('combine', ['pool', 'mean'], 'pool'),
    region: text('region'),
    points: list('points'),
    from: isDay(from) ? from : range.from,
    to: isDay(to) ? to : range.to,
    exceed: text('exceed'),
    grade: text('grade'),
    seasonal: text('seasonal') === 'yes',
    confidence: /^\d\d$/.test(text('confidence')) ? Number(text('confidence')) : 95,
    a: list('a'),
    b: list('b'),
    method: one('method', ['pearson', 'spearman'], 'pearson'),
    scheme: text('scheme'),
    period: text('period'),
  }
}

/** The address of a question: what the mode does not use is left out, so that equal questions have equal addresses. */
export function writeQuestion(question: Question): Record<string, string> {
  const { mode } = question
  const said: Record<string, string> = { mode }
  const put = (key: string, value: string): void => {
    if (value !== '') said[key] = value
  }
  if (mode === 'appraisal') {
    put('scheme', question.scheme)
    put('period', question.period)
    return said
  }
  put('from', question.from)
  put('to', question.to)
  put('bucket', question.bucket)
  if (mode === 'correlation') {
    put('a', question.a.join(','))
    put('b', question.b.join(','))
    put('method', question.method)
    return said
  }
  put('element', question.element)
  put('factor', question.factors.join(','))
  put('statistic', question.statistics.join(','))
  put('group', question.group)
  if (question.combine !== 'pool') put('combine', question.combine)
  put('region', question.region)
  put('points', question.points.join(','))
  if (mode === 'statistics' && wantsExceed(question)) {
    put('exceed', question.exceed)
    if (question.exceed === 'standard') put('grade', question.grade)
  }
  if (mode === 'trend') {
    if (question.seasonal) put('seasonal', 'yes')
    if (question.confidence !== 95) put('confidence', String(question.confidence))
  }
  return said
}

/** Whether a statistic counts exceedances and so needs a threshold or a limit. */
export const wantsExceed = (question: Pick<Question, 'statistics'>): boolean => question.statistics.some((statistic) => statistic.startsWith('exceed_'))

/** What keeps a question from being asked. */
export type Lack = 'element' | 'factor' | 'statistic' | 'range' | 'exceed' | 'series' | 'scheme' | 'period'
export function lacks(question: Question): Lack[] {
  const { mode } = question
  if (mode === 'appraisal') return [...(question.scheme ? [] : ['scheme' as const]), ...(question.period ? [] : ['period' as const])]
  const found: Lack[] = []
  if (mode === 'correlation') {
    if (question.a.length + question.b.length < 2 || question.a.length === 0) found.push('series')
  } else {
    if (!question.element) found.push('element')
    if (question.factors.length === 0) found.push('factor')
    if (question.statistics.length === 0) found.push('statistic')
    if (mode === 'statistics' && wantsExceed(question) && !(question.exceed === 'standard' || /^\d+(\.\d+)?$/.test(question.exceed))) found.push('exceed')
  }
  if (!isDay(question.from) || !isDay(question.to) || question.from > question.to) found.push('range')
  return found
}

const iso = (day: string): string => `${day}T00:00:00+08:00`
/** The range as the contract wants it: the end is exclusive. */
const rangeOf = ({ from, to }: Pick<Question, 'from' | 'to'>): { from: string; to: string } => ({ from: iso(from), to: iso(dayAt(dayStart(to) + dayMs)) })

function common(question: Question): Omit<TrendAsk, 'statistic'> {
  return {
    element: question.element as StatisticsAsk['element'],
    factor: question.factors.join(','),
    bucket: question.bucket as StatisticsAsk['bucket'],
    group: question.group as StatisticsAsk['group'],
    ...(question.combine === 'mean' ? { combine: 'mean' as const } : {}),
    ...(question.points.length > 0 ? { points: question.points.join(',') } : {}),
    ...(question.region ? { region: question.region } : {}),
    ...rangeOf(question),
  }
}
export function statisticsAsk(question: Question): StatisticsAsk {
  return {
    ...common(question),
    statistic: question.statistics.join(','),
    ...(!wantsExceed(question) ? {} : question.exceed === 'standard' ? { limit: 'standard' as const, ...(question.grade ? { grade: Number(question.grade) } : {}) } : { threshold: question.exceed }),
  }
}
/** The question for one cell of the table. */
export function cellAsk(ask: StatisticsAsk, column: { factor: string; statistic: string }, row: { subject: { id: string }; at: string }): StatisticsSheetAsk {
  const { format: _, ...rest } = ask
  return { ...rest, factor: column.factor, statistic: column.statistic, at: row.at, ...(row.subject.id ? { subject: row.subject.id } : {}) }
}
export function trendAsk(question: Question): TrendAsk {
  return { ...common(question), statistic: question.statistics[0] ?? 'mean', ...(question.seasonal ? { seasonal: true } : {}), confidence: question.confidence }
}
export function correlationAsk(question: Question): CorrelationAsk {
  return { a: question.a.join(','), ...(question.b.length > 0 ? { b: question.b.join(',') } : {}), bucket: question.bucket as CorrelationAsk['bucket'], method: question.method, ...rangeOf(question) }
}

export const quickRanges = ['days7', 'days30', 'thisMonth', 'lastMonth', 'thisYear', 'lastYear', 'months12', 'years5'] as const
export type QuickRange = (typeof quickRanges)[number]
/** Beijing days, both inclusive, seen from `nowMs`. */
export function quickRange(which: QuickRange, nowMs: number): { from: string; to: string } {
  const today = dayAt(nowMs)
  const [year = 0, month = 0] = today.split('-').map(Number)
  const first = (y: number, m: number): string => {
    const at = new Date(Date.UTC(y, m - 1, 1))
    return `${at.getUTCFullYear()}-${String(at.getUTCMonth() + 1).padStart(2, '0')}-01`
  }
  const before = (day: string, days: number): string => dayAt(dayStart(day) - days * dayMs)
  switch (which) {
    case 'days7': return { from: before(today, 6), to: today }
    case 'days30': return { from: before(today, 29), to: today }
    case 'thisMonth': return { from: first(year, month), to: today }
    case 'lastMonth': return { from: first(year, month - 1), to: before(first(year, month), 1) }
    case 'thisYear': return { from: `${year}-01-01`, to: today }
    case 'lastYear': return { from: `${year - 1}-01-01`, to: `${year - 1}-12-31` }
    case 'months12': return { from: first(year, month - 11), to: today }
    case 'years5': return { from: `${year - 4}-01-01`, to: today }
  }
}

/** Start of the bucket that follows the one that starts at `atMs`; null for `all`. */
export function nextBucket(atMs: number, bucket: string): number | null {
  if (bucket === 'hour') return atMs + hourMs
  if (bucket === 'day') return startOfDay(atMs) + dayMs
  const months = { month: 1, season: 3, quarter: 3, year: 12 }[bucket]
  if (months === undefined) return null
  const [year = 0, month = 0] = dayAt(atMs).split('-').map(Number)
  const at = new Date(Date.UTC(year, month - 1 + months, 1))
  return dayStart(at.toISOString().slice(0, 10))
}

/** What stands under a tick of the time axis: as much of the time as the span leaves open. */
export function tickText(ms: number, spanMs: number): string {
  const text = formatTime(ms)
  if (spanMs <= 3 * dayMs) return text.slice(11) === '00:00' ? text.slice(5, 10) : text.slice(11)
  if (spanMs <= 100 * dayMs) return text.slice(5, 10)
  return text.slice(5, 10) === '01-01' && spanMs > 800 * dayMs ? text.slice(0, 4) : text.slice(0, 7)
}

export interface Line {
  /** Subject and column: unique within an answer. */
  id: string
  subject: StatisticsTable['rows'][number]['subject']
  column: StatisticsTable['columns'][number]
  data: [atMs: number, value: number | null][]
}
/** One line for each subject and column. A bucket without a value breaks the line: it is never joined across. */
export function linesOf(table: Pick<StatisticsTable, 'rows' | 'columns' | 'bucket'>): Line[] {
  const lines = new Map<string, Line>()
  for (const row of table.rows) {
    const at = Date.parse(row.at)
    table.columns.forEach((column, place) => {
      const id = `${row.subject.kind}/${row.subject.id} ${column.factor} ${column.statistic}`
      let line = lines.get(id)
      if (!line) lines.set(id, (line = { id, subject: row.subject, column, data: [] }))
      const last = line.data.at(-1)
      const due = last ? nextBucket(last[0], table.bucket) : null
      if (due !== null && due < at) line.data.push([due, null])
      line.data.push([at, row.cells[place]?.number ?? null])
    })
  }
  return [...lines.values()]
}

/** Sen's line over its sample, and the lines of the limits of its slope through the middle of the sample. */
export function senLines(series: Pick<TrendSeries, 'sample' | 'slope'>): { line: [number, number][]; lower: [number, number][]; upper: [number, number][] } | null {
  const times = series.sample.flatMap(([at]) => (at === null || at === undefined ? [] : [at]))
  const [first, last] = [times[0], times.at(-1)]
  if (!series.slope || first === undefined || last === undefined || first === last) return null
  const yearMs = 365.2425 * dayMs
  const { per_year: slope, intercept, lower, upper } = series.slope
  const span = (last - first) / yearMs
  const middle = intercept + (slope * span) / 2
  const through = (rate: number | null): [number, number][] => (rate === null ? [] : [[first, middle - (rate * span) / 2], [last, middle + (rate * span) / 2]])
  return { line: through(slope), lower: through(lower), upper: through(upper) }
}

/** Correlations as a table of all series against all; null where no pair was asked for or none can be told. */
export function matrixOf(answer: Pick<StatisticsCorrelation, 'series' | 'pairs'>): (StatisticsCorrelation['pairs'][number] | null)[][] {
  const cells = answer.series.map(() => answer.series.map<StatisticsCorrelation['pairs'][number] | null>(() => null))
  for (const pair of answer.pairs) {
    if (cells[pair.a]?.[pair.b] === undefined) continue
    cells[pair.a]![pair.b] = pair
    cells[pair.b]![pair.a] = pair
  }
  return cells
}

/** `p < 0.001`, `p = 0.043`: a probability as papers write it. */
export const formatP = (p: number): string => (p < 0.001 ? '< 0.001' : p.toFixed(3))
/** A statistic of a test with as many digits as help. */
export const formatTest = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(3))

/** The period that a scheme is asked for, newest first: the last complete ones before `nowMs`. */
export function recentPeriods(kind: 'month' | 'quarter' | 'year', nowMs: number, count = kind === 'year' ? 6 : kind === 'quarter' ? 8 : 18): string[] {
  let [year = 0, month = 0] = dayAt(nowMs).split('-').map(Number)
  const found: string[] = []
  for (let i = 0; i < count; i += 1) {
    if (kind === 'year') found.push(String(year - i))
    else {
      const at = new Date(Date.UTC(year, month - 1 - i * (kind === 'quarter' ? 3 : 1), 1))
      const m = at.getUTCMonth() + 1
      found.push(kind === 'quarter' ? `${at.getUTCFullYear()}-Q${Math.ceil(m / 3)}` : `${at.getUTCFullYear()}-${String(m).padStart(2, '0')}`)
    }
  }
  return found
}
