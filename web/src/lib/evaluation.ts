/** What the element pages do with results: pure. */
import type { ComplianceTable, EvaluatedElement, Grade, Indicator, Level, ResultRow } from '@/api/evaluation'
import { swatch } from './grade'
import { evaluationPeriods, nameOf, type EvaluationPeriod } from './periods'
import { toMs } from './time'

export const elementPages = ['air', 'water', 'soil', 'noise', 'radiation', 'ecology', 'sources'] as const
export type ElementPage = (typeof elementPages)[number]
export const elementViews = ['map', 'ranking', 'calendar', 'trend', 'compliance'] as const
export type ElementView = (typeof elementViews)[number]

const pageElements: Record<ElementPage, readonly string[]> = {
  air: ['air', 'precipitation'],
  water: ['surface_water', 'water', 'lake', 'drinking_source', 'groundwater', 'black_odorous'],
  soil: ['soil'],
  noise: ['noise'],
  radiation: ['radiation', 'emf'],
  ecology: ['ecology'],
  sources: ['source', 'sources'],
}

/** The evaluated elements that belong on a page, in the order of the page. */
export function elementsOf(page: ElementPage, all: readonly EvaluatedElement[]): EvaluatedElement[] {
  return pageElements[page].flatMap((id) => all.filter((each) => each.element === id))
}

/** The page on which an element is shown; null for one no page knows. */
export const pageOf = (element: string): ElementPage | null => elementPages.find((page) => pageElements[page].includes(element)) ?? null

export const newestOf = (element: EvaluatedElement, period: EvaluationPeriod): string | null => {
  const ms = toMs(element.newest)
  return ms === null ? null : nameOf(period, ms)
}

/** Days tell most at a glance; an element without days begins with its shortest period that is a report. */
export const firstPeriod = (element: EvaluatedElement): EvaluationPeriod =>
  (['day', 'month', 'quarter', 'year', 'hour'] as const).find((each) => element.periods.includes(each)) ?? 'year'

export const periodsOf = (element: EvaluatedElement): EvaluationPeriod[] => evaluationPeriods.filter((each) => element.periods.includes(each))

export const indicatorsOf = (element: EvaluatedElement, period: EvaluationPeriod): Indicator[] => element.indicators.filter((each) => each.periods.includes(period))

/** Levels drawn as areas; the others have places of their own. */
export const areaLevels: readonly Level[] = ['district', 'city', 'province']
/** Levels that have results of a period: hours are those of points, everything longer is summarised. */
export const levelsOf = (element: EvaluatedElement, period: EvaluationPeriod): Level[] => (period === 'hour' ? element.levels.filter((each) => each === 'point') : element.levels)
export const areaLevelOf = (element: EvaluatedElement, period: EvaluationPeriod): Level | null => areaLevels.find((each) => levelsOf(element, period).includes(each)) ?? null

export interface Tally {
  /** null: no grade. */
  grade: Grade | null
  key: string
  count: number
  percent: number
}

const roman = ['Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ', 'Ⅴ', '劣Ⅴ']
const latin = ['I', 'II', 'III', 'IV', 'V', 'VI']
/** Grades from good to bad: by number, by class, otherwise those that comply before those that do not. */
export function gradeOrder(grade: Pick<Grade, 'id' | 'compliant'>): number {
  if (/^\d+$/.test(grade.id)) return Number(grade.id)
  const at = Math.max(roman.indexOf(grade.id), latin.indexOf(grade.id.toUpperCase()))
  if (at >= 0) return at + 1
  return grade.compliant === true ? 0.25 : grade.compliant === false ? 90 : 50
}

const steps = ['#0b6467', '#3f8c8e', '#77afb0', '#aacfcf', '#d5e4e4']
/**
 * The colour of a grade: that of its standard. Where the standard gives none, kept and passed limits look as those of outlets do, and
 * grades that judge nothing go from dark to light. Null without a grade.
 */
export function fillOf(grade: (Pick<Grade, 'id' | 'colour' | 'compliant'> & { name?: Grade['name'] }) | null): string | null {
  if (grade === null) return null
  if (grade.colour !== '') return grade.colour
  // Classes of surface water have the colours of 环办〔2011〕22号, as on the overview.
  const water = /^(劣?[ⅠⅡⅢⅣⅤ])\s*类$/.exec(grade.name?.zh ?? '')
  if (water) return swatch('water_class', String(roman.indexOf(water[1]!) + 1)).fill
  if (grade.compliant !== null) return swatch('source', grade.compliant ? 'normal' : 'exceeding').fill
  const order = gradeOrder(grade)
  return Number.isInteger(order) ? steps[Math.min(Math.max(order - 1, 0), steps.length - 1)]! : steps[2]!
}

const ramp = ['#e3efee', '#b5d5d3', '#7fb5b4', '#438f90', '#0b6467']
/**
 * For a map of an indicator no standard grades (an index, a count): classes of about equally many subjects, from light to dark as values rise.
 * Equal values are in one class. The name of a class is its range as the figures are written. Empty when somebody has a grade.
 */
export function valueClasses(rows: readonly (Pick<ResultRow, 'value' | 'grade'> & { subject: { id: string } })[]): Map<string, Grade> {
  const found = new Map<string, Grade>()
  if (rows.some((row) => row.grade !== null)) return found
  const valued = rows.flatMap((row) => (row.value?.number == null ? [] : [{ id: row.subject.id, number: row.value.number, text: row.value.text }])).sort((a, b) => a.number - b.number)
  const groups: (typeof valued)[] = []
  valued.forEach((each, at) => {
    const wanted = Math.floor((at * ramp.length) / valued.length)
    const last = groups.at(-1)
    if (last === undefined || (groups.length <= wanted && last.at(-1)!.number < each.number)) groups.push([each])
    else last.push(each)
  })
  groups.forEach((group, at) => {
    const [low, high] = [group[0]!.text, group.at(-1)!.text]
    const range = low === high ? low : `${low} – ${high}`
    const shade = groups.length === 1 ? 2 : Math.round((at * (ramp.length - 1)) / (groups.length - 1))
    for (const { id } of group) found.set(id, { id: String(at + 1), name: { zh: range, en: range }, colour: ramp[shade]!, compliant: null })
  })
  return found
}

export const ungradedKey = 'none'
export const keyOf = (grade: Pick<Grade, 'id'> | null): string => grade?.id ?? ungradedKey

/** How many of each grade, good first, those without a grade last. */
export function tally(rows: readonly { grade: Grade | null }[]): Tally[] {
  const found = new Map<string, Tally>()
  for (const { grade } of rows) {
    const key = keyOf(grade)
    const held = found.get(key)
    if (held) held.count += 1
    else found.set(key, { grade, key, count: 1, percent: 0 })
  }
  const all = [...found.values()]
  for (const each of all) each.percent = (100 * each.count) / rows.length
  const order = (each: Tally): number => (each.grade ? gradeOrder(each.grade) : Infinity)
  return all.sort((a, b) => order(a) - order(b) || a.key.localeCompare(b.key))
}

/** Places that more than one subject holds. */
export function tiedRanks(rows: readonly Pick<ResultRow, 'rank'>[]): Set<number> {
  const seen = new Set<number>()
  const tied = new Set<number>()
  for (const { rank } of rows) {
    if (rank === null) continue
    if (seen.has(rank)) tied.add(rank)
    seen.add(rank)
  }
  return tied
}

/** The best and the worst `count` of those ranked, worst first in the second list; nobody stands in both. */
export function extremes(rows: readonly ResultRow[], count: number): { best: ResultRow[]; worst: ResultRow[] } {
  const ranked = rows.filter((row) => row.rank !== null).sort((a, b) => a.rank! - b.rank!)
  const most = Math.min(count, Math.floor(ranked.length / 2))
  return { best: ranked.slice(0, ranked.length === 1 ? 1 : most), worst: ranked.slice(ranked.length - most).reverse() }
}

/** `PM2.5+O3` as a list. */
export const primaries = (text: string | null): string[] => (text ?? '').split('+').map((each) => each.trim()).filter((each) => each !== '')

/** `+3`, `−0.4`, `0`: a change says its direction. */
export function signed(text: string): string {
  const plain = text.replace(/^[+−-]/, '')
  if (/^[0.]*$/.test(plain)) return plain
  return /^[−-]/.test(text) ? `−${plain}` : `+${plain}`
}

/** Whether a change is for the better; null when it is none, or the indicator has no better. */
export function improved(change: number | null, better: Indicator['better']): boolean | null {
  if (change === null || change === 0 || better === 'none') return null
  return change < 0 === (better === 'low')
}

/** All rows of a table of compliance together. */
export function overall(table: Pick<ComplianceTable, 'rows'>): { graded: number; compliant: number; grades: Tally[] } {
  const found = new Map<string, Tally>()
  let graded = 0
  let compliant = 0
  for (const row of table.rows) {
    graded += row.graded_days
    compliant += row.compliant_days
    for (const { grade, days } of row.grades) {
      const held = found.get(grade.id)
      if (held) held.count += days
      else found.set(grade.id, { grade, key: grade.id, count: days, percent: 0 })
    }
  }
  const grades = [...found.values()].sort((a, b) => gradeOrder(a.grade!) - gradeOrder(b.grade!))
  for (const each of grades) each.percent = (100 * each.count) / Math.max(1, graded)
  return { graded, compliant, grades }
}

/** `93.3 %`, rounded down so that only all is 100 %. */
export function rateText(part: number, all: number): string | null {
  if (all === 0) return null
  const tenths = Math.floor((1000 * part) / all)
  return `${tenths === 1000 ? '100' : (tenths / 10).toFixed(1)}\u202f%`
}

/** `HJ 633-2026; GB 3095-2026` as editions, to link each. */
export const editionsOf = (standard: string): string[] => standard.split(/\s*[;,+、；，]\s*/).filter((each) => each !== '')
